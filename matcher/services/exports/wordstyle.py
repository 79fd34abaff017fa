"""How our Word documents look: 仿宋, told to Word in the way that holds for Chinese characters."""

from typing import Any

FONT = "仿宋"


def run(paragraph: Any, text: str, font: str, size: int, *, bold: bool = False, colour: str = "") -> None:
    """Write into a paragraph; `colour` is six hexadecimal digits."""
    from docx.shared import RGBColor

    written = paragraph.add_run(text)
    written.bold = bold
    font_of(written, font, size)
    if colour:
        written.font.color.rgb = RGBColor.from_string(colour)


def font_of(thing: Any, name: str, size: int) -> None:
    """Word takes the font of Chinese characters from w:eastAsia, not from the font's name."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    thing.font.name, thing.font.size = name, Pt(size)
    element = thing.element if hasattr(thing, "element") else thing._element
    element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
