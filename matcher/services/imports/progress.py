"""How far a long reading or writing has come, told to whoever shows a bar."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

#: Called with how many are done and how many there are.
Progress = Callable[[int, int], None]
#: Rows that are read, compared and told of together.
BATCH = 500


def unseen(done: int, total: int) -> None:
    """Nobody watches."""


def in_batches(things: Sequence[T], progress: Progress) -> Iterator[Sequence[T]]:
    """The things in batches, telling after each how far we are."""
    for start in range(0, len(things), BATCH):
        yield things[start : start + BATCH]
        progress(min(start + BATCH, len(things)), len(things))
