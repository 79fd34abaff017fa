"""Solution cards: solved cases without names, released by the office, shown to the next with the same trouble."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select

from matcher.db import db, now
from matcher.errors import BadInput, NotFound, WrongMove
from matcher.matching import Need
from matcher.matching.alike import likest
from matcher.models import Actor, Case, Office, Outcome, Problem, SolutionCard
from matcher.plain.masking import mask_text
from matcher.services.history import record
from matcher.services.lexicon import current_lexicon


def draft(case: Case) -> dict[str, str]:
    """What a card would say: the case without names, phones and firms, for the office to read and release."""
    problem, enterprise = case.problem, case.problem.enterprise
    names = [expert.name for expert in case.experts] + [enterprise.contact_name or ""]
    firms = [enterprise.name, problem.menu.firm_as_written]

    def without_names(text: str) -> str:
        return mask_text(text, names=names, firms=firms)

    return {
        "title": without_names(problem.title),
        "problem": without_names(problem.text),
        "cause": without_names("\n".join(d.cause for d in case.diagnoses)),
        "measures": without_names("\n".join(f.measures for f in case.fixes)),
        "verification": without_names("\n".join(f.verification for f in case.fixes)),
    }


def release(case: Case, texts: dict[str, str], *, by: Actor) -> SolutionCard:
    """Release a card of a solved case, in the words the office has read."""
    if case.outcome is not Outcome.SOLVED:
        raise WrongMove("只有已解决的服务单可以做成解决卡片。")
    if not texts.get("title", "").strip() or not texts.get("measures", "").strip():
        raise BadInput("请填写标题和措施。", field="title")
    card = card_of(case)
    if card is None:
        card = SolutionCard(case=case, office=case.problem.office, **draft(case))
        db.session.add(card)
    for name in draft(case):
        setattr(card, name, texts.get(name, getattr(card, name)).strip())
    card.industry, card.problem_kind = case.problem.industry, case.problem.problem_kind
    card.released_at, card.withdrawn_at = now(), None
    card.released_by_id = by.user.id if by.user else None
    record(by, "card.release", case, problem=case.problem.number)
    return card


def withdraw(card: SolutionCard, *, by: Actor) -> None:
    """Show the card no longer."""
    card.withdrawn_at = now()
    record(by, "card.withdraw", card)


def card_of(case: Case) -> SolutionCard | None:
    """The card of a case, shown or withdrawn."""
    return db.session.scalar(select(SolutionCard).filter_by(case_id=case.id))


def said_in_card(query: Select[SolutionCard], words: str) -> Select[SolutionCard]:
    """Narrowed to cards that say the words."""
    places = (SolutionCard.title, SolutionCard.problem, SolutionCard.cause, SolutionCard.measures)
    return query.where(or_(*(place.icontains(words, autoescape=True) for place in places))) if words else query


def said_in_case(query: Select[Case], words: str) -> Select[Case]:
    """Narrowed to cases whose problem says the words."""
    if not words:
        return query
    places = (Problem.title, Problem.text, Problem.number)
    return query.join(Problem).where(or_(*(place.icontains(words, autoescape=True) for place in places)))


def released(office: Office, *, limit: int) -> list[SolutionCard]:
    """Cards that the office and those above it show, newest first."""
    return list(_shown(office)[:limit])


def alike(office: Office, text: str, *, limit: int) -> list[SolutionCard]:
    """Cards of troubles of one kind with this text, the likest first; below, silence is better."""
    shown = _shown(office)
    if not shown or not text.strip():
        return []
    by_id = {str(card.id): card for card in shown}
    needs = [Need(str(card.id), card.problem, title=card.title) for card in shown]
    found = likest(Need("text", text), needs, current_lexicon())
    return [by_id[card_id] for card_id, _likeness in found[:limit]]


def nearest(problem: Problem, *, limit: int) -> list[SolutionCard]:
    """Cards for a problem that still waits."""
    return alike(problem.office, problem.text, limit=limit)


def shown_card(problem: Problem, card_id: int) -> SolutionCard:
    """A card that is shown for the problem's office, or NotFound."""
    for card in _shown(problem.office):
        if card.id == card_id:
            return card
    raise NotFound("没有找到这张解决卡片。")


def _shown(office: Office) -> Sequence[SolutionCard]:
    query = (
        select(SolutionCard)
        .join(Office, SolutionCard.office_id == Office.id)
        .where(
            SolutionCard.withdrawn_at.is_(None),
            or_(Office.path.startswith(office.path), Office.id.in_(office.ancestor_ids)),
        )
    )
    return db.session.scalars(query.order_by(SolutionCard.id.desc()).limit(500)).all()
