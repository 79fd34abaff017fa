"""What every page needs besides its own things: the office, the navigation, the large type, the form key."""

from collections.abc import Iterable

from flask import Flask, current_app, g, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from matcher.db import db
from matcher.models import Office, Role
from matcher.services import words
from matcher.web import logged, once
from matcher.web.gates import current_expert
from matcher.web.helps import HELPS
from matcher.web.languages import language

#: Label, address, and "page" where it is this page, "true" where this page stands under it.
Item = tuple[str, str, str]
Page = tuple[str, str, tuple[Role, ...]]

MOTTO = "企业点菜、劳模烹饪、工会配送"

#: Endpoint, label and the hats that see it; the first four make up a working day.
DESK = (Role.DISPATCHER, Role.LEADER, Role.VERIFIER, Role.WRITER)
MENU = (
    ("desk.queue", "工作台", DESK),
    ("desk.file_menu", "代填菜单", (Role.DISPATCHER,)),
    ("desk.experts", "专家名册", (*DESK, Role.ADMIN)),
    ("desk.enterprises", "企业", DESK),
    ("reports.activities", "活动", DESK),
    ("reports.figures", "统计报告", DESK),
    ("reports.versions", "提交的报告", (Role.AUDITOR,)),
    ("reports.ledger", "效益与成果", DESK),
    ("desk.notices", "通知", DESK),
    ("desk.complaints", "投诉建议", (Role.DISPATCHER, Role.LEADER)),
    ("admin.home", "管理", (Role.ADMIN,)),
    ("admin.log", "日志", (Role.AUDITOR, Role.ADMIN)),
)

#: Pages that have no entry of their own -> the entry under which they stand.
UNDER = {
    **dict.fromkeys(("desk.problem", "desk.search", "desk.record", "desk.menu_link"), "desk.queue"),
    **dict.fromkeys(("desk.take_filing",), "desk.file_menu"),
    **dict.fromkeys(("desk.expert", "desk.add_expert", "desk.loans_page", "desk.expert_link"), "desk.experts"),
    **dict.fromkeys(("desk.enterprise",), "desk.enterprises"),
    **dict.fromkeys(("reports.activity", "reports.plan_activity"), "reports.activities"),
    **dict.fromkeys(("reports.overview", "reports.lines", "reports.brief_template"), "reports.figures"),
    **dict.fromkeys(("reports.versions", "reports.version", "reports.frozen_lines"), "reports.figures"),
    **dict.fromkeys(
        ("reports.ledger_case", "reports.follow_up_list", "desk.cards", "desk.card_draft"), "reports.ledger"
    ),
    **dict.fromkeys(("desk.groups", "desk.group", "desk.leads", "desk.lead", "desk.find_lead"), "reports.ledger"),
    **dict.fromkeys(("admin.accounts", "admin.words", "admin.lexicon", "admin.competence"), "admin.home"),
    **dict.fromkeys(("admin.new_competence", "admin.weights", "admin.try_matcher", "admin.golden"), "admin.home"),
    "admin.replays": "admin.home",
    "expert.offer": "expert.home",
    "expert.case": "expert.home",
}

#: What outlives a case stands side by side under one entry.
OUTCOMES = (
    ("reports.ledger", "效益台账", DESK),
    ("reports.follow_up_list", "复访", DESK),
    ("desk.cards", "解题卡", (*DESK, Role.ADMIN)),
    ("desk.groups", "同类难题", (*DESK, Role.ADMIN)),
    ("desk.leads", "五小线索", DESK),
)

#: Pages about the numbers; an auditor comes as far as what was handed in.
REPORTS = (
    ("reports.figures", "数字", DESK),
    ("reports.versions", "提交的报告", (*DESK, Role.AUDITOR)),
    ("reports.overview", "领导一览", DESK),
)

#: The matcher's own pages, for administrators; auditors recompute proposals.
MATCHER = (
    ("admin.lexicon", "专长词库", (Role.ADMIN,)),
    ("admin.weights", "权重和校准", (Role.ADMIN,)),
    ("admin.try_matcher", "试一试", (Role.ADMIN,)),
    ("admin.golden", "用已办案例检验", (Role.ADMIN,)),
    ("admin.replays", "重算推荐", (Role.ADMIN, Role.AUDITOR)),
)


def init_page(app: Flask) -> None:
    """Give the templates what they ask for."""
    for function in (nav_items, shown_office, large_type, here_with, language, word, vocabulary, motto):
        app.jinja_env.globals[function.__name__] = function
    app.jinja_env.globals["outcome_pages"] = lambda: _open(OUTCOMES)
    app.jinja_env.globals["report_pages"] = lambda: _open(REPORTS)
    app.jinja_env.globals["matcher_pages"] = lambda: _open(MATCHER)
    for name in ("verb", "subject", "facts"):
        app.jinja_env.globals[f"log_{name}"] = getattr(logged, name)
    app.jinja_env.globals["page_help"] = HELPS.__getitem__
    app.jinja_env.globals["form_key"] = once.new_key
    app.jinja_env.filters["word_of"] = lambda code, name: word(name, code)


def nav_items() -> list[Item]:
    """The navigation of who is logged in: (label, address, is it here)."""
    views = current_app.view_functions
    if current_user.is_authenticated and not current_user.has(Role.EXPERT):
        shown = [(name, label) for name, label, roles in MENU if current_user.has(*roles) and name in views]
        here = _entry({name for name, _label in shown})
        return [(_(label), url_for(name), here.get(name, "")) for name, label in shown]
    if current_expert() is not None:
        names = (("expert.home", "我的任务"), ("expert.me", "我的信息"))
        here = _entry({name for name, _label in names})
        return [(_(label), url_for(name), here.get(name, "")) for name, label in names]
    return []


def _entry(shown: set[str]) -> dict[str, str]:
    """The entry of the navigation that this page is, or stands under."""
    here = request.endpoint or ""
    return {here: "page"} if here in shown else {UNDER.get(here, ""): "true"}


def motto(office: Office | None) -> str:
    """What stands over the door; an office that wrote none of its own has the programme's, in the reader's language."""
    said = office.setting("motto") if office is not None else MOTTO
    return _(MOTTO) if said == MOTTO else str(said)


def _open(pages: Iterable[Page]) -> list[tuple[str, str]]:
    """(endpoint, label) of the pages that this reader may open."""
    here = current_app.view_functions
    return [(name, _(label)) for name, label, roles in pages if name in here and current_user.has(*roles)]


def shown_office() -> Office | None:
    """Whose page this is: the office of the account, of the address, or the home office."""
    if "office" not in g:
        g.office = current_user.office if current_user.is_authenticated else home_office()
    found: Office | None = g.office
    return found


def home_office() -> Office | None:
    """The office that strangers see where the address names none."""
    return db.session.scalar(select(Office).filter_by(code=current_app.config["HOME_OFFICE"]))


def large_type() -> bool:
    """Whether the reader switched to large type."""
    return bool(session.get("large_type"))


def here_with(**changes: object) -> str:
    """This page's address with some of its questions changed."""
    asked = {**request.args.to_dict(), **{k: str(v) for k, v in changes.items()}}
    return url_for(request.endpoint or "public.home", **{**(request.view_args or {}), **asked})


def word(vocabulary: str, code: str | None) -> str:
    """A vocabulary's word in the reader's language."""
    return words.word(vocabulary, code, language=language())


def vocabulary(name: str) -> list[tuple[str, str]]:
    """The words of a vocabulary to choose from today, in the reader's language."""
    return words.choices(name, language=language())
