"""The words and offices that an empty installation starts with are in good form."""

import csv
from datetime import date
from pathlib import Path

import pytest

from matcher.models import BenefitKind, DeclineReason, EvidenceGrade, MenuChannel, OfficeLevel, TermsKind, VisitForm
from matcher.services.seed import DATA

HEADER = ["code", "name", "name_en", "level", "line", "bearer", "sort", "valid_from", "valid_to"]
FILES = sorted((DATA / "vocabularies").glob("*.csv"))

#: Vocabularies whose codes the program itself knows.
KNOWN_CODES = {
    "decline_reasons": DeclineReason,
    "terms_kinds": TermsKind,
    "benefit_kinds": BenefitKind,
    "evidence_grades": EvidenceGrade,
    "channels": MenuChannel,
    "visit_forms": VisitForm,
}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def vocabulary(name: str) -> list[dict[str, str]]:
    return rows_of(DATA / "vocabularies" / f"{name}.csv")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_vocabulary_has_the_same_header_and_unique_codes(path: Path) -> None:
    assert path.read_text(encoding="utf-8").splitlines()[0].split(",") == HEADER
    rows = rows_of(path)
    assert rows
    assert len({(row["code"], row["valid_from"]) for row in rows}) == len(rows)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_word_has_both_names_a_rank_and_dates_in_order(path: Path) -> None:
    rows = rows_of(path)
    ranks = [int(row["sort"]) for row in rows]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)
    for row in rows:
        assert row["code"]
        assert row["name"]
        assert row["name_en"]
        first, last = (date.fromisoformat(row[k]) if row[k] else None for k in ("valid_from", "valid_to"))
        assert first is None or last is None or first <= last


@pytest.mark.parametrize("name", KNOWN_CODES)
def test_words_the_program_knows_are_all_there_and_no_others(name: str) -> None:
    assert {row["code"] for row in vocabulary(name)} == {str(code) for code in KNOWN_CODES[name]}


def test_industries_are_the_twenty_sections_and_ninety_seven_divisions() -> None:
    rows = vocabulary("industries")
    sections = {row["code"] for row in rows if row["level"] == "section"}
    divisions = [row for row in rows if row["level"] == "division"]
    assert (len(sections), len(divisions)) == (20, 97)
    assert all(row["line"] in sections for row in divisions)


def test_the_first_tier_has_one_name_on_each_day() -> None:
    for day in ("2026-01-16", "2026-01-17"):
        first = [
            row
            for row in vocabulary("enterprise_tiers")
            if row["level"] == "1" and (row["valid_from"] or day) <= day <= (row["valid_to"] or day)
        ]
        assert len(first) == 1


def test_offices_form_a_tree_with_parents_first() -> None:
    seen: set[str] = set()
    for row in rows_of(DATA / "offices.csv"):
        assert row["code"] not in seen
        assert OfficeLevel(row["level"])
        assert row["parent"] in seen or not seen
        seen.add(row["code"])


def test_every_town_has_its_union_office() -> None:
    offices = {row["code"]: row["short_name"] for row in rows_of(DATA / "offices.csv")}
    assert all(offices[town["code"]] == town["name"] for town in vocabulary("towns"))
