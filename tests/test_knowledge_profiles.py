"""A richer record out of a free-text profile: proposed with the words it came from, confirmed in one press."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from matcher.db import db
from matcher.errors import BadInput
from matcher.matching import Profile, SkillText, shipped_lexicon
from matcher.matching.enriching import MOST_PHRASES, phrases, suggest
from matcher.models import Expert, Skill, SkillBasis
from matcher.services import experts, links, richer, roster_index
from tests.factories import make_expert, make_office, make_user, staff
from tests.pages import form_to, log_in

WORDS = "某厂维修电工，先后从事变频器调试、电缆头制作和PLC编程等工作，擅长注塑机维修，多次获得市劳动模范。"


def read(text: str, **values) -> object:
    return suggest(Profile("1", profile=text, **values), shipped_lexicon())


def test_the_persons_own_words_are_proposed_with_what_they_came_from() -> None:
    found = read(WORDS)
    assert found.trade.text == "维修电工"
    assert [one.text for one in found.skills] == ["变频器调试", "电缆头制作", "PLC编程", "注塑机维修"]
    for one in (found.trade, *found.skills, *found.industries):
        assert one.spans
        assert all(WORDS[span.start : span.end] == span.text for span in one.spans)


def test_what_the_record_says_already_is_not_proposed_again() -> None:
    found = read(WORDS, trade="维修电工", skills=(SkillText("变频器调试"),))
    assert found.trade is None
    assert "变频器调试" not in [one.text for one in found.skills]


def test_an_honour_is_no_skill() -> None:
    assert read("全国劳动模范，享受国务院特殊津贴。").skills == ()


@given(st.text(alphabet="维修电工变频器调试，。、擅长ＰＬＣ㎜5和 ", max_size=120))
def test_any_text_gives_at_most_fifteen_phrases_that_stand_in_it(text: str) -> None:
    found = phrases(text, shipped_lexicon())
    assert len(found) <= MOST_PHRASES
    assert len({one.text for one in found}) == len(found)
    for one in found:
        assert one.text in text
        assert all(text[span.start : span.end] == span.text for span in one.spans)


def inferred(expert: Expert) -> list[str]:
    return [skill.text for skill in expert.skills if skill.basis is SkillBasis.INFERRED]


def declared(expert: Expert) -> list[str]:
    return [skill.text for skill in expert.skills if skill.basis is SkillBasis.DECLARED]


def test_who_comes_onto_the_roster_is_read_and_counts_little_until_confirmed(ctx: None) -> None:
    expert = make_expert(trade="", profile=WORDS, skills=["注塑机维修"])
    assert inferred(expert) == ["变频器调试", "电缆头制作", "PLC编程"]
    weights = {skill.text: skill.weight for skill in roster_index.profile_of(expert).skills}
    assert weights == {"注塑机维修": 1.0, **dict.fromkeys(inferred(expert), roster_index.UNCONFIRMED)}


def test_an_import_reads_profiles_too(ctx: None) -> None:
    new = experts.NewExpert("示例新人", skills=("电焊",), values={"trade": "焊工", "profile": WORDS})
    experts.add_many(make_office(), [new])
    expert = db.session.scalars(select(Expert).filter_by(name="示例新人")).one()
    assert declared(expert) == ["电焊"]
    assert "变频器调试" in inferred(expert)


def test_a_new_profile_is_read_anew_and_a_struck_phrase_stays_away_else(ctx: None) -> None:
    expert = make_expert(trade="电工", profile=WORDS)
    richer.adopt(expert, by=staff(), skills=[])
    assert inferred(expert) == []
    experts.correct(expert, {"town": "别镇", "profile": WORDS}, by=staff())
    assert inferred(expert) == []
    experts.correct(expert, {"profile": "精通桥式起重机检修。"}, by=staff())
    assert inferred(expert) == ["桥式起重机检修"]


def test_one_press_confirms_what_is_ticked_and_strikes_the_rest(ctx: None) -> None:
    expert = make_expert(trade="", profile=WORDS)
    db.session.flush()
    ticked = [skill.id for skill in expert.skills if skill.text != "PLC编程"]
    revision = expert.revision
    experts.adopt_profile(expert, by=staff(), skills=ticked, trade="维修电工", industries=["43"])
    assert inferred(expert) == []
    assert "PLC编程" not in declared(expert)
    assert "变频器调试" in declared(expert)
    assert (expert.trade, expert.industries) == ("维修电工", ["43"])
    assert expert.revision > revision


def test_a_trade_that_is_written_is_not_overwritten_and_no_industry_is_invented(ctx: None) -> None:
    expert = make_expert(trade="钳工", profile=WORDS)
    experts.adopt_profile(expert, by=staff(), trade="电工")
    assert expert.trade == "钳工"
    with pytest.raises(BadInput):
        experts.adopt_profile(expert, by=staff(), industries=["00"])


def test_the_desk_and_the_expert_confirm_in_one_press(app: Flask) -> None:
    with app.app_context():
        login = make_user().login
        first, second = (make_expert(trade="", profile=WORDS) for _ in range(2))
        db.session.commit()
        numbers, token = (first.id, second.id), links.mint_for_expert(second)
        db.session.commit()
    desk = app.test_client()
    log_in(desk, login)
    page = desk.get(f"/desk/experts/{numbers[0]}").text
    assert "<mark>变频器</mark>" in page
    desk.post(f"/desk/experts/{numbers[0]}/profile", data=form_to(page, "/profile").values)
    own = app.test_client()
    own.get(f"/e/{token}")
    page = own.get("/expert/me").text
    own.post(form_to(page, "/profile").action, data=form_to(page, "/profile").values)
    with app.app_context():
        for number in numbers:
            expert = db.session.get_one(Expert, number)
            assert inferred(expert) == []
            assert "变频器调试" in declared(expert)
            assert expert.trade == "维修电工"
        assert db.session.scalar(select(Skill).filter_by(basis=SkillBasis.INFERRED)) is None
