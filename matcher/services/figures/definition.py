"""A figure of product.md section 6: what it counts, by what it is distinct, when, and what it leaves out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import CompoundSelect, Select

from matcher.services.figures.scope import Scope

Rows = Callable[[Scope], Select | CompoundSelect]
R = TypeVar("R", bound=Rows)


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. `rows` gives the things that count (rows.COLUMNS); the texts stand beside it.

    `is_once`: each thing has one row only, so that parts (offices, months, kinds) add up to the whole.
    """

    code: str
    name: str
    unit: str
    distinct_by: str
    counted_on: str
    leaves_out: str
    is_once: bool
    rows: Rows


#: Every figure by its code, in the order of product.md section 6.
DEFINITIONS: dict[str, Definition] = {}


def figure(
    name: str, unit: str, *, distinct_by: str, counted_on: str, leaves_out: str = "", is_once: bool = True
) -> Callable[[R], R]:
    """Enter a function's rows as the figure of that name; its code is the function's name."""

    def enter(rows: R) -> R:
        texts = (name, unit, distinct_by, counted_on, leaves_out)
        DEFINITIONS[rows.__name__] = Definition(rows.__name__, *texts, is_once, rows)
        return rows

    return enter
