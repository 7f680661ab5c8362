"""EfficientNet-Lite as an ONNX graph, built from the checkpoint: the best that the processor can do.

It is the network that `encoders.efficientnet_lite` builds in Keras, with batch norms folded in the same way.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from imsearch_core.encoders import DEFAULT_ENCODER, find_preset
from imsearch_core.encoders.efficientnet_lite import blocks, checkpoint, folded


def onnx_session(graph: bytes | Path) -> Callable[[np.ndarray], np.ndarray]:
    """A function from the input of a graph, or of the one in a file, to embeddings, run as it comes."""
    import onnxruntime

    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda images: session.run(None, {name: images})[0]


def lite_graph(name: str = DEFAULT_ENCODER) -> bytes:
    """The network of this preset, as an ONNX file: uint8 [n, crop, crop, 3] → float32 [n, 1280]."""
    from onnx import TensorProto, checker, helper, numpy_helper

    preset = find_preset(name)
    state = checkpoint(preset, None)
    nodes, constants = [], []

    def constant(name: str, value: np.ndarray) -> str:
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value, np.float32), name))
        return name

    def node(kind: str, *inputs: str, **attributes) -> str:
        output = f"{kind}_{len(nodes)}"
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    low, high = constant("low", np.float32(0)), constant("high", np.float32(6))

    def convolve(x: str, convolution: str, norm: str, stride: int = 1, activated: bool = True) -> str:
        kernel, bias = folded(state, convolution, norm)
        depthwise = convolution.endswith("_depthwise_conv")
        # Keras' [h, w, in, out] ([h, w, channels, 1] if depthwise) becomes ONNX's [out, in / groups, h, w].
        weights = kernel.transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))
        y = node(
            "Conv",
            x,
            constant(f"{convolution}.w", weights),
            constant(f"{convolution}.b", bias),
            strides=[stride, stride],
            auto_pad="SAME_UPPER",
            group=len(weights) if depthwise else 1,
        )
        return node("Clip", y, low, high) if activated else y

    x = node("Cast", "images", to=TensorProto.FLOAT)
    x = node("Mul", x, constant("scale", np.float32(1 / 128)))
    x = node("Add", x, constant("offset", np.float32(-127 / 128)))
    x = node("Transpose", x, perm=[0, 3, 1, 2])
    x = convolve(x, "_conv_stem", "_bn0", stride=2)
    for number, (expansion, channels_in, channels, stride, _) in enumerate(blocks(name)):
        block, y = f"_blocks.{number}.", x
        if expansion > 1:
            y = convolve(y, block + "_expand_conv", block + "_bn0")
        y = convolve(y, block + "_depthwise_conv", block + "_bn1", stride)
        y = convolve(y, block + "_project_conv", block + "_bn2", activated=False)
        x = node("Add", x, y) if stride == 1 and channels_in == channels else y
    x = convolve(x, "_conv_head", "_bn1")
    x = node("Flatten", node("GlobalAveragePool", x))
    images = helper.make_tensor_value_info("images", TensorProto.UINT8, ["n", preset.crop, preset.crop, 3])
    result = helper.make_tensor_value_info(x, TensorProto.FLOAT, ["n", preset.dimension])
    graph = helper.make_graph(nodes, "lite", [images], [result], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    return model.SerializeToString()
