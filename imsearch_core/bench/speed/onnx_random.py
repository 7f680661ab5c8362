"""Models of random weights in the hub's layout: as large and as fast as published ones."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from onnx import ModelProto

_END = "<|endoftext|>"


@dataclass(frozen=True)
class ModelSizes:
    """What the graphs of a model take and give."""

    side: int
    """Pixels of a picture's side."""
    tokens: int
    """That a text may have at most."""
    any_length: bool
    """Whether the text tower takes fewer, and a mask; else all texts are padded to that length."""
    vocabulary: int
    embedding: int


def write_model(
    folder: Path,
    sizes: ModelSizes,
    preparation: dict,
    vision: Callable[["RandomGraph"], str],
    text: Callable[["RandomGraph"], str],
) -> None:
    """Write a model at fp32 and at int8, with all files that the layout asks for.

    `vision` and `text` add their nodes to a graph, and return the name of the embeddings
    float32 [n, sizes.embedding] that they make of pixel_values float32 [n, 3, side, side] and of input_ids
    int64 [n, tokens] (and attention_mask, like it, if sizes.any_length). `preparation` is what
    preprocessor_config.json says besides the size.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    (folder / "onnx").mkdir(parents=True)
    square = {"height": sizes.side, "width": sizes.side}
    preparation = {"size": {"shortest_edge": sizes.side}, "crop_size": square} | preparation
    (folder / "preprocessor_config.json").write_text(json.dumps(preparation))
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"model_max_length": sizes.tokens, "pad_token": _END})
    )
    _write_tokenizer(folder / "tokenizer.json", sizes.vocabulary)
    for name, model in (("vision_model", _vision(sizes, vision)), ("text_model", _text(sizes, text))):
        path = folder / "onnx" / f"{name}.onnx"
        onnx.save(model, path)
        # As the publishers of the hub's models do it: ONNX Runtime convolves with unsigned weights alone.
        convolves = any(node.op_type == "Conv" for node in model.graph.node)
        kind = QuantType.QUInt8 if convolves else QuantType.QInt8
        quantize_dynamic(path, path.with_name(f"{name}_quantized.onnx"), weight_type=kind)


def _write_tokenizer(path: Path, vocabulary: int) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    words = {_END: vocabulary - 1, "<unk>": 0, "a": 1, "photo": 2, "of": 3, "cat": 4}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        f"$A {_END}", special_tokens=[(_END, vocabulary - 1)]
    )
    tokenizer.save(str(path))


def _vision(sizes: ModelSizes, add_nodes: Callable[["RandomGraph"], str]) -> "ModelProto":
    from onnx import TensorProto

    graph = RandomGraph()
    pixels = ("pixel_values", TensorProto.FLOAT, ["n", 3, sizes.side, sizes.side])
    return graph.model([pixels], add_nodes(graph), "image_embeds", sizes.embedding)


def _text(sizes: ModelSizes, add_nodes: Callable[["RandomGraph"], str]) -> "ModelProto":
    from onnx import TensorProto

    graph = RandomGraph()
    names = ("input_ids", "attention_mask") if sizes.any_length else ("input_ids",)
    shape = ["n", "tokens" if sizes.any_length else sizes.tokens]
    given = [(name, TensorProto.INT64, shape) for name in names]
    return graph.model(given, add_nodes(graph), "text_embeds", sizes.embedding)


class RandomGraph:
    """Adds nodes and weights, then becomes an ONNX model."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(0)
        self._nodes, self._weights = [], []

    def constant(self, value: np.ndarray) -> str:
        from onnx import numpy_helper

        self._weights.append(numpy_helper.from_array(value, f"weights_{len(self._weights)}"))
        return self._weights[-1].name

    def number(self, value: float) -> str:
        return self.constant(np.float32(value))

    def random(self, *shape: int) -> str:
        """Of a linear layer's shape; a convolution's is [out, in, height, width]."""
        fan_in = shape[0] if len(shape) < 4 else math.prod(shape[1:])
        return self.constant(self._rng.standard_normal(shape, np.float32) * np.float32(fan_in**-0.5))

    def node(self, kind: str, *inputs: str, **attributes) -> str:
        from onnx import helper

        output = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def linear(self, x: str, width_in: int, width_out: int) -> str:
        product = self.node("MatMul", x, self.random(width_in, width_out))
        return self.node("Add", product, self.constant(np.zeros(width_out, np.float32)))

    def convolved(self, x: str, shape: tuple[int, int], size: int, stride: int = 1, groups: int = 1) -> str:
        """[n, in, h, w] → [n, out, h ÷ stride, w ÷ stride], for `shape` (in, out)."""
        channels, out = shape
        weights = self.random(out, channels // groups, size, size)
        kept = {"strides": [stride, stride], "pads": [size // 2] * 4, "group": groups}
        return self.node("Conv", x, weights, self.constant(np.zeros(out, np.float32)), **kept)

    def normalised(self, x: str, width: int) -> str:
        scale, offset = (self.constant(make(width, np.float32)) for make in (np.ones, np.zeros))
        return self.node("LayerNormalization", x, scale, offset)

    def reshaped(self, x: str, *shape: int) -> str:
        """To another shape, in which 0 keeps a size and -1 stands for what is left."""
        return self.node("Reshape", x, self.constant(np.array(shape, np.int64)))

    def transformer(
        self,
        x: str,
        width: int,
        layers: int,
        activation: Callable[[str], str],
        mask: str | None = None,
    ) -> str:
        """[n, tokens, width] → the same shape; each layer normalises first."""
        for _ in range(layers):
            x = self.node("Add", x, self.attention(self.normalised(x, width), width, mask))
            y = activation(self.linear(self.normalised(x, width), width, 4 * width))
            x = self.node("Add", x, self.linear(y, 4 * width, width))
        return x

    def quick_gelu(self, x: str) -> str:
        """CLIP's activation."""
        return self.node("Mul", x, self.node("Sigmoid", self.node("Mul", x, self.number(1.702))))

    def gelu(self, x: str) -> str:
        part = self.node("Erf", self.node("Div", x, self.number(2**0.5)))
        part = self.node("Mul", x, self.node("Add", part, self.number(1)))
        return self.node("Mul", part, self.number(0.5))

    def attention(self, x: str, width: int, mask: str | None = None, head: int = 64) -> str:
        """[n, tokens, width] → the same shape, with heads of `head` channels; `mask` [n, 1, tokens, tokens]
        or smaller is added to the weights.
        """

        def heads(order: list[int]) -> str:
            split = self.reshaped(self.linear(x, width, width), 0, -1, width // head, head)
            return self.node("Transpose", split, perm=order)

        queries = self.node("Mul", heads([0, 2, 1, 3]), self.number(head**-0.5))
        weights = self.node("MatMul", queries, heads([0, 2, 3, 1]))
        weights = self.node("Softmax", self.node("Add", weights, mask) if mask else weights, axis=-1)
        seen = self.node("Transpose", self.node("MatMul", weights, heads([0, 2, 1, 3])), perm=[0, 2, 1, 3])
        return self.linear(self.reshaped(seen, 0, -1, width), width, width)

    def first_token(self, x: str, place: str) -> str:
        """[n, tokens, width] → [n, width]."""
        return self.node("Gather", x, place, axis=1)

    def model(
        self, given: list[tuple[str, int, list]], output: str, name: str, embedding: int
    ) -> "ModelProto":
        from onnx import TensorProto, helper

        self._nodes.append(helper.make_node("Identity", [output], [name]))
        result = helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", embedding])
        inputs = [helper.make_tensor_value_info(*one) for one in given]
        graph = helper.make_graph(self._nodes, name, inputs, [result], self._weights)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
