"""Pages for everybody: what this is, 我要点菜, 投诉建议."""

from matcher.web.public import about, order, papers
from matcher.web.public.blueprint import bp

__all__ = ["about", "bp", "order", "papers"]
