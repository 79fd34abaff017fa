import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as standard

from matcher.plain.uscc import UsccError, check_uscc, is_uscc

GOOD = "91110000600037341L"
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    "written",
    [GOOD, GOOD.lower(), " 9 1110000-600037341L ", "９１１１００００６００037341L", "统一社会信用代码：" + GOOD],
)
def test_a_code_has_one_form(written: str) -> None:
    assert check_uscc(written) == GOOD


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "请填写"),
        ("12345", "应为 18 位，现在是 5 位"),
        (GOOD + "1", "现在是 19 位"),
        ("9111000060003734IL", "不会有“I”"),
        ("阜宁", "不会有“阜”"),
        ("9111X000600037341L", "前 8 位"),
        ("91110000600037341K", "校验位"),
        ("91110000600037314L", "校验位"),
    ],
)
def test_a_wrong_code_is_told_what_is_wrong(written: str, sentence: str) -> None:
    with pytest.raises(UsccError, match=sentence):
        check_uscc(written)
    assert not is_uscc(written)


@given(st.text(LETTERS, min_size=9, max_size=9), st.sampled_from(["91", "92", "93", "12", "52", "81", "N2"]))
def test_any_code_with_its_check_character_is_taken(organisation: str, body: str) -> None:
    code = f"{body}320923{organisation}"
    assert is_uscc(code + standard.calc_check_digit(code))


@given(st.integers(0, 16), st.sampled_from(LETTERS))
def test_one_wrong_character_is_noticed(place: int, letter: str) -> None:
    wrong = GOOD[:place] + letter + GOOD[place + 1 :]
    assert is_uscc(wrong) == (wrong == GOOD)
