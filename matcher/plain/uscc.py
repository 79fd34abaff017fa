"""统一社会信用代码: eighteen characters, the last of which checks the others (GB 32100-2015)."""

import re
import unicodedata

from stdnum.cn import uscc as standard

from matcher.plain.errors import PlainError

LENGTH = 18
#: The standard leaves out the letters that look like digits or like each other.
ALPHABET = "0-9A-HJ-NPQRTUWXY"
#: Registering body, kind of body, six digits of the place, nine of the organisation, check character.
_SHAPE = re.compile(rf"[1-9ANY][0-9A]\d{{6}}[{ALPHABET}]{{10}}")
_SEPARATORS = re.compile(r"[\s\-‐-―－_.·]|^(?:统一)?(?:社会)?信用代码:?")


class UsccError(PlainError):
    """The code cannot be one; the sentence says why."""

    field = "uscc"


def compact(text: str) -> str:
    """The code without blanks and dashes, in half width and capitals."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text).strip()).upper()


def check_uscc(text: str) -> str:
    """The code in its normal form, or UsccError."""
    code = compact(text)
    if not code:
        raise UsccError("请填写统一社会信用代码。")
    if strange := re.sub(rf"[{ALPHABET}]", "", code):
        raise UsccError("统一社会信用代码里不会有“%(letter)s”，请检查是否抄错。", letter=strange[0])
    if len(code) != LENGTH:
        raise UsccError("统一社会信用代码应为 18 位，现在是 %(count)d 位。", count=len(code))
    if not _SHAPE.fullmatch(code):
        raise UsccError("统一社会信用代码的前 8 位不对，请检查是否抄错。")
    if code[-1] != standard.calc_check_digit(code[:-1]):
        raise UsccError("统一社会信用代码的校验位不对，请检查是否抄错。")
    return code


def is_uscc(text: str) -> bool:
    """Whether `check_uscc` would take it."""
    try:
        check_uscc(text)
    except UsccError:
        return False
    return True
