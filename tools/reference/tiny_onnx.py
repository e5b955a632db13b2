#!/usr/bin/env python3
"""Makes the small ONNX models of src/embed/test/golden/onnx, good and bad, and what ONNX Runtime
gives for the good ones.

Never needed to build or run Attacca. In a fresh Python 3.11 environment:

    pip install numpy==1.26.4 onnx==1.16.2 onnxruntime==1.19.2
    tools/reference/tiny_onnx.py

Weights come from a fixed seed; no model has learned anything.
"""
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OUT = pathlib.Path(__file__).parents[2] / "src/embed/test/golden/onnx"
rng = np.random.default_rng(5)


def weights(name, *shape):
    return numpy_helper.from_array((rng.standard_normal(shape) / np.sqrt(np.prod(shape[1:]))).astype(np.float32), name)


def port(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def model(nodes, inputs, outputs, initializers=()):
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, list(initializers))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def save(name, made):
    (OUT / f"{name}.onnx").write_bytes(made.SerializeToString())


def golden(name, made, feeds):
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    for output, values in zip(session.get_outputs(), session.run(None, feeds)):
        np.save(OUT / f"{name}_{output.name}.npy", values.reshape(-1, values.shape[-1]))


def ramp(*shape):
    """What the C++ test gives: sin(0.1 i) of the number of the value."""
    return np.sin(0.1 * np.arange(np.prod(shape))).astype(np.float32).reshape(shape)


def wave():
    """Samples of any length in, two hidden layers (time x 8) and one of features first out."""
    nodes = [
        helper.make_node("Unsqueeze", ["wave", "one"], ["channel"]),
        helper.make_node("Conv", ["channel", "w0"], ["c0"], strides=[5]),
        helper.make_node("Tanh", ["c0"], ["t0"]),
        helper.make_node("Transpose", ["t0"], ["hidden_0"], perm=[0, 2, 1]),
        helper.make_node("Conv", ["t0", "w1"], ["c1"], strides=[2]),
        helper.make_node("Relu", ["c1"], ["features"]),
        helper.make_node("Transpose", ["features"], ["hidden_1"], perm=[0, 2, 1]),
    ]
    one = numpy_helper.from_array(np.array([1], dtype=np.int64), "one")
    outputs = [port("hidden_0", "batch", "t0", 8), port("hidden_1", "batch", "t1", 6), port("features", "batch", 6, "t1")]
    made = model(nodes, [port("wave", "batch", "samples")], outputs, [weights("w0", 8, 1, 10), weights("w1", 6, 8, 3), one])
    save("wave", made)
    golden("wave", made, {"wave": ramp(1, 400)})


def mel():
    """Batches of 64 clips of 12 frames x 8 bands in, a row of 4 out: as discogs-effnet is made."""
    nodes = [
        helper.make_node("Reshape", ["clips", "flat"], ["row"]),
        helper.make_node("MatMul", ["row", "w"], ["product"]),
        helper.make_node("Sigmoid", ["product"], ["embedding"]),
    ]
    flat = numpy_helper.from_array(np.array([-1, 96], dtype=np.int64), "flat")
    made = model(nodes, [port("clips", 64, 12, 8)], [port("embedding", 64, 4)], [weights("w", 96, 4), flat])
    save("mel", made)
    made.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
    made.graph.output[0].type.tensor_type.shape.dim[0].dim_value = 1
    golden("mel", made, {"clips": ramp(1, 12, 8)})


def large():
    """Weights large enough to be used where the file has them."""
    made = model([helper.make_node("MatMul", ["wave", "w"], ["row"])], [port("wave", 1, 400)], [port("row", 1, 8)],
                 [weights("w", 400, 8)])
    save("large", made)
    golden("large", made, {"wave": ramp(1, 400)})


def bad():
    row = [port("row", 1, 400)]
    wave_in = [port("wave", 1, 400)]
    huge = numpy_helper.from_array(np.float32(1e30), "huge")
    save("nan", model([helper.make_node("Mul", ["wave", "huge"], ["m"]), helper.make_node("Mul", ["m", "huge"], ["big"]),
                       helper.make_node("Sub", ["big", "big"], ["row"])], wave_in, row, [huge]))
    nothing = numpy_helper.from_array(np.float32(0), "nothing")
    save("constant", model([helper.make_node("Mul", ["wave", "nothing"], ["row"])], wave_in, row, [nothing]))
    save("two_inputs", model([helper.make_node("Add", ["wave", "mask"], ["row"])], wave_in + [port("mask", 1, 400)], row))
    outside = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[1, 400], data_location=TensorProto.EXTERNAL)
    outside.external_data.add(key="location", value="/etc/passwd")
    save("external", model([helper.make_node("Mul", ["wave", "w"], ["row"])], wave_in, row, [outside]))
    save("unknown_operator", model([helper.make_node("Divine", ["wave"], ["row"], domain="")], wave_in, row))


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    wave()
    mel()
    bad()
    large()
