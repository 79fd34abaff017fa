"""How a problem and an expert's record are read: which tokens they say, how loudly, and where they stand."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from matcher.matching.doubts import doubted
from matcher.matching.industries import divisions_of, industry_words
from matcher.matching.normal import Normal, normalise
from matcher.matching.quiet import hush_need, hush_record
from matcher.matching.text import Token, grams, token_places, words
from matcher.matching.types import Basis, Need, Profile

#: How loudly the fields of a problem speak of competence.
NEED_FIELDS = {"title": 1.0, "text": 1.0, "industry": 0.5}
#: The same for a record, once for the competences and once for plain words.
RECORD_FIELDS = {"trade": 2.0, "skill": 2.0, "title": 0.6, "employer": 0.7, "profile": 0.3, "proven": 0.3}
WORD_FIELDS = {"trade": 3.0, "skill": 3.0, "title": 0.6, "employer": 1.0, "profile": 1.0, "proven": 0.5}
BASES = {Basis.DECLARED: 1.0, Basis.PROVEN: 1.3, Basis.INFERRED: 0.5}


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it is read: its normal form, the same with small talk blanked, and its loudness."""

    name: str
    normal: Normal
    heard: str
    loudness: float

    def tokens(self) -> Iterator[Token]:
        """Pairs and words (these with a mark at the end) with their places in the source."""
        for token in grams(self.normal, self.heard):
            yield token
        for token in words(self.normal, self.heard):
            yield Token(f"{token.text}_", token.start, token.end)


@dataclass(frozen=True, slots=True)
class Said:
    """A token of a field, as loud as it counts."""

    field: str
    token: Token
    loudness: float


@dataclass(frozen=True)
class NeedReading:
    """A problem read: `said` in the order of the text; `divisions` are those of its industry."""

    fields: tuple[Field, ...]
    said: tuple[Said, ...]
    divisions: frozenset[str]

    def counts(self) -> Counter[str]:
        """Token → its summed loudness."""
        return total(self.said)


def total(said: Iterable[Said]) -> Counter[str]:
    """Token → summed loudness."""
    counts: Counter[str] = Counter()
    for one in said:
        counts[one.token.text] += one.loudness  # type: ignore[assignment]
    return counts


def read_need(need: Need) -> NeedReading:
    """Read a problem: small talk is not heard, guesses at the cause and what is denied only faintly."""
    fields = tuple(
        _field(name, source, hush_need, NEED_FIELDS[name])
        for name, source in (
            ("title", need.title),
            ("text", need.text),
            ("industry", industry_words(need.industry)),
        )
        if source
    )
    said = tuple(one for field in fields for one in _needed(field))
    return NeedReading(fields, said, divisions_of(need.industry))


def record_fields(profile: Profile, loudness: Mapping[str, float]) -> list[Field]:
    """The fields of a record that speak of competence; skills are named skill:0, solved cases proven:0 and on."""
    rows = [(name, getattr(profile, name), loudness[name]) for name in ("trade", "title", "employer", "profile")]
    for place, skill in enumerate(profile.skills):
        rows.append((f"skill:{place}", skill.text, loudness["skill"] * BASES[Basis(skill.basis)] * skill.weight))
    for place, text in enumerate(profile.proven):
        # The tenth case like the first adds little: a share that falls with the number of cases.
        rows.append((f"proven:{place}", text, loudness["proven"] / (1 + place) ** 0.5))
    return [_field(name, source, hush_record, loud) for name, source, loud in rows if source and loud > 0]


def record_said(profile: Profile, loudness: Mapping[str, float]) -> list[Said]:
    """What a record says, token by token; record_counts sums the same up, faster."""
    fields = record_fields(profile, loudness)
    return [Said(field.name, token, field.loudness) for field in fields for token in field.tokens()]


def record_counts(profile: Profile, loudness: Mapping[str, float]) -> Counter[str]:
    """Token → summed loudness of a whole record."""
    counts: Counter[str] = Counter()
    for field in record_fields(profile, loudness):
        for token, _, _ in token_places(field.heard):
            counts[token] += field.loudness  # type: ignore[assignment]
    return counts


def _field(name: str, source: str, hush: Callable[[str], str], loudness: float) -> Field:
    normal = normalise(source)
    return Field(name, normal, hush(normal.text), loudness)


def _needed(field: Field) -> Iterator[Said]:
    faint = [(*field.normal.place(start, end), share) for start, end, share in doubted(field.normal.text)]
    for token in field.tokens():
        share = min((s for start, end, s in faint if start <= token.start < end), default=1.0)
        yield Said(field.name, token, field.loudness * share)
