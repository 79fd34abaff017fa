"""代填菜单: filing for a caller on one page, by keyboard, in under a minute."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from matcher.access.doors import enterprise_for
from matcher.access.rights import Right, require
from matcher.db import db
from matcher.errors import BadInput
from matcher.models import Enterprise, MenuChannel
from matcher.plain.errors import PlainError
from matcher.services import enterprises
from matcher.services.filing import Filing, caller_of, file_menu
from matcher.web import once
from matcher.web.desk.blueprint import bp
from matcher.web.desk.forms import CheckboxesField, clean, words
from matcher.web.desk.towns import town_names
from matcher.web.errors import put_on_form
from matcher.web.gates import actor, staff
from matcher.web.items import items_from, split_items
from matcher.web.page import vocabulary

#: How a menu comes that staff write down.
CHANNELS = (MenuChannel.PHONE, MenuChannel.VISIT, MenuChannel.LEADERSHIP)


def _channels() -> list[tuple[str, str]]:
    return [(code, name) for code, name in vocabulary("channels") if code in CHANNELS]


class FilingForm(FlaskForm):
    """What the caller says, in the order in which callers say it."""

    firm = StringField(_l("企业"), filters=[clean], validators=[DataRequired(_l("请填写企业名称。")), Length(max=100)])
    text = TextAreaField(
        _l("难题（原话）"), filters=[clean], validators=[DataRequired(_l("请写下难题。")), Length(max=20_000)]
    )
    phone = StringField(_l("电话"), filters=[clean], validators=[Length(max=30)])
    contact = StringField(_l("联系人"), filters=[clean], validators=[Length(max=50)])
    town = StringField(_l("所在镇"), filters=[clean], validators=[Length(max=50)])
    uscc = StringField(_l("统一社会信用代码"), filters=[clean], validators=[Length(max=30)])
    channel = RadioField(_l("来源"), choices=_channels, default="phone")
    urgency = RadioField(_l("紧急程度"), choices=words("urgencies"), default="normal")
    risks = CheckboxesField(_l("现场危险"), choices=words("site_risks"))
    accept_now = BooleanField(_l("同时受理"))


@bp.get("/file", endpoint="file_menu")
def file_menu_page() -> str:
    """The empty form; `?enterprise=` names who calls."""
    require(staff(), Right.HANDLE, staff().office)
    form, chosen = FilingForm(), request.args.get("enterprise", type=int)
    if chosen is not None:
        firm = enterprise_for(staff(), chosen)
        form.firm.data, form.town.data = firm.name, firm.town
        return _page(form, found=[firm], chosen=firm.id)
    return _page(form)


@bp.post("/file")
def take_filing() -> Any:
    """File it; several problems in one text are shown apart first."""
    if (before := once.taken_before()) is not None:
        return before
    require(staff(), Right.HANDLE, staff().office)
    form, items = FilingForm(), items_from(request.form)
    if "find" in request.form:
        return _page(form, items=items, found=_found(form))
    if not form.validate_on_submit():
        return _page(form, items=items, found=_found(form)), BadInput.status
    items = items or split_items(form.text.data)
    if len(items) > 1 and "send" not in request.form:
        return _page(form, items=items, found=_found(form))
    try:
        return _post(form, [text for _title, text in items])
    except (BadInput, PlainError) as error:
        db.session.rollback()
        put_on_form(form, error)
        return _page(form, items=items, found=_found(form)), BadInput.status


@bp.get("/enterprises/find")
def find_enterprises() -> str:
    """The type-ahead: enterprises by a few letters or pinyin initials, as choices of the form."""
    said = request.args.get("firm", "").strip()
    found = enterprises.find(staff().office, said, limit=8)
    return render_template("desk/_found_enterprises.html", found=found, said=said, chosen=None)


def _post(form: FilingForm, items: list[str]) -> Any:
    user, by = staff(), actor()
    filing = Filing(
        text=form.text.data,
        items=items,
        channel=MenuChannel(form.channel.data),
        phone=form.phone.data,
        contact=form.contact.data,
        town=form.town.data,
        urgency=form.urgency.data,
        risks=form.risks.data,
    )
    enterprise = _caller(form, filing)
    menu = file_menu(user.office, enterprise, filing, by=by, accepted=form.accept_now.data)
    db.session.flush()
    flash(_("已提交 %(number)s，共 %(n)s 个难题。", number=menu.number, n=len(menu.problems)))
    return once.done(url_for("desk.problem", problem_id=menu.problems[0].id))


def _caller(form: FilingForm, filing: Filing) -> Enterprise:
    """The chosen enterprise, or a new one; a few letters that fit several are no name."""
    chosen = request.form.get("enterprise_id", "")
    if chosen.isdigit() and int(chosen):
        return enterprise_for(staff(), int(chosen))
    if chosen != "0" and _found(form):
        raise BadInput("请在查到的企业里选一家，或选“登记为新企业”。", field="firm")
    return caller_of(staff().office, form.firm.data, filing, by=actor(), uscc=form.uscc.data)


def _found(form: FilingForm) -> list[Enterprise]:
    return enterprises.find(staff().office, form.firm.data or "", limit=8)


def _page(
    form: FilingForm,
    *,
    items: list[tuple[str, str]] | None = None,
    found: list[Enterprise] | None = None,
    chosen: int | None = None,
) -> str:
    kept = request.form.get("enterprise_id", "")
    return render_template(
        "desk/file.html",
        form=form,
        items=items or [],
        found=found or [],
        said=form.firm.data or "",
        chosen=chosen if chosen is not None else (int(kept) if kept.isdigit() else None),
        towns=town_names(staff().office),
    )
