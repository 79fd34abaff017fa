"""领导一览: what was done, how it moves, what is late and where help is missing; to read on a phone or on a wall."""

from flask import render_template

from matcher.access.doors import visible_problems
from matcher.services import gaps
from matcher.services.figures import DEFINITIONS, Scope, figures_of, read
from matcher.services.figures.table import STEPS, told
from matcher.web.gates import staff
from matcher.web.reports.asked import asked_scope, kept, presets
from matcher.web.reports.blueprint import bp
from matcher.web.reports.figures import LIST_OF, measure_before, months_for_chart, period_label

#: What a leader looks at first; nobody is ranked.
SHOWN = ("solved", "enterprises", "expert_times", "sessions", "persons", "completion_rate")
#: Lines of a list before the rest is folded.
LINES = 8
#: What it was worth; the two never stand in one sum.
MONEY = ("estimated_once", "verified_once")


@bp.get("/overview", endpoint="overview")
def overview_page() -> str:
    """Six numbers, the trend, what is overdue, and problems that nobody on the roster can solve."""
    scope: Scope = asked_scope()
    reading = read(scope)
    figures = figures_of(reading)
    visible = visible_problems(staff())
    return render_template(
        "reports/overview.html",
        scope=scope,
        kept=kept,
        presets=presets(scope.office),
        period_label=period_label(scope.period),
        rows=[row for row in told(figures, measure_before(scope)) if row.code in SHOWN],
        figures=figures,
        definitions=[DEFINITIONS[code] for code in dict.fromkeys(LIST_OF[code] for code in (*SHOWN, *MONEY))],
        list_of=LIST_OF,
        month_rows=months_for_chart(reading),
        late=gaps.overdue(visible, scope.office),
        unserved=gaps.without_expert(visible, scope.office),
        steps=STEPS,
        shown=LINES,
    )
