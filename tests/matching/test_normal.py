"""One form for texts that mean the same, and no character's place is lost."""

from hypothesis import given
from hypothesis import strategies as st

from matcher.matching.normal import normalise

WRITTEN = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("軸承ＰＬＣ㎜①℃５－ 縫")), max_size=60)


@given(WRITTEN)
def test_every_character_of_the_normal_form_knows_where_it_came_from(text: str) -> None:
    normal = normalise(text)
    for place in range(len(normal.text)):
        start, end = normal.place(place, place + 1)
        assert 0 <= start < end <= len(text)
        assert normal.text[place] in normalise(text[start:end]).text


@given(WRITTEN)
def test_a_normal_form_is_its_own(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


def test_width_case_script_and_units_do_not_matter() -> None:
    assert normalise("Ｓ７－１５００軸承").text == normalise("s7-1500轴承").text
    assert normalise("5㎜").text == "5mm"
