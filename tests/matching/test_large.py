"""Large rosters: blocks that are passed over and processes that help change nothing of an answer."""

import random
from collections.abc import Collection
from dataclasses import fields, replace
from math import fsum

import numpy as np
import pytest

from matcher.matching import (
    Circumstances,
    Index,
    Need,
    Profile,
    SkillText,
    propose,
    ranking,
    shipped_lexicon,
    shipped_weights,
)
from matcher.matching.building import BATCH, build_shelf
from matcher.matching.postings import BLOCK
from matcher.matching.reading import read_need
from matcher.matching.scoring import ask, features
from matcher.matching.shelf import Shelf
from matcher.matching.space import space_of
from matcher.matching.weights import FITTED, PROVEN_POINTS

SIZE = BATCH + 300
TERMS = [term for one in shipped_lexicon().competences for _, term in one.all_terms() if len(term) > 2]
INDUSTRIES = ("17", "26", "34", "35", "38")


def people(count: int, chance: random.Random, *, prefix: str = "e") -> list[Profile]:
    """Experts made of a few terms each; some solved a case, many are equals of another."""
    found: list[Profile] = []
    for number in range(count):
        if found and chance.random() < 0.2:
            found.append(replace(chance.choice(found), id=f"{prefix}{number}"))
            continue
        trade, *words = chance.sample(TERMS, 5)
        solved = (chance.choice(TERMS),) if chance.random() < 0.1 else ()
        home = (chance.choice(INDUSTRIES),) if chance.random() < 0.3 else ()
        found.append(
            Profile(f"{prefix}{number}", trade=trade, profile="、".join(words[:3]), skills=(SkillText(words[3]),),
                    industries=home, proven=solved)
        )  # fmt: skip
    return found


def needs(count: int, chance: random.Random) -> list[Need]:
    return [
        Need(str(n), "，".join(chance.sample(TERMS, chance.randint(1, 6))), industry=chance.choice(("", *INDUSTRIES)))
        for n in range(count)
    ]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(people(SIZE, random.Random(1)), shipped_lexicon(), shipped_weights())


def every_row(need: Need, index: Index, monkeypatch: pytest.MonkeyPatch, **options):
    """The answer when no block is passed over."""
    with monkeypatch.context() as patch:
        patch.setattr(ranking, "SMALL", 10**9)
        return propose(need, index, **options)


@pytest.fixture
def in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "SMALL", 0)
    monkeypatch.setattr(ranking, "FIRST", 1)


