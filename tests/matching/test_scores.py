"""Scores: the sum of their parts, the same every time, with reasons that can be worked out again."""

from dataclasses import replace
from math import fsum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.matching import (
    Circumstances,
    Index,
    Need,
    Profile,
    SkillText,
    Span,
    propose,
    rank,
    shipped_lexicon,
    shipped_weights,
)
from matcher.matching.reading import read_need
from matcher.matching.scoring import Asked, ask, features
from matcher.matching.space import said
from matcher.matching.weights import FITTED

ELECTRICIAN = Profile(
    "e1", trade="维修电工", profile="长期维护配电柜、电缆头和变频器，会红外测温。", skills=(SkillText("电缆头制作"),)
)
WELDER = Profile("w1", trade="电焊工", profile="压力容器焊接，焊缝探伤，焊接变形控制。")
GROWER = Profile("g1", trade="果树栽培", profile="梨树修剪、病虫害防治。")
SPINNER = Profile("s1", trade="细纱挡车工", title="纺纱车间主任")
SILENT = Profile("z1")
ROSTER = (ELECTRICIAN, WELDER, GROWER, SPINNER, SILENT)
HOT_CABLE = Need("n", "配电柜内电缆头温度偏高，自己处理过几次没有好。", industry="34")

PHRASES = (
    "配电柜", "电缆头温度偏高", "变频器报警", "焊缝有裂纹", "细纱断头多", "梨树落果", "轴承异响", "液压站漏油",
    "没有报警", "以为是进水", "S7-1500通讯中断", "注塑件缩水", "除尘布袋破损", "，", "。", "设备", "请师傅看看",
)  # fmt: skip
needs = st.lists(st.sampled_from(PHRASES), min_size=1, max_size=8).map("".join)
profiles = st.lists(
    st.builds(
        Profile,
        id=st.integers(1, 9999).map(str),
        trade=st.sampled_from(["", "维修电工", "电焊工", "细纱工", "果树栽培", "注塑工"]),
        profile=needs,
        skills=st.lists(st.sampled_from(PHRASES).map(SkillText), max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda profile: profile.id,
)


def index_of(*people: Profile) -> Index:
    return Index.build(people, shipped_lexicon(), shipped_weights())


@pytest.fixture(scope="module")
def roster() -> Index:
    return index_of(*ROSTER)


@settings(deadline=None, max_examples=60)
@given(needs, profiles, st.dictionaries(st.integers(1, 9999).map(str), st.just(Circumstances(1, 2, 0.5)), max_size=3))
def test_a_score_is_exactly_the_sum_of_its_parts(text: str, people: list[Profile], known) -> None:
    index = index_of(*people)
    told = {one.id: Circumstances(1, 2, 0.5) for one in people[:2]} | known
    for match in propose(Need("n", text), index, limit=10, circumstances=told).matches:
        assert match.score == fsum(part.value for part in match.parts)


@settings(deadline=None, max_examples=40)
@given(needs, profiles)
def test_spans_lie_in_both_texts_and_say_what_stands_there(text: str, people: list[Profile]) -> None:
    by_id = {one.id: one for one in people}
    for match in propose(Need("n", text), index_of(*people), limit=10).matches:
        for span in match.need_spans:
            assert text[span.start : span.end] == span.text
        for span in match.expert_spans:
            said = field_of(by_id[match.expert_id], span.field)
            assert said[span.start : span.end] == span.text


def field_of(profile: Profile, name: str) -> str:
    kind, _, number = name.partition(":")
    if kind == "skill":
        return profile.skills[int(number)].text
    return getattr(profile, kind)


@settings(deadline=None, max_examples=30)
@given(needs, profiles, st.randoms())
def test_the_same_input_gives_the_same_answer_in_whatever_order_it_comes(text, people, chance) -> None:
    mixed = list(people)
    chance.shuffle(mixed)
    need = Need("n", text)
    assert propose(need, index_of(*people), limit=5) == propose(need, index_of(*mixed), limit=5)


def test_equals_are_ordered_by_their_ids() -> None:
    twins = [replace(ELECTRICIAN, id=name) for name in ("b", "a", "c")]
    assert rank(HOT_CABLE, index_of(*twins), limit=3) == ["a", "b", "c"]


@pytest.mark.parametrize("text", [HOT_CABLE.text, "焊缝有裂纹，探伤不过；变频器也报警。", "梨树落果，细纱断头多"])
def test_a_drop_is_what_the_score_loses_without_the_words(text: str, roster: Index) -> None:
    """The score is worked out again without the tokens that touch the span, with all normalisers kept as they were;
    both are rounded to hundredths, and a direction is kept in steps of 1/255: within a tenth of a point."""
    whole = ask(read_need(Need("n", text)), roster.space)
    for match in propose(Need("n", text), roster, limit=3).matches:
        for span in match.need_spans:
            left = points_of(without(whole, span, roster), match.expert_id, roster)
            assert points_of(whole, match.expert_id, roster) - left == pytest.approx(span.drop, abs=0.1)


def without(whole: Asked, span: Span, index: Index) -> Asked:
    """The problem as asked without a span's tokens, its normalisers kept."""
    reading = replace(
        whole.reading,
        said=tuple(
            one
            for one in whole.reading.said
            if one.field != span.field or one.token.end <= span.start or one.token.start >= span.end
        ),
    )
    placed = index.space.place_need(reading.counts())
    words = {token: said(count) * index.space.rarity(token) for token, count in reading.counts().items()}
    return replace(whole, direction=index.space.share(placed * placed) / np.float32(whole.length), words=words)


def points_of(asked: Asked, expert_id: str, index: Index) -> float:
    found = features(asked, index.shelf, np.array([index.shelf.row_of(expert_id)]))[0]
    return float(sum(index.weights.points[name] * found[place] for place, name in enumerate(FITTED)))


def test_the_right_trade_comes_first_and_honours_do_not_count(roster: Index) -> None:
    assert rank(HOT_CABLE, roster, limit=1) == ["e1"]
    honoured = [replace(one, honours=("全国劳动模范",)) if one is not ELECTRICIAN else one for one in ROSTER]
    before, after = (propose(HOT_CABLE, index, limit=5) for index in (roster, index_of(*honoured)))
    assert [match.score for match in before.matches] == [match.score for match in after.matches]


def test_what_is_missing_is_named_and_nobody_is_an_answer() -> None:
    found = propose(Need("n", "湖羊羔羊拉稀，虚脱死亡。"), index_of(WELDER, SPINNER), limit=2)
    assert found.nobody
    assert found.wanting
    assert found.matches[0].missing


def test_a_thin_expert_is_still_an_answer_and_a_silent_one_scores_nothing() -> None:
    found = propose(Need("n", "细纱断头多，值车工忙不过来。"), index_of(SPINNER, SILENT, GROWER), limit=3)
    assert found.matches[0].expert_id == "s1"
    assert next(match.score for match in found.matches if match.expert_id == "z1") == 0


def test_what_is_denied_counts_less_than_what_is_said() -> None:
    index = index_of(Profile("a", profile="变频器报警处理"), Profile("b", profile="水泵机械密封更换"))
    said, denied = (
        next(m.score for m in propose(Need("n", text), index, limit=2).matches if m.expert_id == "a")
        for text in ("变频器报警。", "水泵漏水，没有变频器报警。")
    )
    assert denied < said


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("承轴发热", "轴承发热"),
        ("軸承發熱", "轴承发热"),
        ("ＰＬＣ通讯中断", "plc通讯中断"),
        ("胶黏剂开胶", "胶粘剂开胶"),
        ("柑桔黄龙病", "柑橘黄龙病"),
    ],
)
def test_typos_variants_and_traditional_characters_find_the_same_expert(written: str, meant: str) -> None:
    people = (
        Profile("1", profile="滚动轴承装配与故障诊断"),
        Profile("2", profile="PLC编程、工业通讯"),
        Profile("3", profile="胶粘剂配方、粘接工艺"),
        Profile("4", profile="柑橘栽培、黄龙病防治"),
    )
    index = index_of(*people)
    assert rank(Need("n", written), index, limit=1) == rank(Need("n", meant), index, limit=1)


