"""One problem of the demo on its way, with the moves that several endings share."""

from datetime import datetime, timedelta

from matcher.db import now
from matcher.demo.cast import World
from matcher.demo.rounds import afterwards, held, insure, until_free
from matcher.demo.script import Part
from matcher.demo.timeline import Story
from matcher.models import Actor, Case, Dispatch, DispatchRole, Outcome, Problem, Visit
from matcher.services import cases, dispatch, problems


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
