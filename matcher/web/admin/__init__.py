"""The administrator's pages: accounts, the office's settings, the words, the log, trying out the matcher."""

from matcher.web.admin import accounts, golden, home, lexicon, log, replays, trying, weights, words
from matcher.web.admin.blueprint import bp

__all__ = ["accounts", "bp", "golden", "home", "lexicon", "log", "replays", "trying", "weights", "words"]
