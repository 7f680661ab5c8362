"""CLIP ViT-B/32 as ONNX graphs in the hub's layout, with random weights: of the published size and speed.

Architecture: Radford et al. 2021 (https://arxiv.org/abs/2103.00020). Both towers are transformers that
normalise first; the text's tokens look only at those before them.
"""

import json
from pathlib import Path

import numpy as np

_SIDE, _PATCH, _TOKENS, _VOCABULARY = 224, 32, 77, 49_408
_EMBEDDING, _LAYERS, _HEAD = 512, 12, 64
_VISION_WIDTH, _TEXT_WIDTH = 768, 512
_END = "<|endoftext|>"


def write_clip(folder: Path) -> None:
    """Write a model at fp32 and at int8, with all files that the layout asks for."""
    from onnxruntime.quantization import quantize_dynamic

    (folder / "onnx").mkdir(parents=True)
    square = {"height": _SIDE, "width": _SIDE}
    preparation = {"size": {"shortest_edge": _SIDE}, "crop_size": square}
    preparation |= {"image_mean": [0.48, 0.46, 0.41], "image_std": [0.27, 0.26, 0.28]}
    (folder / "preprocessor_config.json").write_text(json.dumps(preparation))
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"model_max_length": _TOKENS, "pad_token": _END})
    )
    _write_tokenizer(folder / "tokenizer.json")
    for name, graph in (("vision_model", _vision()), ("text_model", _text())):
        path = folder / "onnx" / f"{name}.onnx"
        path.write_bytes(graph)
        quantize_dynamic(path, path.with_name(f"{name}_quantized.onnx"))


def _write_tokenizer(path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    words = {_END: _VOCABULARY - 1, "<unk>": 0, "a": 1, "photo": 2, "of": 3, "cat": 4}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        f"$A {_END}", special_tokens=[(_END, _VOCABULARY - 1)]
    )
    tokenizer.save(str(path))


class _Graph:
    """Adds nodes and weights, then becomes an ONNX model."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(0)
        self._nodes, self._weights = [], []

    def constant(self, value: np.ndarray) -> str:
        from onnx import numpy_helper

        self._weights.append(numpy_helper.from_array(value, f"weights_{len(self._weights)}"))
        return self._weights[-1].name

    def random(self, *shape: int) -> str:
        return self.constant(self._rng.normal(0, shape[0] ** -0.5, shape).astype(np.float32))

    def node(self, kind: str, *inputs: str, **attributes) -> str:
        from onnx import helper

        output = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def linear(self, x: str, width_in: int, width_out: int) -> str:
        product = self.node("MatMul", x, self.random(width_in, width_out))
        return self.node("Add", product, self.constant(np.zeros(width_out, np.float32)))

    def normalised(self, x: str, width: int) -> str:
        scale, offset = (self.constant(make(width, np.float32)) for make in (np.ones, np.zeros))
        return self.node("LayerNormalization", x, scale, offset)

    def reshaped(self, x: str, *shape: int) -> str:
        return self.node("Reshape", x, self.constant(np.array(shape, np.int64)))

    def transformer(self, x: str, width: int, tokens: int, mask: str | None) -> str:
        """[n, tokens, width] → the same shape, through all layers."""
        for _ in range(_LAYERS):
            x = self.node("Add", x, self._attention(self.normalised(x, width), width, tokens, mask))
            y = self.linear(self.normalised(x, width), width, 4 * width)
            gate = self.node("Sigmoid", self.node("Mul", y, self.constant(np.float32(1.702))))  # as in CLIP
            x = self.node("Add", x, self.linear(self.node("Mul", y, gate), 4 * width, width))
        return x

    def _attention(self, x: str, width: int, tokens: int, mask: str | None) -> str:
        def heads(order: list[int]) -> str:
            split = self.reshaped(self.linear(x, width, width), -1, tokens, width // _HEAD, _HEAD)
            return self.node("Transpose", split, perm=order)

        queries = self.node("Mul", heads([0, 2, 1, 3]), self.constant(np.float32(_HEAD**-0.5)))
        weights = self.node("MatMul", queries, heads([0, 2, 3, 1]))
        weights = self.node("Softmax", self.node("Add", weights, mask) if mask else weights, axis=-1)
        seen = self.node("Transpose", self.node("MatMul", weights, heads([0, 2, 1, 3])), perm=[0, 2, 1, 3])
        return self.linear(self.reshaped(seen, -1, tokens, width), width, width)

    def first_token(self, x: str, place: str) -> str:
        """[n, tokens, width] → [n, width]."""
        return self.node("Gather", x, place, axis=1)

    def model(self, given: tuple[str, int, list], output: str, name: str) -> bytes:
        from onnx import TensorProto, checker, helper

        self._nodes.append(helper.make_node("Identity", [output], [name]))
        result = helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", _EMBEDDING])
        inputs = [helper.make_tensor_value_info(*given)]
        graph = helper.make_graph(self._nodes, name, inputs, [result], self._weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        checker.check_model(model)
        return model.SerializeToString()


def _vision() -> bytes:
    from onnx import TensorProto

    graph, width, patches = _Graph(), _VISION_WIDTH, (_SIDE // _PATCH) ** 2
    x = graph.node("Conv", "pixel_values", graph.random(width, 3, _PATCH, _PATCH), strides=[_PATCH, _PATCH])
    x = graph.node("Transpose", graph.reshaped(x, -1, width, patches), perm=[0, 2, 1])
    # A token for the whole picture comes before the patches: zeros here, until positions are added.
    x = graph.node("Pad", x, graph.constant(np.array([0, 1, 0, 0, 0, 0], np.int64)))
    x = graph.normalised(graph.node("Add", x, graph.random(patches + 1, width)), width)
    x = graph.transformer(x, width, patches + 1, None)
    x = graph.normalised(graph.first_token(x, graph.constant(np.array(0, np.int64))), width)
    x = graph.node("MatMul", x, graph.random(width, _EMBEDDING))
    return graph.model(("pixel_values", TensorProto.FLOAT, ["n", 3, _SIDE, _SIDE]), x, "image_embeds")


def _text() -> bytes:
    from onnx import TensorProto

    graph, width = _Graph(), _TEXT_WIDTH
    mask = graph.constant(np.triu(np.full((_TOKENS, _TOKENS), -1e4, np.float32), 1))
    x = graph.node("Gather", graph.random(_VOCABULARY, width), "input_ids")
    x = graph.transformer(graph.node("Add", x, graph.random(_TOKENS, width)), width, _TOKENS, mask)
    # The first end token stands for the whole text; it has the highest number.
    end = graph.node("ArgMax", "input_ids", axis=1, keepdims=1)
    x = graph.node("GatherND", graph.normalised(x, width), end, batch_dims=1)
    x = graph.node("MatMul", x, graph.random(width, _EMBEDDING))
    return graph.model(("input_ids", TensorProto.INT64, ["n", _TOKENS]), x, "text_embeds")
