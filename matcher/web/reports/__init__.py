"""What was done and what it was worth: figures, activities, the benefit ledger."""

from matcher.web.reports import followups, ledger
from matcher.web.reports.blueprint import bp

__all__ = ["bp", "followups", "ledger"]
