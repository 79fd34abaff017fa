"""One form for texts that mean the same, without losing the place of a single character.

NFKC (full width, ㎜ → mm), small letters, traditional → simplified characters one to one. NFKC may change
the length, so each character of the normal form remembers where it came from.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

from matcher.matching.types import Span


@dataclass(frozen=True, slots=True)
class Normal:
    """A text in normal form. `origins[i]` is the place in `source` of normal character i; None: the same."""

    source: str
    text: str
    origins: tuple[int, ...] | None = None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The place in the source (half open) of `text[start:end]`."""
        if self.origins is None or start >= end:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1

    def span(self, field: str, start: int, end: int) -> Span:
        """`text[start:end]` as a span of the source, which is that field."""
        begin, stop = self.place(start, end)
        return Span(field, begin, stop, self.source[begin:stop])


def normalise(source: str) -> Normal:
    """The normal form of a text.

    >>> normalise("Ｓ７－１５００軸承").text
    's7-1500轴承'
    >>> normalise("5㎜縫").place(1, 3)
    (1, 2)
    """
    forms = _forms()
    text = source.translate(forms)
    if len(text) == len(source):  # No form is empty, so each is one character.
        return Normal(source, text)
    return Normal(source, text, tuple(place for place, letter in enumerate(source) for _ in forms[ord(letter)]))


class _Forms(dict[int, str]):
    """Character → its normal form, worked out when it is met for the first time."""

    def __missing__(self, code: int) -> str:
        # Again NFKC after lower(): İ becomes i with a dot, which composes differently.
        form = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", chr(code)).lower())
        self[code] = form.translate(_simplified())
        return self[code]


@cache
def _forms() -> _Forms:
    return _Forms()


@cache
def _simplified() -> dict[int, int]:
    table = resources.files(__package__).joinpath("data/traditional.txt").read_text("utf-8")
    traditional, simplified = table.splitlines()
    return {ord(a): ord(b) for a, b in zip(traditional, simplified, strict=True)}
