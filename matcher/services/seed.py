"""What an empty installation starts with: the vocabularies and the tree of offices, from data files."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import select

from matcher.db import db
from matcher.models import Office, OfficeLevel, Term

DATA = Path(__file__).resolve().parent.parent / "data"


def load_words() -> int:
    """Load the vocabularies that are not there yet; what was edited stays. Returns how many words."""
    known = set(db.session.scalars(select(Term.vocabulary).distinct()))
    added = 0
    for path in sorted((DATA / "vocabularies").glob("*.csv")):
        if path.stem not in known:
            words = [_term(path.stem, row) for row in _rows(path)]
            db.session.add_all(words)
            added += len(words)
    return added


def load_offices() -> int:
    """Load the offices that are not there yet, parents first. Returns how many."""
    known = {office.code: office for office in db.session.scalars(select(Office))}
    added = 0
    for row in _rows(DATA / "offices.csv"):
        if row["code"] not in known:
            known[row["code"]] = add_office(
                row["code"],
                row["name"],
                row["short_name"],
                OfficeLevel(row["level"]),
                parent=known.get(row["parent"]),
            )
            added += 1
    return added


def add_office(code: str, name: str, short_name: str, level: OfficeLevel, *, parent: Office | None) -> Office:
    """One more office in the tree; its path names the ids from the root."""
    office = Office(code=code, name=name, short_name=short_name, level=level, parent=parent, settings={})
    db.session.add(office)
    db.session.flush()
    office.path = f"{parent.path if parent else '/'}{office.id}/"
    return office


def _term(vocabulary: str, row: dict[str, str]) -> Term:
    return Term(
        vocabulary=vocabulary,
        code=row["code"],
        name=row["name"],
        name_en=row["name_en"],
        level=row["level"],
        line=row["line"],
        bearer=row["bearer"],
        sort=int(row["sort"]),
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
