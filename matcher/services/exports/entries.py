"""The lines of the 台账: one per problem of the scope, from the posting to the follow-up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from matcher.db import LOCAL, db
from matcher.models import (
    Attachment,
    Benefit,
    Case,
    Dispatch,
    DispatchRole,
    Enterprise,
    FollowUp,
    Menu,
    Per,
    Problem,
    VisitState,
)
from matcher.plain.phones import mask
from matcher.services.benefits import Chain, chains
from matcher.services.figures import Scope
from matcher.services.words import word

#: Problems read together.
BATCH = 300
#: (heading, width in characters, is it money)
COLUMNS: tuple[tuple[str, int, bool], ...] = (
    ("编号", 20, False),
    ("来源渠道", 10, False),
    ("提出日期", 11, False),
    ("受理日期", 11, False),
    ("企业", 26, False),
    ("统一社会信用代码", 20, False),
    ("镇/园区", 10, False),
    ("行业", 16, False),
    ("梯度", 14, False),
    ("建会", 8, False),
    ("联系人", 9, False),
    ("联系电话", 14, False),
    ("难题描述", 50, False),
    ("上报类别", 12, False),
    ("难题类别", 18, False),
    ("紧急程度", 9, False),
    ("派单日期", 11, False),
    ("专家", 14, False),
    ("派出单位", 24, False),
    ("单位同意", 9, False),
    ("到场日期", 11, False),
    ("诊断方法", 30, False),
    ("原因", 30, False),
    ("措施", 30, False),
    ("验证", 30, False),
    ("结果", 10, False),
    ("培训人数", 9, False),
    ("培训人次", 9, False),
    ("预计效益·一次性（元）", 16, True),
    ("预计效益·每年（元）", 16, True),
    ("已核实效益·一次性（元）", 16, True),
    ("已核实效益·每年（元）", 16, True),
    ("企业评价", 20, False),
    ("回访日期", 11, False),
    ("附件", 7, False),
)


@dataclass(frozen=True, slots=True)
class Secrecy:
    """Whether names and phones of contacts are written out. Exports are masked unless somebody with the right asks."""

    is_open: bool = False

    def name(self, text: str | None) -> str:
        """The contact's name, or its first character."""
        if not text:
            return ""
        return text if self.is_open else text[0] + "*" * (len(text) - 1)

    def phone(self, text: str | None) -> str:
        """The phone, or 138****1234."""
        if not text:
            return ""
        return text if self.is_open else mask(text)


def entries(scope: Scope, secrecy: Secrecy) -> Iterator[list[Any]]:
    """Lines in the order of COLUMNS for every problem that was posted or ended in the period, oldest first."""
    ids = _ids(scope)
    for start in range(0, len(ids), BATCH):
        yield from _lines(ids[start : start + BATCH], secrecy)
        # 100,000 problems do not have to be in memory at once.
        db.session.expire_all()


def _ids(scope: Scope) -> Sequence[int]:
    touched = or_(scope.moments(Problem.submitted_at), scope.moments(Problem.ended_at))
    query = select(Problem.id).join(Menu, Problem.menu_id == Menu.id).where(*scope.problems(), touched)
    for column, wanted in (
        (Problem.reporting_kind, scope.kind),
        (Problem.industry, scope.industry),
        (Menu.town, scope.town),
    ):
        if wanted:
            query = query.where(column == wanted)
    return db.session.scalars(query.order_by(Problem.submitted_at, Problem.id)).all()


def _lines(ids: Sequence[int], secrecy: Secrecy) -> Iterator[list[Any]]:
    problems = db.session.scalars(
        select(Problem).where(Problem.id.in_(ids)).order_by(Problem.submitted_at, Problem.id)
    ).all()
    cases = _last_cases(ids)
    dispatches = _leads(ids)
    ledger = _ledger([case.id for case in cases.values()])
    files = _files(ids, [case.id for case in cases.values()])
    follow_ups = _follow_ups([case.id for case in cases.values()])
    tiers = {firm.id: firm for firm in _firms(problems)}
    for problem in problems:
        case, lead = cases.get(problem.id), dispatches.get(problem.id)
        yield [
            *_asked(problem, tiers[problem.menu.enterprise_id], secrecy),
            *_sent(problem, lead),
            *_worked(problem, case),
            *_worth(ledger.get(case.id, []) if case else []),
            _rating(case),
            _day(follow_ups.get(case.id)) if case else "",
            files.get(("problem", problem.id), 0) + (files.get(("case", case.id), 0) if case else 0),
        ]


