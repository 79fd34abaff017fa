"""Problems that are not (or not well) over: brought to where the content says they stand today."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from matcher.db import now, today
from matcher.demo.cast import CITY, World
from matcher.demo.rounds import afterwards, held, insure, until_free
from matcher.demo.script import Part
from matcher.demo.timeline import Story
from matcher.models import (
    Actor,
    Case,
    DeclineReason,
    Dispatch,
    DispatchRole,
    Outcome,
    Problem,
    SolutionCard,
    TermsKind,
    Visit,
    VisitForm,
)
from matcher.services import cards, cases, dispatch, problems

Ending = Callable[["Told"], Story]


class Told:
    """One problem of the content, with the moves that several endings share. Hours are working hours."""

    def __init__(self, world: World, part: Part) -> None:
        self.world, self.part = world, part
        self.office = world.office("dispatcher2" if part.days_ago % 3 == 0 else "dispatcher")
        self.case: Case | None = None
        self.visit: Visit | None = None

    @property
    def problem(self) -> Problem:
        """The problem, posted in the meantime."""
        return self.world.problems[self.part.key]

    @property
    def expert(self) -> Actor:
        """Who is asked."""
        return self.world.expert(self.part.expert)

    @property
    def firm(self) -> Actor:
        """Who asks."""
        return self.world.enterprise(self.part.enterprise)

    def ago(self, days: int, hour: int = 10) -> datetime:
        """So many days before today, but always after what has happened."""
        return max(self.world.days.back(days, hour), now() + timedelta(minutes=5))

    def soon(self, hours: float = 1) -> datetime:
        """So many working hours from now."""
        return self.world.days.after(now(), hours=hours)

    def offered_at(self) -> datetime:
        """When the last offer goes out: some hours before the end of the last working day."""
        back = self.world.days.hours_back(self.part.offered_hours_ago or 4)
        return max(back, now() + timedelta(minutes=5))

    def accepted(self) -> Story:
        """Taken on by the office, insured where the site is dangerous."""
        yield self.soon()
        problems.accept(self.problem, by=self.office)
        insure(self.world, self.problem)

    def offer(self, key: str, role: DispatchRole = DispatchRole.LEAD) -> Dispatch:
        """Ask an expert."""
        return dispatch.offer(self.problem, self.world.experts[key], by=self.office, role=role)

    def opened(self) -> Story:
        """Accepted by the office, then by the lead and the members."""
        yield from self.accepted()
        yield self.soon()
        yield from until_free(self.world, self.part.expert)
        lead = self.offer(self.part.expert)
        members = [(key, self.offer(key, DispatchRole.MEMBER)) for key in self.part.members or ()]
        yield self.soon()
        self.case = dispatch.accept(lead, by=self.expert)
        for key, offered in members:
            dispatch.accept(offered, by=self.world.expert(key))
        if self.part.overdue != "contact":
            yield self.soon()
            cases.note_contact(self.case, by=self.expert)

    def diagnosed(self) -> Story:
        """Visited, and the cause found."""
        yield from self.opened()
        if self.part.visit_days_ago is not None:
            yield self.ago(self.part.visit_days_ago)
            cases.record_visit(self.open_case, held(self.part), by=self.expert)
        cases.diagnose(self.open_case, self.part.methods, self.part.cause, by=self.expert)

    def fixed(self) -> Story:
        """Something was done, and shown to work."""
        yield from self.diagnosed()
        yield self.soon()
        cases.record_fix(self.open_case, self.part.measures, self.part.verification, by=self.expert)

    def closed(self, outcome: Outcome) -> Story:
        """The round is over, whatever came of it."""
        yield from self.fixed() if outcome in (Outcome.SOLVED, Outcome.PARTLY) else self.diagnosed()
        yield self.ago(self.part.closed_days_ago, 16)
        cases.close_case(self.open_case, outcome, by=self.expert, text=self.part.outcome_text or "")
        yield from afterwards(self.world, self.part, self.open_case)

    @property
    def open_case(self) -> Case:
        """The round that `opened` opened."""
        assert self.case is not None
        return self.case


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
