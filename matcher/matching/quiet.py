"""Words that say nothing about competence: pleas and complaints in problems, honours and offices in records.

They are blanked, not cut out, so that every other character keeps its place.
"""

import re
from functools import cache
from importlib import resources


def hush_need(text: str) -> str:
    """A problem in normal form with its small talk blanked.

    >>> hush_need("我们希望解决轴承异响")
    '      轴承异响'
    """
    return _phrases("quiet_needs.txt").sub(_blank, text)


def hush_record(text: str) -> str:
    """An expert's field in normal form without honours, offices and the phrases of every CV.

    >>> hush_record("全国劳动模范,从事桥吊维修")
    '      ,  桥吊维修'
    """
    return _phrases("quiet_records.txt").sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


@cache
def _phrases(name: str) -> re.Pattern[str]:
    lines = resources.files(__package__).joinpath("data", name).read_text("utf-8").split()
    return re.compile("|".join(sorted(map(re.escape, lines), key=lambda phrase: (-len(phrase), phrase))))
