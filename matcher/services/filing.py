"""A menu filed by staff for somebody who telephones, is visited, or was named by the leadership."""

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.models import Actor, Enterprise, Menu, MenuChannel, Office
from matcher.services import enterprises, menus, prefill, problems, proposals


@dataclass(frozen=True, slots=True)
class Filing:
    """What the caller said: the whole text and its problems, and who can be called back."""

    text: str
    items: Sequence[str]
    channel: MenuChannel
    phone: str = ""
    contact: str = ""
    town: str = ""
    urgency: str = "normal"
    risks: Sequence[str] = ()


def caller_of(office: Office, name: str, filing: Filing, *, by: Actor, uscc: str = "") -> Enterprise:
    """The enterprise that calls: the known one of this very name or code, else a new line of the register."""
    known = enterprises.same_firm(office, name, uscc or None)
    if known is not None:
        return known
    return enterprises.register(
        office,
        name,
        by=by,
        phone=filing.phone or None,
        uscc=uscc or None,
        town=filing.town,
        contact_name=filing.contact or None,
    )


def file_menu(office: Office, enterprise: Enterprise, filing: Filing, *, by: Actor, accepted: bool = False) -> Menu:
    """Post the menu for the caller; `accepted` takes its problems on in the same breath."""
    items = [
        prefill.told(text, urgency=filing.urgency, risks=filing.risks, industry=enterprise.industry)
        for text in filing.items
    ]
    menu = menus.post_menu(
        office,
        enterprise,
        items,
        text=filing.text,
        channel=filing.channel,
        by=by,
        phone=filing.phone or None,
        contact_name=filing.contact,
        town=filing.town,
    )
    if accepted:
        for problem in menu.problems:
            problems.accept(problem, by=by)
            proposals.propose_experts(problem)
    return menu
