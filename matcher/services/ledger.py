"""The ledger as a list: where each chain stands, what it is worth now, filtered and counted by the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, or_, select, tuple_
from sqlalchemy.orm import aliased, contains_eager

from matcher.db import db
from matcher.models import Benefit, BenefitKind, Case, Enterprise, EntryKind, EvidenceGrade, Menu, Problem
from matcher.services.benefits import Chain, chains


class Standing(StrEnum):
    """What a chain waits for, or what became of it. A rejected chain with a newer statement waits again."""

    STATED = "stated"
    ESTIMATED = "estimated"
    VERIFIED = "verified"
    REJECTED = "rejected"


#: What the last answer of a chain makes of it.
_OF_ENTRY = {
    EntryKind.ADOPTED: Standing.ESTIMATED,
    EntryKind.VERIFIED: Standing.VERIFIED,
    EntryKind.REJECTED: Standing.REJECTED,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader looks for; empty means everything."""

    standing: Standing | None = None
    kind: BenefitKind | None = None
    grade: EvidenceGrade | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One chain in the list."""

    case: Case
    chain: Chain
    standing: Standing

    @property
    def shown(self) -> Benefit:
        """The line that says what the chain is worth now: its last answer, else its newest statement."""
        if self.standing is Standing.STATED or self.chain.answer is None:
            return self.chain.statements[-1]
        return self.chain.answer


def standing_of(chain: Chain) -> Standing:
    """Where a chain stands."""
    answer = chain.answer
    if answer is None or (answer.entry is EntryKind.REJECTED and chain.lines[-1].id > answer.id):
        return Standing.STATED
    return _OF_ENTRY[answer.entry]


def chain_heads(cases: Select[Case]) -> Subquery:
    """(case, kind, newest line, last answer, standing) of every chain of these cases."""
    answer_id = func.max(case((Benefit.entry != EntryKind.STATED, Benefit.id)))
    ends = (
        select(
            Benefit.case_id,
            Benefit.kind,
            func.max(Benefit.id).label("newest_id"),
            answer_id.label("answer_id"),
        )
        .where(Benefit.case_id.in_(cases.with_only_columns(Case.id)))
        .group_by(Benefit.case_id, Benefit.kind)
        .subquery("ends")
    )
    answer = aliased(Benefit, name="answer")
    return (
        select(ends, _standing(ends, answer).label("standing"))
        .outerjoin(answer, answer.id == ends.c.answer_id)
        .subquery("heads")
    )


def counts(cases: Select[Case]) -> dict[str, int]:
    """How many chains stand where."""
    heads = chain_heads(cases)
    found = db.session.execute(select(heads.c.standing, func.count()).group_by(heads.c.standing))
    return {str(row[0]): int(row[1]) for row in found}


def keys(cases: Select[Case], filters: Filters) -> Select[Any]:
    """(case, kind) of the chains looked for, the latest moved first: what a page of the list is cut from."""
    heads = chain_heads(cases)
    line = aliased(Benefit, name="line")
    query = (
        select(heads.c.case_id, heads.c.kind)
        .join(Case, Case.id == heads.c.case_id)
        .join(Problem, Problem.id == Case.problem_id)
        .join(Menu, Menu.id == Problem.menu_id)
        .join(Enterprise, Enterprise.id == Menu.enterprise_id)
        .join(line, line.id == func.coalesce(heads.c.answer_id, heads.c.newest_id))
        .order_by(heads.c.newest_id.desc())
    )
    if filters.standing is not None:
        query = query.where(heads.c.standing == filters.standing.value)
    if filters.kind is not None:
        query = query.where(heads.c.kind == filters.kind)
    if filters.grade is not None:
        query = query.where(line.evidence_grade == filters.grade)
    if filters.words:
        query = query.where(_says(filters.words))
    return query


def rows(wanted: Iterable[tuple[int, BenefitKind]]) -> list[Row]:
    """The chains of these keys with their cases, in the order asked for."""
    order = {(case_id, BenefitKind(kind)): place for place, (case_id, kind) in enumerate(wanted)}
    if not order:
        return []
    query = (
        select(Benefit)
        .join(Benefit.case)
        .options(contains_eager(Benefit.case))
        .where(tuple_(Benefit.case_id, Benefit.kind).in_(list(order)))
    )
    found = [Row(c.lines[0].case, c, standing_of(c)) for c in chains(db.session.scalars(query))]
    return sorted(found, key=lambda row: order[row.case.id, row.chain.lines[0].kind])


def _standing(ends: Subquery, answer: Any) -> ColumnElement[str]:
    return case(
        (ends.c.answer_id.is_(None), Standing.STATED.value),
        ((answer.entry == EntryKind.REJECTED) & (ends.c.newest_id > ends.c.answer_id), Standing.STATED.value),
        *((answer.entry == entry, standing.value) for entry, standing in _OF_ENTRY.items()),
        else_=Standing.STATED.value,
    )


def _says(words: str) -> ColumnElement[bool]:
    pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    places = (Enterprise.name, Enterprise.search_key, Problem.title, Problem.number, Case.number)
    return or_(*(place.ilike(pattern, escape="\\") for place in places))
