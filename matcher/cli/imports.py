"""Rosters and ledgers of menus from the command line: as a whole, or with a clear sentence and no trace."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from matcher.cli.accounts import office_of
from matcher.db import db
from matcher.errors import MatcherError
from matcher.models import Actor
from matcher.plain.errors import PlainError
from matcher.services.imports.fields import ImportKind, by_label, labels
from matcher.services.imports.menus import plan_menus, write_menus
from matcher.services.imports.outcome import Outcome
from matcher.services.imports.progress import Progress
from matcher.services.imports.roster import plan_roster, write_roster
from matcher.services.imports.tables import Table, read_file

#: So many rows that are wrong are printed one by one.
MOST_PRINTED = 20
COUNTS = "新增 {added}，更新 {changed}，已有 {there}，有错 {error}。"


def _options(command: Callable) -> Callable:
    """What both commands take."""
    command = click.argument("file", type=click.Path(path_type=Path))(command)
    command = click.option("--office", "code", required=True, help="工会组织代码，如 320923")(command)
    command = click.option("--dry-run", is_flag=True, help="只检查，不导入")(command)
    command = click.option("--skip-errors", is_flag=True, help="跳过有错的行，导入其余各行")(command)
    return click.option("--map", "pairs", multiple=True, metavar="字段=列", help="指定列的对应，可多次使用")(command)


@click.command("import-roster")
@_options
@with_appcontext
def import_roster(**options: Any) -> None:
    """Load a roster of experts (.xlsx, .xls, .csv or JSON lines)."""
    _run(ImportKind.ROSTER, plan_roster, write_roster, **options)


@click.command("import-menus")
@_options
@with_appcontext
def import_menus(**options: Any) -> None:
    """Load a ledger of menus (.xlsx, .xls, .csv or JSON lines)."""
    _run(ImportKind.MENUS, plan_menus, write_menus, **options)


def _run(
    kind: ImportKind,
    plan_rows: Callable,
    write: Callable,
    *,
    file: Path,
    code: str,
    dry_run: bool,
    skip_errors: bool,
    pairs: Sequence[str],
) -> None:
    office = office_of(code)
    with _clear_sentences():
        table = _table_of(file, kind, pairs)
        _print_mapping(table, kind)
        with _bar("检查") as progress:
            plan = plan_rows(office, table.rows, progress=progress)
        _print_report(plan.outcome)
        if dry_run:
            return
        if plan.outcome.errors and not skip_errors:
            raise click.ClickException("文件未导入。请改正后重试，或加 --skip-errors 跳过有错的行。")
        with _bar("导入") as progress:
            write(plan, by=Actor.system(), progress=progress)
        db.session.commit()
    click.echo("已导入。")


def _table_of(file: Path, kind: ImportKind, pairs: Sequence[str]) -> Table:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise click.ClickException(f"打不开文件 {file}。") from error
    table = read_file(data, file.name, kind)
    if not pairs:
        return table
    return read_file(data, file.name, kind, {**table.mapping, **_mapping(kind, pairs)})


def _mapping(kind: ImportKind, pairs: Sequence[str]) -> dict[str, str]:
    """字段=列, where the field is named by its label (姓名) or its code (name)."""
    known = by_label(kind)
    found = {}
    for pair in pairs:
        name, _, column = (part.strip() for part in pair.partition("="))
        if name not in known:
            raise click.ClickException(f"没有字段“{name}”。可用的字段：{'、'.join(labels(kind).values())}。")
        found[known[name]] = column
    return found


def _print_mapping(table: Table, kind: ImportKind) -> None:
    named = labels(kind)
    click.echo("列的对应：" + "，".join(f"{named[name]}←{column}" for name, column in table.mapping.items()))


def _print_report(outcome: Outcome) -> None:
    for line in outcome.errors[:MOST_PRINTED]:
        click.echo(f"第 {line.row} 行 {line.name}：{line.sentence}", err=True)
    if len(outcome.errors) > MOST_PRINTED:
        click.echo(f"……另有 {len(outcome.errors) - MOST_PRINTED} 行有错。", err=True)
    click.echo(COUNTS.format(**outcome.counts))


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    """A progress bar that learns its length with the first step."""
    with click.progressbar(length=1, label=label) as bar:

        def show(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield show


@contextmanager
def _clear_sentences() -> Iterator[None]:
    """What went wrong in one sentence, exit code 1, and nothing written."""
    try:
        yield
    except (MatcherError, PlainError) as error:
        db.session.rollback()
        raise click.ClickException(str(error)) from error
