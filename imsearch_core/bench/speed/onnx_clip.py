"""CLIP ViT-B/32 as ONNX graphs in the hub's layout, with random weights: of the published size and speed.

Architecture: Radford et al. 2021 (https://arxiv.org/abs/2103.00020). Both towers are transformers that
normalise first; the text's tokens look only at those before them.
"""

from pathlib import Path

import numpy as np

from imsearch_core.bench.speed.onnx_random import ModelSizes, RandomGraph, write_model

_SIDE, _PATCH, _TOKENS, _VOCABULARY = 224, 32, 77, 49_408
_EMBEDDING, _LAYERS = 512, 12
_VISION_WIDTH, _TEXT_WIDTH = 768, 512


def write_clip(folder: Path) -> None:
    """Write the model at fp32 and at int8."""
    preparation = {"image_mean": [0.48, 0.46, 0.41], "image_std": [0.27, 0.26, 0.28]}
    write_model(
        folder, ModelSizes(_SIDE, _TOKENS, True, _VOCABULARY, _EMBEDDING), preparation, _vision, _text
    )


def _vision(graph: RandomGraph) -> str:
    width, patches = _VISION_WIDTH, (_SIDE // _PATCH) ** 2
    x = graph.node("Conv", "pixel_values", graph.random(width, 3, _PATCH, _PATCH), strides=[_PATCH, _PATCH])
    x = graph.node("Transpose", graph.reshaped(x, -1, width, patches), perm=[0, 2, 1])
    # A token for the whole picture comes before the patches: zeros here, until positions are added.
    x = graph.node("Pad", x, graph.constant(np.array([0, 1, 0, 0, 0, 0], np.int64)))
    x = graph.normalised(graph.node("Add", x, graph.random(patches + 1, width)), width)
    x = graph.transformer(x, width, _LAYERS, graph.quick_gelu)
    x = graph.normalised(graph.first_token(x, graph.constant(np.array(0, np.int64))), width)
    return graph.node("MatMul", x, graph.random(width, _EMBEDDING))


def _text(graph: RandomGraph) -> str:
    width = _TEXT_WIDTH
    x = graph.node("Gather", graph.random(_VOCABULARY, width), "input_ids")
    x = graph.node("Add", x, _first(graph, graph.random(_TOKENS, width), axes=1))
    x = graph.transformer(x, width, _LAYERS, graph.quick_gelu, _text_mask(graph))
    # The first end token stands for the whole text; it has the highest number.
    end = graph.node("ArgMax", "input_ids", axis=1, keepdims=1)
    x = graph.node("GatherND", graph.normalised(x, width), end, batch_dims=1)
    return graph.node("MatMul", x, graph.random(width, _EMBEDDING))


def _text_mask(graph: RandomGraph) -> str:
    """[n, 1, tokens, tokens], very low where a token must not look: at later ones, and at the padding."""
    later = graph.constant(np.triu(np.full((_TOKENS, _TOKENS), -1e4, np.float32), 1))
    given = graph.node("Cast", "attention_mask", to=1)  # float32
    padding = graph.node("Mul", graph.node("Sub", given, graph.number(1)), graph.number(1e4))
    padding = graph.node("Unsqueeze", padding, graph.constant(np.array([1, 2], np.int64)))
    return graph.node("Add", padding, _first(graph, later, axes=2))


def _first(graph: RandomGraph, x: str, axes: int) -> str:
    """As many rows of `x`, and columns if `axes` is 2, as a text has tokens."""
    length = graph.node("Shape", "input_ids", start=1)
    start = graph.constant(np.zeros(axes, np.int64))
    end = graph.node("Concat", *[length] * axes, axis=0)
    return graph.node("Slice", x, start, end, graph.constant(np.arange(axes)))
