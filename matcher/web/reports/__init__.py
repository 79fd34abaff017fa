"""What was done and what it was worth: figures, handed-in reports, the benefit ledger and its follow-ups."""

from matcher.web.reports import activities, exports, figures, followups, leaders, ledger, versions
from matcher.web.reports.blueprint import bp

__all__ = ["activities", "bp", "exports", "figures", "followups", "leaders", "ledger", "versions"]
