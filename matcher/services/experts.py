"""The roster: experts come, are corrected, pause, leave; their skills are declared, inferred or proven."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import insert, or_, select

from matcher.db import db, now
from matcher.errors import BadInput
from matcher.models import (
    Actor,
    Case,
    Consent,
    Expert,
    ExpertState,
    Honour,
    Office,
    Skill,
    SkillBasis,
)
from matcher.plain.names import firm_key, pinyin_keys
from matcher.services import enterprises, forgetting, richer
from matcher.services.history import record
from matcher.services.numbers import next_revision

#: What may be corrected on an expert's page, by the office or by the experts themselves.
FIELDS = (
    "name",
    "employer",
    "title",
    "trade",
    "skill_grade",
    "professional_title",
    "profile",
    "industries",
    "town",
    "email",
    "capacity",
    "external_id",
)
#: An expert's record lists this many skills at the most, so that it stays a record and not a lexicon.
MOST_SKILLS = 40
#: Of these, what is not known is NULL; of the others, the empty text.
NULLABLE = ("skill_grade", "professional_title", "email", "capacity", "external_id", "phone", "phone_index")
#: Experts of one import are written so many at a time.
BATCH = 500


@dataclass(frozen=True, slots=True)
class NewExpert:
    """Somebody who comes onto the roster with others. `values` are of FIELDS."""

    name: str
    phone: str | None = None
    honours: Sequence[tuple[str | None, str, int | None]] = ()
    skills: Sequence[str] = ()
    is_sample: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)


def add_expert(
    office: Office,
    name: str,
    *,
    by: Actor,
    phone: str | None = None,
    honours: Sequence[tuple[str | None, str, int | None]] = (),
    skills: Sequence[str] = (),
    is_sample: bool = False,
    **values: Any,
) -> Expert:
    """Put an expert on the roster. `honours` are (code, text, year); `skills` are declared phrases."""
    if not name.strip():
        raise BadInput("请填写专家姓名。", field="name")
    expert = Expert(office=office, state=ExpertState.ACTIVE, name=name.strip(), is_sample=is_sample)
    db.session.add(expert)
    _set(expert, values)
    expert.set_phone(phone)
    expert.honours = [Honour(code=code, text=text, year=year) for code, text, year in honours]
    declare_skills(expert, skills, by=by, quietly=True)
    richer.read_out(expert)
    touch(expert)
    record(by, "expert.add", expert)
    return expert


def add_many(
    office: Office, newcomers: Sequence[NewExpert], *, progress: Callable[[int, int], None] | None = None
) -> None:
    """Put many experts on the roster at once, as one revision of it. The caller logs the whole."""
    if not newcomers:
        return
    revision = next_revision("roster")
    firms = enterprises.known_firms(office)
    for start in range(0, len(newcomers), BATCH):
        batch = newcomers[start : start + BATCH]
        _insert(batch, [_columns(office, new, firms, revision) for new in batch])
        if progress is not None:
            progress(start + len(batch), len(newcomers))


def correct(expert: Expert, values: Mapping[str, Any], *, by: Actor) -> None:
    """Correct what is written about an expert. A profile that says something else is read anew."""
    before = expert.profile
    _set(expert, values)
    if expert.profile != before:
        richer.read_out(expert)
    if "phone" in values:
        expert.set_phone(values["phone"])
    touch(expert)
    record(by, "expert.correct", expert, fields=sorted(values))


def set_honours(expert: Expert, honours: Sequence[tuple[str | None, str, int | None]], *, by: Actor) -> None:
    """Replace the list of honours (code, text, year)."""
    expert.honours = [Honour(code=code, text=text, year=year) for code, text, year in honours if text.strip()]
    record(by, "expert.honours", expert, count=len(expert.honours))


def declare_skills(expert: Expert, phrases: Sequence[str], *, by: Actor, quietly: bool = False) -> None:
    """Replace the declared skills by these phrases; proven and inferred ones stay."""
    wanted = list(dict.fromkeys(phrase.strip() for phrase in phrases if phrase.strip()))[:MOST_SKILLS]
    kept = [s for s in expert.skills if s.basis is not SkillBasis.DECLARED or s.text in wanted]
    have = {s.text for s in kept if s.basis is SkillBasis.DECLARED}
    expert.skills = kept + [Skill(text=t, basis=SkillBasis.DECLARED) for t in wanted if t not in have]
    if not quietly:
        touch(expert)
        record(by, "expert.skills", expert, declared=len(wanted))


def adopt_profile(
    expert: Expert, *, by: Actor, skills: Collection[int] = (), trade: str = "", industries: Collection[str] = ()
) -> None:
    """One press: what was read out of the profile is so, as far as it is given; the other skills are not."""
    richer.adopt(expert, by=by, skills=skills, trade=trade, industries=industries)
    touch(expert)


def prove_skill(expert: Expert, text: str, case: Case) -> None:
    """A solved case shows what the expert can do."""
    if not any(s.basis is SkillBasis.PROVEN and s.text == text for s in expert.skills):
        expert.skills.append(Skill(text=text, basis=SkillBasis.PROVEN, case_id=case.id))
        touch(expert)


def pause(expert: Expert, *, by: Actor, until: date | None = None) -> None:
    """Not proposed until a day, or until resumed."""
    if until is not None:
        expert.unavailable_until = until
    else:
        expert.state = ExpertState.PAUSED
    touch(expert)
    record(by, "expert.pause", expert, until=until)


def resume(expert: Expert, *, by: Actor) -> None:
    """Proposed again."""
    expert.state, expert.unavailable_until = ExpertState.ACTIVE, None
    touch(expert)
    record(by, "expert.resume", expert)


def leave(expert: Expert, *, by: Actor) -> None:
    """Leave the roster: not proposed any more, phone and mail forgotten, and what proposals kept of the record; what
    was done stays."""
    expert.state, expert.email = ExpertState.LEFT, None
    expert.set_phone(None)
    for consent in expert.consents:
        consent.withdrawn_at = consent.withdrawn_at or now()
    forgetting.forget_expert(expert, by=by)
    touch(expert)
    record(by, "expert.leave", expert)


def give_consent(expert: Expert, purpose: str, *, by: Actor) -> None:
    """Agree to one purpose."""
    if not any(c.purpose == purpose and c.withdrawn_at is None for c in expert.consents):
        expert.consents.append(Consent(purpose=purpose, given_at=now()))
        record(by, "expert.consent", expert, purpose=purpose)


def withdraw_consent(expert: Expert, purpose: str, *, by: Actor) -> None:
    """Take an agreement back."""
    for consent in expert.consents:
        if consent.purpose == purpose and consent.withdrawn_at is None:
            consent.withdrawn_at = now()
            record(by, "expert.consent_withdrawn", expert, purpose=purpose)


def find(office: Office, words: str, *, limit: int = 20) -> list[Expert]:
    """Experts of the subtree by name, pinyin, initials or trade."""
    needle = words.strip().lower()
    if not needle:
        return []
    query = (
        select(Expert)
        .join(Office, Expert.office_id == Office.id)
        .where(
            Office.path.startswith(office.path),
            Expert.state != ExpertState.LEFT,
            or_(Expert.search_key.contains(needle, autoescape=True), Expert.trade.contains(needle, autoescape=True)),
        )
        .order_by(Expert.name, Expert.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def touch(expert: Expert) -> None:
    """Give the record the roster's next revision, so that the matcher's index sees the change."""
    expert.revision = next_revision("roster")


def _columns(office: Office, new: NewExpert, firms: Mapping[str, int], revision: int) -> dict[str, Any]:
    """What `add_expert` would write, as one row for the database."""
    expert = Expert(name=new.name, **{"employer": "", **new.values})
    expert.set_phone(new.phone)
    written = {name: getattr(expert, name) for name in ("name", "phone", "phone_index", *new.values)}
    return written | {
        "office_id": office.id,
        "state": ExpertState.ACTIVE,
        "search_key": _search_key(expert),
        "employer": expert.employer,
        "employer_enterprise_id": firms.get(firm_key(expert.employer)) if expert.employer else None,
        "is_sample": new.is_sample,
        "revision": revision,
    }


def _insert(batch: Sequence[NewExpert], rows: list[dict[str, Any]]) -> None:
    """Rows with one set of columns go in together; honours and skills follow by the ids they were given."""
    columns = {name for row in rows for name in row}
    blank = {name: None if name in NULLABLE else "" for name in columns}
    added = insert(Expert).returning(Expert.id, sort_by_parameter_order=True)
    ids = db.session.scalars(added, [blank | row for row in rows]).all()
    pairs = list(zip(ids, batch, strict=True))
    honours = [
        {"expert_id": i, "code": code, "text": text, "year": year}
        for i, new in pairs
        for code, text, year in new.honours
    ]
    skills = [
        {"expert_id": i, "text": text, "basis": SkillBasis.DECLARED}
        for i, new in pairs
        for text in list(dict.fromkeys(new.skills))[:MOST_SKILLS]
    ]
    skills += [
        {"expert_id": i, "text": text, "basis": SkillBasis.INFERRED}
        for i, new in pairs
        for text in richer.skill_phrases(new.values.get("profile", ""), [new.values.get("trade", ""), *new.skills])
    ]
    for noun, lines in ((Honour, honours), (Skill, skills)):
        if lines:
            db.session.execute(insert(noun), lines)


def _set(expert: Expert, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(expert, name, values[name])
    expert.search_key = _search_key(expert)
    if values.get("employer"):
        expert.employer_enterprise = enterprises.same_firm(expert.office, expert.employer)


def _search_key(expert: Expert) -> str:
    return f"{expert.name.lower()} {pinyin_keys(expert.name)} {(expert.employer or '').lower()}"
