"""Mainland telephone numbers: brought to one form, checked with a helpful sentence, masked for pages."""

import re
import unicodedata

from matcher.plain.errors import PlainError

MOBILE = re.compile(r"1[3-9]\d{9}")
#: Beijing and the 02x cities have three digits and eight, the others four digits and seven or eight.
LANDLINE = re.compile(r"(010|02[0-57-9])[2-9]\d{7}|(0[3-9]\d{2})[2-9]\d{6,7}")
HOTLINE = re.compile(r"[48]00\d{7}")
LOCAL = re.compile(r"[2-9]\d{6,7}")

_COUNTRY_MOBILE = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
_COUNTRY_LANDLINE = re.compile(r"^(?:\+|00)860?(?=[1-9]\d{8,11}$)")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#|-(?=\d{1,5}$))(?:分机)?[:号]?(\d{1,6})$")
_SEPARATORS = re.compile(r"[\s\-‐-―−_.·•,/()\[\]]")
_LABEL = re.compile(r"^(?:手机|电话|座机|联系电话|tel|mobile)[号码]*:?")


class PhoneError(PlainError):
    """Not a number that can be called in mainland China; the sentence says what is wrong with it."""

    field = "phone"


def normalise(text: str, *, area: str = "") -> str:
    """The number in its one form: `13812341234`, `051587221234`, `051587221234-801`, `4008001234`.

    Blanks, dashes, brackets, full width and +86 are taken away; `area` is put before a local number, if
    given. Raises PhoneError.
    """
    digits, extension = _split(_plain(text))
    if area and LOCAL.fullmatch(digits):
        digits = area + digits
    _check(digits)
    return f"{digits}-{extension}" if extension else digits


def is_phone(text: str) -> bool:
    """Whether `normalise` would take it."""
    try:
        normalise(text)
    except PhoneError:
        return False
    return True


def mask(phone: str) -> str:
    """138****1234 for a mobile, 0515****1234 for a landline; nothing of a number too short to hide."""
    number = phone.partition("-")[0]
    shown = 4 if number.startswith("0") else 3
    if len(number) < shown + 4 + 3:
        return "****"
    return f"{number[:shown]}****{number[-4:]}"


def last_four(phone: str) -> str:
    """The digits by which the owner of a number is asked to confirm, without any extension."""
    return phone.partition("-")[0][-4:]


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    plain = "".join(ch for ch in plain if unicodedata.category(ch) != "Cf")
    return _LABEL.sub("", plain)


def _split(text: str) -> tuple[str, str]:
    """The bare number and its extension: 0515-87221234转801. A number that stands alone has none."""
    if not _is_number(_bare(text)) and (found := _EXTENSION.search(text)):
        return _bare(text[: found.start()]), found[1]
    return _bare(text), ""


def _bare(text: str) -> str:
    digits = _SEPARATORS.sub("", text)
    return _COUNTRY_LANDLINE.sub("0", _COUNTRY_MOBILE.sub("", digits))


def _is_number(digits: str) -> bool:
    return any(kind.fullmatch(digits) for kind in (MOBILE, LANDLINE, HOTLINE))


def _check(digits: str) -> None:
    if _is_number(digits):
        return
    if not digits:
        raise PhoneError("请填写电话号码。")
    if not (digits.isascii() and digits.isdigit()):
        raise PhoneError("电话号码里有不是数字的字符，请检查。")
    if digits.startswith("1") and len(digits) != 11:
        raise PhoneError("手机号应为 11 位，现在是 %(count)d 位。", count=len(digits))
    if digits.startswith("1"):
        raise PhoneError("没有以 %(start)s 开头的手机号，请检查。", start=digits[:2])
    if LOCAL.fullmatch(digits):
        raise PhoneError("座机号请加上区号，例如 0515-87221234。")
    if digits.startswith("0"):
        raise PhoneError("座机号不对：区号 3 到 4 位，后面 7 到 8 位，例如 0515-87221234。")
    raise PhoneError("电话号码不对，请填写 11 位手机号，或带区号的座机号。")
