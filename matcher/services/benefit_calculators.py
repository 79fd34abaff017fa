"""Small calculators for a benefit: the formula, its inputs and the sum, so that a figure can be worked out again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from matcher.errors import BadInput


@dataclass(frozen=True, slots=True)
class Calculator:
    """A formula with named inputs; labels and the formula are Chinese source strings."""

    code: str
    label: str
    inputs: tuple[tuple[str, str], ...]
    formula: str
    work_out: Callable[[Mapping[str, Decimal]], Decimal]


@dataclass(frozen=True, slots=True)
class Worked:
    """What a calculator gives: yuan, the formula in words, and the inputs as they were."""

    amount: Decimal
    formula: str
    inputs: dict[str, Any]


CALCULATORS = (
    Calculator(
        "downtime",
        "减少停机",
        (("hours", "少停机小时数"), ("output", "每小时产值（元）")),
        "少停机小时数 × 每小时产值",
        lambda v: v["hours"] * v["output"],
    ),
    Calculator(
        "scrap",
        "减少废品",
        (
            ("pieces", "产量（件）"),
            ("before", "原废品率（百分数）"),
            ("after", "现废品率（百分数）"),
            ("cost", "每件成本（元）"),
        ),
        "产量 ×（原废品率 − 现废品率）× 每件成本",
        lambda v: v["pieces"] * (v["before"] - v["after"]) / 100 * v["cost"],
    ),
    Calculator(
        "energy",
        "节约能源",
        (("quantity", "节约用量（度、吨等）"), ("price", "单价（元）")),
        "节约用量 × 单价",
        lambda v: v["quantity"] * v["price"],
    ),
    Calculator(
        "labour",
        "节约人工",
        (("people", "节约人数"), ("months", "月数"), ("wage", "每人每月费用（元）")),
        "节约人数 × 月数 × 每人每月费用",
        lambda v: v["people"] * v["months"] * v["wage"],
    ),
    Calculator(
        "material",
        "节约材料",
        (("quantity", "节约数量"), ("price", "单价（元）")),
        "节约数量 × 单价",
        lambda v: v["quantity"] * v["price"],
    ),
    Calculator(
        "sales",
        "新增销售",
        (("sales", "新增销售额（元）"), ("margin", "毛利率（百分数）")),
        "新增销售额 × 毛利率",
        lambda v: v["sales"] * v["margin"] / 100,
    ),
)


def calculate(code: str, typed: Mapping[str, str]) -> Worked | None:
    """Work out a sum from typed inputs named `<code>-<input>`; None where no calculator was used."""
    calculator = next((c for c in CALCULATORS if c.code == code), None)
    if calculator is None:
        return None
    values = {name: _number(typed.get(f"{code}-{name}", ""), label) for name, label in calculator.inputs}
    amount = calculator.work_out(values)
    if amount < 0:
        raise BadInput("算出来是负数，请核对填写的数字。", field="amount")
    inputs = {"calculator": code, **{name: str(value) for name, value in values.items()}}
    return Worked(amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP), calculator.formula, inputs)


def input_label(code: str | None, name: str) -> str:
    """What an input of a calculator is called; a name that no calculator knows is shown as it is."""
    found = next((c for c in CALCULATORS if c.code == code), None)
    return dict(found.inputs).get(name, name) if found is not None else name


def _number(text: str, label: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "").replace("，", "").strip())
    except InvalidOperation as error:
        raise BadInput("请填写“%(label)s”，只写数字。", field="amount", label=label) from error
    if not value.is_finite() or not 0 <= value < Decimal("1e10"):
        raise BadInput("“%(label)s”不对，请核对。", field="amount", label=label)
    return value