@pytest.mark.usefixtures("in_blocks")
def test_the_answer_is_that_of_scoring_every_row(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    for need in needs(25, random.Random(2)):
        assert propose(need, index, limit=5) == every_row(need, index, monkeypatch, limit=5)


@pytest.mark.usefixtures("in_blocks")
def test_also_among_some_and_with_what_else_is_known(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(3)
    ids = index.shelf.ids.tolist()
    for need in needs(10, chance):
        best = [match.expert_id for match in propose(need, index, limit=40).matches]
        told = {
            one: Circumstances(chance.choice((None, 0, 2)), chance.choice((0, 1, 5)), chance.random(),
                               excluded="full" if chance.random() < 0.3 else "")
            for one in [*best, *chance.sample(ids, 500)]
        }  # fmt: skip
        options = {"limit": 10, "among": set(chance.sample(ids, SIZE // 2)), "circumstances": told}
        assert propose(need, index, **options) == every_row(need, index, monkeypatch, **options)


def by_hand(need: Need, index: Index, among: Collection[str]) -> list[str]:
    """Ids in the order of their scores: every row of both shelves, one after the other."""
    asked = ask(read_need(need), index.space)
    points = [*(index.weights.points[name] for name in FITTED), PROVEN_POINTS]
    scored = []
    for shelf, dead in index.shelves():
        found = features(asked, shelf, np.arange(len(shelf))) * points
        for row in sorted(set(range(len(shelf))) - set(dead.tolist())):
            if shelf.ids[row] in among:
                scored.append((-fsum(round(part, 2) for part in found[row].tolist()), str(shelf.ids[row])))
    return [name for _, name in sorted(scored)]


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 1.0])
@pytest.mark.usefixtures("in_blocks")
def test_whoever_is_asked_for_the_order_is_that_of_scores_and_ids(index: Index, share: float) -> None:
    chance = random.Random(7)
    fresh = index.with_changes(people(30, chance, prefix="new"), gone=[f"e{number}" for number in range(50)])
    ids = [*index.shelf.ids.tolist(), *(f"new{number}" for number in range(30))]
    for need in needs(5, chance):
        among = chance.sample(ids, int(share * len(ids)))
        found = [match.expert_id for match in propose(need, fresh, limit=12, among=among).matches]
        assert found == by_hand(need, fresh, set(among))[:12]


@pytest.mark.usefixtures("in_blocks")
def test_also_when_some_changed_and_some_left(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(4)
    came = people(20, chance, prefix="new")
    changed = [replace(one, id=f"e{number}") for number, one in enumerate(people(20, chance))]
    fresh = index.with_changes([*came, *changed], gone=[f"e{number}" for number in range(30, 60)])
    assert len(fresh) == SIZE + 20 - 30
    for need in needs(10, chance):
        answer = propose(need, fresh, limit=20)
        assert answer == every_row(need, fresh, monkeypatch, limit=20)
        assert not {match.expert_id for match in answer.matches} & {f"e{number}" for number in range(30, 60)}


@pytest.mark.usefixtures("in_blocks")
def test_blocks_of_other_trades_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    trades = ["电焊工", "细纱挡车工", "果树栽培工", "钳工", "水产养殖工", "维修电工", "兽医", "注塑工"]
    roster = [Profile(f"{trade}{number}", trade=trade) for trade in trades for number in range(BLOCK)]
    index = Index.build(roster, shipped_lexicon(), shipped_weights())
    scored: list[int] = []
    features = ranking.features

    def counting(asked, shelf, rows, heard):
        scored.append(len(rows))
        return features(asked, shelf, rows, heard)

    monkeypatch.setattr(ranking, "features", counting)
    assert propose(Need("n", "细纱断头多"), index, limit=1).matches[0].expert_id.startswith("细纱")
    assert 0 < sum(scored) < len(roster) / 2


def test_a_row_has_the_same_features_to_the_last_bit_whatever_rows_come_with_it(index: Index) -> None:
    for need in needs(3, random.Random(5)):
        asked = ask(read_need(need), index.space)
        together = features(asked, index.shelf, np.arange(SIZE))
        assert all(
            np.array_equal(features(asked, index.shelf, np.array([row])), together[[row]])
            for row in range(0, SIZE, 211)
        )


def test_every_record_is_where_its_id_says(index: Index) -> None:
    shelf = index.shelf
    assert [shelf.profile(row).id for row in range(0, SIZE, 97)] == shelf.ids[::97].tolist()
    assert shelf.ids[shelf.by_id].tolist() == sorted(shelf.ids.tolist())
    assert all(shelf.row_of(str(name)) == row for row, name in enumerate(shelf.ids.tolist()))
    assert shelf.row_of("nobody") is None


def assert_same(one: Shelf, other: Shelf) -> None:
    for name in (field.name for field in fields(Shelf) if field.name != "words"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    for field in fields(one.words):
        assert np.array_equal(getattr(one.words, field.name), getattr(other.words, field.name)), field.name


def test_however_many_processes_read_the_shelf_is_the_same(index: Index) -> None:
    alone = index.shelf
    together = build_shelf(people(SIZE, random.Random(1)), space_of(shipped_lexicon()), processes=2)
    assert_same(alone, together)


def test_one_change_after_another_gives_the_shelf_of_all_of_them_at_once(index: Index) -> None:
    chance = random.Random(6)
    came = people(60, chance, prefix="new")
    changed = [replace(one, id=f"e{number}") for number, one in enumerate(people(20, chance))]
    told: dict[str, Profile] = {}
    step = index
    for one in [*came, *changed, *(replace(chance.choice(changed), id=one.id) for one in came[:30])]:
        told[one.id] = one
        step = step.with_changes([one])
    gone = {*list(told)[::7], "e100"}
    step = step.with_changes([], gone)
    assert_same(step.delta, build_shelf([one for one in told.values() if one.id not in gone], index.space))
    assert len(step) == SIZE - 1 + sum(one.id.startswith("new") for one in told.values()) - len(gone - {"e100"})
    assert step.find("e100") is None
    assert all(step.profile(one.id) == one for one in told.values() if one.id not in gone)


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Index.build([Profile("a"), Profile("a")], shipped_lexicon(), shipped_weights())
