"""Numbers as a sentence says them, and whether they are true of the exact numbers.

A claim is a number with its hedge and its measure word: 60余个, 超300人, 近600场, 约50万元.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

BEFORE = {"超": "over", "超过": "over", "逾": "over", "近": "near", "约": "about"}
AFTER = {"余": "over", "多": "over"}
#: How far 约 may be from the truth.
ABOUT = Decimal("0.05")
_CLAIM = re.compile(
    r"(?P<before>超过|超|逾|近|约)?\s*(?P<digits>\d[\d,，]*(?:\.\d+)?)\s*(?P<after>余|多)?\s*(?P<unit>万元|元|人次|[^\W\d_]|%|％)?"
)
_HAN_NUMBER = re.compile(r"[一二三四五六七八九十百千两零〇]{2,}[余多]?(?=场|家|条|个|项|件|人|名|万元|元|对)")


@dataclass(frozen=True, slots=True)
class Claim:
    """A number in a text, from `start` to `end`. `kind` is exact, over, near or about; `unit` as written."""

    start: int
    end: int
    text: str
    value: Decimal
    kind: str
    unit: str


def claims_in(text: str) -> list[Claim]:
    """Every number that a text says in digits, in order."""
    found = []
    for match in _CLAIM.finditer(text):
        digits = match["digits"].rstrip(",，")
        value = Decimal(digits.replace(",", "").replace("，", ""))
        kind = BEFORE.get(match["before"] or "") or AFTER.get(match["after"] or "") or "exact"
        said = match[0].strip()
        found.append(Claim(match.start(), match.start() + len(match[0]), said, value, kind, match["unit"] or ""))
    return found


def written_out(text: str) -> list[str]:
    """Numbers written in characters (二十余家), which nobody can hold against a figure."""
    return [match[0] for match in _HAN_NUMBER.finditer(text)]


def holds(claim: Claim, exact: Decimal) -> bool:
    """Whether the claim is true of the exact number, in the claim's own unit.

    余 and 超: strictly more, and by less than the step it was rounded to (60余 is true of 61 to 69).
    近: strictly less, by at most the step. 约: within a twentieth. Without a hedge: equal, to the places
    that are printed.
    """
    if claim.kind == "exact":
        places = Decimal(1).scaleb(int(claim.value.as_tuple().exponent))
        return exact.quantize(places, rounding=ROUND_HALF_UP) == claim.value
    if claim.kind == "about":
        return abs(exact - claim.value) <= ABOUT * claim.value
    step = _step(claim.value)
    if claim.kind == "over":
        return claim.value < exact < claim.value + step
    return claim.value - step <= exact < claim.value


def _step(value: Decimal) -> Decimal:
    """The step a round number was rounded to: the largest power of ten that divides it."""
    if value == 0 or value != value.to_integral_value():
        return Decimal(1)
    step = Decimal(1)
    while value % (step * 10) == 0:
        step *= 10
    return step
