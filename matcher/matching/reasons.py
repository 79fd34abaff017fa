"""Why this expert: the places in both texts that speak for the pair, what both show and what is missing.

A span's drop is what the score loses when the tokens that touch it are not heard, all normalisers (lengths of
vectors, the most that words could reach, a record's length) kept as they were: leave one out, nothing fitted anew.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matcher.matching.index import Index
from matcher.matching.pieces import NeedPieces, RecordPieces, need_pieces, record_pieces
from matcher.matching.scoring import FULL_COSINE, FULL_WORDS, Asked
from matcher.matching.shelf import Shelf
from matcher.matching.space import Space, Vector
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
    pieces = need_pieces(asked, index.space)

    def explain(match: Match, shelf: Shelf, row: int) -> Match:
        record = record_pieces(shelf, row, index.space)
        direction = shelf.direction(row)
        needed = _spans_of_need(asked, pieces, record, direction, index)
        shown = _spans_of_record(asked, record, direction, index)
        shared, missing = _compared(asked.direction, direction, index.space)
        return replace(
            match,
            parts=tuple(_with_spans(part, needed, shown) for part in match.parts),
            need_spans=needed["all"],
            expert_spans=shown["all"],
            competences=shared,
            missing=missing,
        )

    return explain


Spans = dict[str, tuple[Span, ...]]


def _spans_of_need(asked: Asked, pieces: NeedPieces, record: RecordPieces, direction: Vector, index: Index) -> Spans:
    """Spans of the problem by part: what the score loses when the problem does not say them."""
    lost = pieces.shifts @ (index.space.share(direction)) / asked.length
    competence = _loss(float(asked.direction @ direction), lost, FULL_COSINE)
    values = record.word_values
    lost = np.array([sum(less * values.get(token, 0.0) for token, less in one.items()) for one in pieces.words])
    words = _loss(_word_score(asked, record), lost, asked.most_words * FULL_WORDS)
    return _told(pieces.spans, competence * index.weights.points["competence"], words * index.weights.points["words"])


def _spans_of_record(asked: Asked, record: RecordPieces, direction: Vector, index: Index) -> Spans:
    """Spans of the record by part: what the score loses when the record does not say them."""
    lost = record.shifts @ (index.space.share(asked.direction))
    competence = _loss(float(asked.direction @ direction), lost, FULL_COSINE)
    lost = np.array([sum(less * asked.words.get(token, 0.0) for token, less in one.items()) for one in record.words])
    words = _loss(_word_score(asked, record), lost, asked.most_words * FULL_WORDS)
    return _told(record.spans, competence * index.weights.points["competence"], words * index.weights.points["words"])


def _word_score(asked: Asked, record: RecordPieces) -> float:
    return sum(weight * record.word_values.get(token, 0.0) for token, weight in asked.words.items())


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


def _compared(need: Vector, record: Vector, space: Space) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the competences that both sides show, and of those that only the problem does."""
    strongest = float(record.max(initial=0.0))
    asked = [
        place for place in space.top(need, limit=COMPARED) if need[place] >= ASKED_FOR * float(need.max(initial=0.0))
    ]
    shows = [place for place in asked if record[place] >= SHOWN * strongest > 0]
    lacks = [place for place in asked if place not in shows]
    return _names(shows, space), _names(lacks, space)


def _names(places: list[int], space: Space) -> tuple[str, ...]:
    return tuple(space.lexicon.competences[place].name for place in places[:3])
