"""Accounts: add, hats, new first password, open and close."""

import secrets

from flask import current_app, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matcher.access.doors import account_for, office_for, visible_offices, visible_users
from matcher.access.rights import Right, require
from matcher.db import db
from matcher.models import Office, Role, User
from matcher.services import accounts as service
from matcher.web import once
from matcher.web.admin.blueprint import bp
from matcher.web.gates import actor, staff


@bp.get("/accounts")
def accounts() -> str:
    """Everybody of the subtree."""
    user = staff()
    require(user, Right.MANAGE_USERS, user.office)
    users = db.session.scalars(visible_users(user).order_by(User.office_id, User.login)).all()
    offices = db.session.scalars(visible_offices(user).order_by(Office.code)).all()
    roles = [role for role in Role if role is not Role.EXPERT]
    return render_template("admin/accounts.html", users=users, offices=offices, roles=roles)


@bp.post("/accounts")
def add_account() -> Response:
    """A new account; its first password is shown once and must be changed."""
    if (before := once.taken_before()) is not None:
        return before
    office = office_for(staff(), request.form.get("office", 0, type=int))
    require(staff(), Right.MANAGE_USERS, office)
    first = _first_password()
    roles = [Role(role) for role in request.form.getlist("roles")]
    service.check_separation(set(roles))
    service.add_account(
        office,
        name=request.form.get("name", "")[:50],
        login=request.form.get("login", "")[:50],
        email=request.form.get("email", "")[:120] or None,
        password=first,
        roles=roles,
        hasher=current_app.extensions["hasher"],
        by=actor(),
    )
    flash(_("账号已添加。首次密码：%(first)s（只显示这一次，请转告本人）", first=first))
    return once.done(url_for(".accounts"))


@bp.post("/accounts/<int:user_id>/roles")
def set_roles(user_id: int) -> Response:
    """Put on and take off hats."""
    user = _managed(user_id)
    service.set_roles(user, [Role(role) for role in request.form.getlist("roles")], by=actor())
    flash(_("角色已保存。"))
    return once.done(url_for(".accounts"))


@bp.post("/accounts/<int:user_id>/password")
def reset_password(user_id: int) -> Response:
    """A new first password, shown once."""
    user, first = _managed(user_id), _first_password()
    service.reset_password(user, first, hasher=current_app.extensions["hasher"], by=actor())
    flash(_("新的首次密码：%(first)s（只显示这一次，请转告本人）", first=first))
    return once.done(url_for(".accounts"))


@bp.post("/accounts/<int:user_id>/active")
def set_active(user_id: int) -> Response:
    """Open or close the account."""
    service.set_active(_managed(user_id), request.form.get("active") == "yes", by=actor())
    flash(_("已保存。"))
    return once.done(url_for(".accounts"))


def _managed(user_id: int) -> User:
    user = account_for(staff(), user_id)
    require(staff(), Right.MANAGE_USERS, user)
    return user


def _first_password() -> str:
    return f"Dj-{secrets.token_urlsafe(9)}7"
