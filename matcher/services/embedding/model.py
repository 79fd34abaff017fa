"""What every model can do, and what goes wrong with it."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class EmbeddingError(Exception):
    """The model gave no vectors; the message says why, for the log of the server."""


class Embedder(Protocol):
    """A model. `name` changes with its version, `leaves_machine` says whether texts go elsewhere."""

    @property
    def name(self) -> str:
        """Under this name its vectors are kept."""

    @property
    def leaves_machine(self) -> bool:
        """Whether texts are sent to another machine."""

    @property
    def where(self) -> str:
        """The folder or the host, for the log."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Texts × dimensions, each row of length 1. Raises EmbeddingError."""


def unit_rows(vectors: Vectors, *, count: int) -> Vectors:
    """Rows of length 1; EmbeddingError where they are not what was asked for."""
    if vectors.ndim != 2 or len(vectors) != count or not np.isfinite(vectors).all():
        raise EmbeddingError(f"expected {count} vectors of numbers, got an array of shape {vectors.shape}")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not (lengths > 0).all():
        raise EmbeddingError("a vector of zeros says nothing")
    rows: Vectors = (vectors / lengths).astype(np.float32)
    return rows
