"""The demo's content is consistent in itself and adds up to the figures of the county's newsletter."""

import csv
import json
import re
from collections import Counter
from functools import cache
from math import prod
from pathlib import Path
from typing import Any

import pytest

import matcher
from matcher.plain.phones import normalise
from matcher.plain.uscc import check_uscc
from matcher.plain.wording import hedge

ROOT = Path(matcher.__file__).parent
Row = dict[str, Any]

#: Target states of open problems that count as solved in the figures.
SOLVED_STATES = ("awaiting", "unanswered", "card", "phone")
#: States in which the expert named has work in hand today.
AT_WORK = (
    *("offered", "declined_offered", "terms", "opened", "visit_planned", "visit_moved", "no_show"),
    *("diagnosed", "fixed"),
)
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")


@cache
def content(name: str) -> list[Row]:
    lines = (ROOT / "demo" / "content" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@cache
def keys(name: str) -> set[str]:
    return {row["key"] for row in content(name)}


@cache
def words(vocabulary: str) -> set[str]:
    with (ROOT / "data" / "vocabularies" / f"{vocabulary}.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"] for row in csv.DictReader(lines)}


@cache
def towns() -> set[str]:
    with (ROOT / "data" / "vocabularies" / "towns.csv").open(encoding="utf-8", newline="") as lines:
        return {row["name"] for row in csv.DictReader(lines)} | {""}


def problems() -> list[Row]:
    return content("solved") + content("open")


def experts_of(row: Row) -> list[str]:
    declined = [decline["expert"] for decline in row.get("declines", [])]
    named = [row.get("lead"), row.get("expert"), row.get("second_expert"), *row.get("members", []), *declined]
    return [key for key in named if key is not None]


@pytest.mark.parametrize("name", ["experts", "enterprises", "solved", "open", "activities", "complaints", "call_notes"])
def test_every_line_has_a_key_of_its_own(name: str) -> None:
    assert len(keys(name)) == len(content(name))


def test_every_reference_leads_somewhere() -> None:
    for row in problems():
        assert row["enterprise"] in keys("enterprises")
        assert set(experts_of(row)) <= keys("experts")
    for row in content("activities"):
        assert set(row["experts"]) <= keys("experts")
        assert set(row["enterprises"]) <= keys("enterprises")
    for row in content("call_notes"):
        assert row["problem"] in keys("solved") | keys("open")
    for row in content("open"):
        assert row.get("card_of") in keys("solved") | {None}
        assert row.get("duplicate_of") in keys("open") | {None}


def test_every_code_is_a_word_of_its_vocabulary() -> None:
    for row in problems():
        assert row["channel"] in words("channels")
        assert row["reporting_kind"] in words("reporting_kinds") | {None}
        assert row["problem_kind"] in words("problem_kinds") | {None}
        assert row["urgency"] in words("urgencies")
        assert set(row["site_risks"]) <= words("site_risks")
        assert row["industry"] in words("industries")
        for decline in row.get("declines", []):
            assert decline["reason"] in words("decline_reasons")
    for expert in content("experts"):
        assert {honour["code"] for honour in expert["honours"]} <= words("honours")
        assert expert["skill_grade"] in words("skill_grades") | {None}
        assert set(expert["industries"]) <= words("industries")
        assert expert["town"] in towns()
    for firm in content("enterprises"):
        assert firm["tier"] in words("enterprise_tiers") | {None}
        assert firm["size"] in words("enterprise_sizes") | {None}
        assert firm["town"] in towns()
    assert {row["kind"] for row in content("activities")} <= words("activity_kinds")
    assert {row["kind"] for row in content("complaints")} <= words("complaint_kinds")


def test_what_is_made_up_says_so_and_can_be_called_nowhere() -> None:
    for row in content("experts") + content("enterprises"):
        assert row["sample"] == ("示例" in row["name"])
        assert (row["phone"] is not None) == row["sample"]
        if row["sample"]:
            assert normalise(row["phone"]).startswith("1990000")
    for firm in content("enterprises"):
        assert firm["uscc"] is None or check_uscc(firm["uscc"]) == firm["uscc"]
        assert (firm["uscc"] is None) == (not firm["sample"])


def test_published_people_and_firms_appear_with_published_facts_only() -> None:
    published = [row for row in problems() if not row["sample"]]
    assert len(published) == 4
    for row in published:
        assert row["benefits"] == []
        assert row["confirm"] == {"via": "unanswered"}
        assert (row["persons"], row["attendances"]) == (0, 0)
        assert not re.search(r"\d", row["text"] + row["measures"] + row["verification"])
    real = {row["key"] for row in content("experts") + content("enterprises") if not row["sample"]}
    assert len(real) == 7
    for row in problems():
        if row["sample"]:
            assert not real & {row["enterprise"], *experts_of(row)}
    for row in content("activities"):
        assert not real & {*row["experts"], *row["enterprises"]}


