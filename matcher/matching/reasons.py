"""Why this expert: the places in both texts that speak for the pair, what both show and what is missing.

A span's drop is what the score loses when the tokens that touch it are not heard, all normalisers (lengths of
vectors, the most that words could reach, a record's length) kept as they were: leave one out, nothing fitted anew.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matcher.matching.alignment import Unknown
from matcher.matching.index import Index
from matcher.matching.pieces import need_pieces, record_pieces
from matcher.matching.scoring import FULL_COSINE, FULL_WORDS, Asked
from matcher.matching.shelf import Shelf
from matcher.matching.space import Space, Vector, dots
from matcher.matching.types import Match, Part, Span

#: Spans told per side, and the least drop in points that is told.
MOST_SPANS, LEAST_DROP = 8, 0.2
#: Competences of the problem that are compared; a record shows one from this share of its strongest on.
COMPARED, SHOWN = 6, 0.25
#: A competence belongs to the problem from this share of the problem's strongest on.
ASKED_FOR = 0.4

Explain = Callable[[Match, Shelf, int], Match]


def explainer(asked: Asked, index: Index) -> Explain:
    """A function that gives a match its spans, its shared and its missing competences."""
    space = index.space
    pieces = need_pieces(asked, space)
    unknown = Unknown(asked.reading.fields, space.lexicon)
    spread_out, wanted = space.share(asked.direction), _wanted(asked.direction, space)
    most_words = asked.most_words * FULL_WORDS
    points = (index.weights.points["competence"], index.weights.points["words"])

    def explain(match: Match, shelf: Shelf, row: int) -> Match:
        record = record_pieces(shelf.record(row), space)
        direction = shelf.direction(row)
        cosine = float(asked.direction @ direction)
        words = sum(weight * record.word_values.get(token, 0.0) for token, weight in asked.words.items())

        def told(spans: tuple[Span, ...], nearness: Vector, said: Vector) -> Spans:
            competence = _loss(cosine, nearness, FULL_COSINE) * points[0]
            return _told(spans, competence, _loss(words, said, most_words) * points[1])

        needed = told(
            pieces.spans,
            dots(pieces.shifts, space.share(direction)) / asked.length,
            _lost(pieces.words, record.word_values),
        )
        shown = told(record.spans, dots(record.shifts, spread_out), _lost(record.words, asked.words))
        shared, missing = _compared(wanted, direction, space)
        slips = unknown.written_otherwise(record.spans)
        return replace(
            match,
            parts=tuple(_with_spans(part, needed, shown) for part in match.parts),
            need_spans=(*needed["all"], *(need for need, _ in slips)),
            expert_spans=(*shown["all"], *(record for _, record in slips)),
            alike=tuple((need.text, record.text) for need, record in slips),
            competences=shared,
            missing=missing,
        )

    return explain


Spans = dict[str, tuple[Span, ...]]


def _lost(pieces: Sequence[Mapping[str, float]], other: Mapping[str, float]) -> NDArray[np.floating]:
    """By piece: how much of the words' score goes when its tokens say less, given what the other side makes of them."""
    return np.array([sum(less * other.get(token, 0.0) for token, less in one.items()) for one in pieces])


def _loss(whole: float, lost: NDArray[np.floating], full: float) -> NDArray[np.floating]:
    """How much a feature falls, which is full (1) from `full` on, when `lost` is taken from `whole`."""
    return min(whole / full, 1.0) - np.minimum((whole - lost) / full, 1.0)


def _told(spans: tuple[Span, ...], competence: NDArray[np.floating], words: NDArray[np.floating]) -> Spans:
    """The spans worth telling, by part and in all, those first that carry most."""
    return {
        "competence": _worth_telling(spans, competence),
        "words": _worth_telling(spans, words),
        "all": _worth_telling(spans, competence + words),
    }


def _worth_telling(spans: tuple[Span, ...], drops: NDArray[np.floating]) -> tuple[Span, ...]:
    worth = [place for place in np.argsort(-drops, kind="stable")[:MOST_SPANS].tolist() if drops[place] >= LEAST_DROP]
    return tuple(_with_drop(spans[place], round(float(drops[place]), 2)) for place in worth)


def _with_drop(span: Span, drop: float) -> Span:
    return Span(span.field, span.start, span.end, span.text, drop)


def _with_spans(part: Part, needed: Spans, shown: Spans) -> Part:
    return replace(part, need_spans=needed.get(part.name, ()), expert_spans=shown.get(part.name, ()))


def _wanted(need: Vector, space: Space) -> list[int]:
    """Places of the competences that a problem asks for, the strongest first."""
    least = ASKED_FOR * float(need.max(initial=0.0))
    return [place for place in space.top(need, limit=COMPARED) if need[place] >= least]


def _compared(wanted: list[int], record: Vector, space: Space) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the competences that both sides show, and of those that only the problem does."""
    strongest = float(record.max(initial=0.0))
    shows = [place for place in wanted if record[place] >= SHOWN * strongest > 0]
    lacks = [place for place in wanted if place not in shows]
    return _names(shows, space), _names(lacks, space)


def _names(places: list[int], space: Space) -> tuple[str, ...]:
    return tuple(space.lexicon.competences[place].name for place in places[:3])
