"""A circuit breaker: after some failures in a row nothing is tried for a while."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import TypeVar

from matcher.services.embedding.model import EmbeddingError

T = TypeVar("T")


@dataclass(slots=True)
class Breaker:
    """Opens after `most` failures in a row, for `rest` seconds; then one try decides."""

    most: int = 3
    rest: float = 300.0
    clock: Callable[[], float] = monotonic
    failures: int = 0
    opened_at: float | None = field(default=None)

    @property
    def is_open(self) -> bool:
        """Whether to leave the model alone."""
        return self.opened_at is not None and self.clock() - self.opened_at < self.rest

    def call(self, action: Callable[[], T]) -> T:
        """Do it and remember how it went. EmbeddingError where the breaker is open or the action fails."""
        if self.is_open:
            raise EmbeddingError("the model failed repeatedly and is left alone for a while")
        try:
            result = action()
        except EmbeddingError:
            self.failures += 1
            if self.failures >= self.most:
                self.opened_at = self.clock()
            raise
        self.failures, self.opened_at = 0, None
        return result
