"""An OpenAI-compatible embeddings address: POST {"model", "input"}, answered by {"data": [{"index", "embedding"}]}."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import numpy as np

from matcher.services.embedding.model import EmbeddingError, Vectors, unit_rows

#: An answer larger than this is not read.
LARGEST = 64 * 1024 * 1024


class Address:
    """A model behind an address. Only the job calls it, never a request."""

    leaves_machine = True

    def __init__(self, address: str, *, key: str = "", model: str = "", timeout: float = 10.0) -> None:
        trimmed = address.rstrip("/")
        self._address = trimmed if trimmed.endswith("/embeddings") else f"{trimmed}/embeddings"
        self._key, self._model, self._timeout = key, model, timeout

    @property
    def name(self) -> str:
        """The model's name at this host."""
        return f"{self.where}/{self._model or 'default'}"

    @property
    def where(self) -> str:
        """The host that the texts are sent to."""
        return urlsplit(self._address).netloc

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Ask for all texts at once."""
        body = json.dumps({"model": self._model, "input": list(texts)}).encode()
        headers = {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            with urlopen(Request(self._address, body, headers), timeout=self._timeout) as answer:
                told = json.loads(answer.read(LARGEST))
        except (URLError, OSError, ValueError) as error:
            raise EmbeddingError(f"{self.where}: {error}") from error
        return unit_rows(vectors_of(told), count=len(texts))


def vectors_of(told: Any) -> Vectors:
    """The vectors of an answer in the order of the texts; EmbeddingError where it has another form."""
    try:
        rows = sorted(told["data"], key=lambda row: row["index"])
        return np.array([row["embedding"] for row in rows], dtype=np.float32)
    except (KeyError, TypeError, ValueError) as error:
        raise EmbeddingError(f"the answer has not the form of embeddings: {error!r}") from error
