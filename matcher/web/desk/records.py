"""What can be recorded for an expert or an enterprise: one row each, with the things it can be about."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matcher.models import (
    Actor,
    BenefitKind,
    Case,
    CaseState,
    DeclineReason,
    Dispatch,
    EvidenceGrade,
    Expert,
    FollowUp,
    Outcome,
    Party,
    Per,
    Problem,
    TermsKind,
    Visit,
    VisitForm,
    VisitState,
)
from matcher.services import benefits, cases, dispatch, ending, follow_ups, problems
from matcher.services.words import word
from matcher.web.desk import record_forms as forms

Thing = Problem | Dispatch | Case | Visit | FollowUp
Find = Callable[[Problem], Sequence[Thing]]


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that somebody can have said. `find` gives what it can be about now; nothing: not possible."""

    label: Any
    party: Party
    form: type[forms.RecordForm]
    act: Callable[[Any, Any, Actor], object]
    find: Find


def possible(problem: Problem) -> list[str]:
    """The names of the records that make sense in the present state."""
    found = {find: bool(find(problem)) for find in {record.find for record in RECORDS.values()}}
    return [name for name, record in RECORDS.items() if found[record.find]]


def name_of(thing: Thing) -> str:
    """What a thing is called where several can be meant."""
    if isinstance(thing, Dispatch):
        return thing.expert.name
    if isinstance(thing, Visit):
        day = f"{thing.planned_for:%Y-%m-%d}" if thing.planned_for is not None else ""
        return _("约定于 %(day)s 的上门", day=day)
    if isinstance(thing, FollowUp):
        return _("%(n)s 个月复访", n=thing.months)
    return thing.number


def _of_problem(action: str) -> Find:
    return lambda problem: [problem] if problem.may_move(action, Party.ENTERPRISE) else []


def _of_offers(action: str) -> Find:
    def find(problem: Problem) -> list[Dispatch]:
        return [d for d in ending.live_dispatches(problem) if d.may_move(action, Party.EXPERT)]

    return find


def _of_case(action: str, party: Party = Party.EXPERT) -> Find:
    def find(problem: Problem) -> list[Case]:
        case = problems.last_case(problem)
        return [case] if case is not None and case.may_move(action, party) else []

    return find


def _open_case(problem: Problem) -> list[Case]:
    case = problems.open_case(problem)
    return [case] if case is not None else []


def _standing_case(problem: Problem) -> list[Case]:
    case = problems.last_case(problem)
    gone = (CaseState.ABANDONED, CaseState.REOPENED)
    return [case] if case is not None and case.state not in gone else []


def _planned_visits(problem: Problem) -> list[Visit]:
    case = problems.open_case(problem)
    return [v for v in case.visits if v.state is VisitState.PLANNED] if case is not None else []


def _terms(offer: Dispatch, form: forms.TermsForm, by: Actor) -> None:
    terms = dispatch.Terms(TermsKind(form.kind.data), form.text.data, form.day.data)
    dispatch.set_terms(offer, terms, by=by)


def _decline(offer: Dispatch, form: forms.DeclineForm, by: Actor) -> None:
    reason = DeclineReason(form.reason.data)
    dispatch.decline(offer, reason, by=by, text=form.text.data, until=form.until.data)


def _release(offer: Dispatch, form: forms.ReleaseForm, by: Actor) -> None:
    said = [word("release_reasons", form.why.data), form.text.data]
    dispatch.release(offer, "：".join(part for part in said if part), by=by)


def _plan(case: Case, form: forms.PlanVisitForm, by: Actor) -> None:
    cases.plan_visit(case, form.at, VisitForm(form.form.data), by=by, place=form.place.data)


def _held(case: Case, form: forms.HeldVisitForm) -> cases.Held:
    came: list[Expert] = [expert for expert in case.experts if expert.id in form.experts.data]
    return cases.Held(
        on=form.held_on.data,
        form=VisitForm(form.form.data),
        hours=form.hours.data,
        place=form.place.data,
        note=form.note.data,
        experts=came,
    )


def _close(case: Case, form: forms.CloseForm, by: Actor) -> None:
    cases.close_case(case, Outcome(form.outcome.data), by=by, text=form.text.data)


def _train(case: Case, form: forms.TrainingForm, by: Actor) -> None:
    persons, attendances = form.persons.data or 0, form.attendances.data or 0
    cases.record_training(
        case, persons, attendances, by=by, on=form.trained_on.data, has_name_list=form.has_name_list.data
    )


def _confirm(case: Case, form: forms.ConfirmForm, by: Actor) -> None:
    rating = int(form.rating.data) if form.rating.data else None
    cases.confirm(case, by=by, rating=rating, words=form.text.data)


