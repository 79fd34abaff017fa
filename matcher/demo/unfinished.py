"""Problems that are not (or not well) over: brought to where the content says they stand today."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from matcher.db import today
from matcher.demo.cast import CITY, World
from matcher.demo.rounds import until_free
from matcher.demo.script import Part
from matcher.demo.timeline import Story
from matcher.demo.told import Told
from matcher.models import (
    DeclineReason,
    Outcome,
    SolutionCard,
    TermsKind,
    Visit,
    VisitForm,
)
from matcher.services import cards, cases, dispatch, problems

Ending = Callable[[Told], Story]


def unfinished(world: World, part: Part) -> Story:
    """Bring the problem to its state."""
    told = Told(world, part)
    yield from ENDINGS[part.target_state](told)


def _submitted(told: Told) -> Story:
    yield from ()


def _returned(told: Told) -> Story:
    yield told.ago(told.part.asked_days_ago)
    problems.ask(told.problem, told.part.question, by=told.office)


def _answered(told: Told) -> Story:
    yield from _returned(told)
    yield told.ago(told.part.answered_days_ago, 15)
    problems.answer(told.problem, told.part.answer, by=told.firm)


def _rejected(told: Told) -> Story:
    yield told.ago(told.part.ended_days_ago)
    if told.part.duplicate_of:
        problems.mark_duplicate(told.problem, told.world.problems[told.part.duplicate_of], by=told.office)
    else:
        problems.reject(told.problem, told.part.reason, told.part.reason_text or "", by=told.office)


def _unsolved(told: Told) -> Story:
    yield from told.accepted()
    yield told.ago(told.part.ended_days_ago)
    problems.give_up(told.problem, told.part.reason, told.part.reason_text or "", by=told.office)


def _escalated(told: Told) -> Story:
    yield from told.accepted()
    yield told.ago(told.part.escalated_days_ago)
    city = told.world.offices[CITY]
    problems.hand_over(told.problem, city, told.part.escalate_reason, by=told.office)


def _withdrawn(told: Told) -> Story:
    before: dict[str, Ending] = {
        "submitted": _submitted,
        "accepted": Told.accepted,
        "offered": _offered,
        "opened": Told.opened,
    }
    yield from before[told.part.withdrawn_from](told)
    # An offer does not wait for days: it would have expired before.
    yield told.soon(2) if told.part.withdrawn_from == "offered" else told.ago(told.part.ended_days_ago, 14)
    problems.withdraw(told.problem, told.part.reason_text or "", by=told.firm)


def _by_phone(told: Told) -> Story:
    yield from told.accepted()
    yield told.ago(told.part.ended_days_ago)
    problems.solve_by_phone(told.problem, told.part.reason_text, by=told.office)


def _by_card(told: Told) -> Story:
    yield from told.accepted()
    yield told.ago(told.part.ended_days_ago)
    problems.solve_by_card(told.problem, _card(told), by=told.office)


def _card(told: Told) -> SolutionCard:
    """The card of the other problem; it is released here where that has not been done."""
    solved = problems.last_case(told.world.problems[told.part.card_of])
    assert solved is not None
    return cards.release(solved, cards.draft(solved), by=told.office)


def _declined(told: Told) -> Story:
    yield from told.accepted()
    for refusal in told.part.declines:
        yield told.soon()
        yield from until_free(told.world, refusal.expert)
        offered = told.offer(refusal.expert)
        yield told.soon()
        until = today() + timedelta(days=refusal.until_days) if refusal.until_days else None
        reason, by = DeclineReason(refusal.reason), told.world.expert(refusal.expert)
        dispatch.decline(offered, reason, by=by, text=refusal.text, until=until)


def _offered(told: Told) -> Story:
    yield from _declined(told) if told.part.declines else told.accepted()
    yield told.soon() if told.part.withdrawn_from else told.offered_at()
    yield from until_free(told.world, told.part.expert)
    told.offer(told.part.expert)


def _terms(told: Told) -> Story:
    yield from told.accepted()
    yield told.offered_at()
    offered, wish = told.offer(told.part.expert), told.part.terms
    yield told.soon()
    day = told.world.days.ahead(wish.in_days).date() if wish.in_days else None
    terms = dispatch.Terms(TermsKind(wish.kind), wish.text, day)
    dispatch.set_terms(offered, terms, by=told.expert)


def _expired(told: Told) -> Story:
    """The expert says nothing; the clock does the rest."""
    yield from told.accepted()
    yield told.soon()
    told.offer(told.part.expert)


def _recalled(told: Told) -> Story:
    yield from told.accepted()
    yield told.soon()
    offered = told.offer(told.part.expert)
    yield told.soon(3)
    dispatch.recall(offered, told.part.reason, by=told.office)


def _released(told: Told) -> Story:
    yield from told.opened()
    yield told.ago(told.part.released_days_ago)
    dispatch.release(told.open_case.dispatches[0], told.part.reason, by=told.expert)


def _planned(told: Told) -> Story:
    yield from told.opened()
    yield told.soon()
    told.visit = _plan(told, told.world.days.ahead(told.part.visit_in_days))


def _moved(told: Told) -> Story:
    yield from told.opened()
    yield told.soon()
    visit = _plan(told, told.world.days.ahead(0))
    yield told.world.days.hours_back(1)
    anew = told.world.days.ahead(told.part.visit_in_days)
    cases.move_visit(visit, anew, told.part.moved_reason, by=told.expert)


def _missed(told: Told) -> Story:
    yield from told.opened()
    yield told.soon()
    visit = _plan(told, told.ago(told.part.missed_days_ago))
    yield told.ago(told.part.missed_days_ago, 17)
    cases.miss_visit(visit, told.part.missed_by, by=told.expert, reason=told.part.missed_reason)
    _plan(told, told.world.days.ahead(told.part.visit_in_days))


def _plan(told: Told, moment: datetime) -> Visit:
    return cases.plan_visit(told.open_case, moment, VisitForm.ONSITE, by=told.expert)


def _reopened(told: Told) -> Story:
    yield from told.closed(Outcome.SOLVED)
    yield told.ago(told.part.reopened_days_ago)
    problems.reopen(told.problem, told.part.reopen_reason, by=told.firm)


def _reopened_offered(told: Told) -> Story:
    yield from _reopened(told)
    yield told.offered_at()
    told.offer(told.part.second_expert)


#: Where a problem of the content stands today -> the story that leads there.
ENDINGS: dict[str, Ending] = {
    "submitted": _submitted,
    "returned": _returned,
    "returned_answered": _answered,
    "lapsed": _returned,
    "rejected": _rejected,
    "accepted": Told.accepted,
    "unsolved": _unsolved,
    "escalated": _escalated,
    "withdrawn": _withdrawn,
    "phone": _by_phone,
    "card": _by_card,
    "offered": _offered,
    "declined": _declined,
    "declined_offered": _offered,
    "terms": _terms,
    "expired": _expired,
    "recalled": _recalled,
    "released": _released,
    "opened": Told.opened,
    "visit_planned": _planned,
    "visit_moved": _moved,
    "no_show": _missed,
    "diagnosed": Told.diagnosed,
    "fixed": Told.fixed,
    "awaiting": partial(Told.closed, outcome=Outcome.SOLVED),
    "unanswered": partial(Told.closed, outcome=Outcome.SOLVED),
    "partly": partial(Told.closed, outcome=Outcome.PARTLY),
    "closed_unsolved": partial(Told.closed, outcome=Outcome.UNSOLVED),
    "sent_up": partial(Told.closed, outcome=Outcome.SENT_UP),
    "reopened": _reopened,
    "reopened_offered": _reopened_offered,
}
