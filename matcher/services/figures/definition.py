"""A figure of product.md section 6: what it counts, by what it is distinct, when, and what it leaves out."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import CompoundSelect, Select

from matcher.services.figures.scope import Scope

Rows = Callable[[Scope], Select | CompoundSelect]
R = TypeVar("R", bound=Rows)


class Kept(StrEnum):
    """What a tally keeps of a month of a figure, so that months and offices can be put together again.

    COUNTS add up. KEYS of things that may come again in another month or office are counted anew, each once.
    LENGTHS are kept one by one, for a median has no parts.
    """

    COUNTS = "counts"
    KEYS = "keys"
    LENGTHS = "lengths"


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. `rows` gives the things that count (rows.COLUMNS); the texts stand beside it.

    `kept` is what a tally keeps of it. For COUNTS, `told_by` names the columns by which reports tell it apart,
    and `sums` those that are added up. `is_once`: each thing has one row only, so nothing needs to be told apart.
    """

    code: str
    name: str
    unit: str
    distinct_by: str
    counted_on: str
    leaves_out: str
    is_once: bool
    kept: Kept
    told_by: tuple[str, ...]
    sums: tuple[str, ...]
    rows: Rows


#: Every figure by its code, in the order of product.md section 6.
DEFINITIONS: dict[str, Definition] = {}


def figure(
    name: str,
    unit: str,
    *,
    distinct_by: str,
    counted_on: str,
    leaves_out: str = "",
    is_once: bool = True,
    kept: Kept = Kept.COUNTS,
    told_by: tuple[str, ...] = (),
    sums: tuple[str, ...] = (),
) -> Callable[[R], R]:
    """Enter a function's rows as the figure of that name; its code is the function's name."""

    def enter(rows: R) -> R:
        texts = (name, unit, distinct_by, counted_on, leaves_out)
        DEFINITIONS[rows.__name__] = Definition(rows.__name__, *texts, is_once, kept, told_by, sums, rows)
        return rows

    return enter
