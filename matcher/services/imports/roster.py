"""A roster: every row compared with who is there, then put on the roster as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from matcher.db import db
from matcher.errors import BadInput
from matcher.models import Actor, Expert, Office, SkillBasis
from matcher.plain.errors import PlainError
from matcher.services import experts, richer
from matcher.services.history import record
from matcher.services.imports.cells import Honour, text_of
from matcher.services.imports.fields import ROSTER
from matcher.services.imports.outcome import Outcome, RowState
from matcher.services.imports.people import Known, on_roster
from matcher.services.imports.progress import Progress, in_batches, unseen
from matcher.services.imports.roster_rows import Newcomer, RosterReader
from matcher.services.imports.rows import Row

LABELS = {field.name: field.label for field in ROSTER}


@dataclass(slots=True)
class RosterPlan:
    """What loading would do: the report, who comes, and what changes for those who are there."""

    office: Office
    outcome: Outcome = field(default_factory=Outcome)
    new: dict[int, Newcomer] = field(default_factory=dict)
    changed: dict[int, Newcomer] = field(default_factory=dict)


def plan_roster(office: Office, rows: Sequence[Row], *, progress: Progress = unseen) -> RosterPlan:
    """Read every row and compare it with the roster and the rows above it; nothing is written."""
    plan, reader = RosterPlan(office), RosterReader()
    there, above = on_roster(office), Known()
    for batch in in_batches(rows, progress):
        came = [person for row in batch if (person := _read(reader, row, plan.outcome))]
        found = [there.find(person.person) for person in came]
        # Held in a list, so that the session remembers them while they are compared.
        records = {expert.id: expert for expert in _records([i for i in found if i is not None])}
        for newcomer, expert_id in zip(came, found, strict=True):
            if expert_id is not None:
                _compare(plan, newcomer, records[expert_id])
            else:
                _welcome(plan, newcomer, there, above)
    plan.outcome.lines.sort(key=lambda line: line.row)
    return plan


def write_roster(plan: RosterPlan, *, by: Actor, progress: Progress = unseen) -> None:
    """Do what the plan says within the caller's transaction: all of it or, if it is rolled back, nothing."""
    newcomers = [_as_expert(came) for came in plan.new.values()]
    experts.add_many(plan.office, newcomers, progress=progress)
    for expert in _records(list(plan.changed)):
        _change(expert, plan.changed[expert.id], by=by)
    record(by, "import.roster", office=plan.office, counts=plan.outcome.counts)


def _read(reader: RosterReader, row: Row, outcome: Outcome) -> Newcomer | None:
    try:
        return reader.read(row)
    except (BadInput, PlainError) as error:
        outcome.say(row.number, RowState.ERROR, text_of(row.get("name"))[:30], str(error))
        return None


def _welcome(plan: RosterPlan, came: Newcomer, there: Known, above: Known) -> None:
    """Nobody on the roster: new, unless a row above told of the same person."""
    earlier = above.find(came.person)
    if earlier is not None:
        plan.new[earlier].join(came)
        plan.outcome.say(came.row, RowState.THERE, came.name, f"与第 {earlier} 行是同一人，已合并。")
        return
    owner = there.owner_of_mobile(came.person) or above.owner_of_mobile(came.person)
    if owner:
        plan.outcome.say(came.row, RowState.ERROR, came.name, f"手机号与“{owner}”的相同，姓名不同，请核对。")
        return
    above.add(came.person, came.row)
    plan.new[came.row] = came
    read = len(richer.skill_phrases(came.values.get("profile") or "", came.skills))
    remarks = [*came.remarks, f"从简介读出 {read} 项专长，载入后在专家页面确认。"] if read else came.remarks
    plan.outcome.say(came.row, RowState.ADDED, came.name, "".join(remarks))


def _compare(plan: RosterPlan, came: Newcomer, expert: Expert) -> None:
    """On the roster already: what the file says anew is a change; what it leaves empty is not touched."""
    if expert.id in plan.changed:
        came.join(plan.changed[expert.id])
    news = differences(expert, came)
    if not news:
        plan.outcome.say(came.row, RowState.THERE, came.name, "名册中已有，没有变化。")
        return
    plan.changed[expert.id] = came
    told = "、".join(LABELS[name] for name in news)
    plan.outcome.say(came.row, RowState.CHANGED, came.name, f"更新：{told}。")


def differences(expert: Expert, came: Newcomer) -> dict[str, Any]:
    """What the file says otherwise than the record: field -> the new value."""
    news = {name: value for name, value in came.values.items() if value != (getattr(expert, name) or "")}
    if came.phone and came.phone != expert.phone:
        news["phone"] = came.phone
    if honours := _new_honours(expert, came):
        news["honours"] = honours
    if skills := [skill for skill in came.skills if skill not in _declared(expert)]:
        news["skills"] = skills
    return news


def _change(expert: Expert, came: Newcomer, *, by: Actor) -> None:
    news = differences(expert, came)
    skills, honours = news.pop("skills", []), news.pop("honours", [])
    if honours:
        kept = [(honour.code, honour.text, honour.year) for honour in expert.honours]
        experts.set_honours(expert, kept + honours, by=by)
    if skills:
        experts.declare_skills(expert, _declared(expert) + skills, by=by)
    if news:
        experts.correct(expert, news, by=by)


def _new_honours(expert: Expert, came: Newcomer) -> list[Honour]:
    held = {honour.text for honour in expert.honours}
    return [honour for honour in came.honours if honour[1] not in held]


def _declared(expert: Expert) -> list[str]:
    return [skill.text for skill in expert.skills if skill.basis is SkillBasis.DECLARED]


def _records(ids: Sequence[int]) -> list[Expert]:
    found: list[Expert] = []
    for batch in in_batches(sorted(set(ids)), unseen):
        found += db.session.scalars(select(Expert).where(Expert.id.in_(batch)).order_by(Expert.id))
    return found


def _as_expert(came: Newcomer) -> experts.NewExpert:
    return experts.NewExpert(
        name=came.name,
        phone=came.phone or None,
        honours=came.honours,
        skills=came.skills,
        is_sample=came.is_sample,
        values=came.values,
    )
