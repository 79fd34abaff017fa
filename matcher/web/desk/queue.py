"""The first page of the desk: what must be done next, and by when."""

from typing import TypeVar

from flask import render_template, request

from matcher.access.doors import visible_problems
from matcher.models import ProblemState
from matcher.services import queue as queues
from matcher.services.queue import PER_PAGE, Filters, Next, Scope
from matcher.web.desk.blueprint import bp
from matcher.web.desk.labels import SCOPES, TABS
from matcher.web.desk.towns import town_names
from matcher.web.gates import staff
from matcher.web.page import vocabulary

Word = TypeVar("Word", Next, Scope, ProblemState)

#: What another tab does not inherit; the filters go along.
TAB_ARGUMENTS = ("step", "overdue", "page", "lang")


@bp.get("/")
def queue() -> str:
    """The queue, filtered as the address says."""
    user, filters, page = staff(), asked(), max(request.args.get("page", 1, type=int), 1)
    visible = visible_problems(user)
    rows = queues.rows(visible, filters, user=user, page=page)
    return render_template(
        "desk/queue.html",
        rows=rows,
        counts=queues.counts(visible, filters, user=user),
        filters=filters,
        tabs=TABS,
        scopes=SCOPES,
        states=list(ProblemState),
        kinds=vocabulary("problem_kinds"),
        towns=town_names(user.office),
        kept={name: value for name, value in request.args.items() if name not in TAB_ARGUMENTS},
        page=page,
        has_more=len(rows) == PER_PAGE,
    )


def asked() -> Filters:
    """The filters as they stand in the address; what nobody knows is left out."""
    args = request.args
    return Filters(
        step=_known(Next, args.get("step")),
        is_overdue=args.get("overdue") == "1",
        state=_known(ProblemState, args.get("state")),
        kind=args.get("kind", ""),
        town=args.get("town", ""),
        mine=args.get("mine") == "1",
        words=args.get("q", "").strip()[:100],
        scope=_known(Scope, args.get("scope")) or Scope.OWN,
    )


def _known(words: type[Word], value: str | None) -> Word | None:
    return words(value) if value in list(words) else None
