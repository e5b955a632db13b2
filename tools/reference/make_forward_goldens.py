"""Golden scores of trained networks' forward passes for src/recommend/test/golden/networks, by plain
PyTorch (the formulas of src/recommend/include/attacca/recommend/network.h).

Each case is NAME.safetensors, a network with weights drawn by lot; NAME.npy, the tracks' embeddings
(of content), and a line in forward.json: histories, the scores of all tracks after each.

Run in an environment with torch (1.13.0 made the golden files) and numpy (1.24.2)
    python3 make_forward_goldens.py
"""

import json
import math

import numpy
import torch
from torch.nn.functional import gelu, layer_norm, linear, normalize, softmax

from network_file import GOLDEN, shapes, write

# All sizes in use are in src/recommend/test/forward_test.cpp too, where nothing need be stored.
CASES = [
    dict(kind="bert4rec", items="content", input=200, width=64, layers=2, heads=2,
         feed_forward=256, length=50, tracks=40),
    dict(kind="bert4rec", items="ids", input=60, width=64, layers=2, heads=2, feed_forward=256,
         length=300, tracks=60),
    dict(kind="sasrec", items="content", input=64, width=64, layers=2, heads=1, feed_forward=64,
         length=50, tracks=40),
    dict(kind="sasrec", items="ids", input=50, width=50, layers=2, heads=1, feed_forward=50,
         length=20, tracks=50),
    dict(kind="shallow", items="content", input=200, width=100, tracks=40),
    dict(kind="contrastive", items="content", input=200, hidden=128, width=64, tracks=40),
]
KINDS = ("bert4rec", "sasrec", "shallow", "contrastive")


def drawn(random):
    """A shape by lot. Of a width of 1 to 3, layer norms may divide rounding errors by next to
    nothing, and PyTorch's scores are its rounding errors."""
    kind = KINDS[random.integers(4)]
    sequence = kind in ("bert4rec", "sasrec")
    heads = int(random.integers(1, 5))
    case = dict(kind=kind, items="ids" if sequence and random.integers(2) else "content",
                input=int(random.integers(1, 40)), width=heads * int(random.integers(math.ceil(4 / heads), 12)),
                tracks=int(random.integers(3, 30)))
    if case["items"] == "ids":
        case["input"] = case["tracks"]
    if sequence:
        case |= dict(layers=int(random.integers(1, 4)), heads=heads,
                     feed_forward=int(random.integers(1, 40)), length=int(random.integers(2, 30)))
    if kind == "contrastive":
        case["hidden"] = int(random.integers(1, 40))
    return case


class Net:
    def __init__(self, shape, tensors):
        self.shape, self.t = shape, {name: torch.tensor(value) for name, value in tensors.items()}

    def linear(self, name, x):
        return linear(x, self.t[name + ".weight"], self.t[name + ".bias"])

    def norm(self, name, x):
        return layer_norm(x, x.shape[-1:], self.t[name + ".weight"], self.t[name + ".bias"], 1e-12)

    def scaled(self, rows):
        return self.t["input.scale"] * (torch.tensor(rows) - self.t["input.mean"])

    def attention(self, name, h):
        heads = self.shape["heads"]
        split = lambda x: x.reshape(len(x), heads, -1).transpose(0, 1)
        q, k, v = (split(self.linear(name + part, h)) for part in ("query", "key", "value"))
        scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
        if self.shape["kind"] == "sasrec":
            newer = torch.triu(torch.ones(len(h), len(h), dtype=torch.bool), 1)
            scores = scores.masked_fill(newer, -torch.inf)
        mixed = (softmax(scores, -1) @ v).transpose(0, 1).reshape(h.shape)
        return self.linear(name + "output", mixed)

    def of_history(self, e, history):
        bert = self.shape["kind"] == "bert4rec"
        x = e[history[-(self.shape["length"] - bert):]]
        if bert:
            x = torch.cat([x, self.t["mask"][None]])
        h = self.norm("norm", x + self.t["positions"][-len(x):])
        for layer in range(self.shape["layers"]):
            name = f"layers.{layer}."
            h = self.norm(name + "attention.norm", h + self.attention(name + "attention.", h))
            inner = gelu(self.linear(name + "feed_forward.in", h))
            h = self.norm(name + "feed_forward.norm",
                          h + self.linear(name + "feed_forward.out", inner))
        if not bert:
            return h[-1]
        return self.norm("output.norm", gelu(self.linear("output", h[-1])))

    def scores(self, rows, history):
        kind = self.shape["kind"]
        heard = sorted(set(history))
        if kind == "shallow":
            v = lambda x: torch.relu(self.linear("items", x))
            listener = v(self.scaled(rows)[heard].mean(0))
            return normalize(v(self.scaled(rows)), dim=1) @ normalize(listener, dim=0)
        if kind == "contrastive":
            v = normalize(self.linear("items", gelu(self.linear("hidden", self.scaled(rows)))))
            return v @ v[heard].mean(0)
        ids = self.shape["items"] == "ids"
        e = self.t["items.weight"] if ids else self.linear("items", self.scaled(rows))
        scores = e @ self.of_history(e, history)
        return scores + self.t["item_bias"] if ids and kind == "bert4rec" else scores


def weights(shape, random):
    tensors = {}
    for name, sizes in shapes(shape).items():
        values = random.normal(size=sizes)
        if name == "input.scale" or name.endswith("norm.weight"):
            values = 1 + 0.2 * values
        elif len(sizes) == 2:
            values /= math.sqrt(sizes[1])
        else:
            values *= 0.2
        tensors[name] = values.astype("float32")
    return tensors


def main():
    torch.set_num_threads(1)
    random = numpy.random.default_rng(20261201)
    cases = CASES + [drawn(random) for _ in range(40)]
    lines = []
    for number, case in enumerate(cases):
        shape = {key: value for key, value in case.items() if key != "tracks"}
        net = Net(shape, weights(shape, random))
        name = f"forward{number:02}"
        write(GOLDEN / f"{name}.safetensors", shape, net.t)
        rows = None
        if shape["items"] == "content":
            rows = random.normal(size=(case["tracks"], shape["input"])).astype("float32")
            numpy.save(GOLDEN / f"{name}.npy", rows)
        length = shape.get("length", 20)
        lengths = {1, 2, length - 1, length, length + 1, 2 * length}
        histories = [random.integers(case["tracks"], size=n).tolist() for n in sorted(lengths)]
        scores = [net.scores(rows, history).tolist() for history in histories]
        assert numpy.isfinite(scores).all()
        lines.append({"name": name, "histories": histories,
                      "scores": [[float(f"{value:.9g}") for value in row] for row in scores]})
    text = ",\n".join(json.dumps(line, separators=(",", ":")) for line in lines)
    (GOLDEN / "forward.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
