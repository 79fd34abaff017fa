"""A richer record out of a free-text profile: a trade, skill phrases and industries, each with the words it came from.

People confirm them; until then a phrase counts as inferred. A phrase is a clause, or the part of one, in which a term
of the lexicon stands: the person's own words, not the lexicon's.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from matcher.matching.industries import divisions
from matcher.matching.lexicon import Lexicon
from matcher.matching.normal import Normal, normalise
from matcher.matching.quiet import hush_record
from matcher.matching.reading import RECORD_FIELDS, record_counts
from matcher.matching.space import space_of
from matcher.matching.types import Profile, Span

#: So many phrases at the most, of so many characters at the most.
MOST_PHRASES, LONGEST = 15, 14
#: Industries proposed, and the share of the profile's likeness that one needs.
MOST_INDUSTRIES, CLEAR = 3, 0.15
#: Competences of a profile that speak for its industries.
SPEAKING = 12
#: A term that so many competences hold says little by itself.
COMMON = 12
#: What a trade ends in.
_TRADE = re.compile(
    r"[\u3400-\u9fff]{1,8}?(?:维修工|钳工|电工|焊工|车工|铣工|技师|工程师|技术员|工艺员|操作工|修理工|工)(?![作程厂艺业序件具会人种段])"
)
_OCCUPATION = re.compile(_TRADE.pattern + "$")
#: The house one works in, before what one is there.
_HOUSE = re.compile(r".*(?:公司|集团|厂|车间|中心|局|站|院|所|部|社)(?=..)")
_CUT = re.compile(r"[\s，。；、：:,.;!！?？（）()《》“”\"]+|以及|及其|和|与|及|或|等")
#: What may be taken off a phrase: what one says before and after naming a thing.
_HEAD = re.compile(
    r"^(?:本人|其|他|她|曾|先后|长期|一直|主要|多年|多次|专门|独立|能够|能|会|可|善于|擅长|精通|熟悉|熟练|掌握|负责|从事|承担|参与|参加|"
    r"主持|完成|组织|开展|解决|带领|团队|带人|带|凭|干|做|搞|从|总结的|主导过|行业|"
    r"了|过|对|在|的|年来|年|[一二三四五六七八九十百几多\d]+)+"
)
_TAIL = re.compile(r"(?:的|等|工作|方面|经验|多年|能力|丰富|技能|领域|一线|岗位)+$")


@dataclass(frozen=True, slots=True)
class Found:
    """Something read out of a profile; `text` is the phrase, or an industry's code."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a profile says of its expert, for people to confirm."""

    trade: Found | None
    skills: tuple[Found, ...]
    industries: tuple[Found, ...]


def suggest(profile: Profile, lexicon: Lexicon) -> Suggestion:
    """Read a profile; what the record says already is not proposed again.

    >>> from matcher.matching import shipped_lexicon
    >>> seen = suggest(Profile("1", profile="维修电工，擅长变频器调试和电缆头制作。"), shipped_lexicon())
    >>> seen.trade.text, [skill.text for skill in seen.skills]
    ('维修电工', ['变频器调试', '电缆头制作'])
    """
    normal = normalise(profile.profile)
    known = {normalise(skill.text).text for skill in profile.skills} | {normalise(profile.trade).text}
    trade = None if profile.trade else _trade(normal)
    if trade is not None:
        known.add(normalise(trade.text).text)
    return Suggestion(trade, tuple(phrases(profile.profile, lexicon, known)), _industries(profile, normal, lexicon))


