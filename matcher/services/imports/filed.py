"""A file between its dry run and its loading: kept with its report and mapping, loaded, and thrown away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from matcher.db import db, now
from matcher.errors import MatcherError, WrongMove
from matcher.models import Actor, Import, Office, User
from matcher.plain.errors import PlainError
from matcher.plain.tokens import new_token
from matcher.services.attachments import Store
from matcher.services.imports.fields import ImportKind
from matcher.services.imports.menus import plan_menus, write_menus
from matcher.services.imports.outcome import Outcome, RowState
from matcher.services.imports.progress import Progress, unseen
from matcher.services.imports.roster import plan_roster, write_roster
from matcher.services.imports.tables import Table, read_file

#: Up to so many rows the page does the work itself; more are left to the jobs, and the page shows a bar.
AT_ONCE = 2_000
#: A file that nobody loads is thrown away after so many days.
DAYS_KEPT = 2
PLANS: dict[ImportKind, Callable[..., Any]] = {ImportKind.ROSTER: plan_roster, ImportKind.MENUS: plan_menus}
WRITERS: dict[ImportKind, Callable[..., None]] = {ImportKind.ROSTER: write_roster, ImportKind.MENUS: write_menus}


class ImportState(StrEnum):
    """UNMAPPED lacks a column, READ waits for its dry run, CHECKED for the person's word, WAITING and LOADING
    for the jobs."""

    UNMAPPED = "unmapped"
    READ = "read"
    CHECKED = "checked"
    WAITING = "waiting"
    LOADING = "loading"
    LOADED = "loaded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Keeper:
    """Where files are kept, and how what is known so far is saved while the work goes on."""

    store: Store
    save: Callable[[], None]


def keep(office: Office, kind: ImportKind, data: bytes, filename: str, *, store: Store, by: Actor) -> Import:
    """Take a file in: it must be readable, its columns are guessed. Raises BadInput or a SheetError."""
    table = read_file(data, filename, kind)
    filed = Import(
        office=office,
        kind=kind.value,
        filename=filename[-120:],
        key=f"im{new_token()}",
        mapping=table.mapping,
        total=len(table.rows),
        state=ImportState.UNMAPPED.value,
        by_id=by.user.id if by.user else None,
    )
    store.put(filed.key, data)
    db.session.add(filed)
    _begin(filed, table)
    return filed


def read_again(filed: Import, *, store: Store) -> Table:
    """The file with the mapping as it stands."""
    if not store.path(filed.key).exists():
        raise WrongMove("这个文件已经清除，请重新上传。")
    return read_file(store.path(filed.key).read_bytes(), filed.filename, ImportKind(filed.kind), filed.mapping)


def remap(filed: Import, mapping: Mapping[str, str], *, store: Store) -> None:
    """The person says which column holds what; the dry run is made again."""
    _must_be(filed, ImportState.UNMAPPED, ImportState.CHECKED)
    filed.mapping = dict(mapping)
    _begin(filed, read_again(filed, store=store))


def confirm(filed: Import, *, store: Store, by: Actor) -> None:
    """Load what the dry run showed: at once where it is little, else the jobs do it."""
    _must_be(filed, ImportState.CHECKED)
    if filed.total > AT_ONCE:
        filed.state, filed.done = ImportState.WAITING.value, 0
        return
    _load(filed, read_again(filed, store=store), by=by)
    _throw_away(filed, store)


def drop(filed: Import, *, store: Store) -> None:
    """Not wanted after all: the file goes."""
    _must_be(filed, ImportState.UNMAPPED, ImportState.READ, ImportState.CHECKED, ImportState.FAILED)
    _throw_away(filed, store)
    db.session.delete(filed)


def work_off(keeper: Keeper) -> int:
    """What the jobs do: dry runs and loadings of large files, one after the other. Returns how many."""
    states = (ImportState.READ.value, ImportState.WAITING.value)
    waiting = list(db.session.scalars(select(Import).where(Import.state.in_(states)).order_by(Import.id)))
    for filed in waiting:
        _work_on(filed, keeper)
    return len(waiting)


def throw_old_away(*, store: Store) -> int:
    """Files that were looked at and never loaded do not stay: they are full of telephone numbers."""
    idle = (ImportState.UNMAPPED, ImportState.READ, ImportState.CHECKED, ImportState.FAILED)
    states = [state.value for state in idle]
    query = select(Import).where(Import.state.in_(states), Import.made_at < now() - timedelta(days=DAYS_KEPT))
    old = list(db.session.scalars(query))
    for filed in old:
        drop(filed, store=store)
    return len(old)


def _work_on(filed: Import, keeper: Keeper) -> None:
    """One file, with its progress saved while it is read; the writing itself is one transaction."""
    filed_id = filed.id

    def show(done: int, total: int) -> None:
        filed.done = done
        keeper.save()

    try:
        table = read_again(filed, store=keeper.store)
        if filed.state == ImportState.READ.value:
            _dry_run(filed, table, progress=show)
        else:
            filed.state = ImportState.LOADING.value
            _load(filed, table, by=_who(filed), progress=show)
            _throw_away(filed, keeper.store)
    except (MatcherError, PlainError) as error:
        db.session.rollback()
        filed = db.session.get_one(Import, filed_id)
        _fail(filed, str(error))
    keeper.save()


def _begin(filed: Import, table: Table) -> None:
    """The dry run: at once where it is little, else the jobs do it; not before every needed column is known."""
    filed.report, filed.done, filed.total = [], 0, len(table.rows)
    filed.state = ImportState.UNMAPPED.value if table.missing else ImportState.READ.value
    if not table.missing and filed.total <= AT_ONCE:
        _dry_run(filed, table)


def _dry_run(filed: Import, table: Table, *, progress: Progress = unseen) -> None:
    plan = PLANS[ImportKind(filed.kind)](filed.office, table.rows, progress=progress)
    filed.state, filed.report = ImportState.CHECKED.value, plan.outcome.plain()
    filed.done, filed.total = len(table.rows), len(table.rows)


def _load(filed: Import, table: Table, *, by: Actor, progress: Progress = unseen) -> None:
    kind = ImportKind(filed.kind)
    plan = PLANS[kind](filed.office, table.rows, progress=progress)
    WRITERS[kind](plan, by=by)
    filed.report, filed.done = plan.outcome.plain(), len(table.rows)
    filed.state, filed.loaded_at = ImportState.LOADED.value, now()


def _fail(filed: Import, sentence: str) -> None:
    outcome = Outcome()
    outcome.say(0, RowState.ERROR, "", sentence)
    filed.state, filed.report = ImportState.FAILED.value, outcome.plain()


def _throw_away(filed: Import, store: Store) -> None:
    store.path(filed.key).unlink(missing_ok=True)


def _who(filed: Import) -> Actor:
    return Actor(user=db.session.get(User, filed.by_id) if filed.by_id is not None else None)


def _must_be(filed: Import, *states: ImportState) -> None:
    if ImportState(filed.state) not in states:
        raise WrongMove("这个文件已经导入或正在导入。")
