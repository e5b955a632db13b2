"""Writes a network as one ONNX file and compares the two."""
import contextlib
import io
import warnings

import numpy as np
import onnx
import onnxruntime
import torch

import checkpoints

OPSET = 16
LEAST_COSINE = 0.9999
MOST_BYTES = 2**31 - 1  # what one protobuf file can hold; Attacca takes no external data


def _without_weight_norm(module):
    for part in module.modules():
        if hasattr(part, "weight_g"):
            torch.nn.utils.remove_weight_norm(part)


def cosines(a, b):
    """Of each clip, once averaged over time (clips x frames x numbers, or clips x numbers)."""
    a, b = (x.mean(axis=1) if x.ndim == 3 else x for x in (np.float64(a), np.float64(b)))
    return (a * b).sum(axis=1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))


def write(module, example, path, input_name, output_names, about):
    """`module` gives one tensor for each output name: clips x frames x numbers, or clips x
    numbers. `example` is one clip or more; the number of clips stays free, the length of a clip
    does not. `about` is written into the file. Returns the least cosine between the two."""
    module = module.eval()
    _without_weight_norm(module)
    with torch.no_grad(), warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, (example,), str(path), opset_version=OPSET, input_names=[input_name],
            output_names=output_names,
            dynamic_axes={name: {0: "clips"} for name in [input_name, *output_names]})
    model = onnx.load(str(path), load_external_data=False)
    for key, value in about.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    if model.ByteSize() > MOST_BYTES:
        raise checkpoints.Refused(f"{path} would be larger than one ONNX file can be")
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))
    return compare(module, example, path, input_name, output_names)


def compare(module, example, path, input_name, output_names):
    with torch.no_grad():
        wanted = [x.numpy() for x in module(example)]
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    given = session.run(output_names, {input_name: example.numpy()})
    least = min(cosines(a, b).min() for a, b in zip(given, wanted))
    if not least >= LEAST_COSINE:
        raise checkpoints.Refused(f"{path} differs from the network that it was made from: cosine {least}")
    return least
