"""What happens to a problem before and besides the work on it: accept, ask, reject, withdraw, hand over."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from matcher.db import db, now
from matcher.errors import BadInput, WrongMove
from matcher.models import (
    Actor,
    CallNote,
    Case,
    ClockStep,
    Dispatch,
    Handover,
    HandoverKind,
    Office,
    Problem,
    Question,
    SolutionCard,
    SolvedBy,
    User,
)
from matcher.models.cases import WORKING
from matcher.models.dispatches import LIVE
from matcher.services import clocks, ending, evidence, follow_ups, notices
from matcher.services.history import record, step

#: What a dispatcher may correct in the classification of a problem.
CLASSIFIED = (
    "title",
    "reporting_kind",
    "problem_kind",
    "industry",
    "urgency",
    "site_risks",
    "is_insured",
    "checks",
)


def accept(problem: Problem, *, by: Actor) -> None:
    """The union takes the problem on; from now on an expert is owed."""
    step(problem, "accept", by=by, sets={"accepted_at": problem.accepted_at or now()})
    clocks.stop(problem, ClockStep.ACCEPT)
    clocks.start(problem, ClockStep.DISPATCH)
    notices.tell_enterprise(
        problem.menu,
        "accepted",
        "难题已受理",
        f"您提出的“{problem.title}”工会已受理，正在为您选派专家。",
        problem=problem,
    )


def classify(problem: Problem, values: Mapping[str, Any], *, by: Actor) -> None:
    """Settle title, kinds, industry, urgency and site risk; only what differs is written and logged."""
    changed = {k: values[k] for k in CLASSIFIED if k in values and values[k] != getattr(problem, k)}
    for name, value in changed.items():
        setattr(problem, name, value)
    if changed:
        record(by, "problem.classify", problem, **changed)


def ask(problem: Problem, question: str, *, by: Actor) -> Question:
    """Return the problem with a question; the clock stands still until the enterprise answers."""
    if not question.strip():
        raise BadInput("请写下要问企业的问题。", field="question")
    step(problem, "ask", by=by)
    asked = Question(problem=problem, text=question.strip(), asked_by_id=by.user.id if by.user else None)
    db.session.add(asked)
    clocks.pause(problem)
    clocks.start(problem, ClockStep.QUESTION)
    notices.tell_enterprise(
        problem.menu, "question", "工会有一个问题", f"关于“{problem.title}”：{asked.text}", problem=problem
    )
    return asked


def answer(problem: Problem, text: str, *, by: Actor) -> None:
    """The enterprise answers; its words join the problem's history and the clock goes on."""
    if not text.strip():
        raise BadInput("请写下您的回答。", field="answer")
    step(problem, "answer", by=by)
    for question in problem.questions:
        if question.answered_at is None:
            question.answer, question.answered_at = text.strip(), now()
    clocks.stop(problem, ClockStep.QUESTION)
    clocks.resume(problem)
    clocks.start(problem, ClockStep.ACCEPT)
    notices.tell_office(problem.office, "answered", f"企业已回复 {problem.number}", text.strip()[:200], problem=problem)


def reject(problem: Problem, reason: str, text: str = "", *, by: Actor) -> None:
    """Not for this programme; the enterprise is told why."""
    _end(problem, "reject", reason, text, by=by)
    notices.tell_enterprise(
        problem.menu, "rejected", "难题未受理", f"您提出的“{problem.title}”未能受理。{text}", problem=problem
    )


def withdraw(problem: Problem, text: str = "", *, by: Actor) -> None:
    """The enterprise no longer wants help; whoever was on the way is told."""
    _end(problem, "withdraw", "withdrawn", text, by=by)
    ending.end_round(problem, reason="企业撤回了这个难题。")
    notices.tell_office(problem.office, "withdrawn", f"企业撤回 {problem.number}", text[:200], problem=problem)


def lapse(problem: Problem) -> None:
    """No answer came in time (the clock's move)."""
    _end(problem, "lapse", "no_answer", "", by=Actor.system())
    notices.tell_enterprise(
        problem.menu,
        "lapsed",
        "难题已搁置",
        f"因未收到回复，“{problem.title}”已搁置，需要时可以重新提出。",
        problem=problem,
    )


def give_up(problem: Problem, reason: str, text: str = "", *, by: Actor) -> None:
    """名册里没有合适的人, and nobody above could help: said honestly, with a reason."""
    _end(problem, "give_up", reason, text, by=by)
    notices.tell_enterprise(
        problem.menu,
        "unsolved",
        "暂时未能解决",
        f"很抱歉，“{problem.title}”暂时没有合适的专家。{text}",
        problem=problem,
    )


def solve_by_phone(problem: Problem, text: str, *, by: Actor) -> None:
    """A call was enough; no visit is owed."""
    if not text.strip():
        raise BadInput("请写下电话里是怎样解决的。", field="text")
    _solve(problem, "solve_by_phone", SolvedBy.PHONE, text, by=by)


