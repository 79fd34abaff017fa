"""What a text is made of: pairs of characters and words, each with its place in the text as it was written."""

import re
from collections.abc import Iterator
from operator import add
from typing import NamedTuple

import rjieba

from matcher.matching.normal import Normal

#: A run of Han characters, or a word or model number of Latin letters and digits.
RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+(?:[.+#/-][a-z0-9]+)*")


class Token(NamedTuple):
    """A word or pair of characters; `start` and `end` (half open) are places in the source."""

    text: str
    start: int
    end: int


def gram_places(text: str) -> Iterator[tuple[str, int, int]]:
    """Pairs of Han characters, and Latin words and model numbers as one, of a text in normal form.

    >>> [gram for gram, _, _ in gram_places("plc柜报警")]
    ['plc', '柜报', '报警']
    """
    for run in RUN.finditer(text):
        start, end = run.span()
        if text[start] < "\u3400":
            yield run[0], start, end
        else:
            for place in range(start, end - 1):
                yield text[place : place + 2], place, place + 2


def word_places(text: str) -> Iterator[tuple[str, int, int]]:
    """Words of two or more characters as rjieba cuts them for searching: long words and the words in them."""
    for word, start, end in rjieba.tokenize(text, "search"):
        if end - start > 1 and RUN.match(word):
            yield word, start, end


def tokens(text: str) -> list[str]:
    """Pairs and, with a mark, words together, without their places. A word of two characters is a pair as well and
    counts as both, on purpose: where the dictionary sees a word, the pair is no accident.

    >>> tokens("plc柜报警")
    ['plc', '柜报', '报警', 'plc_', '报警_']
    """
    found: list[str] = []
    for run in RUN.findall(text):
        if run[0] < "\u3400":
            found.append(run)
        else:
            found.extend(map(add, run, run[1:]))
    found.extend(f"{word}_" for word, _, _ in word_places(text))
    return found


def grams(normal: Normal, text: str | None = None) -> list[Token]:
    """The pairs of a text, placed in its source; `text` is its normal form, blanked or not."""
    return [_placed(normal, *found) for found in gram_places(normal.text if text is None else text)]


def words(normal: Normal, text: str | None = None) -> list[Token]:
    """The words of a text, placed in its source."""
    return [_placed(normal, *found) for found in word_places(normal.text if text is None else text)]


def _placed(normal: Normal, token: str, start: int, end: int) -> Token:
    return Token(token, *normal.place(start, end))
