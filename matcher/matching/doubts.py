"""What a problem's text says is not so, or only believes: "没有报警", "以为是进水造成的"."""

import re

#: How much what is denied, and what is guessed, still counts.
DENIED, GUESSED = 0.3, 0.5

_DENIED = re.compile(
    r"(?:并没有|没有出现|没有发生|没有发现|未发现|未见|没见|没有|并未|并非|不是因为|不是)([\u3400-\u9fff]{2,6})"
)
#: After 没有 these are a lack and not a denial: "没有图纸", "没有技术" tell what is needed.
_LACK = re.compile(
    r"资料|图纸|说明书|技术|人|办法|方案|经验|标准|设备|工艺|解决|规律|检测|电|水|气|资质|能力|配件|备件|雨棚"
)
_GUESSED = re.compile(
    r"(?:以为|怀疑|猜测|猜是|估计|认为|觉得|可能是|好像是|像是|听说|据说)(?:可能)?(?:是)?"
    r"([^,，。;；!！?？\n]{2,14}?)(?=造成|引起|导致|所致|的问题|的原因|坏了|[,，。;；!！?？\n]|$)"
)


def doubted(text: str) -> list[tuple[int, int, float]]:
    """Places (start, end) of what is denied or guessed in a text in normal form, with the share it counts.

    >>> doubted("变频器没有报警,大家都以为是进水造成的")
    [(5, 7, 0.3), (14, 16, 0.5)]
    """
    found = [(match.start(1), match.end(1), DENIED) for match in _DENIED.finditer(text) if not _LACK.match(match[1])]
    found += [(match.start(1), match.end(1), GUESSED) for match in _GUESSED.finditer(text)]
    return sorted(found)
