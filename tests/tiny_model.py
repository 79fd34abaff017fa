"""A sentence model of a few hundred bytes: every piece of the vocabulary is one direction, a text their mean."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


def make_tiny_model(folder: Path, pieces: Sequence[str]) -> Path:
    """A sentence-transformers folder: onnx/model.onnx with input_ids → last_hidden_state, and its vocabulary."""
    vocabulary = [*SPECIAL, *pieces]
    table = np.zeros((len(vocabulary), len(pieces)), dtype=np.float32)
    table[len(SPECIAL) :] = np.eye(len(pieces), dtype=np.float32)
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])
    out = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "length", len(pieces)])
    node = helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"], axis=0)
    graph = helper.make_graph([node], "tiny", [ids], [out], [numpy_helper.from_array(table, "table")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    (folder / "onnx").mkdir(parents=True)
    (folder / "1_Pooling").mkdir()
    onnx.save(model, folder / "onnx" / "model.onnx")
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_mean_tokens": True}))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 64}))
    return folder
