"""Several problems in one text: found where people find them, and no character is lost."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.matching import split

LABELLED = Path(__file__).parent / "data" / "split_texts.jsonl"
#: A boundary counts as found within so many characters: before or behind the blank or the stop between two problems.
NEAR = 2


def labelled(part: str) -> list[list[str]]:
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    return [row["problems"] for row in rows if row["part"] == part]


def boundaries(pieces: list[str]) -> list[int]:
    places, at = [], 0
    for piece in pieces[:-1]:
        at += len(piece)
        places.append(at)
    return places


def f1(texts: list[list[str]]) -> float:
    hits = said = wanted = 0
    for pieces in texts:
        text = "".join(pieces)
        found, true = boundaries([text[a:b] for a, b in split(text)]), boundaries(pieces)
        hits += sum(any(abs(place - other) <= NEAR for other in true) for place in found)
        said += len(found)
        wanted += len(true)
    return 2 * hits / (said + wanted)


@pytest.mark.parametrize("part", ["built", "held out"])
def test_boundaries_are_found_in_texts_like_people_write_them(part: str) -> None:
    texts = labelled(part)
    assert len(texts) >= 20
    assert f1(texts) >= 0.85


@given(st.text(alphabet="一二1234567、.．）(（)；。，\n另外还有此外同时第设备电机漏油异响温度①②③ ", max_size=120))
def test_no_character_is_lost_and_none_stands_twice(text: str) -> None:
    assert "".join(text[start:end] for start, end in split(text)) == text


def test_a_model_number_and_a_decimal_do_not_begin_a_problem() -> None:
    for text in ("S7-1500的通讯老断，换过模块也不行。", "压力从0.6降到0.3兆帕，阀门也换过了。"):
        assert split(text) == [(0, len(text))]
