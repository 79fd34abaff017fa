"""The forms of the ledger: state, verify, reject."""

from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from matcher.models import Per
from matcher.web import fields
from matcher.web.desk.forms import CHOOSE, FILL, clean, words

PERS = [(Per.ONCE.value, _l("一次性")), (Per.YEAR.value, _l("每年"))]


def pers() -> list[tuple[str, str]]:
    """Once or every year, in the reader's language."""
    return [(code, str(label)) for code, label in PERS]


class AmountForm(FlaskForm):
    """A sum in yuan with what it rests on."""

    amount = StringField(_l("金额（元）"), filters=[clean], validators=[DataRequired(FILL), Length(max=30)])
    per = RadioField(_l("一次性还是每年"), choices=pers, validators=[InputRequired(CHOOSE)])
    evidence_grade = SelectField(_l("材料类别"), choices=words("evidence_grades"), default="none")
    evidence = StringField(_l("证明材料"), filters=[clean], validators=[Length(max=500)])

    @property
    def yuan(self) -> Decimal:
        """The sum; BadInput where it is none."""
        return fields.yuan(self.amount.data or "")


class StateForm(AmountForm):
    """What the union itself knows of the benefit; a correction names the line it corrects."""

    kind = RadioField(_l("效益类别"), choices=words("benefit_kinds"), validators=[InputRequired(CHOOSE)])
    baseline = StringField(_l("与什么相比"), filters=[clean], validators=[Length(max=500)])
    formula = StringField(_l("怎样算的"), filters=[clean], validators=[Length(max=500)])
    corrects = HiddenField()


class VerifyForm(AmountForm):
    """The amount that was checked, what it was checked against, and a remark."""

    remark = TextAreaField(_l("核实说明"), filters=[clean], validators=[DataRequired(FILL), Length(max=1000)])


class RejectForm(FlaskForm):
    """不予认定 and why."""

    remark = TextAreaField(_l("不予认定的理由"), filters=[clean], validators=[DataRequired(FILL), Length(max=1000)])
