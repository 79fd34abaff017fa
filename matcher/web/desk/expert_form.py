"""The form of an expert's record, and what it says."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from matcher.models import Expert, SkillBasis
from matcher.services import experts
from matcher.web.desk.forms import FILL, NUMBER, clean, or_none, words


class ExpertForm(FlaskForm):
    """What is written about an expert; skills and honours one per line."""

    name = StringField(_l("姓名"), filters=[clean], validators=[DataRequired(FILL), Length(max=50)])
    phone = StringField(_l("电话"), filters=[clean], validators=[Length(max=30)])
    email = StringField(_l("电子邮箱"), filters=[clean, or_none], validators=[Length(max=100)])
    employer = StringField(_l("单位"), filters=[clean], validators=[Length(max=100)])
    title = StringField(_l("职务"), filters=[clean], validators=[Length(max=100)])
    trade = StringField(_l("工种"), filters=[clean], validators=[Length(max=100)])
    skill_grade = SelectField(_l("技能等级"), choices=words("skill_grades", blank=_l("（未填写）")), coerce=or_none)
    professional_title = SelectField(
        _l("职称"), choices=words("professional_titles", blank=_l("（未填写）")), coerce=or_none
    )
    town = StringField(_l("所在镇（街道、园区）"), filters=[clean], validators=[Length(max=50)])
    capacity = IntegerField(_l("最多同时办几件"), validators=[Optional(), NumberRange(0, 50, NUMBER)])
    skills = TextAreaField(_l("专长"), filters=[clean], validators=[Length(max=3000)])
    honours = TextAreaField(_l("荣誉"), filters=[clean], validators=[Length(max=3000)])
    profile = TextAreaField(_l("简介"), filters=[clean], validators=[Length(max=5000)])


class PauseForm(FlaskForm):
    until = DateField(_l("到哪天（空着就是一直）"), validators=[Optional()])


def form_of(found: Expert) -> ExpertForm:
    """The record as it stands, whatever the request says."""
    declared = [skill.text for skill in found.skills if skill.basis is SkillBasis.DECLARED]
    honours = [f"{honour.text} {honour.year}" if honour.year else honour.text for honour in found.honours]
    known = {name: getattr(found, name) for name in experts.FIELDS}
    told = {**known, "skills": "\n".join(declared), "honours": "\n".join(honours)}
    return ExpertForm(formdata=None, prefix="correct-", data=told)


def lines_in(text: str | None) -> list[str]:
    """Its lines, without empty ones."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def honours_in(text: str | None) -> list[tuple[str | None, str, int | None]]:
    """One honour per line; a year at its end is its year."""
    found: list[tuple[str | None, str, int | None]] = []
    for line in lines_in(text):
        words, _blank, year = line.rpartition(" ")
        is_dated = year.isdigit() and len(year) == 4 and bool(words)
        found.append((None, words.strip(), int(year)) if is_dated else (None, line, None))
    return found


def values_in(form: ExpertForm) -> dict[str, Any]:
    """What the form says of the fields that are one value each."""
    fields = [name for name in experts.FIELDS if hasattr(form, name)]
    return {name: getattr(form, name).data for name in fields}
