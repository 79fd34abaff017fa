"""Words of a record that a problem writes otherwise: typos, variants, model numbers with an O for a nought.

RapidFuzz finds the place in what neither lexicon nor dictionary knows of the problem: there stands a slip of the
pen, not another thing with a name of its own (变压器 is not a misspelled 变频器). Nothing of it is scored; readers
are shown both places.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import rjieba
from rapidfuzz import fuzz

from matcher.matching.lexicon import Lexicon
from matcher.matching.normal import normalise
from matcher.matching.reading import Field
from matcher.matching.types import Span

#: Shorter words have too many neighbours; from this likeness (0 to 100, two of three characters) on two are alike.
SHORTEST, ALIKE = 3, 66.0
#: Letters that hands and scanners take for one another; else a model number is another model.
_CONFUSED = str.maketrans("oil", "011")


class Unknown:
    """What nobody knows of a problem's title and text."""

    def __init__(self, fields: Sequence[Field], lexicon: Lexicon) -> None:
        self._fields = [(field, _blanked(field.heard, lexicon)) for field in fields if field.name != "industry"]

    def written_otherwise(self, spans: Sequence[Span]) -> list[tuple[Span, Span]]:
        """(place in the problem, place in the record) of words that are the same but for the way they are written."""
        found: dict[str, tuple[Span, Span]] = {}
        for span in spans:
            word = _form(span.text)
            if (
                len(word) >= SHORTEST
                and word not in found
                and not any(word in one.normal.text for one, _ in self._fields)
            ):
                place = next(self._places(word), None)
                if place is not None:
                    found[word] = (place, span)
        return list(found.values())

    def _places(self, word: str) -> Iterator[Span]:
        for field, unknown in self._fields:
            place = _place_of(word, unknown) or _model(word, field.heard)
            if place is not None:
                yield field.normal.span(field.name, *place)


def _place_of(word: str, text: str) -> tuple[int, int] | None:
    """Where a word stands in a text, written otherwise.

    >>> _place_of("撇渣器", "这几天敝渣器老坏"), _place_of("热电偶", "热电厂")
    ((3, 6), None)
    """
    found = fuzz.partial_ratio_alignment(word, text, score_cutoff=ALIKE)
    if found is None:
        return None
    # The alignment may be of a part of the word: the whole of it begins a little before.
    starts = range(max(found.dest_start - len(word) // 2, 0), found.dest_start + 1)
    start = max(starts, key=lambda at: fuzz.ratio(word, text[at : at + len(word)]))
    end = start + len(word)
    return (start, end) if _is_same(word, text[start:end]) else None


def _model(word: str, text: str) -> tuple[int, int] | None:
    """Where a model number stands but for letters that are taken for numbers; other numbers are another model.

    >>> _model("s7-1500", "plc是s7-15oo的"), _model("s7-1500", "s7-1200")
    ((4, 11), None)
    """
    if not any(letter.isdigit() for letter in word):
        return None
    start = text.translate(_CONFUSED).find(word.translate(_CONFUSED))
    return (start, start + len(word)) if start >= 0 else None


def _is_same(word: str, said: str) -> bool:
    """Whether it is the word with a slip. The head of a Chinese noun stands last: where it differs, it is another
    thing, unless the characters only changed places."""
    if len(said) < len(word) or " " in said or fuzz.ratio(word, said) < ALIKE:
        return False
    return said[-1] == word[-1] or sorted(said) == sorted(word)


def _blanked(text: str, lexicon: Lexicon) -> str:
    letters = list(text)
    known = [(start, end) for start, end, _ in lexicon.spot(text)]
    # Words of the dictionary only: guessed ones (hmm) would hide a slip.
    words = [(start, end) for _, start, end in rjieba.tokenize(text, "default", hmm=False) if end - start > 1]
    for start, end in [*known, *words]:
        letters[start:end] = " " * (end - start)
    return "".join(letters)


@lru_cache(maxsize=4096)
def _form(text: str) -> str:
    return normalise(text).text
