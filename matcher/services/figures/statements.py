"""Statements of figures, built once for all scopes of one shape: building one takes longer than many take to run."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Executable

from matcher.db import db
from matcher.services.figures.scope import Scope

_built: dict[tuple[Any, ...], Executable] = {}


def ask(name: tuple[Any, ...], scope: Scope, build: Callable[[], Executable]) -> Sequence[Any]:
    """The rows of the statement of that name and the scope's shape; `build` makes it where it is not known yet.

    A statement takes nothing from its scope but what the shape tells and what `Scope.values` names.
    """
    key = (*name, *scope.shape)
    if (statement := _built.get(key)) is None:
        statement = _built[key] = build()
    return db.session.execute(statement, scope.values()).all()
