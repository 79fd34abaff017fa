"""权重和校准: what weighs how much, fitted on one's own cases, and how far a score can be believed here."""

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matcher.access.rights import Right, require
from matcher.db import db
from matcher.errors import NotFound
from matcher.models import WeightSet
from matcher.services import calibrations, meanings, weighing
from matcher.web import once
from matcher.web.admin.blueprint import bp
from matcher.web.desk import labels
from matcher.web.gates import actor, staff


@bp.get("/weights")
def weights() -> str:
    """The weights in use, those fitted before, and the calibration of the administrator's office."""
    user = staff()
    require(user, Right.MANAGE_LEXICON, user.office)
    used, row = weighing.in_force()
    outcomes, bad = calibrations.count_outcomes(user.office)
    return render_template(
        "admin/weights.html",
        used=used,
        used_row=row,
        sets=weighing.all_sets(),
        material=weighing.material(),
        enough=weighing,
        calibration=calibrations.latest(user.office),
        outcomes=outcomes,
        bad=bad,
        enough_outcomes=calibrations.ENOUGH,
        enough_bad=calibrations.ENOUGH_BAD,
        labels=labels,
        model=meanings.status(),
        office=user.office,
    )


@bp.post("/weights")
def refit() -> Response:
    """Fit now; what is better is adopted, and the page says what came out."""
    require(staff(), Right.MANAGE_LEXICON, staff().office)
    if (before := once.taken_before()) is not None:
        return before
    fitted = weighing.refit(by=actor())
    flash(
        _("拟合好了，在留出的月份上更准，已采用。")
        if fitted.is_in_force
        else _("拟合好了，但在留出的月份上没有更准，没有采用。")
    )
    return once.done(url_for(".weights"))


@bp.post("/weights/<int:set_id>/back")
def take_back_weights(set_id: int) -> Response:
    """Those before hold again."""
    require(staff(), Right.MANAGE_LEXICON, staff().office)
    if (before := once.taken_before()) is not None:
        return before
    found = db.session.get(WeightSet, set_id)
    if found is None:
        raise NotFound("没有找到这组权重。")
    weighing.take_back(found, by=actor())
    flash(_("已撤回，用回之前的权重。"))
    return once.done(url_for(".weights"))


@bp.post("/weights/calibrate")
def calibrate() -> Response:
    """Learn the chances from the outcomes anew; the job does it every night."""
    require(staff(), Right.MANAGE_LEXICON, staff().office)
    if (before := once.taken_before()) is not None:
        return before
    learnt = calibrations.refresh()
    flash(_("已按办理结果重新校准。") if learnt else _("办理结果还不够，没有校准。"))
    return once.done(url_for(".weights"))
