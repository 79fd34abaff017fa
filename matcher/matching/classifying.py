"""The classification of a text, proposed with the words that led to it; people correct it."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from matcher.matching.doubts import doubted
from matcher.matching.industries import divisions
from matcher.matching.lexicon import Lexicon, shipped_lexicon
from matcher.matching.normal import Normal, normalise
from matcher.matching.reading import read_need
from matcher.matching.space import space_of
from matcher.matching.types import Need, Span

#: Share of a text's likeness that the strongest industry needs before it is proposed.
CLEAR = 0.2
#: Competences of a text that speak for its industry.
SPEAKING = 12


@dataclass(frozen=True, slots=True)
class Classification:
    """Codes of the vocabularies, and the spans of the text that led to them: `why` is by axis (the names below), and
    by code for site risks, of which there may be several. None: nothing speaks clearly."""

    reporting_kind: str
    problem_kind: str | None
    industry: str | None
    urgency: str
    site_risks: tuple[str, ...]
    why: Mapping[str, tuple[Span, ...]]


@cache
def signs() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Axis → code → words that speak for it; where codes are equally strong, the first of the file wins."""
    found: dict[str, dict[str, list[str]]] = json.loads(
        resources.files(__package__).joinpath("data", "signs.json").read_text("utf-8")
    )
    return found


def classify(text: str, lexicon: Lexicon | None = None) -> Classification:
    """Propose reporting kind, problem kind, industry, urgency and site risks of a text.

    >>> classify("配电柜内电缆头温度偏高").site_risks
    ('high_voltage',)
    """
    normal = normalise(text)
    denied = {place for start, end, share in doubted(normal.text) if share < 0.5 for place in range(start, end)}
    found = {
        axis: {code: _spans(normal, words, denied) for code, words in codes.items()} for axis, codes in _forms().items()
    }
    problem_kind = _strongest(found["problem_kind"])
    reporting_kind = _strongest(found["reporting_kind"]) or _usual(problem_kind)
    urgency = next((code for code in ("urgent", "soon") if found["urgency"].get(code)), "normal")
    risks = tuple(code for code, spans in found["site_risk"].items() if spans)
    told = (("problem_kind", problem_kind), ("reporting_kind", reporting_kind), ("urgency", urgency))
    why = {axis: spans for axis, code in told if code and (spans := found[axis].get(code, ()))}
    why |= {code: found["site_risk"][code] for code in risks}
    industry, industry_spans = _industry(normal, lexicon or shipped_lexicon())
    if industry is not None and industry_spans:
        why["industry"] = industry_spans
    return Classification(reporting_kind, problem_kind, industry, urgency, risks, why)


def _strongest(codes: Mapping[str, tuple[Span, ...]]) -> str | None:
    """The code for which most is said, each word once however often; the first one where several are equal."""
    covered = {code: sum(map(len, {span.text for span in spans})) for code, spans in codes.items()}
    best = max(covered, key=lambda code: covered[code], default=None)
    return best if best is not None and covered[best] else None


def _usual(problem_kind: str | None) -> str:
    """The reporting kind that a problem of a kind usually has."""
    return {"management": "management", "workforce": "skills", "safety": "management"}.get(
        problem_kind or "", "tackling"
    )


def _spans(normal: Normal, words: Sequence[str], denied: Collection[int]) -> tuple[Span, ...]:
    """Every place where one of the words stands and is not denied, longer words first, none inside another."""
    taken = set(denied)
    found = []
    for start, end in _places(normal.text, words):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            found.append(normal.span("text", start, end))
    return tuple(sorted(found, key=lambda span: span.start))


def _places(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    for word in words:
        start = text.find(word)
        while start >= 0:
            yield start, start + len(word)
            start = text.find(word, start + len(word))


@cache
def _forms() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The signs in normal form, longer words first."""
    return {
        axis: {
            code: sorted((normalise(word).text for word in words), key=lambda form: (-len(form), form))
            for code, words in codes.items()
        }
        for axis, codes in signs().items()
    }


def _industry(normal: Normal, lexicon: Lexicon) -> tuple[str | None, tuple[Span, ...]]:
    """The division that the text's competences serve most, where one stands out, with the terms that say so."""
    space = space_of(lexicon)
    direction = space.need_direction(space.place_need(read_need(Need("", normal.source)).counts()))
    speaking = space.top(direction, limit=SPEAKING)
    shares: dict[str, float] = {}
    for place in speaking:
        codes = [code for code in lexicon.competences[place].industries if code in divisions()]
        for code in codes:
            shares[code] = shares.get(code, 0.0) + float(direction[place]) ** 2 / len(codes)
    best = max(sorted(shares), key=lambda code: shares[code], default=None)
    if best is None or shares[best] < CLEAR * sum(shares.values()):
        return None, ()
    serving = {place for place in speaking if best in lexicon.competences[place].industries}
    spans = (
        normal.span("text", start, end) for start, end, places in lexicon.spot(normal.text) if serving & set(places)
    )
    return best, tuple(spans)
