"""Short codes: what was typed wrong is noticed, what was typed loosely is understood."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matcher.plain.codes import LETTERS, read_code, short_code

numbers = st.integers(0, 10**9)


@given(numbers)
def test_a_code_leads_back_to_its_number(number: int) -> None:
    assert read_code(short_code(number)) == number
    assert read_code(f" {short_code(number).lower()[:3]}-{short_code(number)[3:]} ") == number


@given(numbers, st.data())
def test_one_wrong_letter_is_noticed(number: int, data: st.DataObject) -> None:
    code = short_code(number)
    place = data.draw(st.integers(0, len(code) - 1))
    letter = data.draw(st.sampled_from(LETTERS))
    assume(letter != code[place])
    assert read_code(code[:place] + letter + code[place + 1 :]) is None


@given(numbers, st.data())
def test_two_letters_that_changed_places_are_noticed(number: int, data: st.DataObject) -> None:
    code = short_code(number)
    place = data.draw(st.integers(0, len(code) - 2))
    assume(code[place] != code[place + 1])
    assert read_code(code[:place] + code[place + 1] + code[place] + code[place + 2 :]) is None


@pytest.mark.parametrize("typed", ["", "电缆", "0000", "222", "13800138000"])
def test_other_words_are_no_codes(typed: str) -> None:
    assert read_code(typed) is None
