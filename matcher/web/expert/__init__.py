"""Pages of experts, by personal link or account, on a phone: offers, work, one's own information."""

from matcher.web.expert import me, offers, work
from matcher.web.expert.blueprint import bp

__all__ = ["bp", "me", "offers", "work"]
