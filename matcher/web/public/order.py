"""我要点菜: one screen without an account; several problems in one text are shown apart before they are sent."""

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from matcher.db import db
from matcher.errors import MatcherError, NotFound
from matcher.models import Actor, MenuChannel, Office, OfficeLevel, SolutionCard
from matcher.plain.errors import PlainError
from matcher.plain.phones import PhoneError, normalise
from matcher.plain.qr import qr_svg
from matcher.plain.uscc import UsccError, check_uscc
from matcher.services import attachments, cards, posting
from matcher.web import once, photos
from matcher.web.errors import put_on_form, sentence
from matcher.web.items import items_from, split_items
from matcher.web.look import safe_svg
from matcher.web.page import home_office, vocabulary
from matcher.web.public.blueprint import bp
from matcher.web.throttle import limiter


def _can_be_called(_form: FlaskForm, field: StringField) -> None:
    """Tell at once that a number cannot be called, not after everything else."""
    try:
        normalise(field.data or "")
    except PhoneError as error:
        raise ValidationError(sentence(error)) from error


def _is_a_code(_form: FlaskForm, field: StringField) -> None:
    try:
        check_uscc(field.data or "")
    except UsccError as error:
        raise ValidationError(sentence(error)) from error


class OrderForm(FlaskForm):
    """What troubles you, how to reach you, and who you are; nothing else is needed."""

    text = TextAreaField(
        _l("遇到了什么难题？"),
        [InputRequired(_l("请写下遇到的难题。")), Length(max=20_000, message=_l("请写短一些，最多两万字。"))],
    )
    phone = StringField(
        _l("联系电话"), [InputRequired(_l("请填写联系电话，专家要联系您。")), Length(max=30), _can_be_called]
    )
    firm = StringField(_l("企业名称"), [InputRequired(_l("请填写企业名称。")), Length(max=100)])
    contact = StringField(_l("怎么称呼您"), [Length(max=50)])
    uscc = StringField(_l("统一社会信用代码"), [Optional(), Length(max=30), _is_a_code])
    town = SelectField(_l("所在镇（街道、园区）"), [Optional()])
    urgency = RadioField(_l("急不急？"), default="normal")
    risks = SelectMultipleField(
        _l("现场有没有这些危险？"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    photos = MultipleFileField(_l("照片"), render_kw={"accept": "image/jpeg,image/png,image/webp", "multiple": True})
    via = HiddenField()

    def offer_choices(self, office: Office) -> "OrderForm":
        """Fill in the words to choose from."""
        self.urgency.choices = vocabulary("urgencies")
        self.risks.choices = vocabulary("site_risks")
        towns = [(name, name) for code, name in vocabulary("towns") if code.startswith(office.code)]
        self.town.choices = [("", "—"), *towns]
        return self


@bp.route("/order", methods=["GET", "POST"])
@bp.route("/o/<code>", methods=["GET", "POST"])
@limiter.limit("40 per hour", methods=["POST"])
def order(code: str = "") -> str | Response | tuple[str, int]:
    """The form; `code` is the office whose QR code was scanned."""
    if (before := once.taken_before()) is not None:
        return before
    office = _office(code)
    form = OrderForm(via=request.args.get("via", "")).offer_choices(office)
    kept: list[attachments.Kept] = []
    if form.is_submitted():
        # Everything that is wrong is told at once: the fields first, then the photos.
        is_right = form.validate()
        try:
            kept = photos.kept_photos(form.photos.data or [])
            if is_right:
                items = items_from(request.form) or split_items(form.text.data or "")
                seen = len(items) == 1 and ("seen_cards" in request.form or not _alike(office, form))
                if seen or "send" in request.form:
                    return _post(office, form, items, kept)
                return _show(form, office, kept, items=items)
        except (MatcherError, PlainError) as error:
            db.session.rollback()
            put_on_form(form, error)
    page = _show(form, office, kept, items=items_from(request.form))
    return (page, 422) if form.is_submitted() else page


@bp.post("/order/alike")
@bp.post("/o/<code>/alike")
@limiter.limit("600 per hour")
def order_alike(code: str = "") -> str:
    """先试这个？ Solved problems like what is being typed, shown under the field (htmx)."""
    found = cards.alike(_office(code), request.form.get("text", "")[:5000], limit=3)
    return render_template("public/_alike.html", alike=found)


@bp.get("/posted")
def posted() -> str | Response:
    """The number, the personal link, and what happens next; shown to the browser that posted."""
    told = session.get("posted")
    if not told:
        return redirect(url_for(".order"))
    link = url_for("follow.menu", token=told["token"], _external=True)
    code = safe_svg(qr_svg(link, title=_("二维码")))
    return render_template("public/posted.html", number=told["number"], days=told["days"], link=link, code=code)


def _post(office: Office, form: OrderForm, items: list[tuple[str, str]], kept: list[attachments.Kept]) -> Response:
    posting_of = posting.Posting(
        text=form.text.data or "",
        items=[text for _title, text in items],
        firm=form.firm.data or "",
        phone=form.phone.data or "",
        contact=form.contact.data or "",
        uscc=form.uscc.data or "",
        town=form.town.data or "",
        urgency=form.urgency.data or "normal",
        risks=form.risks.data or [],
        channel=MenuChannel.QR if form.via.data == "qr" else MenuChannel.SELF,
    )
    by = Actor(address=request.remote_addr)
    menu, token = posting.post_from_outside(office, posting_of, by=by)
    for photo in kept:
        attachments.attach_kept(menu, photo, by=by)
    days = [int(office.setting(f"clock_{step}")) for step in ("accept", "dispatch")]
    session["posted"] = {"number": menu.number, "token": token, "days": days}
    return once.done(url_for(".posted"))


def _show(form: OrderForm, office: Office, kept: list[attachments.Kept], *, items: list[tuple[str, str]]) -> str:
    alike = _alike(office, form) if items or form.text.data else []
    return render_template(
        "public/order.html",
        form=form,
        office=office,
        items=items,
        kept=kept,
        kept_field=photos.sign(kept) if kept else "",
        alike=alike,
    )


def _alike(office: Office, form: OrderForm) -> list[SolutionCard]:
    return cards.alike(office, form.text.data or "", limit=3)


def _office(code: str) -> Office:
    office = db.session.scalar(select(Office).filter_by(code=code)) if code else home_office()
    if office is None or not office.is_active or office.level is OfficeLevel.PROVINCE:
        raise NotFound("没有找到这个工会。")
    return office
