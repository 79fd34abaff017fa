"""A local sentence-transformers folder with its model in ONNX form: nothing leaves the machine.

Read are onnx/model.onnx (or model.onnx), vocab.txt, tokenizer_config.json (do_lower_case), sentence_bert_config.json
(max_seq_length) and 1_Pooling/config.json (cls or mean); the first file and the vocabulary must be there.
"""

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from matcher.services.embedding.model import EmbeddingError, Vectors, unit_rows
from matcher.services.embedding.wordpiece import WordPiece

LONGEST = 512
#: Texts that go through the model together.
BATCH = 16


class Folder:
    """A model on this machine; loaded when it is first asked."""

    leaves_machine = False

    def __init__(self, folder: str | Path) -> None:
        self._home = Path(folder)

    @property
    def name(self) -> str:
        """The folder's name with the size and time of its model: another file is another model."""
        stat = self._model_file.stat()
        return f"{self._home.name}-{stat.st_size}-{int(stat.st_mtime)}"

    @property
    def where(self) -> str:
        """The folder."""
        return str(self._home)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A batch at a time."""
        batches = [self._batch(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
        return unit_rows(np.concatenate(batches), count=len(texts))

    def _batch(self, texts: Sequence[str]) -> Vectors:
        rows = [self._tokenizer.ids(text, longest=self._longest) for text in texts]
        width = max(len(row) for row in rows)
        ids = np.full((len(rows), width), self._tokenizer.padding, dtype=np.int64)
        heard = np.zeros((len(rows), width), dtype=np.int64)
        for place, row in enumerate(rows):
            ids[place, : len(row)], heard[place, : len(row)] = row, 1
        given = {"input_ids": ids, "attention_mask": heard, "token_type_ids": np.zeros_like(ids)}
        wanted = {one.name for one in self._session.get_inputs()}
        try:
            out = np.asarray(self._session.run(None, {k: v for k, v in given.items() if k in wanted})[0])
        except Exception as error:  # onnxruntime has many, all of its own
            raise EmbeddingError(f"{self._home}: {error}") from error
        return _pooled(out.astype(np.float32), heard, by_first=self._pools_by_first)

    @cached_property
    def _session(self) -> Any:
        try:
            import onnxruntime
        except ImportError as error:
            raise EmbeddingError("onnxruntime is missing: pip install 'dianjiang[embeddings]'") from error
        try:
            return onnxruntime.InferenceSession(str(self._model_file), providers=["CPUExecutionProvider"])
        except Exception as error:  # a broken file, an unknown operator …
            raise EmbeddingError(f"{self._model_file}: {error}") from error

    @property
    def _model_file(self) -> Path:
        for name in ("onnx/model.onnx", "model.onnx"):
            if (self._home / name).is_file():
                return self._home / name
        raise EmbeddingError(f"{self._home} holds no ONNX model (onnx/model.onnx or model.onnx)")

    @cached_property
    def _tokenizer(self) -> WordPiece:
        vocabulary = self._home / "vocab.txt"
        if not vocabulary.is_file():
            raise EmbeddingError(f"{self._home} holds no vocab.txt: only models that read by WordPiece are understood")
        return WordPiece(vocabulary, lower=bool(self._told("tokenizer_config.json").get("do_lower_case", True)))

    @property
    def _longest(self) -> int:
        return int(self._told("sentence_bert_config.json").get("max_seq_length") or LONGEST)

    @property
    def _pools_by_first(self) -> bool:
        return bool(self._told("1_Pooling/config.json").get("pooling_mode_cls_token", False))

    def _told(self, name: str) -> dict[str, Any]:
        path = self._home / name
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _pooled(out: Vectors, heard: Any, *, by_first: bool) -> Vectors:
    """One vector per text: as the model gives it, of its first token, or the mean of all that were heard."""
    if out.ndim == 2:
        return out
    if by_first:
        first: Vectors = out[:, 0]
        return first
    weights = heard[..., None].astype(np.float32)
    mean: Vectors = (out * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
    return mean
