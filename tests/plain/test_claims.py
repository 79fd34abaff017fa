"""Numbers of a sentence held against the exact ones."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.plain.claims import claims_in, holds, written_out
from matcher.plain.wording import hedge, hedge_wan, in_wan, over, over_wan


@pytest.mark.parametrize("number", range(1_001))
def test_every_hedge_from_nought_to_a_thousand_is_true(number: int) -> None:
    for said in (hedge(number), over(number), str(number)):
        (claim,) = claims_in(f"解决{said}个")
        assert holds(claim, Decimal(number)), said


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_money_in_wan_is_true_in_each_manner(yuan: Decimal) -> None:
    for said in (hedge_wan(yuan), over_wan(yuan), in_wan(yuan)):
        (claim,) = claims_in(f"效益{said}万元")
        assert claim.unit == "万元"
        assert holds(claim, yuan / 10_000), said


@pytest.mark.parametrize(
    ("said", "exact", "expected"),
    [
        ("60余个", 66, True),
        ("60余个", 60, False),
        ("60余个", 70, False),
        ("超300人", 312, True),
        ("超300人", 300, False),
        ("超过300人", 301, True),
        ("逾1300万元", 1342, True),
        ("近600场", 588, True),
        ("近600场", 600, False),
        ("约50家", 51, True),
        ("约50家", 60, False),
        ("66个", 66, True),
        ("66个", 67, False),
        ("1,066个", 1066, True),
        ("20多家", 28, True),
    ],
)
def test_a_claim_holds_only_where_it_is_true(said: str, exact: int, expected: bool) -> None:
    (claim,) = claims_in(said)
    assert holds(claim, Decimal(exact)) is expected


def test_numbers_written_in_characters_are_seen() -> None:
    assert written_out("走进企业二十余家，解决一个难题") == ["二十余"]
