#!/usr/bin/env python3
"""A network of MERT-95M's shape with random weights, for script/bench: it computes as much as the
real one and hears nothing.

    tools/reference/mert_shape.py FOLDER          writes mert-shape.onnx and its manifest
    tools/reference/mert_shape.py --torch CLIPS   processor seconds for so many clips of 5 s under
                                                  PyTorch, one thread, one clip at a time

The first needs numpy==1.26.4 and onnx==1.16.2, the second Debian 12's python3-torch (1.13.1) and
transformers==4.38.2.
"""
import pathlib
import sys
import time

RATE, SAMPLES = 24000, 120000
KERNELS, STRIDES = (10, 3, 3, 3, 3, 2, 2), (5, 2, 2, 2, 2, 2, 2)
CHANNELS, WIDTH, HEADS, INNER, LAYERS = 512, 768, 12, 3072, 12
MANIFEST = f"""format = 1
name = "mert-shape"
title = "MERT-95M's shape, random weights"
licence = "CC0-1.0"
credit = "nobody"
pooling = "mean"
silence = "keep"

[front_end]
kind = "wave"
rate_hz = {RATE}
normalise = true
epsilon = 1e-7

[model]
network = "onnx"
layer = "hidden_{LAYERS}"
dimension = {WIDTH}
output = "time-first"

[clips]
samples = {SAMPLES}
hop = {SAMPLES}
choice = "all"
"""


def write(folder):
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(1)
    nodes, weights = [], []

    def constant(values, kind=np.float32):
        weights.append(numpy_helper.from_array(np.asarray(values, kind), f"w{len(weights)}"))
        return weights[-1].name

    def drawn(*shape, fan):
        return constant(rng.standard_normal(shape, np.float32) / np.float32(np.sqrt(fan)))

    def op(kind, *inputs, **attributes):
        nodes.append(helper.make_node(kind, list(inputs), [f"v{len(nodes)}"], **attributes))
        return nodes[-1].output[0]

    half, one, root = constant(0.5), constant(1), constant(2**-0.5)

    def gelu(x):
        return op("Mul", op("Mul", x, half), op("Add", op("Erf", op("Mul", x, root)), one))

    def linear(x, inputs, outputs):
        return op("Add", op("MatMul", x, drawn(inputs, outputs, fan=inputs)), constant(np.zeros(outputs)))

    def norm(x, width):
        return op("LayerNormalization", x, constant(np.ones(width)), constant(np.zeros(width)), axis=-1, epsilon=1e-5)

    x = op("Unsqueeze", "wave", constant([1], np.int64))
    for i, (kernel, stride) in enumerate(zip(KERNELS, STRIDES)):
        inputs = CHANNELS if i else 1
        x = op("Conv", x, drawn(CHANNELS, inputs, kernel, fan=inputs * kernel), strides=[stride])
        if i == 0:
            x = op("InstanceNormalization", x, constant(np.ones(CHANNELS)), constant(np.zeros(CHANNELS)))
        x = gelu(x)
    x = linear(norm(op("Transpose", x, perm=[0, 2, 1]), CHANNELS), CHANNELS, WIDTH)
    near = op("Conv", op("Transpose", x, perm=[0, 2, 1]), drawn(WIDTH, WIDTH // 16, 128, fan=WIDTH * 8),
              constant(np.zeros(WIDTH)), group=16, pads=[64, 64])
    near = op("Slice", near, constant([0], np.int64), constant([-1], np.int64), constant([2], np.int64))
    x = norm(op("Add", x, op("Transpose", gelu(near), perm=[0, 2, 1])), WIDTH)
    split, joined = constant([0, 0, HEADS, WIDTH // HEADS], np.int64), constant([0, 0, WIDTH], np.int64)
    scale = constant((WIDTH // HEADS) ** -0.5)
    for _ in range(LAYERS):
        q, k, v = (op("Reshape", linear(x, WIDTH, WIDTH), split) for _ in range(3))
        scores = op("MatMul", op("Mul", op("Transpose", q, perm=[0, 2, 1, 3]), scale), op("Transpose", k, perm=[0, 2, 3, 1]))
        mixed = op("MatMul", op("Softmax", scores, axis=-1), op("Transpose", v, perm=[0, 2, 1, 3]))
        mixed = op("Reshape", op("Transpose", mixed, perm=[0, 2, 1, 3]), joined)
        x = norm(op("Add", x, linear(mixed, WIDTH, WIDTH)), WIDTH)
        x = norm(op("Add", x, linear(gelu(linear(x, WIDTH, INNER)), INNER, WIDTH)), WIDTH)
    nodes.append(helper.make_node("Identity", [x], [f"hidden_{LAYERS}"]))
    graph = helper.make_graph(
        nodes, "mert-shape", [helper.make_tensor_value_info("wave", TensorProto.FLOAT, ["batch", "samples"])],
        [helper.make_tensor_value_info(f"hidden_{LAYERS}", TensorProto.FLOAT, ["batch", "time", WIDTH])], weights)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mert-shape.onnx").write_bytes(made.SerializeToString())
    (folder / "mert-shape.toml").write_text(MANIFEST)


def under_torch(clips):
    import torch
    import transformers

    torch.set_num_threads(1)
    config = transformers.HubertConfig(
        conv_kernel=KERNELS, conv_stride=STRIDES, conv_dim=(CHANNELS,) * 7, hidden_size=WIDTH,
        num_attention_heads=HEADS, intermediate_size=INNER, num_hidden_layers=LAYERS)
    model = transformers.HubertModel(config).eval()
    clip = torch.randn(1, SAMPLES)
    with torch.inference_mode():
        model(clip)
        start = time.process_time()
        for _ in range(clips):
            model(clip)
    print(time.process_time() - start)


if __name__ == "__main__":
    if sys.argv[1] == "--torch":
        under_torch(int(sys.argv[2]))
    else:
        write(pathlib.Path(sys.argv[1]))
