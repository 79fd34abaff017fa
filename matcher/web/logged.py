"""The lines of the log in words: the thing a line is about, what is told of it, and lines found by the words shown."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from matcher.models import LogEntry
from matcher.services import words
from matcher.web.languages import language
from matcher.web.look import STATES, mark
from matcher.web.verbs import NOUNS, VERBS

#: The nouns of the log where the thing has no name or number of its own.
SUBJECTS = {
    "activity": _l("活动"),
    "attachment": _l("照片或文件"),
    "benefit": _l("效益"),
    "case": _l("服务单"),
    "complaint": _l("投诉建议"),
    "dispatch": _l("点将"),
    "enterprise": _l("企业"),
    "expert": _l("专家"),
    "followup": _l("复访"),
    "lead": _l("五小线索"),
    "loan": _l("借调"),
    "menu": _l("菜单"),
    "office": _l("工会"),
    "problem": _l("难题"),
    "report": _l("报告"),
    "solutioncard": _l("解题卡"),
    "term": _l("词条"),
    "user": _l("账号"),
    "visit": _l("上门"),
    "weightset": _l("权重"),
}

#: What a line tells besides -> (its word, the vocabularies its codes come from).
FACTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "activity": (_l("活动"), ()),
    "adopted": (_l("采用"), ()),
    "after": (_l("现在"), ()),
    "amount": (_l("金额（元）"), ()),
    "at": (_l("时间"), ()),
    "attendances": (_l("人次"), ()),
    "before": (_l("原来"), ()),
    "case": (_l("服务单"), ()),
    "cases": (_l("案例"), ()),
    "channel": (_l("来源"), ("channels",)),
    "code": (_l("代码"), ()),
    "competence": (_l("专长"), ()),
    "confirmed": (_l("确认的"), ()),
    "count": (_l("条数"), ()),
    "counts": (_l("条数"), ()),
    "day": (_l("日期"), ()),
    "declared": (_l("专长"), ()),
    "difference": (_l("差别"), ()),
    "double": (_l("并入的企业"), ()),
    "enterprise": (_l("企业"), ()),
    "expert": (_l("专家"), ()),
    "fields": (_l("改了"), ()),
    "form": (_l("形式"), ("visit_forms", "service_forms")),
    "industries": (_l("行业"), ("industries",)),
    "is_insured": (_l("已办保险"), ()),
    "kind": (_l("类别"), ("benefit_kinds", "activity_kinds", "terms_kinds", "conflict_kinds", "wuxiao_kinds")),
    "months": (_l("第几个月"), ()),
    "name": (_l("名称"), ()),
    "on": (_l("日期"), ()),
    "outcome": (_l("结果"), ("outcomes",)),
    "outcomes": (_l("结果数"), ()),
    "own": (_l("本会"), ()),
    "per": (_l("一次性/每年"), ()),
    "period": (_l("期间"), ()),
    "persons": (_l("人数"), ()),
    "problem": (_l("难题"), ()),
    "problems": (_l("难题数"), ()),
    "purpose": (_l("用途"), ("reveal_purposes", "consent_purposes")),
    "reason": (
        _l("原因"),
        (
            "decline_reasons",
            "unsolved_reasons",
            "return_reasons",
            "reject_reasons",
            "withdraw_reasons",
            "reopen_reasons",
            "recall_reasons",
            "refuse_reasons",
            "release_reasons",
            "abandon_reasons",
        ),
    ),
    "result": (_l("结果"), ("follow_up_results",)),
    "role": (_l("角色"), ()),
    "roles": (_l("角色"), ()),
    "round": (_l("第几轮"), ()),
    "since": (_l("自哪天起"), ()),
    "size": (_l("大小"), ()),
    "state": (_l("状态"), ()),
    "struck": (_l("去掉的"), ()),
    "text": (_l("说明"), ()),
    "texts": (_l("段数"), ()),
    "tier": (_l("梯度"), ("enterprise_tiers",)),
    "to": (_l("转给"), ()),
    "until": (_l("到哪天"), ()),
    "version": (_l("版本"), ()),
    "versions": (_l("版本"), ()),
    "via": (_l("怎样确认"), ()),
    "visit": (_l("上门"), ()),
    "vocabulary": (_l("词表"), ()),
    "words": (_l("词"), ()),
    "works": (_l("上班"), ()),
}

#: Codes that stand in no vocabulary.
CODES = {
    "lead": _l("牵头"),
    "member": _l("成员"),
    "once": _l("一次性"),
    "year": _l("每年"),
    "own_link": _l("企业自己的链接"),
    "recorded": _l("代录"),
    "nobody": _l("名册里没有合适的人"),
    "no_answer": _l("没有答复"),
    "known": _l("已登记"),
    "new": _l("新登记，待核对"),
    "dispatcher": _l("派单员"),
    "leader": _l("领导"),
    "writer": _l("报告员"),
    "verifier": _l("核实员"),
    "admin": _l("管理员"),
    "auditor": _l("审计员"),
    "True": _l("是"),
    "False": _l("否"),
}


def verb(entry: LogEntry) -> str:
    """What a line of the log says; a verb that has no word yet is shown as it is."""
    return str(VERBS.get(entry.verb, entry.verb))


def verbs_like(text: str) -> list[str]:
    """The verbs whose word, or whose code, holds the text."""
    return [code for code, word in VERBS.items() if text in str(word) or code.startswith(text)]


def subject(entry: LogEntry) -> str:
    """The thing by its name or number, else its noun and id."""
    if entry.subject_name or not entry.subject_kind:
        return entry.subject_name or ""
    return f"{SUBJECTS.get(entry.subject_kind, entry.subject_kind)} {entry.subject_id or ''}".strip()


def facts(entry: LogEntry) -> list[tuple[str, str]]:
    """What a line says besides, as (word, value); states and codes by their words."""
    states = NOUNS.get(entry.subject_kind, "")
    told = []
    for name, value in entry.facts.items():
        word, vocabularies = FACTS.get(name, (name, ()))
        known = STATES.get((states, str(value))) if name in ("before", "after") else None
        told.append((str(word), str(known[0]) if known else _said(value, vocabularies)))
    return [(word, value) for word, value in told if value]


def _said(value: Any, vocabularies: Iterable[str]) -> str:
    if isinstance(value, list):
        return mark("comma").join(_said(one, vocabularies) for one in value)
    if isinstance(value, dict):
        return mark("comma").join(
            f"{FACTS.get(name, (name,))[0]} {_said(one, vocabularies)}" for name, one in value.items()
        )
    code = str(value)
    for name in vocabularies:
        if code in words.codes(name):
            return words.word(name, code, language=language())
    return str(CODES.get(code, code))
