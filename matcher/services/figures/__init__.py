"""Figures: one function per figure of product.md section 6, counted, broken down and listed alike."""

from matcher.services.figures import listing, money, outcome, problems, response, table, training, work
from matcher.services.figures.counting import count, count_by, counts, counts_by, sum_by
from matcher.services.figures.definition import DEFINITIONS, Definition
from matcher.services.figures.measure import Figures, figures_of, measure
from matcher.services.figures.reading import Reading
from matcher.services.figures.scope import Scope
from matcher.services.figures.tallies.reading import read

#: The modules in which figures are defined; importing them enters their figures.
PARTS = (work, problems, response, training, money, outcome)

__all__ = [
    "DEFINITIONS",
    "Definition",
    "Figures",
    "Reading",
    "Scope",
    "count",
    "count_by",
    "counts",
    "counts_by",
    "figures_of",
    "listing",
    "measure",
    "read",
    "sum_by",
    "table",
]