def test_who_is_excluded_is_not_proposed(roster: Index) -> None:
    told = {"e1": Circumstances(excluded="paused")}
    assert "e1" not in [m.expert_id for m in propose(HOT_CABLE, roster, limit=5, circumstances=told).matches]


def test_a_changed_roster_answers_as_one_that_is_built_anew() -> None:
    newcomer = Profile("e2", trade="电气试验工", profile="电缆头、配电柜温升试验")
    changed = replace(WELDER, profile="配电柜钣金焊接")
    topped = index_of(*ROSTER).with_changes([newcomer, changed], gone=["g1"])
    anew = index_of(ELECTRICIAN, changed, SPINNER, SILENT, newcomer)
    assert propose(HOT_CABLE, topped, limit=9) == propose(HOT_CABLE, anew, limit=9)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("敝渣器坏得快", "撇渣器"),
        ("S7-15OO通讯中断", "S7-1500"),
        ("打梱机老断绳", "打捆机"),
    ],
)
def test_what_is_written_otherwise_is_shown_in_both_texts(written: str, known: str) -> None:
    (match,) = propose(Need("n", written), index_of(Profile("1", profile=f"多年维护{known}的经验")), limit=1).matches
    said = next(said for said, shown in match.alike if shown == known)
    assert said in {span.text for span in match.need_spans}
    assert known in {span.text for span in match.expert_spans}


@pytest.mark.parametrize(
    ("said", "shown"), [("变压器过热", "变频器"), ("S7-1200通讯中断", "S7-1500"), ("热电厂停机", "热电偶")]
)
def test_another_thing_is_no_slip_of_the_pen(said: str, shown: str) -> None:
    (match,) = propose(Need("n", said), index_of(Profile("1", profile=f"{shown}维护")), limit=1).matches
    assert not match.alike
