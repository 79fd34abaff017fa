"""Numbers as a county's bulletin says them: rounded, and every hedge true of the exact number.

余 and 超 mean strictly more than the number printed, 近 strictly less; a round number stands alone.
"""

import unicodedata
from decimal import ROUND_HALF_UP, Decimal

WAN = Decimal(10_000)
#: Below this a number is said as it is.
SMALL = 10
#: A hedge that leaves out more than this is better said with a smaller step.
LOSS = Decimal("0.05")

Number = int | Decimal


def step_of(number: Number) -> int:
    """The step a bulletin rounds to: the coarsest power of ten that leaves out less than a twentieth.

    312 -> 100 (300余), 886 -> 10 (880余), 1342 -> 100 (1300余); tens at the least: 67 -> 10 (60余).
    """
    step = 10
    while number >= step * 10 and number % (step * 10) < number * LOSS:
        step *= 10
    return step


def rounded(number: Number, step: int = 0) -> tuple[int, bool]:
    """The number rounded down to a step, and whether something was left out."""
    step = step or step_of(number)
    whole = int(number // step * step)
    return whole, number > whole


def hedge(number: Number, step: int = 0) -> str:
    """With 余 where something is left out.

    >>> hedge(63), hedge(60), hedge(7), hedge(312)
    ('60余', '60', '7', '300余')
    """
    whole, is_more = rounded(number, step)
    if number < SMALL or whole == 0:
        return _plain(number)
    return f"{whole}余" if is_more else str(whole)


def over(number: Number, step: int = 0) -> str:
    """With 超 where it is more.

    >>> over(312, 100), over(300, 100)
    ('超300', '300')
    """
    whole, is_more = rounded(number, step)
    if number < SMALL or whole == 0:
        return _plain(number)
    return f"超{whole}" if is_more else str(whole)


def near(number: Number, step: int) -> str:
    """With 近 and the next round number where it is less.

    >>> near(588, 100), near(600, 100)
    ('近600', '600')
    """
    whole, is_more = rounded(number, step)
    if number < SMALL or not is_more:
        return _plain(number)
    return f"近{whole + step}"


def as_written(text: str) -> Decimal:
    """An amount as people write it, in yuan: 12,000 · １２０００元 · 1.2万. InvalidOperation where it is none."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip().removesuffix("元").strip()
    return Decimal(plain.removesuffix("万").strip()) * (WAN if plain.endswith("万") else 1)


def in_wan(yuan: Decimal) -> str:
    """Money in 万元, without the unit, to two places: 5234500 -> 523.45; a small sum does not become 0."""
    amount = yuan / WAN
    places = Decimal("0.01") if abs(amount) >= Decimal("0.01") else Decimal("0.000001")
    return _plain(amount.quantize(places, rounding=ROUND_HALF_UP))


def in_yuan(yuan: Decimal) -> str:
    """Money in 元, without the unit, to the 分: 5234500 -> 5,234,500; 0.5 -> 0.50."""
    exact = yuan.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{exact:,.0f}" if exact == exact.to_integral_value() else f"{exact:,.2f}"


def hedge_wan(yuan: Decimal) -> str:
    """Money in 万元 for a sentence, without the unit: 5234500 -> 500余; sums below 10万 as `in_wan` says."""
    amount = yuan / WAN
    return hedge(amount) if amount >= SMALL else in_wan(yuan)


def over_wan(yuan: Decimal) -> str:
    """Money in 万元 for a sentence, without the unit: 5234500 -> 超500, 5000000 -> 500."""
    amount = yuan / WAN
    return over(amount) if amount >= SMALL else in_wan(yuan)


def _plain(number: Number) -> str:
    text = f"{number:,f}" if isinstance(number, Decimal) else str(number)
    return text.rstrip("0").rstrip(".") if "." in text else text
