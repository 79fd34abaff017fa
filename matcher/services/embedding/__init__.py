"""The optional model: texts in, vectors out. Off unless MATCHER_EMBEDDINGS names a folder or an address."""

from matcher.services.embedding.address import Address
from matcher.services.embedding.breaker import Breaker
from matcher.services.embedding.folder import Folder
from matcher.services.embedding.model import Embedder, EmbeddingError

__all__ = ["Address", "Breaker", "Embedder", "EmbeddingError", "Folder", "embedder_of"]


def embedder_of(where: str, *, key: str = "", model: str = "", timeout: float = 10.0) -> Embedder | None:
    """The model that a setting names: a folder with an ONNX model, or an OpenAI-compatible address. Empty: none."""
    if not where:
        return None
    if where.startswith(("http://", "https://")):
        return Address(where, key=key, model=model, timeout=timeout)
    return Folder(where)
