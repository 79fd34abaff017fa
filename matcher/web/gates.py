"""The gate of every blueprint: who may come in at all. The doors decide about the things inside."""

from collections.abc import Callable
from typing import NoReturn

from flask import Blueprint, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from matcher.errors import NotAllowed
from matcher.models import Actor, Expert, Role, User
from matcher.services import links

Gate = Callable[[], Response | None]


def anyone() -> Gate:
    """Open to strangers, said out loud."""

    def gate() -> None:
        return None

    return gate


def only(*roles: Role) -> Gate:
    """Accounts that wear one of these hats; strangers are sent to log in and come back."""

    def gate() -> Response | None:
        if not current_user.is_authenticated:
            return redirect(url_for("auth.login", next=request.full_path.rstrip("?")))
        if not current_user.has(*roles):
            raise NotAllowed("您的账号没有这项权限。")
        return None

    return gate


def an_expert() -> Gate:
    """An expert, by personal link or by account."""

    def gate() -> Response | None:
        if current_expert() is None:
            return redirect(url_for("auth.login", next=request.full_path.rstrip("?")))
        return None

    return gate


def put_gate(blueprint: Blueprint, gate: Gate) -> None:
    """Set the gate beside its blueprint; a test sees that none is missing."""
    blueprint.before_request(gate)
    blueprint.gate = gate  # type: ignore[attr-defined]


def current_expert() -> Expert | None:
    """The expert whose link this browser opened, or whose account is logged in."""
    link_id = session.get("expert_link")
    if link_id is not None:
        link = links.live_link(link_id)
        if link is not None and link.expert_id is not None:
            return links.expert_of(link)
        session.pop("expert_link")
    if current_user.is_authenticated and current_user.expert is not None:
        expert: Expert = current_user.expert
        return expert
    return None


def acting_expert() -> Expert:
    """The expert behind this request; the gate has let nobody else in."""
    expert = current_expert()
    if expert is None:
        _stop()
    return expert


def staff() -> User:
    """The member of staff behind this request; the gate has let nobody else in."""
    if not current_user.is_authenticated:
        _stop()
    user: User = current_user._get_current_object()
    return user


def actor() -> Actor:
    """The member of staff as an actor for the services."""
    return Actor(user=staff(), address=request.remote_addr)


def expert_actor() -> Actor:
    """The expert as an actor for the services."""
    return Actor(expert=acting_expert(), address=request.remote_addr)


def _stop() -> NoReturn:
    raise NotAllowed("请先登录。")
