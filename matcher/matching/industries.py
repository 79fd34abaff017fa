"""GB/T 4754 divisions: which of them a name, or a few words, stands for."""

import csv
import re
from functools import cache, lru_cache
from importlib import resources

from matcher.matching.normal import normalise

#: Divisions are two digits, so arrays over them have this many places.
DIVISIONS = 100


@cache
def divisions() -> dict[str, str]:
    """Code → name of the 97 divisions."""
    with resources.files(__package__).joinpath("data/divisions.csv").open(encoding="utf-8") as lines:
        return {row["code"]: row["name"] for row in csv.DictReader(lines)}


@lru_cache(maxsize=4096)
def divisions_of(industry: str) -> frozenset[str]:
    """The divisions an industry's name stands for; a code stands for itself, an unknown name for none.

    >>> sorted(divisions_of("畜牧业（羊的饲养）")), sorted(divisions_of("30"))
    (['03'], ['30'])
    """
    if industry in divisions():
        return frozenset({industry})
    whole = normalise(industry).text
    head = re.split(r"[(/]", whole)[0].strip()
    names = _names()
    found = {code for code, name in names.items() if name in whole}
    if not found and len(head) > 1:
        found = {code for code, name in names.items() if head in name}
    return frozenset(found)


def industry_words(industry: str) -> str:
    """The name behind a code, or the name itself."""
    return divisions().get(industry, industry)


@cache
def _names() -> dict[str, str]:
    return {code: normalise(name).text for code, name in divisions().items()}
