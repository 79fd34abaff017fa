"""What the desk calls things: tabs of the queue, distances, whose word it was."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matcher.models import LogEntry
from matcher.services.queue import Next, Scope

#: Tabs of the queue in the order of the work: (label, icon, what is to be done).
TABS = {
    Next.ACCEPT: (_l("受理"), "dot", _l("核对难题并受理")),
    Next.DISPATCH: (_l("点将"), "send", _l("选一位专家")),
    Next.ANSWER: (_l("等答复"), "clock", _l("催一催，或代录答复")),
    Next.TERMS: (_l("条件待定"), "question", _l("同意或谢绝专家的条件")),
    Next.WORK: (_l("上门/在办"), "work", _l("跟进上门和办理")),
    Next.CONFIRM: (_l("待确认"), "tick", _l("请企业确认，或代录")),
    Next.FOLLOW_UP: (_l("复访"), "phone", _l("回访效果")),
    Next.NOTHING: (_l("无待办"), "tick", _l("没有要办的事")),
}

SCOPES = {Scope.OWN: _l("本级办理"), Scope.TREE: _l("含下级"), Scope.SENT: _l("已转出")}

#: How far the expert is, as the matcher counts it.
DISTANCES = {0: _l("同一乡镇"), 1: _l("同一县区"), 2: _l("同一设区市"), 3: _l("较远")}

#: The parts of a score, by the engine's names.
PARTS = {
    "words": _l("用词相合"),
    "competence": _l("专长对口"),
    "proven": _l("解决过相近难题"),
    "industry": _l("行业"),
    "meaning": _l("语义相近"),
    "place": _l("路程"),
    "room": _l("手头余量"),
    "declined": _l("以往谢绝"),
}

#: Where in an expert's record the engine found its words.
FIELDS = {
    "trade": _l("工种"),
    "title": _l("职务"),
    "profile": _l("简介"),
    "employer": _l("单位"),
    "skill": _l("专长"),
}

#: What an earlier decline left behind.
EFFECTS = {
    "skill_weaker": _l("说过不是专长："),
    "nearer": _l("说过路太远："),
    "unavailable": _l("说过没有时间："),
    "conflict": _l("说过有利害关系："),
    "finer_skill": _l("说过型号不熟："),
}

PARTIES = {
    "enterprise": _l("企业"),
    "expert": _l("专家"),
    "office": _l("工会"),
    "upper": _l("上级工会"),
    "system": _l("系统"),
}

CHANNELS = {"telephone": _l("电话"), "paper": _l("书面"), "in_person": _l("当面")}

#: Checks before anybody is sent, each with the office's setting that demands it (None: always optional).
CHECKS = {
    "agreement": (_l("已签服务协议"), "require_agreement"),
    "employer_consent": (_l("派出单位已同意"), "require_employer_consent"),
    "secrecy": (_l("已签保密约定"), None),
    "ownership": (_l("已约定成果归属"), None),
}


def speaker(entry: LogEntry) -> str:
    """Who did it, and on whose behalf: "工作人员1（代企业，电话）"."""
    name = entry.user.name if entry.user is not None else str(PARTIES[entry.party])
    if entry.behalf_party is None or entry.behalf_channel is None:
        return name
    party, channel = str(PARTIES[entry.behalf_party]), str(CHANNELS[entry.behalf_channel])
    return _("%(name)s（代%(party)s录，%(channel)s）", name=name, party=party, channel=channel)
