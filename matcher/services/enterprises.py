"""The register of enterprises: found by a few letters, corrected, and merged where one stands twice."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from matcher.db import Base, db, today
from matcher.errors import BadInput, WrongMove
from matcher.models import (
    ActivityEnterprise,
    Actor,
    Conflict,
    Enterprise,
    EnterpriseState,
    EnterpriseTier,
    Expert,
    Menu,
    Notice,
    Office,
)
from matcher.plain.names import firm_key, pinyin_keys
from matcher.plain.uscc import check_uscc
from matcher.services.history import first_come, record

Column = InstrumentedAttribute[int]

#: What the desk may correct on an enterprise's page.
FIELDS = (
    "name",
    "uscc",
    "industry",
    "size",
    "ownership",
    "has_union",
    "town",
    "address",
    "contact_name",
    "external_id",
)


def register(
    office: Office,
    name: str,
    *,
    by: Actor,
    state: EnterpriseState = EnterpriseState.KNOWN,
    phone: str | None = None,
    tier: str | None = None,
    is_sample: bool = False,
    **values: Any,
) -> Enterprise:
    """Put an enterprise on the register. From the public form it is NEW: the desk ties it to a known one."""
    if not name.strip():
        raise BadInput("请填写企业名称。", field="enterprise")
    enterprise = Enterprise(office=office, state=state, is_sample=is_sample)
    _set(enterprise, {**values, "name": name.strip()})
    enterprise.set_phone(phone)
    db.session.add(enterprise)
    with first_come("这个统一社会信用代码已经登记在另一家企业名下。"):
        pass
    if tier:
        set_tier(enterprise, tier, since=today(), by=by)
    record(by, "enterprise.register", enterprise, state=state)
    return enterprise


def correct(enterprise: Enterprise, values: Mapping[str, Any], *, by: Actor) -> None:
    """Correct what is written about an enterprise."""
    _set(enterprise, values)
    if "phone" in values:
        enterprise.set_phone(values["phone"])
    if enterprise.state is EnterpriseState.NEW:
        enterprise.state = EnterpriseState.KNOWN
    with first_come("这个统一社会信用代码已经登记在另一家企业名下。"):
        pass
    record(by, "enterprise.correct", enterprise, fields=sorted(values))


def set_tier(enterprise: Enterprise, tier: str, *, since: date, by: Actor) -> None:
    """From this day on the enterprise has this tier; the earlier one ends the day before."""
    for held in enterprise.tiers:
        if held.valid_to is None and held.tier != tier:
            held.valid_to = max(held.valid_from, date.fromordinal(since.toordinal() - 1))
    if enterprise.tier_on(since) != tier:
        enterprise.tiers.append(EnterpriseTier(tier=tier, valid_from=since))
        record(by, "enterprise.tier", enterprise, tier=tier, since=since)


def find(office: Office, words: str, *, limit: int = 20) -> list[Enterprise]:
    """Enterprises of the subtree by a few letters: of the name, of its pinyin or initials, or of the code."""
    needle = words.strip().lower()
    if not needle:
        return []
    query = (
        select(Enterprise)
        .join(Office, Enterprise.office_id == Office.id)
        .where(
            Office.path.startswith(office.path),
            Enterprise.state != EnterpriseState.MERGED,
            or_(
                Enterprise.search_key.contains(needle, autoescape=True),
                Enterprise.name.contains(needle, autoescape=True),
                Enterprise.uscc.icontains(needle, autoescape=True),
            ),
        )
        .order_by(Enterprise.state.desc(), Enterprise.name)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def same_firm(office: Office, name: str, uscc: str | None = None) -> Enterprise | None:
    """The known enterprise of this very name or code, if there is one."""
    keys = [Enterprise.name_key == firm_key(name)]
    if uscc:
        keys.append(Enterprise.uscc == uscc)
    query = (
        select(Enterprise)
        .where(Enterprise.office_id == office.id, Enterprise.state == EnterpriseState.KNOWN, or_(*keys))
        .order_by(Enterprise.id)
        .limit(1)
    )
    return db.session.scalar(query)


def known_firms(office: Office) -> dict[str, int]:
    """Every known enterprise of the office by the key of its name, for those who have many to look up."""
    query = (
        select(Enterprise.name_key, Enterprise.id)
        .where(Enterprise.office_id == office.id, Enterprise.state == EnterpriseState.KNOWN)
        .order_by(Enterprise.id.desc())
    )
    return dict(db.session.execute(query).all())


def merge(double: Enterprise, into: Enterprise, *, by: Actor) -> None:
    """One enterprise stands twice: everything of the double moves to the other, which keeps its own words."""
    if double.id == into.id or EnterpriseState.MERGED in (double.state, into.state):
        raise WrongMove("这两家企业不能合并。")
    for noun, column in (
        (Menu, "enterprise_id"),
        (Expert, "employer_enterprise_id"),
        (Notice, "enterprise_id"),
    ):
        db.session.execute(update(noun).where(getattr(noun, column) == double.id).values({column: into.id}))
    _move_pairs(double, into)
    _fill_gaps(double, into)
    double.uscc = None
    double.state, double.merged_into = EnterpriseState.MERGED, into
    record(by, "enterprise.merge", into, double=double.id, name=double.name)


def _move_pairs(double: Enterprise, into: Enterprise) -> None:
    """Interests and attendances follow, but for those the other has already."""
    _move_rows(Conflict, Conflict.enterprise_id, Conflict.expert_id, double, into)
    _move_rows(ActivityEnterprise, ActivityEnterprise.enterprise_id, ActivityEnterprise.activity_id, double, into)


def _move_rows(noun: type[Base], firm: Column, other: Column, double: Enterprise, into: Enterprise) -> None:
    taken = select(other).where(firm == into.id)
    db.session.execute(delete(noun).where(firm == double.id, other.in_(taken.scalar_subquery())))
    db.session.execute(update(noun).where(firm == double.id).values({firm.key: into.id}))


def _fill_gaps(double: Enterprise, into: Enterprise) -> None:
    for name in FIELDS:
        if getattr(into, name) in (None, "") and getattr(double, name) not in (None, ""):
            setattr(into, name, getattr(double, name))
    if into.phone is None:
        into.set_phone(double.phone)


def _set(enterprise: Enterprise, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(enterprise, name, values[name])
    if values.get("uscc"):
        enterprise.uscc = check_uscc(values["uscc"])
    enterprise.name_key = firm_key(enterprise.name)
    enterprise.search_key = f"{enterprise.name.lower()} {pinyin_keys(enterprise.name)}"
