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
    """One figure. `rows` gives one row per thing that counts (rows.COLUMNS); the texts stand beside it."""

    code: str
    name: str
    unit: str
    distinct_by: str
    counted_on: str
    leaves_out: str
    rows: Rows


#: Every figure by its code, in the order of product.md section 6.
DEFINITIONS: dict[str, Definition] = {}


def figure(name: str, unit: str, *, distinct_by: str, counted_on: str, leaves_out: str = "") -> Callable[[R], R]:
    """Enter a function's rows as the figure of that name; its code is the function's name."""

    def enter(rows: R) -> R:
        DEFINITIONS[rows.__name__] = Definition(rows.__name__, name, unit, distinct_by, counted_on, leaves_out, rows)
        return rows

    return enter
