"""The dispatcher's desk: the queue, the problem, the roster, and filing for those who telephone."""

from matcher.web.desk import (
    complaints,
    dispatching,
    enterprises,
    experts,
    files,
    filing,
    imports,
    lending,
    linking,
    notices,
    papers,
    poster,
    problem,
    queue,
    recording,
    revealing,
    search,
)
from matcher.web.desk.blueprint import bp

__all__ = [
    "bp",
    "complaints",
    "dispatching",
    "enterprises",
    "experts",
    "files",
    "filing",
    "imports",
    "lending",
    "linking",
    "notices",
    "papers",
    "poster",
    "problem",
    "queue",
    "recording",
    "revealing",
    "search",
]
