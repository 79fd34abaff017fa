"""Lost links: sent again or revoked, for an enterprise's menu and for an expert."""

from typing import Any

from flask import current_app, flash, render_template, url_for
from flask_babel import gettext as _

from matcher.access.doors import expert_for, menu_for
from matcher.access.rights import Right, require
from matcher.db import db
from matcher.models import Expert, Menu
from matcher.services import links
from matcher.services.history import record
from matcher.web import once
from matcher.web.desk.blueprint import bp
from matcher.web.desk.notices import shown
from matcher.web.gates import actor, staff


@bp.get("/menus/<int:menu_id>/link")
def menu_link(menu_id: int) -> str:
    """What a follow link is, and the buttons."""
    return _page(_menu(menu_id))


@bp.post("/menus/<int:menu_id>/link")
def mint_menu_link(menu_id: int) -> str:
    """A fresh follow link, told once."""
    menu = _menu(menu_id)
    return _minted(menu, f"/f/{links.mint_for_menu(menu)}", _("点这里查看您的难题办到哪一步："))


@bp.post("/menus/<int:menu_id>/link/revoke")
def revoke_menu_link(menu_id: int) -> Any:
    """End every link of the menu."""
    return _revoked(_menu(menu_id), "desk.menu_link", menu_id=menu_id)


@bp.get("/experts/<int:expert_id>/link")
def expert_link(expert_id: int) -> str:
    """What a personal link is, and the buttons."""
    return _page(_expert(expert_id))


@bp.post("/experts/<int:expert_id>/link")
def mint_expert_link(expert_id: int) -> str:
    """A fresh personal link, told once."""
    expert = _expert(expert_id)
    return _minted(expert, f"/e/{links.mint_for_expert(expert)}", _("点这里查看工会请您帮忙的难题："))


@bp.post("/experts/<int:expert_id>/link/revoke")
def revoke_expert_link(expert_id: int) -> Any:
    """End every link of the expert."""
    return _revoked(_expert(expert_id), "desk.expert_link", expert_id=expert_id)


def _menu(menu_id: int) -> Menu:
    menu = menu_for(staff(), menu_id)
    require(staff(), Right.HANDLE, menu)
    return menu


def _expert(expert_id: int) -> Expert:
    expert = expert_for(staff(), expert_id)
    require(staff(), Right.ROSTER, expert)
    return expert


def _page(thing: Menu | Expert) -> str:
    is_menu = isinstance(thing, Menu)
    return render_template("desk/link.html", thing=thing, kind="menu" if is_menu else "expert")


def _minted(thing: Menu | Expert, path: str, words: str) -> str:
    record(actor(), "link.mint", thing)
    db.session.commit()
    text = f"{words}\n{current_app.config['BASE_URL']}{path}"
    return render_template("desk/handed.html", notice=None, subject=_("个人链接"), **shown(text))


def _revoked(thing: Menu | Expert, endpoint: str, **where: Any) -> Any:
    links.revoke_links(thing, by=actor())
    flash(_("以前发出的链接都已作废。"))
    return once.done(url_for(endpoint, **where))
