"""复访: what is due, what comes, and what became of the cases after 3, 6 and 12 months."""

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from matcher.access.doors import visible_cases
from matcher.access.rights import Right, may
from matcher.db import db
from matcher.services import follow_ups
from matcher.services.follow_ups import MONTHS, Due
from matcher.web.gates import staff
from matcher.web.page import vocabulary
from matcher.web.reports.blueprint import bp

PER_PAGE = 50
TABS = {
    Due.NOW: (_l("该回访了"), "phone"),
    Due.LATER: (_l("还没到期"), "clock"),
    Due.ANSWERED: (_l("已有答复"), "tick"),
}


@bp.get("/follow-ups")
def follow_up_list() -> str:
    """The follow-ups of visible cases; a telephone answer is recorded on the desk's page for that (代录)."""
    user, cases = staff(), visible_cases(staff())
    asked = request.args.get("due", Due.NOW.value)
    due = Due(asked) if asked in set(Due) else Due.NOW
    result = request.args.get("result", "")
    page = db.paginate(follow_ups.listed(cases, due, result), per_page=PER_PAGE, max_per_page=PER_PAGE)
    return render_template(
        "reports/followups.html",
        page=page,
        due=due,
        result=result,
        tabs=TABS,
        counts=follow_ups.counts(cases),
        summary=_summary(follow_ups.results(cases)),
        may_record={f.id for f in page.items if may(user, Right.RECORD, f.case.problem)},
    )


def _summary(found: dict[tuple[int, str], int]) -> list[tuple[str, str, list[int]]]:
    """One row per result: code, word, and the number after 3, 6 and 12 months."""
    return [(code, name, [found.get((m, code), 0) for m in MONTHS]) for code, name in vocabulary("follow_up_results")]
