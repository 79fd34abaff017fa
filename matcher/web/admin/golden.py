"""用已办案例检验: today's roster and settings against the office's own confirmed cases, in plain words."""

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matcher.access.rights import Right, require
from matcher.services import golden as service
from matcher.web import once
from matcher.web.admin.blueprint import bp
from matcher.web.gates import actor, staff


@bp.get("/golden")
def golden() -> str:
    """The newest run beside the one before it."""
    user = staff()
    require(user, Right.MANAGE_LEXICON, user.office)
    return render_template("admin/golden.html", found=service.latest(user.office), places=service.PLACES)


@bp.post("/golden")
def run_golden() -> Response:
    """Ask every confirmed case again."""
    user = staff()
    require(user, Right.MANAGE_LEXICON, user.office)
    if (before := once.taken_before()) is not None:
        return before
    service.run(user.office, by=actor())
    flash(_("检验好了。"))
    return once.done(url_for(".golden"))
