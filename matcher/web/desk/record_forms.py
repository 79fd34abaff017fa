"""The forms of 代录: what an expert or an enterprise said by telephone, on paper or in person."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, DecimalField, RadioField, SelectField, StringField, TextAreaField
from wtforms import TimeField as ClockField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from matcher.db import LOCAL, today
from matcher.models import Case
from matcher.web.desk.forms import (
    CHOOSE,
    DAY,
    FILL,
    NUMBER,
    BehalfForm,
    CheckboxesField,
    clean,
    optional_day,
    optional_number,
    words,
)

LONG = [DataRequired(FILL), Length(max=5000)]


class RecordForm(BehalfForm):
    """What every record says: about which thing, whose word, how it came and when."""

    subject_id = SelectField(_l("对象"), coerce=int)

    def validate_on(self, field: DateField) -> None:
        """Nobody can have said it tomorrow."""
        if field.data is not None and field.data > today():
            raise ValidationError(_l("日期不能晚于今天。"))

    def know(self, subject: Any) -> None:
        """Fill the choices that depend on the thing; most forms have none."""


class YesForm(RecordForm):
    """Yes: nothing more to say."""


class TermsForm(RecordForm):
    kind = RadioField(_l("什么条件"), choices=words("terms_kinds"), validators=[InputRequired(CHOOSE)])
    day = optional_day(_l("方便的日期"))
    text = StringField(_l("说明"), filters=[clean], validators=[Length(max=300)])


class DeclineForm(RecordForm):
    reason = RadioField(_l("为什么不能前往"), choices=words("decline_reasons"), validators=[InputRequired(CHOOSE)])
    until = optional_day(_l("到哪天之前没有时间"))
    text = StringField(_l("说明"), filters=[clean], validators=[Length(max=300)])


class ReleaseForm(RecordForm):
    why = RadioField(_l("退出的原因"), choices=words("release_reasons"), validators=[InputRequired(CHOOSE)])
    text = StringField(_l("说明"), filters=[clean], validators=[Length(max=300)])


class AppointmentForm(RecordForm):
    """A day and an hour, in China's time."""

    day = DateField(_l("日期"), validators=[DataRequired(DAY)])
    hour = ClockField(_l("时间"), default=lambda: datetime(2000, 1, 1, 9, 0).time())  # noqa: DTZ001

    @property
    def at(self) -> datetime:
        """The moment that was agreed on."""
        return datetime.combine(self.day.data, self.hour.data, tzinfo=LOCAL)


class PlanVisitForm(AppointmentForm):
    form = RadioField(_l("形式"), choices=words("visit_forms"), default="onsite")
    place = StringField(_l("地点"), filters=[clean], validators=[Length(max=200)])


class MoveVisitForm(AppointmentForm):
    reason = StringField(_l("改期的原因"), filters=[clean], validators=[Length(max=300)])


class CancelVisitForm(RecordForm):
    reason = StringField(_l("取消的原因"), filters=[clean], validators=[DataRequired(FILL), Length(max=300)])


class MissVisitForm(RecordForm):
    who = RadioField(
        _l("谁没有到"),
        choices=lambda: [("expert", str(_l("专家"))), ("enterprise", str(_l("企业")))],
        validators=[InputRequired(CHOOSE)],
    )
    reason = StringField(_l("原因"), filters=[clean], validators=[Length(max=300)])


class HeldVisitForm(RecordForm):
    held_on = DateField(_l("上门日期"), default=today, validators=[DataRequired(DAY)])
    form = RadioField(_l("形式"), choices=words("visit_forms"), default="onsite")
    experts = CheckboxesField(_l("到场专家"), coerce=int)
    hours = DecimalField(_l("用时（小时）"), places=1, validators=[Optional(), NumberRange(0, 240, NUMBER)])
    place = StringField(_l("地点"), filters=[clean], validators=[Length(max=200)])
    note = TextAreaField(_l("经过"), filters=[clean], validators=[Length(max=5000)])

    def know(self, subject: Any) -> None:
        """Everybody of the case came, unless a box is unticked."""
        case: Case = subject if isinstance(subject, Case) else subject.case
        self.experts.choices = [(expert.id, expert.name) for expert in case.experts]
        if not self.is_submitted():
            self.experts.data = [expert.id for expert in case.experts]


class DiagnosisForm(RecordForm):
    methods = TextAreaField(_l("用什么方法查的"), filters=[clean], validators=LONG)
    cause = TextAreaField(_l("查出什么原因"), filters=[clean], validators=LONG)


class FixForm(RecordForm):
    measures = TextAreaField(_l("采取了什么措施"), filters=[clean], validators=LONG)
    verification = TextAreaField(_l("怎样验证有效"), filters=[clean], validators=LONG)


class TrainingForm(RecordForm):
    persons = optional_number(_l("培训职工（人）"), default=0)
    attendances = optional_number(_l("培训人次"), default=0)
    trained_on = DateField(_l("培训日期"), default=today, validators=[DataRequired(DAY)])
    has_name_list = BooleanField(_l("有签到名单"))


class CloseForm(RecordForm):
    outcome = RadioField(_l("结果"), choices=words("outcomes"), validators=[InputRequired(CHOOSE)])
    text = TextAreaField(_l("说明"), filters=[clean], validators=[Length(max=2000)])


class ConfirmForm(RecordForm):
    rating = RadioField(
        _l("企业评价"),
        choices=lambda: [("", str(_l("没有说"))), *((str(n), "★" * n) for n in (5, 4, 3, 2, 1))],
        default="",
    )
    text = TextAreaField(_l("企业的话"), filters=[clean], validators=[Length(max=2000)])


class ReopenForm(RecordForm):
    reason = TextAreaField(_l("企业说又怎样了"), filters=[clean], validators=LONG)


class ReplyForm(RecordForm):
    text = TextAreaField(_l("企业的回答"), filters=[clean], validators=LONG)


class WithdrawForm(RecordForm):
    text = StringField(_l("撤回的原因"), filters=[clean], validators=[Length(max=300)])


class FollowUpForm(RecordForm):
    result = RadioField(_l("现在怎么样"), choices=words("follow_up_results"), validators=[InputRequired(CHOOSE)])
    reason = StringField(_l("情况和原因"), filters=[clean], validators=[Length(max=1000)])
    amount = DecimalField(_l("现在的效益（元，选填）"), places=2, validators=[Optional(), NumberRange(0, None, NUMBER)])
    per = RadioField(
        _l("一次性还是每年"),
        choices=lambda: [("once", str(_l("一次性"))), ("year", str(_l("每年")))],
        default="year",
    )
    kind = SelectField(_l("效益类别"), choices=words("benefit_kinds", blank=_l("（同已有的）")), default="")


class BenefitForm(RecordForm):
    kind = RadioField(_l("效益类别"), choices=words("benefit_kinds"), validators=[InputRequired(CHOOSE)])
    amount = DecimalField(
        _l("金额（元）"), places=2, validators=[InputRequired(NUMBER), NumberRange(Decimal(0), message=NUMBER)]
    )
    per = RadioField(
        _l("一次性还是每年"),
        choices=lambda: [("once", str(_l("一次性"))), ("year", str(_l("每年")))],
        validators=[InputRequired(CHOOSE)],
    )
    baseline = StringField(_l("与什么相比"), filters=[clean], validators=[Length(max=500)])
    formula = StringField(_l("怎样算的"), filters=[clean], validators=[Length(max=500)])
    evidence = StringField(_l("证明材料"), filters=[clean], validators=[Length(max=500)])
    evidence_grade = SelectField(_l("材料类别"), choices=words("evidence_grades"), default="telephone")
