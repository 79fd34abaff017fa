"""Free text without phones, ids, persons and firms, for those who may not see them (yet).

It hides rather too much than too little: a serial number taken for a phone costs the reader less than a
phone taken for a serial number costs its owner.
"""

import re
import unicodedata
from collections.abc import Iterable

PHONE = "〔电话〕"
MAIL = "〔邮箱〕"
CHAT = "〔微信〕"
NUMBER = "〔证件号〕"
FIRM = "〔某企业〕"
PERSON = "〔某人〕"

# Numbers are written in full width, in Chinese characters, and with things between the digits.
_N = r"[0-9０-９]"
_D = r"[0-9０-９〇零一二三四五六七八九幺]"
_S = r"[\s\-‐-―－_.．·,，、/()（）\u200b-\u200f\u202a-\u202e\ufeff]{0,3}"
_B = r"[\s\-‐-―－()（）]{0,3}"
_MOBILE = re.compile(rf"[1１一幺]{_S}[3-9３-９三四五六七八九](?:{_S}{_D}){{9}}")
_LANDLINE = re.compile(rf"(?<!{_N})[0０]{_N}{{2,3}}{_B}[2-9２-９](?:{_B}{_N}){{6,7}}(?!{_N})")
_LABELLED_PHONE = re.compile(
    r"((?:电话|座机|手机|拨打|致电|tel)[号码是为]{0,3}[\s:：]{0,3})[0-9０-９](?:[\s\-－]?[0-9０-９]){6,}",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[A-Za-z0-9_.+\-]+\s?[@＠]\s?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
#: A resident's id ends in a digit or X; cards and old ids are long rows of digits; a firm's code is mixed.
_ID = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9０-９]{17}[Xx]|[159Y][1239][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10})(?![0-9A-Za-z])"
    r"|[0-9０-９]{15,}"
)
_CHAT = re.compile(
    r"((?:微信|薇信|威信|(?<![A-Za-z0-9])(?:wechat|weixin|qq|vx|wx)(?=\s*号|\s*[:：]))(?:账号|号)?[\s:：是为]{0,4})"
    r"[A-Za-z0-9][A-Za-z0-9_\-]{4,19}",
    re.IGNORECASE,
)
_LABELLED_PERSON = re.compile(
    r"((?:联系人|经办人|负责人|姓名|法人|法定代表人)[\s:：]{1,3})[\u4e00-\u9fff]{2,4}(?![\u4e00-\u9fff])"
)
#: 周工 is a person, 一周工作 is not.
_NO_SURNAME = r"(?<![一二三四五六七八九十每上下本这那两几整数])"
_TITLE = (
    r"(?:总工|总(?![结量数体共计成])|工程师|工(?![作厂程艺人件业时期序段地资具种装匠会])|师傅|先生|女士|小姐|"
    r"经理|主任|厂长|部长|班长|科长|老师|书记|主席|董事长|董|老板)"
)

_LEGAL_FORM = re.compile(r"(?:集团)?(?:股份有限公司|有限责任公司|有限公司|集团公司|公司|集团|合作社|厂)$")
_HOME = "江苏|盐城|阜宁|响水|滨海|射阳|建湖|东台|大丰|亭湖|盐都"
_PLACE = re.compile(rf"^(?:中国|(?:{_HOME})[省市县区]?|[\u4e00-\u9fff]{{2,3}}[省市县区])+")
_TRADES = (
    "新能源|新材料|科技|技术|机械|制造|设备|光伏|纤维|胶带|电子|电气|电器|环保|滤料|纺织|服装|食品|化工|建材|"
    "风电|能源|材料|实业|工业|工贸|贸易|股份|控股|集团|汽车|部件|配件|五金|塑料|橡胶|包装|农业|生物|医药|智能|精密"
)
#: A works is known by its place (阜宁示例机械厂); 机械厂 alone is a trade.
_FIRM = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9()（）·]{2,24}?(?:有限责任公司|有限公司|集团公司|专业合作社)"
    rf"|(?:{_HOME})[\u4e00-\u9fff]{{2,10}}?(?<![工电])厂"
)
_BEFORE_FIRM = re.compile(r"^.*(?:[是的了]|我们|我司|联系|来自|位于|前往|走进|创办|供应商|客户|厂家|委托|以及)")
_NO_FIRM = re.compile(r"^(?:一家|一个|这家|那家|几家|某|我|本|该|贵|你|他|各|小|大)")


