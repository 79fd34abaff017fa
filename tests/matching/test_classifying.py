"""What a text is pre-filled with, and the words that led to it."""

import pytest

from matcher.matching import classify


@pytest.mark.parametrize(
    ("text", "problem_kind", "reporting_kind"),
    [
        ("空压机半夜跳闸，电机烧坏两台，找不到原因。", "equipment", "tackling"),
        ("母牛繁殖率上不去，犊牛断奶后拉稀死亡多，管理上不知道哪里不对。", "process", "management"),
        ("新产品试制时焊缝总有裂纹，返修三遍还是不合格。", "process", "tackling"),
        ("每月力调电费罚掉一万多，想把电费降下来。", "energy", "tackling"),
        ("新来的学徒多，想请技师来厂里讲课，办一期技能培训。", "workforce", "skills"),
        ("想给两个年轻电工拜师带徒。", "workforce", "pairing"),
        ("打磨间粉尘爆炸隐患怎么治理？", "safety", "management"),
        ("仓库库存对不上，排产全凭经验，交期总误。", "management", "management"),
    ],
)
def test_both_axes_are_proposed(text: str, problem_kind: str, reporting_kind: str) -> None:
    read = classify(text)
    assert (read.problem_kind, read.reporting_kind) == (problem_kind, reporting_kind)


def test_each_proposal_names_the_words_that_led_to_it() -> None:
    text = "１０ｋＶ配电柜电缆头发热，全厂停产，急求师傅！"
    read = classify(text)
    assert read.urgency == "urgent"
    assert read.site_risks == ("high_voltage",)
    assert {span.text for span in read.why["urgency"]} == {"全厂停", "急求"}
    assert {span.text for span in read.why["high_voltage"]} == {"１０ｋＶ", "配电柜", "电缆头"}
    assert all(text[span.start : span.end] == span.text for spans in read.why.values() for span in spans)


def test_what_is_denied_leads_nowhere() -> None:
    assert classify("运行时有报警。").problem_kind == "equipment"
    assert classify("运行时没有报警。").problem_kind is None


def test_a_word_said_often_counts_once() -> None:
    assert classify("管理管理管理，其实是焊缝裂纹返修。").problem_kind == "process"


def test_where_nothing_speaks_nothing_is_proposed() -> None:
    read = classify("请联系我。")
    assert (read.problem_kind, read.industry, read.site_risks) == (None, None, ())
    assert (read.reporting_kind, read.urgency) == ("tackling", "normal")
