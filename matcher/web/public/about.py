"""The front page, what this is, the help, the rules of personal information, 投诉建议, the large type."""

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from matcher.db import today
from matcher.errors import MatcherError, NotFound
from matcher.models import Actor
from matcher.models.offices import DEFAULTS
from matcher.plain.errors import PlainError
from matcher.plain.periods import preset
from matcher.services import cards, complaints
from matcher.services.figures import DEFINITIONS, Scope, measure
from matcher.web import once
from matcher.web.errors import put_on_form
from matcher.web.helps import AUDIENCES
from matcher.web.page import home_office
from matcher.web.public.blueprint import bp
from matcher.web.throttle import limiter


class ComplaintForm(FlaskForm):
    """What is wrong or could be better; how to reach you is optional."""

    text = TextAreaField(_l("您的意见或建议"), [InputRequired(_l("请写下您的意见。")), Length(max=5000)])
    name = StringField(_l("怎么称呼您"), [Length(max=50)])
    phone = StringField(_l("联系电话"), [Length(max=30)])
    page = HiddenField()


@bp.get("/")
def home() -> str:
    """What this is, what was solved, and the way in."""
    office = home_office()
    if office is None:
        return render_template("public/empty.html")
    period = preset("all", today(), office.started_on)
    figures = measure(Scope(office, period))
    return render_template("public/home.html", figures=figures, period=period, cards=cards.released(office, limit=6))


@bp.get("/about")
def about() -> str:
    """How the programme works, in a few sentences."""
    office = home_office()
    setting = office.setting if office is not None else DEFAULTS.__getitem__
    days = {step: setting(f"clock_{step}") for step in ("accept", "dispatch", "visit")}
    return render_template("public/about.html", days=days)


@bp.get("/help", endpoint="help")
def help_page() -> str:
    """The help of every page by who asks, and how every figure is counted."""
    return render_template("public/help.html", audiences=AUDIENCES, definitions=DEFINITIONS)


@bp.get("/privacy")
def privacy() -> str:
    """Which personal data are kept, what for, how long, and how to see, correct and withdraw them (PIPL 17)."""
    return render_template("public/privacy.html")


@bp.route("/complaint", methods=["GET", "POST"])
@limiter.limit("10 per hour", methods=["POST"])
def complaint() -> str | Response | tuple[str, int]:
    """投诉建议, from any page."""
    if (before := once.taken_before()) is not None:
        return before
    form = ComplaintForm(page=request.args.get("page", ""))
    if form.validate_on_submit():
        try:
            office = home_office()
            if office is None:
                raise NotFound("没有找到工会。")
            by = Actor(address=request.remote_addr)
            complaints.complain(
                office,
                form.text.data or "",
                by=by,
                page=form.page.data or "",
                phone=form.phone.data or None,
                contact_name=form.name.data or "",
            )
            flash(_("收到了，谢谢您。工会工作人员会看到。"))
            return once.done(url_for(".home"))
        except (MatcherError, PlainError) as error:
            put_on_form(form, error)
    page = render_template("public/complaint.html", form=form)
    return (page, 422) if form.is_submitted() else page


@bp.post("/large-type")
def large_type() -> Response:
    """Switch between the standard and the large type."""
    session["large_type"] = not session.get("large_type")
    address = request.form.get("next", "/")
    return redirect(address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/")
