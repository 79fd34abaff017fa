"""A problem as the engine sees it."""

from matcher.matching import Need
from matcher.models import Problem
from matcher.services import words


def need_of(problem: Problem) -> Need:
    """The enterprise's words, a title where it says more than they do, and the industry's name."""
    industry = words.word("industries", problem.industry) if problem.industry else ""
    title = "" if problem.text.startswith(problem.title.rstrip("…")) else problem.title
    return Need(str(problem.id), problem.text, title, industry)
