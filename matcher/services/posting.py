"""A menu from outside: from a stranger's form to a menu, without telling the stranger who is known here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcher.models import Actor, EnterpriseState, Menu, MenuChannel, Office
from matcher.plain.uscc import check_uscc
from matcher.services import enterprises, links, menus, prefill


@dataclass(frozen=True, slots=True)
class Posting:
    """What was typed: the whole text, its problems, and who can be called."""

    text: str
    items: Sequence[str]
    firm: str
    phone: str
    channel: MenuChannel
    contact: str = ""
    uscc: str = ""
    town: str = ""
    urgency: str = "normal"
    risks: Sequence[str] = ()


def post_from_outside(office: Office, posting: Posting, *, by: Actor) -> tuple[Menu, str]:
    """Post the menu and mint its follow link. Returns (menu, token).

    The enterprise is always a NEW one here: the desk ties it to a known one, so that nobody learns from the form
    who is known, and nobody hangs a menu on a firm that is not theirs.
    """
    enterprise = enterprises.register(
        office,
        posting.firm,
        by=by,
        state=EnterpriseState.NEW,
        phone=posting.phone,
        uscc=check_uscc(posting.uscc) if posting.uscc.strip() else None,
        town=posting.town,
        contact_name=posting.contact or None,
    )
    items = [prefill.told(text, urgency=posting.urgency, risks=posting.risks) for text in posting.items]
    menu = menus.post_menu(
        office,
        enterprise,
        items,
        text=posting.text,
        channel=posting.channel,
        by=replace(by, enterprise=enterprise),
        phone=posting.phone,
        contact_name=posting.contact,
        firm_as_written=posting.firm,
        town=posting.town,
    )
    return menu, links.mint_for_menu(menu)
