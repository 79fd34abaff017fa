"""Figures: one function per figure of product.md section 6, counted, broken down and listed alike."""

from matcher.services.figures import listing, money, outcome, problems, response, table, training, work
from matcher.services.figures.counting import count, count_by, counts, counts_by, sum_by
from matcher.services.figures.definition import DEFINITIONS, Definition
from matcher.services.figures.measure import Figures, measure
from matcher.services.figures.scope import Scope

#: The modules in which figures are defined; importing them enters their figures.
PARTS = (work, problems, response, training, money, outcome)

__all__ = [
    "DEFINITIONS",
    "Definition",
    "Figures",
    "Scope",
    "count",
    "count_by",
    "counts",
    "counts_by",
    "listing",
    "measure",
    "sum_by",
    "table",
]
