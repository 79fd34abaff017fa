"""One form for texts that mean the same, without losing the place of a single character.

NFKC (full width, ㎜ → mm), small letters, traditional → simplified characters one to one. NFKC may change
the length, so each character of the normal form remembers where it came from.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources


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


def normalise(source: str) -> Normal:
    """The normal form of a text.

    >>> normalise("Ｓ７－１５００軸承").text
    's7-1500轴承'
    >>> normalise("5㎜縫").place(1, 3)
    (1, 2)
    """
    folded = source.lower()
    if len(folded) == len(source) and unicodedata.is_normalized("NFKC", folded):
        return Normal(source, folded.translate(_simplified()))
    letters: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(source):
        # Again NFKC after lower(): İ becomes i with a dot, which composes differently.
        form = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).lower())
        letters.append(form)
        origins.extend([place] * len(form))
    return Normal(source, "".join(letters).translate(_simplified()), tuple(origins))


@cache
def _simplified() -> dict[int, int]:
    table = resources.files(__package__).joinpath("data/traditional.txt").read_text("utf-8")
    traditional, simplified = table.splitlines()
    return {ord(a): ord(b) for a, b in zip(traditional, simplified, strict=True)}
