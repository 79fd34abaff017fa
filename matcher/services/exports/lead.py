"""A 五小 lead as a Word form, to be printed and stamped."""

import io
from typing import Any

from matcher.models import Lead
from matcher.services.exports.wordstyle import FONT, run
from matcher.services.leads import FIELDS
from matcher.services.words import word


def lead_document(lead: Lead) -> bytes:
    """The form with the fields of the contest, in 仿宋, with room for the union's stamp."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document = Document()
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(head, "职工“五小”创新成果申报表", FONT, 20, bold=True)
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    _row(table, "类别", word("wuxiao_kinds", lead.kind))
    for name, label, _lines in FIELDS:
        _row(table, label, lead.form.get(name, ""))
    _row(table, "单位工会意见", "\n\n（盖章）　　　　年　　月　　日")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _row(table: Any, label: str, text: str) -> None:
    from docx.shared import Cm

    cells = table.add_row().cells
    cells[0].width, cells[1].width = Cm(3.5), Cm(12.5)
    run(cells[0].paragraphs[0], label, FONT, 12, bold=True)
    run(cells[1].paragraphs[0], text, FONT, 12)
