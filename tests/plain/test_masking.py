import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.plain.masking import CHAT, FIRM, MAIL, NUMBER, PERSON, PHONE, mask_text

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
prose = st.text(st.sampled_from("除盐水流量异常，电话a1 9-（）。:@厂是"), max_size=30)
separators = st.lists(st.sampled_from(["", "", " ", "-", "－", "\u3000", ".", " - "]), min_size=10, max_size=10)


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))


@given(prose, mobiles, separators, st.booleans(), prose)
def test_no_mobile_survives(before: str, mobile: str, marks: list[str], is_wide: bool, after: str) -> None:
    written = "".join(digit + mark for digit, mark in zip(mobile, [*marks, ""], strict=True))
    if is_wide:
        written = "".join(chr(ord(ch) + 0xFEE0) if ch.isdigit() else ch for ch in written)
    masked = mask_text(before + written + after)
    assert mobile not in _digits(masked)
    assert not re.search(r"1[3-9]\d{9}", unicodedata.normalize("NFKC", masked))


@given(st.text(), st.lists(st.text(max_size=8), max_size=3), st.lists(st.text(max_size=12), max_size=3))
def test_any_text_and_any_names_are_taken_and_the_text_hardly_grows(
    text: str, names: list[str], firms: list[str]
) -> None:
    assert len(mask_text(text, names=names, firms=firms)) <= 4 * len(text) + 10


@given(prose, mobiles, prose)
def test_masking_twice_is_masking_once(before: str, mobile: str, after: str) -> None:
    once = mask_text(before + mobile + after)
    assert mask_text(once) == once


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("请打13812341234找我", f"请打{PHONE}找我"),
        ("请打+86 138 1234 1234。", f"请打+86 {PHONE}。"),
        ("幺三八一二三四一二三四", PHONE),
        ("座机0515-87221234转8", f"座机{PHONE}转8"),
        ("电话：87221234", f"电话：{PHONE}"),
        ("微信号：zhou_zhou88", f"微信号：{CHAT}"),
        ("VX: abc12345 加我", f"VX: {CHAT} 加我"),
        ("微信同号13812341234", f"微信同号{PHONE}"),
        ("发到 a.b@example.com 吧", f"发到 {MAIL} 吧"),
        ("身份证32092319900101123X", f"身份证{NUMBER}"),
        ("代码91320923MA1MXXXX0Q", f"代码{NUMBER}"),
        ("联系人：张三丰，急", f"联系人：{PERSON}，急"),
    ],
)
def test_ways_to_reach_somebody_are_hidden(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "6205-2RS轴承，2024-03-05更换，功率1500kW，电压380V",
        "PLC型号S7-1200，变频器FR-A840-00930-2-60",
        "除盐水流量表 DN150，每小时 1250.5 吨，20240305 起不准",
        "我们厂和隔壁电厂都有这个问题，我公司试过",
        "我们是一家小型机械厂",
        "我们粮油加工厂的变压器坏了",
        "WX5500型数控机床",
    ],
)
def test_what_identifies_nobody_stays(text: str) -> None:
    assert mask_text(text) == text


def test_phones_stay_for_those_who_may_see_them() -> None:
    assert mask_text("周州 13812341234", names=["周州"], phones=False) == f"{PERSON} 13812341234"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("找周州", f"找{PERSON}"),
        ("找周 州", f"找{PERSON}"),
        ("周工说，周总同意", f"{PERSON}说，{PERSON}同意"),
        ("请联系周总", f"请联系{PERSON}"),
        ("周总结了原因", "周总结了原因"),
        ("王工说", "王工说"),
        ("一周工作五天", "一周工作五天"),
    ],
)
def test_a_given_person_is_hidden(text: str, masked: str) -> None:
    assert mask_text(text, names=["周州"]) == masked


@pytest.mark.parametrize(
    "text",
    [
        "我们是阜宁县金一新能源科技有限公司",
        "我们是阜宁县 金一新能源科技 有限公司",
        "我们是阜宁县金一新能源科技",
        "我们是金一新能源科技",
        "我们是金一公司",
    ],
)
def test_a_given_firm_is_hidden_however_it_is_called(text: str) -> None:
    masked = mask_text(text, firms=["阜宁县金一新能源科技有限公司"])
    assert masked == f"我们是{FIRM}"


def test_a_short_trade_name_is_not_torn_out_of_other_words() -> None:
    text = "资金一定到位"
    assert mask_text(text, firms=["阜宁县金一新能源科技有限公司"]) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("设备是盐城示例机械有限公司做的", f"设备是{FIRM}做的"),
        ("赛得利（盐城）纤维有限公司来过", f"{FIRM}来过"),
        ("由阜宁示例机械厂加工", f"由{FIRM}加工"),
    ],
)
def test_other_firms_are_found_by_their_form(text: str, masked: str) -> None:
    assert mask_text(text) == masked
    assert mask_text(text, find_firms=False) == text
