"""One text, several problems: split at enumerations, line ends and changes of subject, losing no character."""

import re
from itertools import pairwise

#: A number or bullet that begins a problem of a list.
_ITEM = re.compile(
    r"(?:(?<=^)|(?<=[\n。；;！!？?：:，, 　]))\s*"
    r"(?:[（(]?\d{1,2}[)）、．]|\d{1,2}[.．](?!\d)|[（(][一二三四五六七八九十][)）]|[一二三四五六七八九十]、"
    r"|[①②③④⑤⑥⑦⑧⑨⑩]|第[一二三四五六七八九十][，,、是]?|[-•·●])\s*"
)
#: Words with which people turn to another trouble.
_TURN = re.compile(
    r"(?<=[。；;！!？?，,\n])\s*(?:另外|还有|此外|再有|再就是|还有就是|除此之外|同时|其次|另一个|另有|第二|顺便)"
)
#: A problem says at least this much.
SHORTEST = 6


def split(text: str) -> list[tuple[int, int]]:
    """Where the problems of a text begin and end; together they are the whole text.

    >>> text = "1、烘干机温度上不去。2、输送带跑偏。"
    >>> [text[start:end] for start, end in split(text)]
    ['1、烘干机温度上不去。', '2、输送带跑偏。']
    """
    starts = _items(text) or _turns(text)
    bounds = sorted({0, *starts, len(text)})
    spans = [(a, b) for a, b in pairwise(bounds)]
    return _without_crumbs(text, spans) or [(0, len(text))]


def _items(text: str) -> list[int]:
    found = [match.start() + _blank(match[0]) for match in _ITEM.finditer(text)]
    lines = [m.end() for m in re.finditer(r"\n\s*", text)]
    if len(found) >= 2:
        return found[1:] if _is_lead(text[: found[0]]) else found
    return [end for end in lines if len(text[end:].strip()) >= SHORTEST]


def _turns(text: str) -> list[int]:
    return [match.start() + _blank(match[0]) for match in _TURN.finditer(text)]


def _is_lead(before: str) -> bool:
    """Whether what stands before the first item only leads to it ("我们有几个问题：")."""
    return len(before.strip()) < 2 * SHORTEST or before.rstrip().endswith(("：", ":"))


def _blank(found: str) -> int:
    return len(found) - len(found.lstrip())


def _without_crumbs(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pieces too short to be a problem join the one before (the first joins the next)."""
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        too_short = len(text[start:end].strip()) < SHORTEST
        first_is_crumb = bool(kept) and len(text[kept[-1][0] : kept[-1][1]].strip()) < SHORTEST
        if kept and (too_short or first_is_crumb):
            kept[-1] = (kept[-1][0], end)
        elif end > start:
            kept.append((start, end))
    return kept
