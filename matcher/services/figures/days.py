"""The day of a moment by China's clock, in either database (UTC+8; no summer time since 1991)."""

from typing import Any

from sqlalchemy import Date
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
