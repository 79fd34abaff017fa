"""The forms of the desk: small ones for the moves of a problem, and how staff say whose word they record."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from matcher.db import today
from matcher.models import Channel
from matcher.web.page import vocabulary

Choices = list[tuple[str, str]]

FILL = _l("请填写这一项。")
CHOOSE = _l("请选择一项。")
DAY = _l("请写成 2026-11-24 这样的日期。")
NUMBER = _l("请填写数字。")


def words(name: str, *, blank: str | None = None) -> Callable[[], Choices]:
    """The words of a vocabulary as choices, in the reader's language; `blank` names the empty choice."""

    def offered() -> Choices:
        found = vocabulary(name)
        return found if blank is None else [("", str(blank)), *found]

    return offered


def or_none(value: str | None) -> str | None:
    """An empty choice is no choice."""
    return value or None


def clean(value: str | None) -> str:
    """What was typed, without the blanks around it."""
    return (value or "").strip()


class CheckboxesField(SelectMultipleField):
    """Several of a list, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PressForm(FlaskForm):
    """A button and nothing else."""


class ClassifyForm(FlaskForm):
    """What kind of trouble it is, on both axes, and what must be seen to before anybody is sent."""

    title = StringField(_l("标题"), filters=[clean], validators=[DataRequired(FILL), Length(max=80)])
    problem_kind = SelectField(_l("难题类别"), choices=words("problem_kinds", blank=_l("（未分类）")), coerce=or_none)
    reporting_kind = SelectField(
        _l("上报类别"), choices=words("reporting_kinds", blank=_l("（未分类）")), coerce=or_none
    )
    industry = SelectField(_l("行业"), choices=words("industries", blank=_l("（未填写）")), coerce=or_none)
    urgency = RadioField(_l("紧急程度"), choices=words("urgencies"), default="normal")
    site_risks = CheckboxesField(_l("现场危险"), choices=words("site_risks"))
    is_insured = BooleanField(_l("已为专家办理保险"))
    agreement = BooleanField(_l("已签服务协议"))
    employer_consent = BooleanField(_l("派出单位已同意"))
    secrecy = BooleanField(_l("已签保密约定"))
    ownership = BooleanField(_l("已约定成果归属"))
    save = SubmitField(_l("保存"))
    accept = SubmitField(_l("保存并受理"))


class AskForm(FlaskForm):
    question = TextAreaField(_l("要问企业什么"), filters=[clean], validators=[DataRequired(FILL)])


class RejectForm(FlaskForm):
    reason = RadioField(_l("不受理的原因"), choices=words("reject_reasons"), validators=[DataRequired(CHOOSE)])
    text = TextAreaField(_l("给企业的说明"), filters=[clean], validators=[Length(max=500)])


class GiveUpForm(FlaskForm):
    reason = RadioField(_l("为什么暂时解决不了"), choices=words("give_up_reasons"), default="nobody")
    text = TextAreaField(_l("给企业的说明"), filters=[clean], validators=[Length(max=500)])


class SolvedByPhoneForm(FlaskForm):
    text = TextAreaField(_l("电话里是怎样解决的"), filters=[clean], validators=[DataRequired(FILL)])


class SolvedByCardForm(FlaskForm):
    card_id = SelectField(_l("用哪张解题卡"), coerce=int, validators=[DataRequired(CHOOSE)])


class ReasonForm(FlaskForm):
    reason = StringField(_l("原因"), filters=[clean], validators=[DataRequired(_l("请写明原因。")), Length(max=500)])


class HandOverForm(ReasonForm):
    office_id = SelectField(_l("转给"), coerce=int)


class AssignForm(FlaskForm):
    user_id = SelectField(_l("转给同事"), coerce=int)


class CallNoteForm(FlaskForm):
    text = TextAreaField(_l("通话内容"), filters=[clean], validators=[DataRequired(FILL)])


class DuplicateForm(FlaskForm):
    number = StringField(_l("与哪个难题重复（编号）"), filters=[clean], validators=[DataRequired(FILL)])


class RevealForm(FlaskForm):
    purpose = SelectField(_l("查看用途"), choices=words("reveal_purposes"))


class OfferForm(FlaskForm):
    expert_id = HiddenField(validators=[DataRequired()])
    role = HiddenField(default="lead")
    message = StringField(_l("附一句话"), filters=[clean], validators=[Length(max=300)])


class AnswerForm(FlaskForm):
    answer = TextAreaField(_l("处理结果"), filters=[clean], validators=[DataRequired(FILL)])


class LoanForm(ReasonForm):
    number = StringField(_l("用于哪个难题（编号）"), filters=[clean])


class BehalfForm(FlaskForm):
    """How the word came, and on which day it was given: part of every form of 代录."""

    channel = RadioField(
        _l("怎样得知"),
        choices=lambda: [
            (Channel.TELEPHONE.value, str(_l("电话"))),
            (Channel.PAPER.value, str(_l("书面"))),
            (Channel.IN_PERSON.value, str(_l("当面"))),
        ],
        default=Channel.TELEPHONE.value,
    )
    on = DateField(_l("哪天说的"), default=today, validators=[DataRequired(DAY)])


def optional_day(label: str, **options: object) -> DateField:
    """A date that may be left empty."""
    return DateField(label, validators=[Optional()], **options)


def optional_number(label: str, **options: object) -> IntegerField:
    """A number that may be left empty."""
    return IntegerField(label, validators=[Optional()], **options)