def solve_by_card(problem: Problem, card: SolutionCard, *, by: Actor) -> None:
    """A solved problem like it showed the way."""
    _solve(problem, "solve_by_card", SolvedBy.CARD, card.title, by=by)
    card.times_solved += 1


def reopen(problem: Problem, reason: str, *, by: Actor) -> None:
    """It is back: a new round may begin. A case of the last round is reopened too, which ends that round."""
    from_case = last_case(problem)
    if from_case is not None and from_case.may_move("reopen", by.party):
        step(from_case, "reopen", by=by, sets={"reopened_at": now(), "reason": reason})
        evidence.unlearn(from_case)
        clocks.stop(problem, ClockStep.CONFIRM, met=False)
        follow_ups.call_off(from_case)
    sets = {"ended_at": None, "solved_by": None, "reason": None, "reason_text": reason}
    step(problem, "reopen", by=by, sets=sets)
    clocks.start(problem, ClockStep.DISPATCH)
    notices.tell_office(problem.office, "reopened", f"难题重新打开 {problem.number}", reason[:200], problem=problem)


def hand_over(problem: Problem, office: Office, reason: str, *, by: Actor) -> Handover:
    """Escalate, pass down or lend: same state, another handling office, history kept."""
    here = problem.office
    if office.id == here.id:
        raise WrongMove("难题已经在这个工会。")
    kind, action = _direction(here, office)
    step(problem, action, by=by, to=office.name, reason=reason)
    handed = Handover(
        problem=problem,
        from_office=here,
        to_office=office,
        kind=kind,
        reason=reason,
        by_id=by.user.id if by.user else None,
    )
    db.session.add(handed)
    problem.office = office
    problem.assigned_to = None
    clocks.hand_to(problem, office)
    notices.tell_office(office, "handed_over", f"转来难题 {problem.number}", f"{here.name}：{reason}", problem=problem)
    return handed


def assign(problem: Problem, user: User, *, by: Actor) -> None:
    """Give the problem to a colleague or a stand-in."""
    problem.assigned_to = user
    record(by, "problem.assign", problem, to=user.name)
    notices.tell_user(user, "assigned", f"难题转给您 {problem.number}", problem.title, problem=problem)


def note_call(problem: Problem, text: str, *, by: Actor) -> CallNote:
    """Keep what was said on the telephone."""
    if not text.strip():
        raise BadInput("请写下通话内容。", field="text")
    if by.user is None:
        raise WrongMove("通话记录由工会工作人员填写。")
    note = CallNote(problem=problem, text=text.strip(), by_id=by.user.id)
    db.session.add(note)
    record(by, "problem.call_note", problem)
    return note


def mark_duplicate(problem: Problem, original: Problem, *, by: Actor) -> None:
    """The same trouble was posted twice: the double is rejected and points to the one that goes on."""
    if problem.id == original.id or original.duplicate_of_id is not None:
        raise WrongMove("不能合并到这个难题。")
    problem.duplicate_of_id = original.id
    _end(problem, "reject", "duplicate", original.number, by=by)
    evidence.learn_merge(problem, original)


def last_case(problem: Problem) -> Case | None:
    """The latest round of work, whatever became of it."""
    return db.session.scalar(select(Case).filter_by(problem_id=problem.id).order_by(Case.round.desc()).limit(1))


def live_lead(problem: Problem) -> Dispatch | None:
    """The lead whose offer or promise stands."""
    query = select(Dispatch).where(Dispatch.problem_id == problem.id, Dispatch.role == "lead", Dispatch.state.in_(LIVE))
    return db.session.scalar(query)


def open_case(problem: Problem) -> Case | None:
    """The round that is being worked on."""
    return db.session.scalar(select(Case).where(Case.problem_id == problem.id, Case.state.in_(WORKING)))


def _solve(problem: Problem, action: str, how: SolvedBy, text: str, *, by: Actor) -> None:
    sets = {"solved_by": how, "ended_at": now(), "reason_text": text}
    step(problem, action, by=by, sets=sets, text=text[:200])
    clocks.stop(problem, ClockStep.DISPATCH)
    clocks.stop_all(problem)
    notices.tell_enterprise(problem.menu, "solved", "难题已解决", f"“{problem.title}”：{text}", problem=problem)


def _end(problem: Problem, action: str, reason: str, text: str, *, by: Actor) -> None:
    sets = {"ended_at": now(), "reason": reason, "reason_text": text}
    step(problem, action, by=by, sets=sets, reason=reason, text=text[:200])
    clocks.stop_all(problem)


def _direction(here: Office, there: Office) -> tuple[HandoverKind, str]:
    if there.contains(here):
        return HandoverKind.UP, "escalate"
    if here.contains(there):
        return HandoverKind.DOWN, "pass_down"
    return HandoverKind.ACROSS, "hand_over"
