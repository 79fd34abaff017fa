"""The pieces of a text that can be pointed at, each with what the text says less without it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from matcher.matching.lexicon import Lexicon
from matcher.matching.reading import RECORD_FIELDS, WORD_FIELDS, Field, Said, record_fields, record_said, total
from matcher.matching.scoring import Asked
from matcher.matching.shelf import Shelf, word_value
from matcher.matching.space import THIN, Space, Vector, said
from matcher.matching.text import word_places
from matcher.matching.types import Span

#: Records whose pieces are kept ready.
KEPT = 256


@dataclass(frozen=True, eq=False)
class NeedPieces:
    """Pieces of a problem. `shifts` (pieces × competences): by how much the squared coordinates fall without
    one; `words`: per piece token → by how much its weight falls."""

    spans: tuple[Span, ...]
    shifts: Vector
    words: tuple[dict[str, float], ...]


@dataclass(frozen=True, eq=False)
class RecordPieces:
    """Pieces of a record. `shifts` (pieces × competences): by how much its direction falls, before neighbours
    share; `words`: per piece token → by how much its BM25 falls; `word_values`: token → BM25 without idf."""

    spans: tuple[Span, ...]
    shifts: Vector
    words: tuple[dict[str, float], ...]
    word_values: dict[str, float]


def need_pieces(asked: Asked, space: Space) -> NeedPieces:
    """The pieces of a problem's title and text."""
    reading, counts = asked.reading, asked.reading.counts()
    spans = _spans([field for field in reading.fields if field.name != "industry"], space.lexicon)
    touched = _touched(reading.said, spans)
    placed = space.place_need(counts)
    shifts = np.zeros((len(spans), space.size), dtype=np.float32)
    words = []
    for place, gone in enumerate(touched):
        without = np.maximum(placed - space.need_shift(_fall(counts, gone)), 0.0)
        shifts[place] = placed * placed - without * without
        words.append({token: fall * space.rarity(token) for token, fall in _fall(counts, gone).items()})
    return NeedPieces(spans, shifts, tuple(words))


@lru_cache(maxsize=KEPT)
def record_pieces(shelf: Shelf, row: int, space: Space) -> RecordPieces:
    """The pieces of a record's fields; solved cases count as a whole and are not cut."""
    profile = shelf.profile(row)
    heard = record_said(profile, RECORD_FIELDS)
    counts = total(heard)
    fields = [one for one in record_fields(profile, RECORD_FIELDS) if not one.name.startswith("proven")]
    spans = _spans(fields, space.lexicon)
    placed = space.place_record(counts)
    common = float(np.linalg.norm(placed)) * space.common
    kept = np.maximum(placed - common, 0.0)
    length = float(np.linalg.norm(space.share(kept))) + THIN
    shifts = np.zeros((len(spans), space.size), dtype=np.float32)
    for place, gone in enumerate(_touched(heard, spans)):
        without = np.maximum(placed - space.record_shift(_fall(counts, gone)) - common, 0.0)
        shifts[place] = (kept - without) / length
    spoken = record_said(profile, WORD_FIELDS)
    times = total(spoken)
    size = sum(times.values())
    values = {token: word_value(count, size) for token, count in times.items()}
    words = tuple(
        {token: values[token] - word_value(times[token] - less, size) for token, less in gone.items()}
        for gone in _touched(spoken, spans)
    )
    return RecordPieces(spans, shifts, words, values)


def _fall(counts: Mapping[str, float], gone: Mapping[str, float]) -> dict[str, float]:
    """Token → by how much less it says."""
    return {token: said(counts[token]) - said(max(counts[token] - less, 0.0)) for token, less in gone.items()}


def _spans(fields: Sequence[Field], lexicon: Lexicon) -> tuple[Span, ...]:
    """Terms of the lexicon and, between them, words: what a reader would underline, none inside another."""
    found = []
    for field in fields:
        cuts = [(start, end) for start, end, _ in lexicon.spot(field.heard)]
        taken = {place for start, end in cuts for place in range(start, end)}
        cuts += [
            (start, end)
            for _, start, end in sorted(word_places(field.heard), key=lambda one: (one[1], -one[2]))
            if _is_free(start, end, taken)
        ]
        for start, end in sorted(cuts):
            begin, stop = field.normal.place(start, end)
            found.append(Span(field.name, begin, stop, field.normal.source[begin:stop]))
    return tuple(found)


def _is_free(start: int, end: int, taken: set[int]) -> bool:
    """Whether a word touches nothing that is taken; it takes its place at once."""
    here = range(start, end)
    if taken.intersection(here):
        return False
    taken.update(here)
    return True


def _touched(heard: Iterable[Said], spans: Sequence[Span]) -> list[Counter[str]]:
    """Per span: the tokens that touch it, with their loudness."""
    owners = {(span.field, place): number for number, span in enumerate(spans) for place in range(span.start, span.end)}
    touched: list[Counter[str]] = [Counter() for _ in spans]
    for one in heard:
        places = range(one.token.start, one.token.end)
        for number in {owners[key] for place in places if (key := (one.field, place)) in owners}:
            touched[number][one.token.text] += one.loudness  # type: ignore[assignment]
    return touched
