"""The register of enterprises: list, page, correction, tier, and the merging of doubles."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import or_, select
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from matcher.access.doors import enterprise_for, visible_enterprises, visible_problems
from matcher.access.rights import Right, may, require
from matcher.db import db, today
from matcher.errors import BadInput
from matcher.models import Enterprise, EnterpriseState, Menu, Problem
from matcher.plain.errors import PlainError
from matcher.services import doubles, enterprises
from matcher.web import once
from matcher.web.desk.blueprint import bp
from matcher.web.desk.forms import DAY, FILL, RevealForm, clean, or_none, words
from matcher.web.errors import put_on_form
from matcher.web.gates import actor, staff

PER_PAGE = 50


class EnterpriseForm(FlaskForm):
    """What is written about an enterprise."""

    name = StringField(_l("名称"), filters=[clean], validators=[DataRequired(FILL), Length(max=100)])
    uscc = StringField(_l("统一社会信用代码"), filters=[clean, or_none], validators=[Length(max=30)])
    industry = SelectField(_l("行业"), choices=words("industries", blank=_l("（未填写）")), coerce=or_none)
    size = SelectField(_l("规模"), choices=words("enterprise_sizes", blank=_l("（未填写）")), coerce=or_none)
    ownership = SelectField(_l("所有制"), choices=words("ownerships", blank=_l("（未填写）")), coerce=or_none)
    has_union = SelectField(
        _l("建会"),
        choices=lambda: [("", str(_l("不清楚"))), ("yes", str(_l("已建会"))), ("no", str(_l("未建会")))],
    )
    town = StringField(_l("所在镇（街道、园区）"), filters=[clean], validators=[Length(max=50)])
    address = StringField(_l("地址"), filters=[clean], validators=[Length(max=200)])
    contact_name = StringField(_l("联系人"), filters=[clean], validators=[Length(max=50)])
    phone = StringField(_l("电话"), filters=[clean], validators=[Length(max=30)])
    external_id = StringField(_l("台账编号"), filters=[clean, or_none], validators=[Length(max=50)])


class TierForm(FlaskForm):
    tier = SelectField(_l("梯度"), choices=words("enterprise_tiers"))
    since = DateField(_l("自哪天起"), default=today, validators=[DataRequired(DAY)])


#: Personal data: left as it is where the field comes back empty, for the page never shows it.
SEALED = ("address", "contact_name", "phone")


@bp.get("/enterprises", endpoint="enterprises")
def enterprise_list() -> str:
    """The list, by words and state."""
    said, state = request.args.get("q", "").strip(), request.args.get("state", "")
    query = visible_enterprises(staff()).where(Enterprise.state != EnterpriseState.MERGED)
    if said:
        query = query.where(_says(said))
    if state in list(EnterpriseState):
        query = query.where(Enterprise.state == state)
    ordered = query.order_by(Enterprise.state.desc(), Enterprise.name, Enterprise.id)
    page = db.paginate(ordered, per_page=PER_PAGE, max_per_page=PER_PAGE)
    return render_template("desk/enterprises.html", page=page, said=said, state=state)


@bp.get("/enterprises/<int:enterprise_id>")
def enterprise(enterprise_id: int) -> str:
    """One enterprise: what is written, its problems, and firms that may be the same."""
    return _page(enterprise_for(staff(), enterprise_id))


@bp.post("/enterprises/<int:enterprise_id>")
def correct_enterprise(enterprise_id: int) -> Any:
    """Correct what is written; a new one is thereby known."""
    return _change(enterprise_id, "correct", EnterpriseForm(prefix="correct-"))


@bp.post("/enterprises/<int:enterprise_id>/tier")
def set_tier(enterprise_id: int) -> Any:
    """From a day on it has this tier."""
    return _change(enterprise_id, "tier", TierForm(prefix="tier-"))


@bp.post("/enterprises/<int:enterprise_id>/merge")
def merge_enterprise(enterprise_id: int) -> Any:
    """It is the same firm as another: everything moves there."""
    if (before := once.taken_before()) is not None:
        return before
    double, into = _mine(enterprise_id), _mine(request.form.get("into_id", 0, type=int))
    enterprises.merge(double, into, by=actor())
    flash(_("已并入 %(name)s。", name=into.name))
    return once.done(url_for("desk.enterprise", enterprise_id=into.id))


def _change(enterprise_id: int, name: str, form: Any) -> Any:
    if (before := once.taken_before()) is not None:
        return before
    found = _mine(enterprise_id)
    if not form.validate_on_submit():
        return _page(found, wrong={name: form}), BadInput.status
    try:
        if name == "tier":
            enterprises.set_tier(found, form.tier.data, since=form.since.data, by=actor())
        else:
            enterprises.correct(found, _values(form), by=actor())
    except (BadInput, PlainError) as error:
        db.session.rollback()
        put_on_form(form, error)
        return _page(enterprise_for(staff(), enterprise_id), wrong={name: form}), BadInput.status
    flash(_("已保存。"))
    return once.done(url_for("desk.enterprise", enterprise_id=enterprise_id))


def _mine(enterprise_id: int) -> Enterprise:
    found = enterprise_for(staff(), enterprise_id)
    require(staff(), Right.HANDLE, found)
    return found


def _values(form: EnterpriseForm) -> dict[str, Any]:
    told = {name: getattr(form, name).data for name in enterprises.FIELDS}
    told["has_union"] = {"yes": True, "no": False}.get(form.has_union.data)
    told["phone"] = form.phone.data
    return {name: value for name, value in told.items() if name not in SEALED or value}


def _page(found: Enterprise, *, wrong: dict[str, Any] | None = None) -> str:
    user = staff()
    known = {name: getattr(found, name) for name in enterprises.FIELDS if name not in SEALED}
    union = {True: "yes", False: "no", None: ""}[found.has_union]
    correct = EnterpriseForm(formdata=None, prefix="correct-", data={**known, "has_union": union})
    forms = {"correct": correct, "tier": TierForm(formdata=None, prefix="tier-"), **(wrong or {})}
    return render_template(
        "desk/enterprise.html",
        firm=found,
        forms=forms,
        wrong=wrong or {},
        problems=_problems(found),
        alike=doubles.alike(found, user.office) if found.state is not EnterpriseState.MERGED else [],
        may_handle=may(user, Right.HANDLE, found),
        may_reveal=may(user, Right.REVEAL, found),
        reveal_form=RevealForm(formdata=None, prefix="reveal-"),
    )


def _problems(found: Enterprise) -> list[Problem]:
    asked_by = select(Menu.id).where(Menu.enterprise_id == found.id)
    query = visible_problems(staff()).where(Problem.menu_id.in_(asked_by))
    return list(db.session.scalars(query.order_by(Problem.id.desc()).limit(100)))


def _says(words: str) -> Any:
    return or_(
        Enterprise.search_key.contains(words.lower(), autoescape=True),
        Enterprise.uscc.icontains(words, autoescape=True),
    )
