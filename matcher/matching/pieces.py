"""The pieces of a text that can be pointed at, each with what the text says less without it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from matcher.matching.lexicon import Lexicon
from matcher.matching.postings import word_value
from matcher.matching.reading import RECORD_FIELDS, WORD_FIELDS, Field, Said, record_fields, record_said, total
from matcher.matching.scoring import Asked
from matcher.matching.shelf import profile_in
from matcher.matching.space import THIN, Space, Vector, said
from matcher.matching.text import word_places
from matcher.matching.types import Span

#: Records whose pieces are kept ready.
KEPT = 256


@dataclass(frozen=True, eq=False)
class NeedPieces:
    """Pieces of a problem. `shifts` (pieces × competences): by how much the squared coordinates fall without
    one; `words`: per piece token → by how much its weight falls."""

    spans: tuple[Span, ...]
    shifts: Vector
    words: tuple[dict[str, float], ...]


@dataclass(frozen=True, eq=False)
class RecordPieces:
    """Pieces of a record. `shifts` (pieces × competences): by how much its direction falls, before neighbours
    share; `words`: per piece token → by how much its BM25 falls; `word_values`: token → BM25 without idf."""

    spans: tuple[Span, ...]
    shifts: Vector
    words: tuple[dict[str, float], ...]
    word_values: dict[str, float]


def need_pieces(asked: Asked, space: Space) -> NeedPieces:
    """The pieces of a problem's title and text."""
    reading, counts = asked.reading, asked.reading.counts()
    spans = _spans([field for field in reading.fields if field.name != "industry"], space.lexicon)
    falls = [_fall(counts, _summed(reading.said, gone)) for gone in _touched(reading.said, spans)]
    placed = space.place_need(counts)
    without = np.maximum(placed - space.need_shifts(falls), 0.0)
    words = tuple({token: fall * space.rarity(token) for token, fall in one.items()} for one in falls)
    return NeedPieces(spans, placed * placed - without * without, words)


@lru_cache(maxsize=KEPT)
def record_pieces(record: bytes, space: Space) -> RecordPieces:
    """The pieces of the fields of a record, as it lies on a shelf; solved cases count as a whole and are not cut."""
    fields = record_fields(profile_in(record))
    heard, spoken = record_said(fields, RECORD_FIELDS, WORD_FIELDS)
    spans = _spans([one for one in fields if not one.name.startswith("proven")], space.lexicon)
    touched = _touched(heard, spans)
    values, words = _word_pieces(spoken, touched)
    return RecordPieces(spans, _record_shifts(heard, touched, space), words, values)


def _record_shifts(heard: Sequence[Said], touched: Sequence[Sequence[int]], space: Space) -> Vector:
    counts = total(heard)
    placed = space.place_record(counts)
    common = float(np.linalg.norm(placed)) * space.common
    kept = np.maximum(placed - common, 0.0)
    length = float(np.linalg.norm(space.share(kept))) + THIN
    shifts = space.record_shifts([_fall(counts, _summed(heard, gone)) for gone in touched])
    return ((kept - np.maximum(placed - shifts - common, 0.0)) / length).astype(np.float32)


def _word_pieces(
    spoken: Sequence[Said], touched: Sequence[Sequence[int]]
) -> tuple[dict[str, float], tuple[dict[str, float], ...]]:
    """BM25 of each token, and per piece by how much it falls."""
    times = total(spoken)
    size = sum(times.values())
    values = {token: word_value(count, size) for token, count in times.items()}
    words = tuple(
        {token: values[token] - word_value(times[token] - less, size) for token, less in _summed(spoken, gone).items()}
        for gone in touched
    )
    return values, words


def _fall(counts: Mapping[str, float], gone: Mapping[str, float]) -> dict[str, float]:
    """Token → by how much less it says."""
    return {token: said(counts[token]) - said(max(counts[token] - less, 0.0)) for token, less in gone.items()}


def _spans(fields: Sequence[Field], lexicon: Lexicon) -> tuple[Span, ...]:
    """Terms of the lexicon and, between them, words: what a reader would underline, none inside another."""
    return tuple(field.normal.span(field.name, start, end) for field in fields for start, end in _cuts(field, lexicon))


def _cuts(field: Field, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Where the pieces of a field stand in its normal form, in their order."""
    kept = [(start, end) for start, end, _ in lexicon.spot(field.heard)]
    taken = bytearray(len(field.heard))
    for start, end in kept:
        taken[start:end] = b"\1" * (end - start)
    for _, start, end in sorted(word_places(field.heard), key=lambda word: (word[1], -word[2])):
        if 1 not in taken[start:end]:
            taken[start:end] = b"\1" * (end - start)
            kept.append((start, end))
    return sorted(kept)


def _touched(heard: Sequence[Said], spans: Sequence[Span]) -> list[list[int]]:
    """Per span: which of the tokens heard touch it."""
    owners: dict[str, dict[int, int]] = {}
    for number, span in enumerate(spans):
        owners.setdefault(span.field, {}).update(dict.fromkeys(range(span.start, span.end), number))
    touched: list[list[int]] = [[] for _ in spans]
    for at, one in enumerate(heard):
        owner = owners.get(one.field, {})
        for number in {owner[place] for place in range(one.token.start, one.token.end) if place in owner}:
            touched[number].append(at)
    return touched


def _summed(heard: Sequence[Said], chosen: Iterable[int]) -> dict[str, float]:
    """Token → summed loudness of some of the tokens heard."""
    counts: dict[str, float] = {}
    for at in chosen:
        one = heard[at]
        counts[one.token.text] = counts.get(one.token.text, 0.0) + one.loudness
    return counts
