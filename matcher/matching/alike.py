"""Problems that are of one kind: near in the space of competences and near in their words.

Likeness is √(cosine of the directions · cosine of the words): two pumps that trip are alike, a pump that trips and a
trip to the pump are not. Groups grow from the likeliest pair downwards; a group takes in another only where they are
alike on the whole, so that no chain of neighbours ties the first to the last.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import fsum

import numpy as np
from numpy.typing import NDArray

from matcher.matching.lexicon import Lexicon
from matcher.matching.reading import read_need
from matcher.matching.scoring import Asked, ask
from matcher.matching.space import space_of
from matcher.matching.types import Need

#: From this likeness on two problems are of one kind; two groups join from this share of it on, on the whole.
ALIKE, ON_THE_WHOLE = 0.2, 0.7


def alike_groups(needs: Sequence[Need], lexicon: Lexicon, *, at_least: float = ALIKE) -> list[list[str]]:
    """Ids of problems that are of one kind, largest group first; who is like nobody is left out.

    The order of `needs` does not matter.
    """
    ordered = sorted(needs, key=lambda need: need.id)
    matrix = likeness(ordered, lexicon)
    groups = _joined(matrix, at_least)
    named = [[ordered[place].id for place in group] for group in groups if len(group) > 1]
    return sorted(named, key=lambda group: (-len(group), group))


def likeness(needs: Sequence[Need], lexicon: Lexicon) -> NDArray[np.float64]:
    """How alike every two of the problems are, from 0 to 1."""
    asked = [_asked(need.title, need.text, lexicon) for need in needs]
    if not asked:
        return np.zeros((0, 0))
    directions = np.array([one.direction for one in asked], dtype=np.float64)
    # Rounded, so that the order in which a library adds up decides nothing.
    both = np.clip(directions @ directions.T, 0, 1) * np.clip(_words(asked), 0, 1)
    found: NDArray[np.float64] = np.sqrt(both).astype(np.float64).round(6)
    return found


def likest(need: Need, others: Sequence[Need], lexicon: Lexicon, *, at_least: float = ALIKE) -> list[tuple[str, float]]:
    """(id, likeness) of the problems that are of one kind with a need, the likest first, equal ones by id."""
    asked = _asked(need.title, need.text, lexicon)
    found = []
    for other in others:
        told = _asked(other.title, other.text, lexicon)
        both = max(float(asked.direction @ told.direction), 0.0) * _cosine(asked.words, told.words)
        value = round(both**0.5, 6)
        if value >= at_least:
            found.append((other.id, value))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


@lru_cache(maxsize=8192)
def _asked(title: str, text: str, lexicon: Lexicon) -> Asked:
    return ask(read_need(Need("", text, title=title)), space_of(lexicon))


def _words(asked: Sequence[Asked]) -> NDArray[np.float64]:
    """Cosines of the weighted words, added up word by word."""
    holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, one in enumerate(asked):
        length = fsum(weight * weight for weight in one.words.values()) ** 0.5 or 1.0
        for word, weight in one.words.items():
            holders[word].append((place, weight / length))
    found = np.zeros((len(asked), len(asked)))
    for word in sorted(holders):
        places = np.array([place for place, _ in holders[word]])
        weights = np.array([weight for _, weight in holders[word]])
        found[np.ix_(places, places)] += np.outer(weights, weights)
    return found


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    lengths = [fsum(weight * weight for weight in words.values()) ** 0.5 for words in (one, other)]
    shared = fsum(weight * other[word] for word, weight in one.items() if word in other)
    return min(shared / (lengths[0] * lengths[1]), 1.0) if all(lengths) else 0.0


def _joined(matrix: NDArray[np.float64], at_least: float) -> list[list[int]]:
    rows, columns = np.nonzero(np.triu(matrix >= at_least, 1))
    pairs = sorted(zip(rows.tolist(), columns.tolist(), strict=True), key=lambda p: (-matrix[p], p))
    group_of = {place: [place] for place in range(len(matrix))}
    for one, other in pairs:
        first, second = group_of[one], group_of[other]
        if first is not second and matrix[np.ix_(first, second)].mean() >= at_least * ON_THE_WHOLE:
            merged = sorted(first + second)
            group_of |= dict.fromkeys(merged, merged)
    return _distinct(group_of)


def _distinct(group_of: Mapping[int, list[int]]) -> list[list[int]]:
    return [group for place, group in sorted(group_of.items()) if group[0] == place]
