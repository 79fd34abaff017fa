"""Plain values in, plain values out: what the engine is told and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Basis(StrEnum):
    """How a skill is known: a case showed it, the person said so, or the engine read it out of the profile."""

    PROVEN = "proven"
    DECLARED = "declared"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class Need:
    """A problem as the engine sees it. `industry` is a GB/T 4754 division's code, its name, or free words."""

    id: str
    text: str = ""
    title: str = ""
    industry: str = ""


@dataclass(frozen=True, slots=True)
class SkillText:
    """A skill phrase with how it is known; `weight` below 1 makes it count less (a decline said so)."""

    text: str
    basis: str = Basis.DECLARED
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Profile:
    """An expert as the engine sees them. `name` and `honours` are carried along and never scored; `industries`
    are division codes; `proven` are the texts of problems that the expert solved."""

    id: str
    name: str = ""
    employer: str = ""
    title: str = ""
    trade: str = ""
    profile: str = ""
    honours: tuple[str, ...] = ()
    skills: tuple[SkillText, ...] = ()
    industries: tuple[str, ...] = ()
    place: str = ""
    proven: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What else is known of an expert for one problem, by people or the database, not from texts.

    `distance` is 0 (same town), 1 (same county), 2 (same city), 3 (farther), None (unknown); `spare` is how many
    more cases the expert takes; `weaker` is what is left of earlier declines, 0 to 1. A reason in `excluded`
    (paused, full, conflict of interest …) keeps the expert out of the answer. `meaning` is what an optional model
    says of the pair, 0 to 1; it counts as much as the weights give it, and they give it nothing until it was fitted.
    """

    distance: int | None = None
    spare: int = 1
    weaker: float = 0.0
    excluded: str = ""
    meaning: float = 0.0


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (half open) of a field that speak for the pair.

    Fields of a need: title, text. Fields of an expert: trade, title, employer, profile, skill:0 … `drop` is by
    how many points the score falls without these characters, all normalisers kept as they were.
    """

    field: str
    start: int
    end: int
    text: str
    drop: float = 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """One named part of a score in points, with the spans of both sides that carry it."""

    name: str
    value: float
    need_spans: tuple[Span, ...] = ()
    expert_spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The engine's opinion of one expert for one need: `score` (0 to 100) is exactly the sum of its parts.

    `competences` are the names of what both sides show, `missing` of what the problem asks for and the record
    does not show. `alike` are words that the problem writes otherwise than the record (problem's, record's); their
    places are among the spans, without a drop. `confidence` is the probability that the expert is fit, None where it
    was never calibrated.
    """

    expert_id: str
    score: float
    parts: tuple[Part, ...]
    need_spans: tuple[Span, ...] = ()
    expert_spans: tuple[Span, ...] = ()
    competences: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    alike: tuple[tuple[str, str], ...] = ()
    confidence: float | None = None
    calibrated: bool = False

    def part(self, name: str) -> float:
        """The points of one part, 0 where it does not occur."""
        return next((part.value for part in self.parts if part.name == name), 0.0)


@dataclass(frozen=True, slots=True)
class Proposals:
    """The best experts, best first. `nobody`: none of them is good enough; `wanting` names the competences
    that the problem asks for. `versions` are those of the lexicon and the weights, for a replay."""

    matches: tuple[Match, ...]
    nobody: bool
    wanting: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
