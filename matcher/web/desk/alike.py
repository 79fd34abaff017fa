"""Problems like this one: fetched by the problem's page, and a page of its own without scripts."""

from flask import render_template, request

from matcher.access.doors import problem_for, visible_problems
from matcher.access.rights import Right, may
from matcher.models import ProblemState
from matcher.services import likes
from matcher.web.desk.blueprint import bp
from matcher.web.gates import staff


@bp.get("/problems/<int:problem_id>/alike")
def alike(problem_id: int) -> str:
    """Doubles of the same enterprise, and troubles of the same kind elsewhere."""
    user = staff()
    found = problem_for(user, problem_id)
    return render_template(
        "desk/_alike.html" if request.headers.get("HX-Request") else "desk/alike.html",
        problem=found,
        doubles=likes.doubles(found),
        others=likes.elsewhere(found, visible_problems(user)),
        may_merge=found.state is ProblemState.SUBMITTED and may(user, Right.HANDLE, found),
    )
