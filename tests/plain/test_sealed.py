import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.plain.sealed import CannotOpen, Sealer

SEALER = Sealer("one secret")


@given(st.text())
def test_what_is_sealed_can_be_opened(text: str) -> None:
    assert SEALER.open(SEALER.seal(text)) == text


def test_a_token_tells_nothing_and_is_never_the_same() -> None:
    first, second = SEALER.seal("13812341234"), SEALER.seal("13812341234")
    assert first != second
    assert "1381234" not in first


@given(st.integers(min_value=0, max_value=60), st.characters(codec="ascii", categories=["L", "N"]))
def test_a_changed_token_cannot_be_opened(place: int, letter: str) -> None:
    token = SEALER.seal("13812341234")
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        with pytest.raises(CannotOpen):
            SEALER.open(changed)


@pytest.mark.parametrize("token", ["", "x", "13812341234", "中文", "gAAAA"])
def test_what_is_no_token_cannot_be_opened(token: str) -> None:
    with pytest.raises(CannotOpen):
        SEALER.open(token)


def test_another_key_does_not_open() -> None:
    with pytest.raises(CannotOpen):
        Sealer("other").open(SEALER.seal("秘密"))


def test_keys_can_be_changed_without_losing_anything() -> None:
    old, both, new = Sealer("old"), Sealer("new, old"), Sealer("new")
    token = old.seal("周先生")
    assert both.open(token) == "周先生"
    assert new.open(both.reseal(token)) == "周先生"
    assert new.open(both.seal("周先生")) == "周先生"
    assert both.blind_index("13812341234") == old.blind_index("13812341234")


def test_the_blind_index_finds_the_same_and_only_the_same() -> None:
    assert SEALER.blind_index("１３８1234 1234") == SEALER.blind_index("13812341234")
    assert SEALER.blind_index("13812341235") != SEALER.blind_index("13812341234")
    assert SEALER.blind_index("13812341234") != Sealer("other").blind_index("13812341234")
    assert len(SEALER.blind_index("")) == 64


@pytest.mark.parametrize("keys", ["", " , "])
def test_no_key_is_refused(keys: str) -> None:
    with pytest.raises(ValueError, match="needs a key"):
        Sealer(keys)
