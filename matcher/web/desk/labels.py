"""What the desk calls things: tabs of the queue, distances, the verbs of the log, whose word it was."""

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

VERBS = {
    "menu.post": _l("提交菜单"),
    "problem.submit": _l("提出难题"),
    "problem.classify": _l("修改分类"),
    "problem.accept": _l("受理"),
    "problem.ask": _l("退回补充，提了问题"),
    "problem.answer": _l("回复了问题"),
    "problem.reject": _l("不予受理"),
    "problem.withdraw": _l("撤回"),
    "problem.lapse": _l("超期未回复，搁置"),
    "problem.dispatch": _l("点将"),
    "problem.free": _l("重新等待点将"),
    "problem.solve_by_card": _l("用解题卡解决"),
    "problem.solve_by_phone": _l("电话解决"),
    "problem.give_up": _l("暂时无法解决"),
    "problem.close_solved": _l("办结：已解决"),
    "problem.close_partly": _l("办结：部分解决"),
    "problem.close_unsolved": _l("办结：未解决"),
    "problem.close_sent_up": _l("办结：上转"),
    "problem.reopen": _l("重新打开"),
    "problem.escalate": _l("上转"),
    "problem.pass_down": _l("下派"),
    "problem.hand_over": _l("转给兄弟工会"),
    "problem.assign": _l("转给同事"),
    "problem.call_note": _l("记录通话"),
    "problem.joint_action": _l("列入集中攻关"),
    "problem.reveal": _l("查看完整电话"),
    "enterprise.reveal": _l("查看完整电话"),
    "expert.reveal": _l("查看完整电话"),
    "menu.reveal": _l("查看完整电话"),
    "dispatch.offer": _l("发出点将"),
    "dispatch.accept": _l("接受点将"),
    "dispatch.set_terms": _l("有条件接受"),
    "dispatch.decline": _l("不能前往"),
    "dispatch.expire": _l("超时未答复"),
    "dispatch.agree": _l("同意专家的条件"),
    "dispatch.refuse": _l("谢绝专家的条件"),
    "dispatch.recall": _l("收回点将"),
    "dispatch.release": _l("专家退出"),
    "dispatch.finish": _l("任务完成"),
    "case.open": _l("开出服务单"),
    "case.contact": _l("首次联系企业"),
    "case.diagnose": _l("写下诊断"),
    "case.fix": _l("写下措施"),
    "case.training": _l("登记培训人数"),
    "case.close": _l("办结服务单"),
    "case.close_unsolved": _l("办结服务单（未解决）"),
    "case.abandon": _l("中止服务单"),
    "case.confirm": _l("企业确认"),
    "case.leave_unanswered": _l("企业未答复"),
    "case.reopen": _l("重新打开服务单"),
    "visit.plan": _l("约定上门"),
    "visit.hold": _l("上门"),
    "visit.postpone": _l("上门改期"),
    "visit.cancel": _l("取消上门"),
    "visit.miss": _l("未到场"),
    "benefit.state": _l("填报效益"),
    "benefit.stated": _l("填报效益"),
    "benefit.adopted": _l("采用预计效益"),
    "benefit.verified": _l("核实效益"),
    "benefit.rejected": _l("效益不予认定"),
    "followup.answer": _l("记下复访"),
    "followup.leave": _l("复访没有答复"),
    "attachment.add": _l("添加照片或文件"),
    "link.mint": _l("重新发出链接"),
    "link.revoke": _l("作废链接"),
}


def verb(entry: LogEntry) -> str:
    """What a line of the log says; a verb that has no word yet is shown as it is."""
    return str(VERBS.get(entry.verb, entry.verb))


def speaker(entry: LogEntry) -> str:
    """Who did it, and on whose behalf: "工作人员1（代企业，电话）"."""
    name = entry.user.name if entry.user is not None else str(PARTIES[entry.party])
    if entry.behalf_party is None or entry.behalf_channel is None:
        return name
    party, channel = str(PARTIES[entry.behalf_party]), str(CHANNELS[entry.behalf_channel])
    return _("%(name)s（代%(party)s录，%(channel)s）", name=name, party=party, channel=channel)
