from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.plain.wording import hedge, hedge_wan, in_wan, in_yuan, near, over, over_wan

money = st.decimals(min_value=0, max_value=10**10, places=2)


def _is_true(text: str, number: int | Decimal) -> bool:
    """余 and 超: strictly more than what is printed; 近: strictly less; nothing: exactly that."""
    printed = Decimal(text.strip("余超近").replace(",", ""))
    if text.endswith("余") or text.startswith("超"):
        return number > printed
    return number < printed if text.startswith("近") else number == printed


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (7, "7"),
        (10, "10"),
        (11, "10余"),
        (20, "20"),
        (60, "60"),
        (63, "60余"),
        (67, "60余"),
        (99, "90余"),
        (125, "120余"),
        (300, "300"),
        (312, "300余"),
        (550, "550"),
        (886, "880余"),
        (1342, "1300余"),
        (12345, "12000余"),
    ],
)
def test_numbers_are_hedged_as_bulletins_do(number: int, text: str) -> None:
    assert hedge(number) == text


def test_every_hedge_is_true() -> None:
    for number in range(1001):
        assert _is_true(hedge(number), number)
        assert _is_true(over(number), number)
        for step in (10, 50, 100):
            assert _is_true(hedge(number, step), number)
            assert _is_true(over(number, step), number)
            assert _is_true(near(number, step), number)


@given(st.integers(min_value=10, max_value=10**9))
def test_a_hedge_does_not_hide_much(number: int) -> None:
    printed = int(hedge(number).strip("余"))
    assert number - printed < max(10, number * 0.06)


def test_over_and_near_need_a_difference() -> None:
    assert (over(312, 100), over(300, 100), over(7, 100), over(99, 100)) == ("超300", "300", "7", "99")
    assert (near(588, 100), near(600, 100), near(7, 10)) == ("近600", "600", "7")


@pytest.mark.parametrize(
    ("yuan", "wan", "exact"),
    [
        ("0", "0", "0"),
        ("5234500", "523.45", "5,234,500"),
        ("5000000", "500", "5,000,000"),
        ("12345678.90", "1,234.57", "12,345,678.90"),
        ("0.5", "0.00005", "0.50"),
        ("99", "0.0099", "99"),
        ("100", "0.01", "100"),
    ],
)
def test_money_is_told_in_wan_and_exactly(yuan: str, wan: str, exact: str) -> None:
    assert in_wan(Decimal(yuan)) == wan
    assert in_yuan(Decimal(yuan)) == exact


@given(money)
def test_money_in_a_sentence_is_true(yuan: Decimal) -> None:
    amount = yuan / 10_000
    if amount >= 10:
        assert _is_true(hedge_wan(yuan), amount)
        assert _is_true(over_wan(yuan), amount)
    else:
        assert hedge_wan(yuan) == over_wan(yuan) == in_wan(yuan)


def test_money_beyond_a_round_sum_is_more() -> None:
    assert hedge_wan(Decimal("5000000.01")) == "500余"
    assert over_wan(Decimal("5000000.01")) == "超500"
    assert over_wan(Decimal(5_000_000)) == "500"