def _asked(problem: Problem, firm: Enterprise, secrecy: Secrecy) -> list[Any]:
    menu = problem.menu
    submitted = problem.submitted_at.astimezone(LOCAL).date()
    return [
        problem.number,
        word("channels", menu.channel),
        submitted.isoformat(),
        _day(problem.accepted_at),
        firm.name,
        firm.uscc or "",
        menu.town or firm.town,
        word("industries", problem.industry),
        word("enterprise_tiers", firm.tier_on(submitted)),
        {True: "已建会", False: "未建会", None: ""}[firm.has_union],
        secrecy.name(menu.contact_name),
        secrecy.phone(menu.phone),
        problem.text,
        word("reporting_kinds", problem.reporting_kind),
        word("problem_kinds", problem.problem_kind),
        word("urgencies", problem.urgency),
    ]


def _sent(problem: Problem, lead: Dispatch | None) -> list[Any]:
    consent = "是" if problem.checks.get("employer_consent") else ""
    if lead is None:
        return ["", "", "", consent]
    return [_day(lead.offered_at), lead.expert.name, lead.expert.employer, consent]


def _worked(problem: Problem, case: Case | None) -> list[Any]:
    if case is None:
        outcome = "电话或解题卡解决" if problem.solved_by in ("card", "phone") else ""
        return ["", "", "", "", "", outcome, 0, 0]
    held = [visit.held_on for visit in case.visits if visit.state is VisitState.HELD and visit.held_on]
    return [
        min(held).isoformat() if held else "",
        _joined(d.methods for d in case.diagnoses),
        _joined(d.cause for d in case.diagnoses),
        _joined(f.measures for f in case.fixes),
        _joined(f.verification for f in case.fixes),
        word("outcomes", case.outcome),
        case.persons,
        case.attendances,
    ]


def _worth(case_chains: list[Chain]) -> list[Decimal]:
    """(estimated once, estimated yearly, verified once, verified yearly): four columns that nobody adds up."""
    sums = [Decimal(0)] * 4
    for chain in case_chains:
        for place, line in ((0, chain.estimate), (2, chain.verified)):
            if line is not None:
                sums[place + (line.per is Per.YEAR)] += line.amount
    return sums


def _last_cases(ids: Sequence[int]) -> dict[int, Case]:
    loaded = (selectinload(Case.visits), selectinload(Case.diagnoses), selectinload(Case.fixes))
    query = select(Case).where(Case.problem_id.in_(ids)).order_by(Case.round).options(*loaded)
    return {case.problem_id: case for case in db.session.scalars(query)}


def _leads(ids: Sequence[int]) -> dict[int, Dispatch]:
    query = (
        select(Dispatch)
        .where(Dispatch.problem_id.in_(ids), Dispatch.role == DispatchRole.LEAD)
        .order_by(Dispatch.id)
        .options(selectinload(Dispatch.expert))
    )
    return {dispatch.problem_id: dispatch for dispatch in db.session.scalars(query)}


def _ledger(case_ids: Sequence[int]) -> dict[int, list[Chain]]:
    from_cases: dict[int, list[Chain]] = {}
    for chain in chains_of_cases(case_ids):
        from_cases.setdefault(chain.lines[0].case_id, []).append(chain)
    return from_cases


def chains_of_cases(case_ids: Sequence[int]) -> list[Chain]:
    """Every chain of several cases, in two statements at most."""
    return chains(db.session.scalars(select(Benefit).where(Benefit.case_id.in_(case_ids)))) if case_ids else []


def _files(problem_ids: Sequence[int], case_ids: Sequence[int]) -> dict[tuple[str, int], int]:
    counted: dict[tuple[str, int], int] = {}
    for kind, ids in (("problem", problem_ids), ("case", case_ids)):
        query = select(Attachment.subject_id).where(
            Attachment.subject_kind == kind, Attachment.subject_id.in_(ids), Attachment.removed_at.is_(None)
        )
        for subject_id in db.session.scalars(query):
            counted[kind, subject_id] = counted.get((kind, subject_id), 0) + 1
    return counted


def _follow_ups(case_ids: Sequence[int]) -> dict[int, date]:
    query = select(FollowUp.case_id, FollowUp.answered_on).where(
        FollowUp.case_id.in_(case_ids), FollowUp.answered_on.is_not(None)
    )
    return {case_id: day for case_id, day in db.session.execute(query.order_by(FollowUp.answered_on)) if day}


def _firms(problems: Sequence[Problem]) -> Sequence[Enterprise]:
    ids = {problem.menu.enterprise_id for problem in problems}
    query = select(Enterprise).where(Enterprise.id.in_(ids)).options(selectinload(Enterprise.tiers))
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def _rating(case: Case | None) -> str:
    if case is None or (case.rating is None and not case.rating_text):
        return ""
    return " ".join(part for part in (f"{case.rating} 分" if case.rating else "", case.rating_text) if part)


def _joined(parts: Iterator[str] | Any) -> str:
    return "；".join(part for part in parts if part)


def _day(value: date | datetime | None) -> str:
    if value is None:
        return ""
    return (value.astimezone(LOCAL).date() if isinstance(value, datetime) else value).isoformat()
