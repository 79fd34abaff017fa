"""A value of Figures with noughts wherever nothing is said."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from matcher.services.figures import Figures


def some_figures(**said: Any) -> Figures:
    """Figures of the first half of 2026; only what matters is said."""
    noughts: dict[str, Any] = {
        field.name: Decimal(0) if "Decimal" in str(field.type) else 0 for field in fields(Figures)
    }
    about = {"office": "320923", "start": date(2026, 1, 1), "end": date(2026, 6, 30), "response": {}}
    return Figures(**{**noughts, **about, **said})
