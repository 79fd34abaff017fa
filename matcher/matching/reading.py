"""How a problem and an expert's record are read: which tokens they say, how loudly, and where they stand."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from matcher.matching.doubts import doubted
from matcher.matching.industries import divisions_of, industry_words
from matcher.matching.normal import Normal, normalise
from matcher.matching.quiet import hush_need, hush_record
from matcher.matching.text import Token, grams, tokens, words
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


class Said(NamedTuple):
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


def record_fields(profile: Profile) -> list[Field]:
    """The fields of a record that speak of competence, each as loud as its share of its kind's loudness; skills are
    named skill:0, solved cases proven:0 and on."""
    return [_field(name, source, hush_record, share) for name, _, source, share in _voices(profile)]


def record_said(fields: Iterable[Field], *ways: Mapping[str, float]) -> tuple[list[Said], ...]:
    """What the fields of a record say, token by token, for each way of giving their kinds loudness; record_counts sums
    the same up, faster."""
    said: tuple[list[Said], ...] = tuple([] for _ in ways)
    for field in fields:
        louds = [way[field.name.partition(":")[0]] * field.loudness for way in ways]
        for token in field.tokens():
            for loud, heard in zip(louds, said, strict=True):
                heard.append(Said(field.name, token, loud))
    return said


def record_counts(profile: Profile, *ways: Mapping[str, float]) -> tuple[dict[str, float], ...]:
    """Token → summed loudness of a whole record, for each way of giving its fields loudness; read once for all."""
    voices = [voice for voice in _voices(profile) if any(way[voice[1]] for way in ways)]
    louds = [tuple(way[kind] * share for way in ways) for _, kind, _, share in voices]
    counted: tuple[dict[str, float], ...] = tuple({} for _ in ways)
    for ways_loud, heard in zip(louds, _heard([source for _, _, source, _ in voices]), strict=True):
        for counts, loud in zip(counted, ways_loud, strict=True):
            if loud > 0:
                for token in heard:
                    counts[token] = counts.get(token, 0.0) + loud
    return counted


def _voices(profile: Profile) -> Iterator[tuple[str, str, str, float]]:
    """What speaks in a record: (name, kind, source, share of its kind's loudness)."""
    rows = [(name, name, getattr(profile, name), 1.0) for name in ("trade", "title", "employer", "profile")]
    for place, skill in enumerate(profile.skills):
        rows.append((f"skill:{place}", "skill", skill.text, BASES[Basis(skill.basis)] * skill.weight))
    for place, text in enumerate(profile.proven):
        # The tenth case like the first adds little: a share that falls with the number of cases.
        rows.append((f"proven:{place}", "proven", text, 1 / (1 + place) ** 0.5))
    return (row for row in rows if row[2])


def _heard(sources: Sequence[str]) -> list[list[str]]:
    """The tokens of each source. Normal form and hushing are quicker on one text with a line each."""
    lines = "\n".join(source.replace("\n", " ") for source in sources)
    return [tokens(line) for line in hush_record(normalise(lines).text).split("\n")] if sources else []


def _field(name: str, source: str, hush: Callable[[str], str], loudness: float) -> Field:
    normal = normalise(source)
    return Field(name, normal, hush(normal.text), loudness)


def _needed(field: Field) -> Iterator[Said]:
    faint = [(*field.normal.place(start, end), share) for start, end, share in doubted(field.normal.text)]
    for token in field.tokens():
        share = min((s for start, end, s in faint if start <= token.start < end), default=1.0)
        yield Said(field.name, token, field.loudness * share)
