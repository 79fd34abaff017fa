"""Short codes for paper: a number in letters that are not mistaken for one another, with a check letter."""

import unicodedata

#: Without 0, 1, I, L and O. 31 of them, a prime: one wrong letter or two that changed places are noticed.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SHORTEST = 4


def short_code(number: int) -> str:
    """The code of a number.

    >>> short_code(1), short_code(31), read_code("2223-f")
    ('2223F', '2232G', 1)
    """
    digits = ""
    rest = number
    while rest or len(digits) < SHORTEST:
        rest, digit = divmod(rest, len(LETTERS))
        digits = LETTERS[digit] + digits
    return digits + _check(digits)


def read_code(typed: str) -> int | None:
    """The number of a code as somebody typed it; None where it is none."""
    code = unicodedata.normalize("NFKC", typed).upper().replace("-", "").replace(" ", "")
    if not SHORTEST < len(code) <= 12 or any(letter not in LETTERS for letter in code):
        return None
    digits, check = code[:-1], code[-1]
    if _check(digits) != check:
        return None
    number = 0
    for letter in digits:
        number = number * len(LETTERS) + LETTERS.index(letter)
    return number


def _check(digits: str) -> str:
    weighted = sum((place + 2) * LETTERS.index(letter) for place, letter in enumerate(reversed(digits)))
    return LETTERS[(weighted + 11) % len(LETTERS)]
