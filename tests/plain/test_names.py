import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.plain.names import firm_key, person_key, pinyin_keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("赛得利（盐城）纤维有限公司", "赛得利(盐城)纤维有限责任公司"),
        ("赛得利（盐城）纤维有限公司", "赛得利盐城纤维有限公司 "),
        ("示例ＡＢＣ机械有限公司", "示例abc机械股份有限公司"),
        ("示例机械公司", "示例机械有限公司"),
    ],
)
def test_spellings_of_one_firm_have_one_key(one: str, other: str) -> None:
    assert firm_key(one) == firm_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("示例机械有限公司", "示例机械集团有限公司"),
        ("示例机械有限公司", "示例机械有限公司阜宁分公司"),
        ("示例机械厂", "示例机械有限公司"),
        ("示例（盐城）有限公司", "示例（淮安）有限公司"),
    ],
)
def test_different_firms_have_different_keys(one: str, other: str) -> None:
    assert firm_key(one) != firm_key(other)


def test_spellings_of_one_person_have_one_key() -> None:
    assert person_key("李 明") == person_key("李·明") == person_key("李明") == "李明"


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("阜宁金一", "阜宁金一 funingjinyi fnjy"),
        ("阜宁县金一新能源科技有限公司", "阜宁县金一新能源科技 funingxianjinyixinnengyuankeji fnxjyxnykj"),
        ("单示例", "单示例 danshili dsl shanshili ssl"),
        ("重庆示例厂", "重庆示例厂 chongqingshilichang cqslc"),
        ("PLC服务部", "plc服务部 plcfuwubu plcfwb"),
        ("吕示例", "吕示例 lvshili lsl"),
        ("", ""),
    ],
)
def test_a_name_is_found_by_pinyin_and_initials(name: str, keys: str) -> None:
    assert pinyin_keys(name) == keys


@given(st.text())
def test_keys_are_stable(name: str) -> None:
    assert person_key(person_key(name)) == person_key(name)


@given(st.text("阜宁示例机械有限责任股份公司分厂（）() ", max_size=12))
def test_any_name_has_a_key_unless_it_is_blank(name: str) -> None:
    assert bool(firm_key(name)) == bool(person_key(name))
    assert pinyin_keys(name).startswith(firm_key(name))
