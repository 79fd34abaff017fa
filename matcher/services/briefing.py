"""What an expert may know of a problem: masked before the answer is yes, everything needed after."""

from dataclasses import dataclass

from matcher.models import Dispatch, DispatchState
from matcher.plain.masking import mask_text

AT_WORK = (DispatchState.ACCEPTED, DispatchState.DONE)


@dataclass(frozen=True, slots=True)
class Briefing:
    """The problem as this expert may see it now; contact, phone and address only after accepting."""

    title: str
    text: str
    firm: str
    town: str
    is_open: bool
    contact: str = ""
    phone: str = ""
    address: str = ""


def briefing(asked: Dispatch) -> Briefing:
    """What the expert of a dispatch may see of its problem."""
    problem = asked.problem
    menu, firm = problem.menu, problem.enterprise
    town = menu.town or firm.town
    if asked.state in AT_WORK:
        return Briefing(
            problem.title,
            problem.text,
            firm.name,
            town,
            True,
            contact=menu.contact_name or firm.contact_name or "",
            phone=menu.phone or firm.phone or "",
            address=firm.address or "",
        )
    names = [menu.contact_name or "", firm.contact_name or ""]
    firms = [firm.name, menu.firm_as_written]
    shown = "" if asked.hides_firm else firm.name
    title, text = (mask_text(words, names=names, firms=firms) for words in (problem.title, problem.text))
    return Briefing(title, text, shown, town, False)
