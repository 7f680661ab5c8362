"""MobileCLIP-S0 as ONNX graphs in the hub's layout, with random weights: of the published size, and as fast.

Architecture: Vasu et al. 2024 (https://arxiv.org/abs/2311.17049), with its branches folded, as in published
graphs. Pictures go through FastViT (https://arxiv.org/abs/2303.14189): three stages mix places by
convolution, the last by attention. Texts go through four layers of a transformer, between two that mix
tokens by convolution.
"""

from pathlib import Path

import numpy as np

from imsearch_core.bench.speed.onnx_random import ModelSizes, RandomGraph, write_model

_SIDE, _TOKENS, _VOCABULARY, _EMBEDDING = 256, 77, 49_408, 512
_WIDTHS, _DEPTHS = (64, 128, 256, 512), (2, 6, 10, 2)
_WIDENED, _SMALLEST_SCALE = 3, 1e-5
_HEAD = 32  # channels
_TEXT_WIDTH, _TEXT_LAYERS, _TEXT_KERNEL = 512, 4, 11


def write_mobileclip(folder: Path) -> None:
    """Write the model at fp32 and at int8."""
    preparation = {"do_normalize": False}
    write_model(
        folder, ModelSizes(_SIDE, _TOKENS, False, _VOCABULARY, _EMBEDDING), preparation, _vision, _text
    )


def _vision(graph: RandomGraph) -> str:
    width = _WIDTHS[0]
    x = graph.gelu(graph.convolved("pixel_values", (3, width), 3, stride=2))
    x = graph.gelu(graph.convolved(x, (width, width), 3, stride=2, groups=width))
    x = graph.gelu(graph.convolved(x, (width, width), 1))
    side = _SIDE // 4
    for stage, (wider, depth) in enumerate(zip(_WIDTHS, _DEPTHS, strict=True)):
        if stage:
            x = graph.convolved(x, (width, wider), 7, stride=2, groups=width)
            x = graph.gelu(_squeezed(graph, x, wider, 4) if stage > 1 else x)
            x = graph.gelu(graph.convolved(x, (wider, wider), 1))
            width, side = wider, side // 2
        last = stage == len(_WIDTHS) - 1
        x = graph.convolved(x, (width, width), 7, groups=width) if last else x  # where a place is
        for _ in range(depth):
            mixed = _attended(graph, x, width, side) if last else None
            x = mixed or graph.convolved(x, (width, width), 3, groups=width)
            x = _scaled_sum(graph, x, _feed_forward(graph, x, width, 7, _WIDENED), (width, 1, 1))
    x = graph.convolved(x, (width, 2 * width), 3, groups=width)
    x = graph.gelu(_squeezed(graph, x, 2 * width, 16))
    x = graph.node("Flatten", graph.node("GlobalAveragePool", x), axis=1)
    return graph.linear(x, 2 * width, _EMBEDDING)


def _attended(graph: RandomGraph, x: str, width: int, side: int) -> str:
    """[n, width, side, side] → the same shape; every place looks at all others."""
    ones, zeros = (graph.constant(make(width, np.float32)) for make in (np.ones, np.zeros))
    y = graph.node("BatchNormalization", x, ones, zeros, zeros, ones)
    y = graph.node("Transpose", graph.reshaped(y, -1, width, side * side), perm=[0, 2, 1])
    y = graph.attention(y, width, head=_HEAD)
    y = graph.reshaped(graph.node("Transpose", y, perm=[0, 2, 1]), -1, width, side, side)
    return _scaled_sum(graph, x, y, (width, 1, 1))


def _feed_forward(graph: RandomGraph, x: str, width: int, kernel: int, widened: int) -> str:
    """[n, width, h, w] → the same shape: a convolution of each channel, then two of all at each place."""
    x = graph.convolved(x, (width, width), kernel, groups=width)
    x = graph.gelu(graph.convolved(x, (width, widened * width), 1))
    return graph.convolved(x, (widened * width, width), 1)


def _squeezed(graph: RandomGraph, x: str, width: int, share: int) -> str:
    """Each channel times a weight that depends on the means of all."""
    y = graph.node("GlobalAveragePool", x)
    y = graph.node("Relu", graph.convolved(y, (width, width // share), 1))
    return graph.node("Mul", x, graph.node("Sigmoid", graph.convolved(y, (width // share, width), 1)))


def _scaled_sum(graph: RandomGraph, x: str, y: str, shape: tuple[int, ...]) -> str:
    return graph.node(
        "Add", x, graph.node("Mul", y, graph.constant(np.full(shape, _SMALLEST_SCALE, np.float32)))
    )


def _text(graph: RandomGraph) -> str:
    width = _TEXT_WIDTH
    x = graph.node("Gather", graph.random(_VOCABULARY, width), "input_ids")
    x = graph.node("Add", x, graph.random(_TOKENS, width))
    x = _mixed_tokens(graph, x, width)
    x = graph.transformer(x, width, _TEXT_LAYERS, graph.gelu)
    x = graph.normalised(_mixed_tokens(graph, x, width), width)
    end = graph.node("ArgMax", "input_ids", axis=1, keepdims=1)
    return graph.node("MatMul", graph.node("GatherND", x, end, batch_dims=1), graph.random(width, _EMBEDDING))


def _mixed_tokens(graph: RandomGraph, x: str, width: int) -> str:
    """[n, tokens, width] → the same shape, each token mixed with those near it."""
    x = graph.reshaped(graph.node("Transpose", x, perm=[0, 2, 1]), -1, width, 1, _TOKENS)
    x = graph.convolved(x, (width, width), _TEXT_KERNEL, groups=width)
    x = _scaled_sum(graph, x, _feed_forward(graph, x, width, _TEXT_KERNEL, 4), (width, 1, 1))
    return graph.node("Transpose", graph.reshaped(x, -1, width, _TOKENS), perm=[0, 2, 1])
