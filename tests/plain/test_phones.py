import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.plain.phones import PhoneError, is_phone, last_four, mask, normalise

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("13812341234", "13812341234"),
        (" 138 1234 1234 ", "13812341234"),
        ("138-1234-1234", "13812341234"),
        ("１３８１２３４１２３４", "13812341234"),
        ("+86 138 1234 1234", "13812341234"),
        ("0086-13812341234", "13812341234"),
        ("8613812341234", "13812341234"),
        ("（86）13812341234", "13812341234"),
        ("手机：13812341234", "13812341234"),
        ("\u202d13812341234\u202c", "13812341234"),
        ("0515-87221234", "051587221234"),
        ("（0515）8722 1234", "051587221234"),
        ("+86-515-87221234", "051587221234"),
        ("010-65123456", "01065123456"),
        ("0515-87221234转801", "051587221234-801"),
        ("0515-87221234-801", "051587221234-801"),
        ("0515-87221234 分机：801", "051587221234-801"),
        ("0515-8722123", "05158722123"),
        ("400-800-1234", "4008001234"),
    ],
)
def test_a_number_has_one_form(written: str, normal: str) -> None:
    assert normalise(written) == normal


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "请填写"),
        ("   ", "请填写"),
        ("1381234123", "应为 11 位，现在是 10 位"),
        ("138123412345", "现在是 12 位"),
        ("12812341234", "以 12 开头"),
        ("87221234", "加上区号"),
        ("0515-8722", "座机号不对"),
        ("010-6512345", "座机号不对"),
        ("打厂里", "不是数字"),
        ("1381234l234", "不是数字"),
        ("99999999999", "电话号码不对"),
    ],
)
def test_a_wrong_number_is_told_what_is_wrong(written: str, sentence: str) -> None:
    with pytest.raises(PhoneError, match=sentence):
        normalise(written)
    assert not is_phone(written)


def test_a_local_number_takes_the_area_code_that_is_given() -> None:
    assert normalise("87221234", area="0515") == "051587221234"
    assert normalise("13812341234", area="0515") == "13812341234"


@given(mobiles, st.lists(st.integers(min_value=0, max_value=11), max_size=4), st.sampled_from(" -\u3000.－"))
def test_separators_make_no_difference(mobile: str, places: list[int], mark: str) -> None:
    written = mobile
    for place in sorted(places, reverse=True):
        written = written[:place] + mark + written[place:]
    assert normalise(written) == mobile


@given(st.text())
def test_a_normal_number_stays_as_it_is(text: str) -> None:
    if is_phone(text):
        assert normalise(normalise(text)) == normalise(text)


def test_the_middle_is_masked() -> None:
    assert mask("13812341234") == "138****1234"
    assert mask("051587221234-801") == "0515****1234"
    assert mask("05158722123") == "0515****2123"
    assert mask("12345") == "****"


@given(mobiles)
def test_a_masked_number_cannot_be_read(mobile: str) -> None:
    assert mobile not in mask(mobile)
    assert mobile[3:7] != mask(mobile)[3:7] == "****"


def test_the_last_four_digits_are_those_of_the_number() -> None:
    assert last_four("13812341234") == "1234"
    assert last_four("051587221234-801") == "1234"
