"""A ledger of menus: every row compared with what was posted already, then posted as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from matcher.db import db
from matcher.errors import BadInput
from matcher.models import Actor, Enterprise, Menu, MenuChannel, Office
from matcher.plain.errors import PlainError
from matcher.plain.names import firm_key
from matcher.services import enterprises, menus, prefill
from matcher.services.history import record
from matcher.services.imports.cells import text_of
from matcher.services.imports.menu_rows import Posting, read_posting
from matcher.services.imports.outcome import Outcome, RowState
from matcher.services.imports.progress import Progress, in_batches, unseen
from matcher.services.imports.rows import Row

Key = tuple[str, ...]


@dataclass(slots=True)
class MenusPlan:
    """What loading would do: the report, and the menus that would be posted."""

    office: Office
    outcome: Outcome = field(default_factory=Outcome)
    new: list[Posting] = field(default_factory=list)


def plan_menus(office: Office, rows: Sequence[Row], *, progress: Progress = unseen) -> MenusPlan:
    """Read every row and compare it with the menus of the office and the rows above it; nothing is written."""
    plan = MenusPlan(office)
    seen: dict[Key, int] = dict.fromkeys(_posted_already(office), 0)
    for batch in in_batches(rows, progress):
        for row in batch:
            try:
                _place(plan, read_posting(row), seen)
            except (BadInput, PlainError) as error:
                plan.outcome.say(row.number, RowState.ERROR, text_of(row.get("firm"))[:40], str(error))
    return plan


def write_menus(plan: MenusPlan, *, by: Actor, progress: Progress = unseen) -> None:
    """Post what the plan says within the caller's transaction: all of it or, if it is rolled back, nothing."""
    register = _Register(plan.office, by)
    for batch in in_batches(plan.new, progress):
        for posting in batch:
            _post(posting, register.firm_of(posting), by=by)
    record(by, "import.menus", office=plan.office, counts=plan.outcome.counts)


def _place(plan: MenusPlan, posting: Posting, seen: dict[Key, int]) -> None:
    keys = _keys(firm_key(posting.firm), posting.text, posting.external_id)
    earlier = next((seen[key] for key in keys if key in seen), None)
    if earlier is not None:
        told = f"与第 {earlier} 行重复。" if earlier else "这份菜单已经提交过。"
        plan.outcome.say(posting.row, RowState.THERE, posting.firm, told)
        return
    seen.update(dict.fromkeys(keys, posting.row))
    plan.new.append(posting)
    told = f"拆分为 {len(posting.items)} 个难题。" if len(posting.items) > 1 else ""
    plan.outcome.say(posting.row, RowState.ADDED, posting.firm, told)


def _keys(firm: str, text: str, external_id: str | None) -> list[Key]:
    by_text: Key = ("text", firm, "".join(text.split()))
    return [("id", external_id), by_text] if external_id else [by_text]


def _posted_already(office: Office) -> list[Key]:
    query = (
        select(Enterprise.name_key, Menu.text, Menu.external_id)
        .join(Enterprise, Menu.enterprise_id == Enterprise.id)
        .where(Menu.office_id == office.id)
    )
    return [key for row in db.session.execute(query) for key in _keys(*row)]


def _post(posting: Posting, firm: Enterprise, *, by: Actor) -> None:
    menus.post_menu(
        firm.office,
        firm,
        [prefill.filled(item, industry=firm.industry) for item in posting.items],
        text=posting.text,
        channel=MenuChannel.IMPORT,
        by=by,
        phone=posting.phone or None,
        contact_name=posting.contact_name,
        firm_as_written=posting.firm,
        town=posting.town,
        external_id=posting.external_id or None,
        posted_at=posting.posted_at,
    )


class _Register:
    """The enterprises of the office while many are looked up: known ones are found, new ones put down once."""

    def __init__(self, office: Office, by: Actor) -> None:
        self.office, self.by = office, by
        self.known = enterprises.known_firms(office)

    def firm_of(self, posting: Posting) -> Enterprise:
        """The enterprise of a posting."""
        known = self.known.get(firm_key(posting.firm))
        firm = db.session.get(Enterprise, known) if known is not None else None
        if firm is None and posting.uscc:
            firm = enterprises.same_firm(self.office, posting.firm, posting.uscc)
        if firm is None:
            firm = self._put_down(posting)
        self.known[firm_key(posting.firm)] = firm.id
        return firm

    def _put_down(self, posting: Posting) -> Enterprise:
        return enterprises.register(
            self.office,
            posting.firm,
            by=self.by,
            phone=posting.phone or None,
            uscc=posting.uscc or None,
            industry=posting.industry,
            town=posting.town,
            contact_name=posting.contact_name or None,
            is_sample=posting.is_sample,
        )
