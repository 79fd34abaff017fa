"""The bulletin's paragraph: numbers parsed from it are the query's, hedges are true, slips are found."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.errors import BadInput
from matcher.plain.periods import between, parse
from matcher.services import briefs
from matcher.services.figures import Figures, Scope
from tests.factories import make_office
from tests.some_figures import some_figures

pytestmark = pytest.mark.usefixtures("ctx")

HALF = parse("2026H1", date(2026, 11, 1))
figures_of = st.builds(
    some_figures,
    **{name: st.integers(0, 5_000) for name in ("sessions", "expert_times", "enterprises", "requested", "solved")},
    **{name: st.integers(0, 50_000) for name in ("persons", "attendances", "enterprises_srdi", "confirmed_own_link")},
    **{name: st.decimals(0, 10**9, places=2) for name in briefs.MONEY},
)


def scope(**settings_of_office: str) -> Scope:
    office = make_office()
    office.settings = {**office.settings, **settings_of_office}
    return Scope(office, HALF)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(figures_of)
def test_every_number_of_the_paragraph_is_true_of_the_figures(figures: Figures) -> None:
    asked = scope()
    assert briefs.wrong_numbers(briefs.paragraph(figures, asked), figures, asked) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(figures_of, st.sampled_from(["sessions", "solved", "enterprises", "requested", "expert_times"]))
def test_a_text_whose_numbers_differ_is_found_out(figures: Figures, name: str) -> None:
    asked = scope()
    text = briefs.paragraph(figures, asked)
    changed = replace(figures, **{name: getattr(figures, name) * 3 + 200})
    assert [wrong.figure for wrong in briefs.wrong_numbers(text, changed, asked)] == [name]


def test_the_county_writes_its_own_sentence() -> None:
    asked = scope(brief="{today}止，办了{sessions:exact}场[[，结对{pairs}对]]。")
    found = briefs.brief(some_figures(sessions=23, pairs=0), asked)
    assert "".join(piece.text for piece in found) == "2026年6月30日止，办了23场。"
    assert [piece.figure for piece in found if piece.figure] == ["sessions"]


def test_a_slot_that_nobody_knows_is_told() -> None:
    with pytest.raises(BadInput, match="solvd"):
        briefs.check_template("解决{solvd}个")
    briefs.check_template(briefs.DEFAULT)


def test_a_number_in_characters_and_a_foreign_date_are_told() -> None:
    asked, figures = scope(), some_figures(enterprises=28)
    assert briefs.wrong_numbers("走进企业二十余家", figures, asked)
    assert briefs.wrong_numbers("2025年走进企业28家", figures, asked)
    assert not briefs.wrong_numbers("2026年上半年走进企业28家", figures, asked)


def test_estimated_and_verified_are_told_apart_in_a_sentence() -> None:
    asked = Scope(make_office(), between(date(2026, 1, 1), date(2026, 3, 5)))
    figures = some_figures(estimated_once=Decimal(30_000), verified_once=Decimal(50_000))
    assert not briefs.wrong_numbers("预计效益一次性3万元；已核实效益一次性5万元", figures, asked)
    assert briefs.wrong_numbers("预计效益一次性5万元", figures, asked)
    assert briefs.wrong_numbers("预计效益一次性8万元", figures, asked)