def test_the_story_runs_forward() -> None:
    start = json.loads((ROOT / "demo" / "content" / "texts.json").read_text(encoding="utf-8"))["started_days_ago"]
    for row in content("solved"):
        last_visit = max(visit["after"] for visit in row["visits"])
        assert 0 < last_visit < row["closed_after"] <= row["days_ago"] < start
    for row in content("open"):
        later = [row[name] for name in row if name.endswith("_days_ago")]
        assert all(0 <= day <= row["days_ago"] for day in later)
    for row in content("activities"):
        assert (row["days_ago"] < 0) == (row["state"] == "planned")


def test_every_amount_is_the_product_of_its_formula() -> None:
    for row in content("solved"):
        for benefit in row["benefits"]:
            assert prod(float(n) for n in NUMBER.findall(benefit["formula"])) == pytest.approx(benefit["amount"])


def test_nobody_has_more_in_hand_than_their_capacity() -> None:
    capacity = {row["key"]: row.get("capacity", 2) for row in content("experts")}
    for (expert, day), busy in work_by_day().items():
        assert busy <= capacity[expert], f"{expert} has {busy} cases {day} days ago"


def work_by_day() -> Counter[tuple[str, int]]:
    """How many problems each expert has in hand on each day (days ago)."""
    found: Counter[tuple[str, int]] = Counter()
    for row in content("solved"):
        spans = [(key, row["days_ago"], row["days_ago"] - row["closed_after"]) for key in experts_of(row)]
        add_spans(found, spans)
    for row in content("open"):
        add_spans(found, spans_of_open(row))
    return found


def add_spans(found: Counter[tuple[str, int]], spans: list[tuple[str, int, int]]) -> None:
    for expert, first, last in spans:
        found.update((expert, day) for day in range(last, first + 1))


def spans_of_open(row: Row) -> list[tuple[str, int, int]]:
    spans = []
    if "second_expert" in row:
        spans.append((row["second_expert"], row["reopened_days_ago"], 0))
    ended = next((row[n] for n in ("closed_days_ago", "released_days_ago", "ended_days_ago") if n in row), None)
    if row["target_state"] in AT_WORK:
        ended = 0
    if ended is not None and "expert" in row:
        spans += [(key, row["days_ago"], ended) for key in (row["expert"], *row.get("members", []))]
    return spans


def test_each_kind_of_ending_and_waiting_is_there() -> None:
    states = Counter(row["target_state"] for row in content("open"))
    assert len(content("open")) >= 44
    assert {decline["reason"] for row in content("open") for decline in row.get("declines", [])} == words(
        "decline_reasons"
    )
    assert set(AT_WORK) | set(SOLVED_STATES) <= set(states)
    assert any(row.get("nobody") for row in content("open"))
    assert any(row["site_risks"] for row in content("open"))
    assert any(row.get("overdue") for row in content("open"))


def test_the_totals_are_those_of_the_newsletter() -> None:
    held = [row for row in content("activities") if row["state"] == "held"]
    solved = sum(row["outcome"] == "solved" for row in content("solved"))
    solved += sum(row["target_state"] in SOLVED_STATES for row in content("open"))
    persons = sum(row["persons"] for row in held + content("solved"))
    attendances = sum(row["attendances"] for row in held + content("solved"))
    assert len(content("experts")) == 30
    assert hedge(len(held)) == "20余"
    assert hedge(len(enterprises_served(held))) == "20余"
    assert hedge(solved) == "60余"
    assert 300 < persons < 330
    assert attendances > persons


def enterprises_served(held: list[Row]) -> set[str]:
    """Enterprises with a held visit, a closed case, or at a held activity (product.md section 6)."""
    worked = ("visit_days_ago", "closed_days_ago")
    opened = {row["enterprise"] for row in content("open") if any(name in row for name in worked)}
    invited = {key for row in held for key in row["enterprises"]}
    return {row["enterprise"] for row in content("solved")} | opened | invited


def test_estimates_stand_above_five_million_and_apart_from_what_is_verified() -> None:
    sums: Counter[tuple[str, str]] = Counter()
    for row in content("solved"):
        for benefit in row["benefits"]:
            sums[benefit["status"], benefit["per"]] += benefit.get("verified", benefit["amount"])
    assert sums["adopted", "year"] > 5_000_000
    assert sums["adopted", "once"] > 0
    assert sums["verified", "year"] > 0
    assert sums["verified", "once"] > 0
