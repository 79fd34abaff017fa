"""The brief as a Word document: red head, 仿宋, paragraph, table and charts; the template can be the office's own."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from matcher.db import today
from matcher.errors import BadInput
from matcher.services.exports.wordstyle import FONT, font_of, run
from matcher.services.figures import Figures, Scope
from matcher.services.figures.table import told

#: What a template may use.
SLOTS = ("title", "office", "period", "day", "paragraph", "rows", "charts")
HEAD_FONT = "方正小标宋简体"
MOST_BYTES = 5 * 1024 * 1024
_RED = "C00000"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing for the document: its title and the SVG that the page shows."""

    title: str
    svg: str


def brief_document(
    scope: Scope, figures: Figures, paragraph: str, charts: Sequence[Chart], *, template: bytes | None = None
) -> bytes:
    """The brief, from the office's template or the one we ship. Raises BadInput where the template cannot be filled."""
    from docx.shared import Cm
    from docxtpl import DocxTemplate, InlineImage

    document = DocxTemplate(io.BytesIO(template or default_brief_template()))
    pictures = [
        {"title": chart.title, "image": InlineImage(document, io.BytesIO(as_png(chart.svg)), width=Cm(15))}
        for chart in charts
    ]
    values = {
        "title": f"{scope.office.name}劳模工匠助企行简报",
        "office": scope.office.name,
        "period": scope.period.label,
        "day": _day(),
        "paragraph": paragraph,
        "rows": [{"name": row.name, "value": _value(row.unit, row.value), "unit": row.unit} for row in told(figures)],
        "charts": pictures,
    }
    try:
        document.render(values, jinja_env=_environment(), autoescape=True)
    except TemplateError as error:
        raise BadInput("简报模板填写不了：%(why)s", field="template", why=str(error)) from error
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def check_brief_template(data: bytes) -> None:
    """BadInput where an uploaded template is no Word document, or asks for what we do not have."""
    from docxtpl import DocxTemplate

    if len(data) > MOST_BYTES:
        raise BadInput("模板超过 5 MB，请去掉里面的大图片。", field="template")
    try:
        document = DocxTemplate(io.BytesIO(data))
        wanted = document.get_undeclared_template_variables(jinja_env=_environment())
    except TemplateError as error:
        raise BadInput("模板里的标记写错了：%(why)s", field="template", why=str(error)) from error
    except Exception as error:  # python-docx and zipfile raise a dozen kinds for a file that is no document.
        raise BadInput("这不是 Word 文档（.docx）。", field="template") from error
    if unknown := sorted(wanted - set(SLOTS)):
        raise BadInput("模板里有不认识的项：%(names)s", field="template", names="、".join(unknown))


def default_brief_template() -> bytes:
    """The template we ship: an office downloads it, changes words and looks, and uploads it again."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    font_of(document.styles["Normal"], FONT, 16)
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(head, "{{ title }}", HEAD_FONT, 24, colour=_RED)
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(line, "{{ office }}　　{{ day }}", FONT, 14)
    _rule(line)
    body = document.add_paragraph()
    body.paragraph_format.first_line_indent = Pt(32)
    body.paragraph_format.line_spacing = Pt(28)
    run(body, "{{ paragraph }}", FONT, 16)
    run(document.add_paragraph(), "附表：各项数字（{{ period }}）", FONT, 14, bold=True)
    _table(document)
    document.add_paragraph("{%p for chart in charts %}")
    run(document.add_paragraph(), "{{ chart.title }}", FONT, 14, bold=True)
    document.add_paragraph("{{ chart.image }}")
    document.add_paragraph("{%p endfor %}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_png(svg: str) -> bytes:
    """The same drawing as a picture. Chinese needs a CJK font on the machine."""
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, background="#ffffff", zoom=2))


def _table(document: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    table = document.add_table(rows=4, cols=3)
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, ("指标", "数值", "单位"), strict=True):
        run(cell.paragraphs[0], text, FONT, 12, bold=True)
    table.rows[1].cells[0].text = "{%tr for row in rows %}"
    for cell, text in zip(table.rows[2].cells, ("{{ row.name }}", "{{ row.value }}", "{{ row.unit }}"), strict=True):
        run(cell.paragraphs[0], text, FONT, 12)
    table.rows[2].cells[1].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    table.rows[3].cells[0].text = "{%tr endfor %}"


def _rule(paragraph: Any) -> None:
    """The red line below the head."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "6"), ("color", _RED)):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def _environment() -> SandboxedEnvironment:
    """Templates come from people: they may print what they are given and nothing else."""
    return SandboxedEnvironment(autoescape=True)


def _value(unit: str, value: Any) -> str:
    if value is None:
        return "—"
    return f"{value:,.2f}" if unit == "元" else f"{value:,}"


def _day() -> str:
    day = today()
    return f"{day.year}年{day.month}月{day.day}日"