def mask_text(
    text: str,
    *,
    names: Iterable[str] = (),
    firms: Iterable[str] = (),
    phones: bool = True,
    find_firms: bool = True,
) -> str:
    """The text with phones, mail, WeChat and id numbers, these persons and these firms replaced by 〔…〕.

    A person is also found as surname and title (周总), a firm by its trade name (金一公司); persons after a
    label such as 联系人 and firms by their legal form (…有限公司) are found without being given, the
    latter unless `find_firms` is off. `phones=False` leaves phones and other ways to reach somebody.
    """
    if phones:
        text = _without_addresses(text)
    for firm in _longest_first(firms):
        text = _firm_pattern(firm).sub(FIRM, text)
    if find_firms:
        text = _FIRM.sub(_hide_firm, text)
    text = _LABELLED_PERSON.sub(rf"\1{PERSON}", text)
    for name in _longest_first(names):
        text = _person_pattern(name).sub(PERSON, text)
    return text


def _without_addresses(text: str) -> str:
    text = _MAIL.sub(MAIL, text)
    text = _ID.sub(NUMBER, text)
    text = _MOBILE.sub(PHONE, text)
    text = _LANDLINE.sub(PHONE, text)
    text = _LABELLED_PHONE.sub(rf"\1{PHONE}", text)
    return _CHAT.sub(rf"\1{CHAT}", text)


def _hide_firm(match: re.Match[str]) -> str:
    """Only the firm's name of what stands before its legal form: 我们是〔某企业〕."""
    found = match[0]
    before = _BEFORE_FIRM.match(found)
    kept = before[0] if before else ""
    if _NO_FIRM.match(found[len(kept) :]):
        return found
    return kept + FIRM


def _firm_pattern(firm: str) -> re.Pattern[str]:
    """The firm's name, the name without legal form and place, and its trade name where it is told apart.

    A trade name of two characters may be part of other words (资金一定), so it counts only before 公司,
    厂 or a trade.
    """
    plain = unicodedata.normalize("NFKC", firm).strip()
    without_form = _LEGAL_FORM.sub("", plain)
    without_place = _PLACE.sub("", without_form)
    trade_name = re.split(_TRADES, without_place)[0]
    ways = [_loosely(way) for way in (plain, without_form, without_place) if len(way) >= 4]
    if len(trade_name) >= 3:
        ways.append(_loosely(trade_name))
    elif len(trade_name) == 2:
        ways.append(rf"{_loosely(trade_name)}(?:(?:{_TRADES})+(?:公司|厂)?|公司|厂|企业)")
    return re.compile("|".join(ways or [_loosely(plain)]), re.IGNORECASE)


def _person_pattern(name: str) -> re.Pattern[str]:
    plain = unicodedata.normalize("NFKC", name).strip()
    if not re.fullmatch(r"[\u4e00-\u9fff]{2,4}", plain):
        return re.compile(_loosely(plain), re.IGNORECASE)
    return re.compile(rf"{_loosely(plain)}|{_NO_SURNAME}{plain[0]}{_TITLE}")


def _loosely(words: str) -> str:
    """A pattern for these characters in either width and with blanks between them."""
    return r"\s*".join(_either_width(ch) for ch in words if not ch.isspace())


def _either_width(ch: str) -> str:
    return f"(?:{re.escape(ch)}|{chr(ord(ch) + 0xFEE0)})" if "!" <= ch <= "~" else re.escape(ch)


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted({word for word in words if len(word.strip()) > 1}, key=lambda word: (-len(word), word))
