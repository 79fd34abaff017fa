"""Personal links: unguessable, kept as hashes, expiring, revocable, and minted again when one is lost."""

from datetime import timedelta

from sqlalchemy import select, update

from matcher.db import db, now
from matcher.errors import NotFound
from matcher.models import Actor, Expert, ExpertState, Menu, PersonalLink
from matcher.plain.tokens import hash_token, new_token
from matcher.services.history import record

#: A follow link outlives the last follow-up, twelve months after the case.
DAYS = 400


def mint_for_menu(menu: Menu) -> str:
    """A new follow link for the enterprise that posted the menu; the token is told once and never again."""
    return _mint(menu_id=menu.id)


def mint_for_expert(expert: Expert) -> str:
    """A new link to the expert's own pages."""
    return _mint(expert_id=expert.id)


def open_link(token: str) -> PersonalLink:
    """The live link with this token, or NotFound (a wrong, ended and unknown link look the same)."""
    link = db.session.scalar(select(PersonalLink).filter_by(token_hash=hash_token(token)))
    if link is None or not link.is_live(now()):
        raise NotFound("这个链接无效或已过期，请联系工会重新发送。")
    return link


def live_link(link_id: int) -> PersonalLink | None:
    """The link with this id if it still opens (a session remembers the id, not the token)."""
    link = db.session.get(PersonalLink, link_id)
    return link if link is not None and link.is_live(now()) else None


def expert_of(link: PersonalLink) -> Expert | None:
    """The expert whose link it is, unless they left the roster."""
    expert = db.session.get(Expert, link.expert_id) if link.expert_id is not None else None
    return expert if expert is not None and expert.state is not ExpertState.LEFT else None


def menu_behind(token: str) -> Menu:
    """The menu whose follow link this is."""
    link = open_link(token)
    menu = db.session.get(Menu, link.menu_id) if link.menu_id is not None else None
    if menu is None:
        raise NotFound("这个链接无效或已过期，请联系工会重新发送。")
    return menu


def revoke_links(thing: Menu | Expert, *, by: Actor) -> None:
    """End every link of the menu or the expert at once."""
    column = PersonalLink.menu_id if isinstance(thing, Menu) else PersonalLink.expert_id
    db.session.execute(
        update(PersonalLink).where(column == thing.id, PersonalLink.revoked_at.is_(None)).values(revoked_at=now())
    )
    record(by, "link.revoke", thing)


def _mint(**target: int) -> str:
    token = new_token()
    moment = now()
    db.session.add(
        PersonalLink(
            token_hash=hash_token(token),
            created_at=moment,
            expires_at=moment + timedelta(days=DAYS),
            **target,
        )
    )
    return token
