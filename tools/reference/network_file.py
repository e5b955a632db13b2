"""model.safetensors as src/recommend/include/attacca/recommend/network.h describes it, written
and read with numpy alone.

Run in an environment with numpy (1.24.2 made the golden file)
    python3 network_file.py    writes src/recommend/test/golden/networks/small.safetensors
"""

import json
import pathlib
import struct

import numpy

GOLDEN = pathlib.Path(__file__).parents[2] / "src/recommend/test/golden/networks"
NUMBERS = ("input", "width", "hidden", "layers", "heads", "feed_forward", "length")


def shapes(shape):
    """Of the tensors of a network: {name: list of sizes}."""
    n, d = shape["input"], shape["width"]
    found = {}

    def linear(name, out, into):
        found[name + ".weight"], found[name + ".bias"] = [out, into], [out]

    def norm(name):
        found[name + ".weight"], found[name + ".bias"] = [d], [d]

    if shape["items"] == "content":
        found["input.mean"], found["input.scale"] = [n], [n]
    if shape["kind"] == "contrastive":
        linear("hidden", shape["hidden"], n)
        linear("items", d, shape["hidden"])
        return found
    if shape["items"] == "ids":
        found["items.weight"] = [n, d]
    else:
        linear("items", d, n)
    if shape["kind"] == "shallow":
        return found
    found["positions"] = [shape["length"], d]
    norm("norm")
    for layer in range(shape["layers"]):
        name = f"layers.{layer}."
        for part in ("query", "key", "value", "output"):
            linear(name + "attention." + part, d, d)
        norm(name + "attention.norm")
        linear(name + "feed_forward.in", shape["feed_forward"], d)
        linear(name + "feed_forward.out", d, shape["feed_forward"])
        norm(name + "feed_forward.norm")
    if shape["kind"] == "bert4rec":
        found["mask"] = [d]
        linear("output", d, d)
        norm("output.norm")
        if shape["items"] == "ids":
            found["item_bias"] = [n]
    return found


def write(path, shape, tensors):
    """shape: {"kind": .., "items": .., and the NUMBERS, 0 where left out}."""
    header = {"__metadata__": {"format": "attacca network", "version": "1", "kind": shape["kind"],
                               "items": shape["items"],
                               **{name: str(shape.get(name, 0)) for name in NUMBERS}}}
    data = b""
    for name in sorted(tensors):
        values = numpy.ascontiguousarray(tensors[name], "<f4")
        header[name] = {"dtype": "F32", "shape": list(values.shape),
                        "data_offsets": [len(data), len(data) + values.nbytes]}
        data += values.tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + data)


def read(path):
    bytes_ = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", bytes_[:8])
    header = json.loads(bytes_[8:8 + length])
    metadata = header.pop("__metadata__")
    shape = {key: int(value) if key in NUMBERS else value for key, value in metadata.items()}
    data = bytes_[8 + length:]
    return shape, {name: numpy.frombuffer(data[slice(*entry["data_offsets"])], "<f4")
                   .reshape(entry["shape"]) for name, entry in header.items()}


def main():
    shape = {"kind": "sasrec", "items": "content", "input": 3, "width": 4, "layers": 1, "heads": 2,
             "feed_forward": 5, "length": 6}
    tensors, next_value = {}, 0
    for name, sizes in sorted(shapes(shape).items()):
        count = int(numpy.prod(sizes))
        # -1/8, 0, 1/8, ..: exact in every format.
        tensors[name] = (numpy.arange(next_value, next_value + count) / 8 - 0.125).reshape(sizes)
        next_value += count
    GOLDEN.mkdir(parents=True, exist_ok=True)
    write(GOLDEN / "small.safetensors", shape, tensors)
    assert all((read(GOLDEN / "small.safetensors")[1][name] == tensors[name]).all()
               for name in tensors)


if __name__ == "__main__":
    main()