def phrases(text: str, lexicon: Lexicon, known: Collection[str] = ()) -> list[Found]:
    """Skill phrases of a free text in the order of the text, the most telling ones where there are many."""
    normal = normalise(text)
    heard, beside = hush_record(normal.text), _beside(lexicon)
    spots = [spot for spot in lexicon.spot(heard) if len(spot[2]) <= COMMON and heard[spot[0] : spot[1]] not in beside]
    found: dict[str, tuple[float, Found]] = {}
    for start, end in _clauses(normal.text):
        inside = [spot for spot in spots if start <= spot[0] and spot[1] <= end]
        if not inside:
            continue
        first, last = _trimmed(normal.text, start, end, inside)
        phrase = normal.text[first:last]
        if len(phrase) > 1 and phrase not in known and phrase not in found and not _OCCUPATION.search(phrase):
            weight = sum(1 / len(places) for _, _, places in inside)
            found[phrase] = (weight, Found(_said(normal, first, last), _spans(normal, inside)))
    best = sorted(found, key=lambda phrase: -found[phrase][0])[:MOST_PHRASES]
    return [one for phrase, (_, one) in found.items() if phrase in best]


@lru_cache(maxsize=2)
def _beside(lexicon: Lexicon) -> frozenset[str]:
    """Terms that only ever name a house or an occupation: where one works is no skill."""
    fields: dict[str, set[str]] = {}
    for one in lexicon.competences:
        for field, term in one.all_terms():
            fields.setdefault(normalise(term).text, set()).add(field)
    return frozenset(term for term, found in fields.items() if found <= {"employers", "trades"})


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for cut in _CUT.finditer(text):
        yield start, cut.start()
        start = cut.end()
    yield start, len(text)


def _trimmed(text: str, start: int, end: int, inside: list[tuple[int, int, tuple[int, ...]]]) -> tuple[int, int]:
    """A clause without what is said before and after naming a thing; a long one from its first term to its last."""
    if head := _HEAD.match(text[start:end]):
        start = min(start + head.end(), inside[0][0])
    if tail := _TAIL.search(text[start:end]):
        end = max(start + tail.start(), inside[-1][1])
    if end - start > LONGEST:
        start, end = inside[0][0], inside[-1][1]
    if end - start > LONGEST:
        start, end = inside[0][0], inside[0][1]
    return start, end


def _trade(normal: Normal) -> Found | None:
    found = _TRADE.search(hush_record(normal.text))
    if found is None:
        return None
    start, end = found.span()
    for taken_off in (_HEAD.match(normal.text[start:end]), _HOUSE.match(normal.text[start:end])):
        start += taken_off.end() if taken_off else 0
    if end - start < 2:
        return None
    return Found(_said(normal, start, end), _spans(normal, [(start, end, ())]))


def _industries(profile: Profile, normal: Normal, lexicon: Lexicon) -> tuple[Found, ...]:
    """The divisions that the record's competences serve most, with the terms of the profile that say so."""
    space = space_of(lexicon)
    direction = space.record_direction(space.place_record(*record_counts(profile, RECORD_FIELDS)))
    speaking = space.top(direction, limit=SPEAKING)
    shares: dict[str, float] = {}
    for place in speaking:
        codes = [code for code in lexicon.competences[place].industries if code in divisions()]
        for code in codes:
            shares[code] = shares.get(code, 0.0) + float(direction[place]) ** 2 / len(codes)
    whole = sum(shares.values())
    clear = [code for code in sorted(shares, key=lambda one: (-shares[one], one)) if shares[code] >= CLEAR * whole]
    spots = lexicon.spot(normal.text)
    found = []
    for code in clear[:MOST_INDUSTRIES]:
        serving = {place for place in speaking if code in lexicon.competences[place].industries}
        spans = _spans(normal, [spot for spot in spots if serving & set(spot[2])])
        if spans and code not in profile.industries:
            found.append(Found(code, spans))
    return tuple(found)


def _said(normal: Normal, start: int, end: int) -> str:
    first, last = normal.place(start, end)
    return normal.source[first:last]


def _spans(normal: Normal, spots: list[tuple[int, int, tuple[int, ...]]]) -> tuple[Span, ...]:
    places = [normal.place(start, end) for start, end, _ in spots]
    return tuple(Span("profile", start, end, normal.source[start:end]) for start, end in places)
