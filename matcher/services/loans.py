"""Lending: an office asks a sister's office for one of their experts; the owner office agrees or refuses."""

from matcher.db import db, now
from matcher.errors import WrongMove
from matcher.models import Actor, Expert, Loan, LoanState, Office, Problem
from matcher.services import notices
from matcher.services.history import first_come, record


def ask(expert: Expert, office: Office, reason: str, *, by: Actor, problem: Problem | None = None) -> Loan:
    """Ask for an expert of another office."""
    loan = Loan(
        expert=expert,
        office=office,
        state=LoanState.ASKED,
        reason=reason,
        problem_id=problem.id if problem else None,
    )
    db.session.add(loan)
    with first_come("已经向对方工会借调过这位专家。"):
        pass
    record(by, "loan.ask", loan, expert=expert.name)
    notices.tell_office(expert.office, "loan", f"{office.name} 请求借调 {expert.name}", reason)
    return loan


def agree(loan: Loan, *, by: Actor) -> None:
    """Lend the expert: the asking office now sees and may send them."""
    _answer(loan, LoanState.AGREED, by=by)


def refuse(loan: Loan, *, by: Actor) -> None:
    """Keep the expert."""
    _answer(loan, LoanState.REFUSED, by=by)


def end(loan: Loan, *, by: Actor) -> None:
    """The expert is no longer lent."""
    if loan.state is not LoanState.AGREED:
        raise WrongMove("这次借调没有生效。")
    loan.state = LoanState.ENDED
    record(by, "loan.end", loan)


def _answer(loan: Loan, state: LoanState, *, by: Actor) -> None:
    if loan.state is not LoanState.ASKED:
        raise WrongMove("这次借调已经答复过。")
    loan.state, loan.answered_at = state, now()
    record(by, f"loan.{state.value}", loan, expert=loan.expert.name)
    answer = "同意" if state is LoanState.AGREED else "未同意"
    notices.tell_office(loan.office, "loan_answer", f"{answer}借调 {loan.expert.name}", loan.reason)