def _benefit(case: Case, form: forms.BenefitForm, by: Actor) -> None:
    benefits.state_benefit(
        case,
        BenefitKind(form.kind.data),
        form.amount.data,
        Per(form.per.data),
        by=by,
        baseline=form.baseline.data,
        formula=form.formula.data,
        evidence=form.evidence.data,
        evidence_grade=EvidenceGrade(form.evidence_grade.data),
    )


def _follow_up(asked: FollowUp, form: forms.FollowUpForm, by: Actor) -> None:
    told = follow_ups.Told(
        follow_ups.Result(form.result.data),
        form.reason.data,
        form.amount.data,
        BenefitKind(form.kind.data) if form.kind.data else None,
        Per(form.per.data),
    )
    follow_ups.answer(asked, told, by=by)


EXPERT, ENTERPRISE = Party.EXPERT, Party.ENTERPRISE

RECORDS: dict[str, Record] = {
    "accept": Record(
        _l("专家答应前往"), EXPERT, forms.YesForm, lambda d, f, by: dispatch.accept(d, by=by), _of_offers("accept")
    ),
    "terms": Record(_l("专家有条件接受"), EXPERT, forms.TermsForm, _terms, _of_offers("set_terms")),
    "decline": Record(_l("专家不能前往"), EXPERT, forms.DeclineForm, _decline, _of_offers("decline")),
    "contact": Record(
        _l("专家已与企业联系"), EXPERT, forms.YesForm, lambda c, f, by: cases.note_contact(c, by=by), _open_case
    ),
    "plan_visit": Record(_l("约定上门"), EXPERT, forms.PlanVisitForm, _plan, _open_case),
    "hold_visit": Record(
        _l("约定的上门已完成"),
        EXPERT,
        forms.HeldVisitForm,
        lambda v, f, by: cases.hold_visit(v, _held(v.case, f), by=by),
        _planned_visits,
    ),
    "move_visit": Record(
        _l("上门改期"),
        EXPERT,
        forms.MoveVisitForm,
        lambda v, f, by: cases.move_visit(v, f.at, f.reason.data, by=by),
        _planned_visits,
    ),
    "cancel_visit": Record(
        _l("取消上门"),
        EXPERT,
        forms.CancelVisitForm,
        lambda v, f, by: cases.cancel_visit(v, f.reason.data, by=by),
        _planned_visits,
    ),
    "miss_visit": Record(
        _l("有人未到场"),
        EXPERT,
        forms.MissVisitForm,
        lambda v, f, by: cases.miss_visit(v, f.who.data, by=by, reason=f.reason.data),
        _planned_visits,
    ),
    "visit": Record(
        _l("上门（未预约）"),
        EXPERT,
        forms.HeldVisitForm,
        lambda c, f, by: cases.record_visit(c, _held(c, f), by=by),
        _open_case,
    ),
    "diagnose": Record(
        _l("诊断"),
        EXPERT,
        forms.DiagnosisForm,
        lambda c, f, by: cases.diagnose(c, f.methods.data, f.cause.data, by=by),
        _of_case("diagnose"),
    ),
    "fix": Record(
        _l("措施和验证"),
        EXPERT,
        forms.FixForm,
        lambda c, f, by: cases.record_fix(c, f.measures.data, f.verification.data, by=by),
        _of_case("fix"),
    ),
    "training": Record(_l("培训职工"), EXPERT, forms.TrainingForm, _train, _standing_case),
    "close": Record(_l("办结"), EXPERT, forms.CloseForm, _close, _open_case),
    "benefit_expert": Record(_l("专家估算的效益"), EXPERT, forms.BenefitForm, _benefit, _standing_case),
    "release": Record(_l("专家请求退出"), EXPERT, forms.ReleaseForm, _release, _of_offers("release")),
    "answer": Record(
        _l("企业回答了问题"),
        ENTERPRISE,
        forms.ReplyForm,
        lambda p, f, by: problems.answer(p, f.text.data, by=by),
        _of_problem("answer"),
    ),
    "confirm": Record(
        _l("企业确认结果和评价"), ENTERPRISE, forms.ConfirmForm, _confirm, _of_case("confirm", ENTERPRISE)
    ),
    "reopen": Record(
        _l("企业说没有解决"),
        ENTERPRISE,
        forms.ReopenForm,
        lambda p, f, by: problems.reopen(p, f.reason.data, by=by),
        _of_problem("reopen"),
    ),
    "benefit_enterprise": Record(_l("企业自报的效益"), ENTERPRISE, forms.BenefitForm, _benefit, _standing_case),
    "follow_up": Record(_l("复访的答复"), ENTERPRISE, forms.FollowUpForm, _follow_up, follow_ups.due_of),
    "withdraw": Record(
        _l("企业撤回难题"),
        ENTERPRISE,
        forms.WithdrawForm,
        lambda p, f, by: problems.withdraw(p, f.text.data, by=by),
        _of_problem("withdraw"),
    ),
}
