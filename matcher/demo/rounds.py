"""One problem from its menu to what it brought, as the content tells it, through the services."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from zlib import crc32

from matcher.db import LOCAL, db, now, today
from matcher.demo.cast import World
from matcher.demo.script import Part
from matcher.demo.timeline import Story
from matcher.models import (
    Actor,
    BenefitKind,
    Case,
    Dispatch,
    DispatchRole,
    EvidenceGrade,
    FollowUp,
    MenuChannel,
    Outcome,
    Party,
    Per,
    Problem,
    VisitForm,
)
from matcher.services import benefits, cases, dispatch, follow_ups, menus, problems, workload

#: Menus that come in without a member of staff.
BY_ITSELF = (MenuChannel.SELF, MenuChannel.QR)


def post(world: World, asked: Sequence[Part]) -> None:
    """Post one menu with its problems."""
    firm = world.enterprises[asked[0].enterprise]
    channel = MenuChannel(asked[0].channel)
    menu = menus.post_menu(
        world.county,
        firm,
        [_item(part) for part in asked],
        text="\n".join(part.text for part in asked),
        channel=channel,
        by=Actor(enterprise=firm) if channel in BY_ITSELF else world.office(),
        contact_name=firm.contact_name or "",
    )
    for part, problem in zip(asked, menu.problems, strict=True):
        world.problems[part.key] = problem


def posting(world: World, asked: Sequence[Part]) -> Story:
    """The story of a menu, which is over when it is posted."""
    post(world, asked)
    yield from ()


def solving(world: World, part: Part) -> Story:
    """From acceptance to the last word on the benefit. Hours and days of the content are working time."""
    days = world.days
    problem = world.problems[part.key]
    yield days.after(now(), hours=part.accepted_after)
    problems.accept(problem, by=world.office())
    insure(world, problem)
    yield days.after(now(), hours=part.offered_after)
    yield from until_free(world, part.lead)
    offered = dispatch.offer(problem, world.experts[part.lead], by=world.office())
    members = [_join(world, problem, key) for key in part.members]
    yield days.after(now(), hours=part.answered_after)
    case = dispatch.accept(offered, by=world.expert(part.lead))
    for key, asked in members:
        dispatch.accept(asked, by=world.expert(key))
    yield from working(world, part, case)
    yield from afterwards(world, part, case)
    if part.sample:
        yield from _followed_up(world, part, case)


def working(world: World, part: Part, case: Case) -> Story:
    """Visits, diagnosis, fix, training, closing; the days count from the acceptance."""
    began, them = now(), world.expert(part.lead)
    yield world.days.after(began, hours=part.answered_after + 1)
    cases.note_contact(case, by=them)
    for number, visit in enumerate(part.visits, start=1):
        yield world.days.after(began, visit.after)
        cases.record_visit(case, held(visit), by=them)
        if number == 1:
            cases.diagnose(case, part.methods, part.cause, by=them)
    yield world.days.after(began, part.closed_after)
    outcome = Outcome(part.outcome)
    if outcome in (Outcome.SOLVED, Outcome.PARTLY):
        cases.record_fix(case, part.measures, part.verification, by=them)
    if part.persons:
        cases.record_training(case, part.persons, part.attendances or part.persons, by=them)
    cases.close_case(case, outcome, by=them)


def afterwards(world: World, part: Part, case: Case) -> Story:
    """The enterprise's word, then the benefit: stated, adopted, verified or not."""
    confirm = part.confirm
    if confirm is not None and confirm.via != "unanswered":
        yield world.days.after(now(), confirm.after)
        own = confirm.via == "link"
        by = world.enterprise(part.enterprise) if own else world.recorded(Party.ENTERPRISE)
        cases.confirm(case, by=by, rating=confirm.rating, words=confirm.words or "")
    for told in part.benefits or ():
        yield from _benefit(world, part, case, told)


def insure(world: World, problem: Problem) -> None:
    """A dangerous site: insurance is seen to before anybody is asked."""
    if problem.is_dangerous:
        problems.classify(problem, {"is_insured": True}, by=world.office())


def until_free(world: World, key: str) -> Story:
    """Days pass until the expert can take one more."""
    while workload.why_not(world.experts[key], world.county) is not None:
        yield world.days.after(now(), 1)


def held(visit: Part) -> cases.Held:
    """A visit of today, as the content tells it."""
    hours = Decimal(str(visit.hours)) if visit.hours is not None else None
    return cases.Held(on=today(), form=VisitForm(visit.form or "onsite"), hours=hours)


def _join(world: World, problem: Problem, key: str) -> tuple[str, Dispatch]:
    role = DispatchRole.MEMBER
    return key, dispatch.offer(problem, world.experts[key], by=world.office(), role=role)


def _benefit(world: World, part: Part, case: Case, told: Part) -> Story:
    by = {
        "expert": world.expert(part.lead),
        "enterprise": world.enterprise(part.enterprise),
        "office": world.office(),
    }[told.by]
    stated = benefits.state_benefit(
        case,
        BenefitKind(told.kind),
        Decimal(told.amount),
        Per(told.per),
        by=by,
        baseline=told.baseline or "",
        formula=told.formula or "",
        evidence_grade=EvidenceGrade(told.evidence_grade),
    )
    if told.status == "stated":
        return
    yield world.days.after(now(), 1)
    benefits.adopt(stated, by=world.office())
    if told.status == "adopted":
        return
    yield world.days.after(now(), 10)
    if told.status == "rejected":
        benefits.reject(stated, told.reason, by=world.office("verifier"))
    else:
        benefits.verify(stated, Decimal(told.verified), by=world.office("verifier"))


def _followed_up(world: World, part: Part, case: Case) -> Story:
    """The desk telephones when a follow-up is due; every fourth enterprise is not reached."""
    seed = crc32(part.key.encode())
    if seed % 4 == 0:
        return
    for number, due_on in [(asked.id, asked.due_on) for asked in follow_ups.of_case(case)]:
        yield datetime.combine(due_on, time(10), LOCAL) + timedelta(days=seed % 11)
        asked = db.session.get(FollowUp, number)
        if asked is not None and asked.result is None:
            result = follow_ups.Result.PENDING if seed % 5 == 0 else follow_ups.Result.IMPLEMENTED
            follow_ups.answer(asked, follow_ups.Told(result), by=world.recorded(Party.ENTERPRISE))


def _item(part: Part) -> menus.Item:
    return menus.Item(
        text=part.text,
        title=part.title or "",
        urgency=part.urgency or "normal",
        site_risks=part.site_risks or (),
        reporting_kind=part.reporting_kind,
        problem_kind=part.problem_kind,
        industry=part.industry,
    )
