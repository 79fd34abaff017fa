"""What the two databases say differently: the day of a moment by China's clock (UTC+8, no summer time since 1991),
the month of a day, the first step of a path."""

from typing import Any

from sqlalchemy import Date, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class day_of(GenericFunction[Any]):
    """The date on the wall in China at that moment."""

    type = Date()
    inherit_cache = True
    name = "day_of"


@compiles(day_of, "sqlite")
def _sqlite(element: day_of, compiler: Any, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, '+8 hours')"


@compiles(day_of, "postgresql")
def _postgresql(element: day_of, compiler: Any, **options: Any) -> str:
    return f"CAST(({compiler.process(element.clauses, **options)}) AT TIME ZONE 'Asia/Shanghai' AS DATE)"


class month_of(GenericFunction[Any]):
    """The month of a day as text: 2026-06."""

    type = Text()
    inherit_cache = True
    name = "month_of"


@compiles(month_of, "sqlite")
def _month_sqlite(element: month_of, compiler: Any, **options: Any) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, 7)"


@compiles(month_of, "postgresql")
def _month_postgresql(element: month_of, compiler: Any, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)}, 'YYYY-MM')"


class step_of(GenericFunction[Any]):
    """What stands before the first stroke of a path: 14/27/ -> 14."""

    type = Text()
    inherit_cache = True
    name = "step_of"


@compiles(step_of, "sqlite")
def _step_sqlite(element: step_of, compiler: Any, **options: Any) -> str:
    path = compiler.process(element.clauses, **options)
    return f"substr({path}, 1, instr({path}, '/') - 1)"


@compiles(step_of, "postgresql")
def _step_postgresql(element: step_of, compiler: Any, **options: Any) -> str:
    return f"split_part({compiler.process(element.clauses, **options)}, '/', 1)"
