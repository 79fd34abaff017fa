"""What to verify first: size × weakness of the evidence × novelty, and a share drawn by lot that nobody can foresee.

The lot is a hash of case, kind and month, so it is the same for everybody who looks and another one next month.
Two flags help the verifier: several benefits of one enterprise that may be one and the same, and a sum that is
out of proportion to the enterprise.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from math import log10
from statistics import median
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from matcher.db import db
from matcher.models import Benefit, BenefitKind, Case, Enterprise, EvidenceGrade, Menu, Office, Problem, Role, User
from matcher.services.benefits import Chain, is_barred
from matcher.services.ledger import Standing, chain_heads

#: How far each kind of evidence is from proof.
WEAKNESS = {
    EvidenceGrade.INVOICE: 0.2,
    EvidenceGrade.METER: 0.3,
    EvidenceGrade.PRODUCTION_RECORD: 0.4,
    EvidenceGrade.STAMPED_STATEMENT: 0.6,
    EvidenceGrade.TELEPHONE: 0.9,
    EvidenceGrade.NONE: 1.0,
}
#: One in so many chains is drawn by lot, whatever it is worth.
ONE_IN = 10
#: A sum above a tenth of the turnover that bounds the size class (of industry; yuan) is out of proportion.
CEILING = {"micro": Decimal(300_000), "small": Decimal(2_000_000), "medium": Decimal(40_000_000)}
#: So is one of more than ten times the median of at least five chains of that size.
TIMES, ENOUGH = 10, 5


@dataclass(frozen=True, slots=True)
class Weighed:
    """A chain that waits for its verifier, with its parts of the order and its flags."""

    case_id: int
    kind: BenefitKind
    amount: Decimal
    weight: float
    is_drawn: bool
    overlap: tuple[int, ...]
    is_outlier: bool


@dataclass(frozen=True, slots=True)
class _Counted:
    """A chain that counts, estimated or verified: what the order and the flags are made of."""

    case_id: int
    kind: BenefitKind
    standing: str
    amount: Decimal
    grade: EvidenceGrade
    enterprise_id: int
    size: str | None


def to_verify(cases: Select[Case], *, on: date) -> list[Weighed]:
    """The estimates of these cases, what should be looked at first in front."""
    counted = _counted(cases)
    known = Counter(c.enterprise_id for c in counted if c.standing == Standing.VERIFIED.value)
    alike: dict[tuple[int, BenefitKind], set[int]] = defaultdict(set)
    for c in counted:
        alike[c.enterprise_id, c.kind].add(c.case_id)
    usual = _usual(counted)
    waiting = [
        Weighed(
            c.case_id,
            c.kind,
            c.amount,
            weight=weight(c.amount, c.grade, known[c.enterprise_id]),
            is_drawn=is_drawn(c.case_id, c.kind, on),
            overlap=tuple(sorted(alike[c.enterprise_id, c.kind] - {c.case_id})),
            is_outlier=_is_outlier(c, usual),
        )
        for c in counted
        if c.standing == Standing.ESTIMATED.value
    ]
    return sorted(waiting, key=lambda w: (not w.is_drawn, -w.weight, w.case_id, w.kind))


def weight(amount: Decimal, grade: EvidenceGrade, verified_before: int) -> float:
    """Size (by magnitude, ten million and more is 1) × weakness of the evidence × novelty of the enterprise."""
    size = min(log10(1 + float(amount)) / 7, 1.0)
    return size * WEAKNESS[grade] / (1 + verified_before)


def is_drawn(case_id: int, kind: BenefitKind, on: date) -> bool:
    """Whether the lot of that month falls on the chain."""
    seed = sha256(f"{case_id}:{kind.value}:{on:%Y-%m}".encode()).digest()
    return int.from_bytes(seed[:8], "big") % ONE_IN == 0


def verifiers(chain: Chain) -> list[User]:
    """Who may verify the chain: the nearest office, from the case's own upwards, that has somebody."""
    office: Office | None = chain.lines[0].case.problem.office
    while office is not None:
        query = select(User).where(User.office_id == office.id, User.is_active).order_by(User.id)
        free = [u for u in db.session.scalars(query) if u.has(Role.VERIFIER) and not is_barred(u, chain)]
        if free:
            return free
        office = office.parent
    return []


def _usual(counted: Sequence[_Counted]) -> dict[str | None, Decimal]:
    """The median by size of the enterprise, where enough is known."""
    by_size: dict[str | None, list[Decimal]] = defaultdict(list)
    for c in counted:
        by_size[c.size].append(c.amount)
    return {size: median(amounts) for size, amounts in by_size.items() if len(amounts) >= ENOUGH}


def _is_outlier(c: _Counted, usual: dict[str | None, Decimal]) -> bool:
    ceiling = CEILING.get(c.size or "")
    if ceiling is not None and c.amount > ceiling:
        return True
    return c.size in usual and c.amount > TIMES * usual[c.size]


def _counted(cases: Select[Case]) -> list[_Counted]:
    heads = chain_heads(cases)
    answer: Any = aliased(Benefit)
    query = (
        select(
            heads.c.case_id,
            heads.c.kind,
            heads.c.standing,
            answer.amount,
            answer.evidence_grade,
            Enterprise.id,
            Enterprise.size,
        )
        .join(answer, answer.id == heads.c.answer_id)
        .join(Case, Case.id == heads.c.case_id)
        .join(Problem, Problem.id == Case.problem_id)
        .join(Menu, Menu.id == Problem.menu_id)
        .join(Enterprise, Enterprise.id == Menu.enterprise_id)
        .where(heads.c.standing.in_([Standing.ESTIMATED.value, Standing.VERIFIED.value]))
    )
    return [_Counted(*row) for row in db.session.execute(query)]
