"""Search keys for names of people and firms: one form for all spellings, and pinyin with its initials."""

import re
import unicodedata

_NOISE = re.compile(r"[\s()\[\]{}<>《》〈〉【】〔〕·•・、,，.。:;/\\\-‐-―_'\"“”‘’]")
_LIMITED = re.compile(r"股份有限责任公司|股份有限公司|有限责任公司|有限公司")
_COMPANY = re.compile(r"(?<![分子])公司$")

#: Surnames that are read otherwise than the character alone.
SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "查": "zha",
    "任": "ren",
    "朴": "piao",
    "盖": "ge",
    "翟": "zhai",
    "乐": "yue",
    "冼": "xian",
    "洗": "xian",
    "员": "yun",
    "缪": "miao",
    "覃": "qin",
    "繁": "po",
    "秘": "bi",
    "折": "she",
    "黑": "he",
    "种": "chong",
    "召": "shao",
    "尉": "wei",
    "车": "che",
    "长孙": "zhang sun",
    "尉迟": "yu chi",
    "万俟": "mo qi",
    "单于": "chan yu",
    "澹台": "tan tai",
}


def firm_key(name: str) -> str:
    """The same for spellings of one firm: width, case, brackets, blanks and legal form do not count.

    A branch keeps its own key.

    >>> firm_key("示例机械（盐城）有限公司") == firm_key("示例机械(盐城)有限责任公司")
    True
    """
    plain = person_key(name)
    return _COMPANY.sub("", _LIMITED.sub("", plain)) or plain


def person_key(name: str) -> str:
    """The same for spellings of one person's name (李 明, 李·明)."""
    # Normalised again at the end: an accent whose carrier was a blank joins the letter before it.
    bare = _NOISE.sub("", unicodedata.normalize("NFKC", name)).lower()
    return unicodedata.normalize("NFKC", bare)


def pinyin_keys(name: str) -> str:
    """What a name is found by, apart by blanks: itself, pinyin, initials: "阜宁金一 funingjinyi fnjy".

    A name that begins with a surname of an uncommon reading has both readings (单 dan, shan).
    """
    plain = firm_key(name)
    keys = [plain]
    for syllables in _readings(plain):
        keys.append("".join(syllables))
        # Latin letters stay whole: PLC服务部 is plcfwb.
        keys.append("".join(part if part in plain else part[:1] for part in syllables))
    return " ".join(dict.fromkeys(key for key in keys if key))


def _readings(name: str) -> list[list[str]]:
    # pypinyin costs 50 MB of memory, so only who writes a name pays for it.
    from pypinyin import lazy_pinyin

    readings = [lazy_pinyin(name)]
    surname = next((name[:n] for n in (2, 1) if name[:n] in SURNAMES), "")
    if surname:
        readings.append(SURNAMES[surname].split() + lazy_pinyin(name[len(surname) :]))
    return readings
