"""五小线索: a closed case on its way to the contest for small inventions: asked first, prefilled, registered."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from matcher.db import db, now
from matcher.errors import BadInput, WrongMove
from matcher.models import Actor, Case, Lead, LeadState, Outcome, Per
from matcher.models.cases import FINISHED
from matcher.plain.wording import in_yuan
from matcher.services.benefits import chains_of
from matcher.services.history import first_come, record, step
from matcher.services.words import codes

#: What keeps a result out of the contest; asked before anything is typed (domain: rules of 2025).
EXCLUSIONS: tuple[tuple[str, str], ...] = (
    ("project", "是政府立项的科研项目"),
    ("awarded", "以前获得过政府科技奖励"),
    ("secret", "涉及技术秘密或国家安全"),
    ("dispute", "有知识产权纠纷"),
    ("winner", "以前在“五小”活动中获过奖"),
    ("unused", "还没有投入使用，或没有产生效益"),
)
#: (name, label, lines) of the form, in the order of the contest's.
FIELDS: tuple[tuple[str, str, int], ...] = (
    ("name", "项目名称", 1),
    ("people", "完成人", 1),
    ("unit", "完成单位", 1),
    ("background", "背景和问题", 4),
    ("method", "做法", 5),
    ("effect", "效果（经济、社会）", 4),
    ("use", "应用情况", 3),
    ("property", "知识产权", 2),
    ("contact", "联系方式", 1),
)
NEEDED = ("name", "people", "unit", "background", "method", "effect")
LONGEST = 4_000


def find(case: Case, excluded: Collection[str], *, by: Actor) -> Lead:
    """Put a solved case down as a lead, with the form filled in from the case.

    `excluded` are the exclusion questions that were answered with yes. Raises BadInput that names the first, WrongMove
    where the case is not closed as solved or is a lead already.
    """
    for code, reason in EXCLUSIONS:
        if code in excluded:
            raise BadInput("不符合“五小”条件：%(reason)s。", field="excluded", reason=reason)
    if case.state not in FINISHED or case.outcome not in (Outcome.SOLVED, Outcome.PARTLY):
        raise WrongMove("只有已办结并解决的服务单可以转“五小”线索。")
    if lead_of(case) is not None:
        raise WrongMove("这个服务单已经是“五小”线索。")
    lead = Lead(
        case=case, office=case.problem.owner_office, state=LeadState.FOUND, form=prefilled(case), found_at=now()
    )
    db.session.add(lead)
    with first_come("同事刚刚把它转成了线索，请刷新页面。"):
        record(by, "lead.find", lead, case=case.number)
    return lead


def prefilled(case: Case) -> dict[str, str]:
    """The form as the case tells it; estimated and verified amounts in sentences of their own."""
    problem = case.problem
    return {
        "name": problem.title,
        "people": "、".join(expert.name for expert in case.experts),
        "unit": problem.enterprise.name,
        "background": problem.text,
        "method": "\n".join(
            [*(f"原因：{d.cause}（{d.methods}）" for d in case.diagnoses), *(f"措施：{f.measures}" for f in case.fixes)]
        ),
        "effect": "\n".join([*(f"验证：{f.verification}" for f in case.fixes), *_worth(case)]),
        "use": "",
        "property": "",
        "contact": "",
    }


def draft(lead: Lead, form: Mapping[str, str], kind: str, *, by: Actor) -> None:
    """Keep what was filled in."""
    if kind not in codes("wuxiao_kinds"):
        raise BadInput("请选择“五小”类别。", field="kind")
    written = {name: form.get(name, "").strip() for name, _label, _lines in FIELDS}
    for name, label, _lines in FIELDS:
        if name in NEEDED and not written[name]:
            raise BadInput("请填写“%(label)s”。", field=name, label=label)
        if len(written[name]) > LONGEST:
            raise BadInput("“%(label)s”最多 %(most)d 个字。", field=name, label=label, most=LONGEST)
    step(lead, "draft", by=by, sets={"form": written, "kind": kind, "drafted_at": lead.drafted_at or now()})


def submit(lead: Lead, *, by: Actor) -> None:
    """Handed in to the contest."""
    step(lead, "submit", by=by, sets={"submitted_at": now()})


def award(lead: Lead, *, by: Actor) -> None:
    """It won."""
    step(lead, "award", by=by, sets={"ended_at": now()})


def pass_over(lead: Lead, *, by: Actor) -> None:
    """It did not win."""
    step(lead, "pass_over", by=by, sets={"ended_at": now()})


def give_up(lead: Lead, *, by: Actor) -> None:
    """Not worth going on with."""
    step(lead, "drop", by=by, sets={"ended_at": now()})


def lead_of(case: Case) -> Lead | None:
    """The lead that a case became."""
    return db.session.scalar(select(Lead).filter_by(case_id=case.id))


def _worth(case: Case) -> list[str]:
    """预计 and 已核实 are told apart, once and every year too."""
    told = []
    for chain in chains_of(case):
        for word, line in (("预计", chain.estimate), ("已核实", chain.verified)):
            if line is not None:
                told.append(f"{word}效益{'每年' if line.per is Per.YEAR else '一次性'} {in_yuan(line.amount)} 元。")
    return told
