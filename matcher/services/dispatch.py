"""点将: the union sends an expert, the expert answers."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from matcher.db import db, now
from matcher.errors import BadInput, WrongMove
from matcher.models import (
    Actor,
    Case,
    CaseState,
    ClockStep,
    DeclineReason,
    Dispatch,
    DispatchRole,
    DispatchState,
    Expert,
    Problem,
    ProblemState,
    TermsKind,
)
from matcher.services import clocks, conflicts, effects, ending, notices, workload
from matcher.services.history import first_come, record, step


@dataclass(frozen=True, slots=True)
class Terms:
    """Yes, but: on another date, remote first, with one more expert, or only a part."""

    kind: TermsKind
    text: str = ""
    day: date | None = None


def offer(
    problem: Problem, expert: Expert, *, by: Actor, role: DispatchRole = DispatchRole.LEAD, message: str = ""
) -> Dispatch:
    """Send the offer to the expert. One live lead per problem, whatever two dispatchers press at once.

    Raises WrongMove where the problem may not be dispatched now, the site needs insurance first, or the
    expert is full, paused, or forbidden by a conflict of interest; Conflicting where a colleague was faster.
    """
    check_sendable(problem, expert)
    offered = Dispatch(
        problem=problem,
        expert=expert,
        role=role,
        state=DispatchState.OFFERED,
        by_id=by.user.id if by.user else None,
        message=message,
        hides_firm=bool(problem.office.setting("hide_firm_name")),
        expires_at=clocks.calendar().add(now(), hours=float(problem.office.setting("answer_hours"))),
        **_as_proposed(problem, expert),
    )
    with first_come("刚刚已有人点将，请刷新页面查看。"):
        if role is DispatchRole.LEAD:
            step(problem, "dispatch", by=by)
        elif problem.state is not ProblemState.DISPATCHED:
            raise WrongMove("先点一位牵头专家，再增派成员。")
        db.session.add(offered)
    record(by, "dispatch.offer", offered, expert=expert.name, role=role, problem=problem.number)
    if role is DispatchRole.LEAD:
        clocks.stop(problem, ClockStep.DISPATCH)
        clocks.start(problem, ClockStep.ANSWER)
    notices.tell_expert(expert, "offer", "工会请您出马", _offer_text(offered), problem=problem)
    return offered


def check_sendable(problem: Problem, expert: Expert) -> None:
    """The rules before anybody is sent; each failure is a sentence the dispatcher can act on."""
    if problem.is_dangerous and not problem.is_insured:
        raise WrongMove("现场有危险作业，先确认已为专家办理保险，再点将。")
    for name, label in (("agreement", "服务协议"), ("employer_consent", "派出单位同意")):
        if problem.office.setting(f"require_{name}") and not problem.checks.get(name):
            raise WrongMove("本工会要求先勾选“%(label)s”。", label=label)
    if (why := workload.why_not(expert, problem.office)) is not None:
        raise WrongMove(why)
    if (forbidden := conflicts.forbidden(expert, problem.enterprise)) is not None:
        raise WrongMove("存在利益冲突（%(kind)s），不能点将。", kind=forbidden.kind)


def accept(dispatch: Dispatch, *, by: Actor) -> Case:
    """The expert says yes. The lead's yes opens the case; a member joins it."""
    _check_before_yes(dispatch, "accept", by=by)
    with first_come("这个难题已有服务单在办。"):
        case = _case_for(dispatch, by=by)
        step(dispatch, "accept", by=by, sets={"answered_at": now(), "case": case})
    _after_yes(dispatch)
    return case


def set_terms(dispatch: Dispatch, terms: Terms, *, by: Actor) -> None:
    """The expert says yes, but; the office agrees or refuses."""
    if terms.kind is TermsKind.OTHER_DATE and terms.day is None:
        raise BadInput("请写明您方便的日期。", field="day")
    sets = {
        "answered_at": now(),
        "terms_kind": terms.kind,
        "terms_text": terms.text,
        "terms_date": terms.day,
    }
    step(dispatch, "set_terms", by=by, sets=sets, kind=terms.kind)
    notices.tell_office(
        dispatch.problem.office,
        "terms",
        f"{dispatch.expert.name} 有条件接受",
        terms.text,
        problem=dispatch.problem,
    )


def agree(dispatch: Dispatch, *, by: Actor) -> Case:
    """The office agrees to the terms; from here it is as if the expert had said yes."""
    _check_before_yes(dispatch, "agree", by=by)
    with first_come("这个难题已有服务单在办。"):
        case = _case_for(dispatch, by=by)
        step(dispatch, "agree", by=by, sets={"case": case})
    _after_yes(dispatch)
    notices.tell_expert(
        dispatch.expert,
        "agreed",
        "工会同意您的条件",
        f"“{dispatch.problem.title}”按您提出的条件进行。",
        problem=dispatch.problem,
    )
    return case


