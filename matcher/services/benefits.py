"""效益: the ledger of what a case brought. Lines are added, never changed; a correction names its line.

A chain is all lines of one case and kind. Parties state amounts, the office adopts one statement as the
estimate, a verifier replaces it by a verified amount or rejects it. What counts is the last answer of the
chain: an estimate is 预计, a verified amount is 已核实, and the two are never added.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import select

from matcher.db import db, today
from matcher.errors import BadInput, NotAllowed, WrongMove
from matcher.models import (
    Actor,
    Benefit,
    BenefitKind,
    Case,
    CaseState,
    EntryKind,
    EvidenceGrade,
    Party,
    Per,
    User,
)
from matcher.services.history import record

#: Larger than any benefit of one case; what is above is a slip of the keyboard.
MOST = Decimal("10_000_000_000")

#: What an answer repeats of the statement it is about.
_COPIED = ("case_id", "kind", "per", "baseline", "formula", "inputs", "evidence", "evidence_grade")


@dataclass(frozen=True, slots=True)
class Chain:
    """The lines of one case and kind, oldest first."""

    lines: tuple[Benefit, ...]

    @property
    def statements(self) -> list[Benefit]:
        """Statements that no later line corrects."""
        corrected = {line.corrects_id for line in self.lines}
        return [b for b in self.lines if b.entry is EntryKind.STATED and b.id not in corrected]

    @property
    def answer(self) -> Benefit | None:
        """The last adoption, verification or rejection: what the chain is worth now."""
        answers = [line for line in self.lines if line.entry is not EntryKind.STATED]
        return answers[-1] if answers else None

    @property
    def estimate(self) -> Benefit | None:
        """The adopted line, as long as nobody has verified or rejected it."""
        return self._answer_if(EntryKind.ADOPTED)

    @property
    def verified(self) -> Benefit | None:
        """The verified line."""
        return self._answer_if(EntryKind.VERIFIED)

    def on(self, day: date) -> "Chain":
        """The chain as it stood at the end of that day."""
        return Chain(tuple(line for line in self.lines if line.entered_on <= day))

    def _answer_if(self, entry: EntryKind) -> Benefit | None:
        answer = self.answer
        return answer if answer is not None and answer.entry is entry else None


def state_benefit(
    case: Case,
    kind: BenefitKind,
    amount: Decimal,
    per: Per,
    *,
    by: Actor,
    baseline: str = "",
    formula: str = "",
    inputs: dict[str, Any] | None = None,
    evidence: str = "",
    evidence_grade: EvidenceGrade = EvidenceGrade.NONE,
    corrects: Benefit | None = None,
) -> Benefit:
    """Say what the case brought, in yuan, once or every year. It counts only once the office adopts it.

    A correction is a new statement that names the one it corrects: same case, kind and party.
    """
    if case.state in (CaseState.ABANDONED, CaseState.REOPENED):
        raise WrongMove("这个服务单已经结束，不能再填效益。")
    if corrects is not None:
        _check_correction(corrects, case, kind, by)
    return _add(
        Benefit(
            case_id=case.id,
            kind=kind,
            entry=EntryKind.STATED,
            corrects_id=corrects.id if corrects is not None else None,
            amount=_money(amount),
            per=per,
            baseline=baseline.strip(),
            formula=formula.strip(),
            inputs=dict(inputs or {}),
            evidence=evidence.strip(),
            evidence_grade=evidence_grade,
        ),
        by=by,
    )


def adopt(statement: Benefit, *, by: Actor) -> Benefit:
    """The office takes one statement as the estimate; only that one counts."""
    if by.user is None or by.behalf is not None:
        raise NotAllowed("预计效益由工会采用。")
    chain = chain_of(statement)
    if statement not in chain.statements:
        raise WrongMove("这条效益已被更正，请采用更正后的一条。")
    if chain.verified is not None:
        raise WrongMove("这项效益已经核实，不能再改预计。")
    if chain.estimate is not None and chain.estimate.about_id == statement.id:
        raise WrongMove("这条效益已经采用。")
    return _answer(statement, EntryKind.ADOPTED, statement.amount, by=by)


def verify(
    statement: Benefit,
    amount: Decimal,
    *,
    by: Actor,
    per: Per | None = None,
    evidence: str = "",
    evidence_grade: EvidenceGrade | None = None,
    remark: str = "",
) -> Benefit:
    """Replace the adopted estimate by an amount that was checked, from today on.

    `statement` is the adopted statement (or its adoption). Verifying again corrects the earlier verification.
    Raises NotAllowed where the verifier wrote a line of this chain or works on the case.
    """
    grade = evidence_grade or statement.evidence_grade
    if grade is EvidenceGrade.NONE:
        raise BadInput("核实需要证明材料，请选择材料类别。", field="evidence_grade")
    adopted, earlier = _to_judge(statement, by)
    changed = {"per": per or adopted.per, "evidence_grade": grade, "evidence": evidence or adopted.evidence}
    return _answer(adopted, EntryKind.VERIFIED, _money(amount), by=by, remark=remark, corrects=earlier, **changed)


def reject(statement: Benefit, reason: str, *, by: Actor) -> Benefit:
    """不予认定: the amount does not hold, and no longer counts."""
    if not reason.strip():
        raise BadInput("请写明不予认定的理由。", field="remark")
    adopted, earlier = _to_judge(statement, by)
    return _answer(adopted, EntryKind.REJECTED, adopted.amount, by=by, remark=reason, corrects=earlier)


def chain_of(line: Benefit) -> Chain:
    """The chain that a line belongs to."""
    query = select(Benefit).filter_by(case_id=line.case_id, kind=line.kind).order_by(Benefit.id)
    return Chain(tuple(db.session.scalars(query)))


def chains_of(case: Case) -> list[Chain]:
    """Every chain of a case, one per kind."""
    return chains(db.session.scalars(select(Benefit).filter_by(case_id=case.id)))


def chains(lines: Iterable[Benefit]) -> list[Chain]:
    """Lines sorted into their chains."""
    ordered = sorted(lines, key=lambda b: (b.case_id, b.kind, b.id))
    return [Chain(tuple(group)) for _, group in groupby(ordered, key=lambda b: (b.case_id, b.kind))]


def is_barred(user: User, chain: Chain) -> bool:
    """Whether the user wrote, adopted or earned what is to be verified."""
    wrote = {b.recorded_by_id for b in chain.lines if b.entry in (EntryKind.STATED, EntryKind.ADOPTED)}
    if user.id in wrote:
        return True
    helpers = {dispatch.expert_id for dispatch in chain.lines[0].case.dispatches}
    return user.expert_id is not None and user.expert_id in helpers


def _to_judge(statement: Benefit, by: Actor) -> tuple[Benefit, Benefit | None]:
    """(adopted statement, earlier verdict that is corrected), if this person may judge it."""
    chain = chain_of(statement)
    answer = chain.answer
    asked = statement.about_id if statement.entry is not EntryKind.STATED else statement.id
    if answer is None or answer.about_id != asked:
        raise WrongMove("这条效益还没有被采用为预计效益。")
    if by.user is None or by.behalf is not None:
        raise NotAllowed("效益由工会的核实员核实。")
    if is_barred(by.user, chain):
        raise NotAllowed("填报、代录或采用这项效益的人不能核实它。")
    adopted = next(line for line in chain.lines if line.id == asked)
    return adopted, answer if answer.entry is not EntryKind.ADOPTED else None


def _answer(
    statement: Benefit,
    entry: EntryKind,
    amount: Decimal,
    *,
    by: Actor,
    remark: str = "",
    corrects: Benefit | None = None,
    **changed: Any,
) -> Benefit:
    if statement.entry is not EntryKind.STATED:
        raise WrongMove("只能对一条填报的效益作出认定。")
    copied = {name: getattr(statement, name) for name in _COPIED} | changed
    line = Benefit(
        entry=entry,
        amount=amount,
        about_id=statement.id,
        corrects_id=corrects.id if corrects is not None else None,
        remark=remark.strip(),
        **copied,
    )
    return _add(line, by=by)


def _add(line: Benefit, *, by: Actor) -> Benefit:
    told_on = by.behalf.on if by.behalf is not None else today()
    line.party = Party.OFFICE if by.party is Party.UPPER else by.party
    line.entered_on = told_on
    line.recorded_by_id = by.user.id if by.user is not None else None
    db.session.add(line)
    db.session.flush()
    record(by, f"benefit.{line.entry.value}", line, kind=line.kind, amount=str(line.amount), per=line.per)
    return line


def _check_correction(corrects: Benefit, case: Case, kind: BenefitKind, by: Actor) -> None:
    if corrects.case_id != case.id or corrects.kind is not kind or corrects.entry is not EntryKind.STATED:
        raise WrongMove("只能更正同一服务单、同一类的填报。")
    if corrects not in chain_of(corrects).statements:
        raise WrongMove("这条效益已被更正过，请更正最新的一条。")
    if corrects.party is not by.party:
        raise NotAllowed("只能更正自己一方填报的效益。")


def _money(amount: Decimal) -> Decimal:
    if not amount.is_finite() or amount < 0:
        raise BadInput("金额应是不小于零的数字。", field="amount")
    if amount > MOST:
        raise BadInput("金额太大，请检查单位是元还是万元。", field="amount")
    return amount.quantize(Decimal("0.01"))
