"""Files that people hand in: the ledger as a workbook, the brief as a Word document."""

from matcher.services.exports.brief import Chart, brief_document, check_brief_template, default_brief_template
from matcher.services.exports.ledger import ledger_workbook

__all__ = ["Chart", "brief_document", "check_brief_template", "default_brief_template", "ledger_workbook"]