def decline(dispatch: Dispatch, reason: DeclineReason, *, by: Actor, text: str = "", until: date | None = None) -> None:
    """The expert says no, with a reason from the list; the reason changes exactly one thing, visibly."""
    if reason is DeclineReason.NO_TIME and until is None:
        raise BadInput("请写明到哪一天之前没有时间。", field="until")
    sets = {"answered_at": now(), "ended_at": now(), "decline_reason": reason, "decline_text": text}
    step(dispatch, "decline", by=by, sets=sets, reason=reason)
    effects.apply_decline(dispatch, until=until)
    _tell_of_loss(dispatch, "declined", f"{dispatch.expert.name} 不能前往")


def expire(dispatch: Dispatch) -> None:
    """No answer in time (the clock's move)."""
    step(dispatch, "expire", by=Actor.system(), sets={"ended_at": now()})
    _tell_of_loss(dispatch, "expired", f"{dispatch.expert.name} 未在时限内答复")


def refuse(dispatch: Dispatch, reason: str, *, by: Actor) -> None:
    """The office cannot agree to the terms."""
    step(dispatch, "refuse", by=by, sets={"ended_at": now(), "reason": reason})
    _tell_expert_of_end(dispatch, reason)
    _leave(dispatch, reason)


def recall(dispatch: Dispatch, reason: str, *, by: Actor) -> None:
    """The office takes the offer, or the promise, back."""
    if not reason.strip():
        raise BadInput("请写明收回的原因。", field="reason")
    step(dispatch, "recall", by=by, sets={"ended_at": now(), "reason": reason})
    _tell_expert_of_end(dispatch, reason)
    _leave(dispatch, reason)


def release(dispatch: Dispatch, reason: str, *, by: Actor) -> None:
    """The expert asks to be let go after accepting (ill, on shift); the record stays for the next."""
    if not reason.strip():
        raise BadInput("请写明原因。", field="reason")
    step(dispatch, "release", by=by, sets={"ended_at": now(), "reason": reason})
    _tell_of_loss(dispatch, "released", f"{dispatch.expert.name} 请求退出")


def _check_before_yes(dispatch: Dispatch, action: str, *, by: Actor) -> None:
    """The answer must still be wanted, and interests are looked at again when the promise is made."""
    dispatch.LIFE.target(dispatch.state, action, by.party)
    if conflicts.forbidden(dispatch.expert, dispatch.problem.enterprise) is not None:
        raise WrongMove("存在利益冲突，不能接受。")


def _case_for(dispatch: Dispatch, *, by: Actor) -> Case:
    problem = dispatch.problem
    newest = db.session.scalar(select(Case).filter_by(problem_id=problem.id).order_by(Case.round.desc()).limit(1))
    if dispatch.role is DispatchRole.MEMBER:
        if newest is None or not newest.is_open:
            raise WrongMove("牵头专家还没有接受，请稍后再答复。")
        return newest
    number = newest.round + 1 if newest is not None else 1
    case = Case(
        number=f"{problem.number}-{number}",
        problem=problem,
        round=number,
        state=CaseState.OPENED,
        opened_at=now(),
    )
    db.session.add(case)
    record(by, "case.open", case, problem=problem.number, round=number)
    return case


def _after_yes(dispatch: Dispatch) -> None:
    problem = dispatch.problem
    if dispatch.role is DispatchRole.LEAD:
        clocks.stop(problem, ClockStep.ANSWER)
        for due in (ClockStep.CONTACT, ClockStep.VISIT, ClockStep.CLOSE):
            clocks.start(problem, due)
    notices.tell_office(problem.office, "yes", f"{dispatch.expert.name} 接受点将", problem.title, problem=problem)
    notices.tell_enterprise(
        problem.menu,
        "expert_coming",
        "专家已接单",
        f"{dispatch.expert.name} 将为您解决“{problem.title}”。",
        problem=problem,
    )


def _leave(dispatch: Dispatch, reason: str) -> None:
    if dispatch.role is DispatchRole.LEAD:
        ending.lead_is_gone(dispatch.problem, reason=reason)


def _tell_of_loss(dispatch: Dispatch, kind: str, subject: str) -> None:
    why = dispatch.reason or dispatch.decline_text or subject
    notices.tell_office(dispatch.problem.office, kind, subject, dispatch.problem.title, problem=dispatch.problem)
    _leave(dispatch, why)


def _tell_expert_of_end(dispatch: Dispatch, reason: str) -> None:
    notices.tell_expert(
        dispatch.expert,
        "recalled",
        "点将已取消",
        f"“{dispatch.problem.title}”：{reason}",
        problem=dispatch.problem,
    )


def _as_proposed(problem: Problem, expert: Expert) -> dict[str, float | int]:
    for proposal in problem.proposals:
        if proposal.expert_id == expert.id:
            return {"score": proposal.score, "rank": proposal.rank}
    return {}


def _offer_text(offered: Dispatch) -> str:
    problem = offered.problem
    words = f"{problem.menu.town or problem.office.short_name}有一个难题想请您帮忙：{problem.title}。"
    return f"{words}{offered.message}请在{offered.expires_at:%m月%d日}前答复。".strip()
