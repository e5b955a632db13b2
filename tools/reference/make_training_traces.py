"""Golden losses of training bert4rec and sasrec for src/learn/test/golden: a plain PyTorch
implementation of what attacca/recommend/network.h defines, padded on the left, with scores of all
places, and PyTorch's own Adam.

Run by Debian 12's python3 with python3-torch (1.13.1+dfsg) and python3-numpy (1.24.2):
    /usr/bin/python3 tools/reference/make_training_traces.py
"""

import json
import math
import pathlib

import numpy
import torch
from torch.nn import functional

FOLDER = pathlib.Path(__file__).parents[2] / "src/learn/test/golden"
ITEMS, COLUMNS, WIDTH, HEADS, LAYERS, FEED_FORWARD, LENGTH = 20, 5, 8, 2, 2, 12, 7
HEARD = 17  # the rest is in no history
STEPS, RATE, DECAY = 100, 5e-3, 1e-2
PAD, MASK, NOTHING = -1, -2, -100


def first_weights(random, kind, content):
    shapes = {"positions": (LENGTH, WIDTH), "norm": None}
    shapes["items"] = (WIDTH, COLUMNS) if content else (ITEMS, WIDTH)
    for layer in range(LAYERS):
        name = f"layers.{layer}."
        for part in ("query", "key", "value", "output"):
            shapes[f"{name}attention.{part}"] = (WIDTH, WIDTH)
        shapes[name + "attention.norm"] = shapes[name + "feed_forward.norm"] = None
        shapes[name + "feed_forward.in"] = (FEED_FORWARD, WIDTH)
        shapes[name + "feed_forward.out"] = (WIDTH, FEED_FORWARD)
    if kind == "bert4rec":
        shapes |= {"mask": (WIDTH,), "output": (WIDTH, WIDTH), "output.norm": None}
        if not content:
            shapes["item_bias"] = (ITEMS,)
    draw = lambda *shape: torch.tensor(random.normal(0, 0.3, shape), dtype=torch.float32)
    weights = {}
    for name, shape in shapes.items():
        if name in ("positions", "mask", "item_bias"):
            weights[name] = draw(*shape)
        elif shape is None:
            weights[name + ".weight"] = 1 + draw(WIDTH)
            weights[name + ".bias"] = draw(WIDTH)
        else:
            weights[name + ".weight"] = draw(*shape)
            if name != "items" or content:
                weights[name + ".bias"] = draw(shape[0])
    return weights


def forward(weights, kind, table, items):
    """Scores of all tracks at all places: batch x LENGTH x ITEMS."""
    linear = lambda name, x: functional.linear(x, weights[name + ".weight"], weights[name + ".bias"])
    norm = lambda name, x: functional.layer_norm(
        x, (WIDTH,), weights[name + ".weight"], weights[name + ".bias"], 1e-12)
    x = table[items.clamp(min=0)]
    if kind == "bert4rec":
        x = torch.where((items == MASK)[..., None], weights["mask"], x)
    x = norm("norm", x + weights["positions"])
    closed = (items == PAD)[:, None, None, :].expand(-1, 1, LENGTH, -1)
    if kind == "sasrec":
        closed = closed | torch.ones(LENGTH, LENGTH, dtype=torch.bool).triu(1)
    split = lambda y: y.view(len(items), LENGTH, HEADS, WIDTH // HEADS).transpose(1, 2)
    for layer in range(LAYERS):
        name = f"layers.{layer}."
        query, key, value = (split(linear(name + "attention." + part, x)) for part in ("query", "key", "value"))
        scores = query @ key.transpose(-1, -2) / math.sqrt(WIDTH // HEADS)
        mixed = scores.masked_fill(closed, -1e30).softmax(-1) @ value
        mixed = mixed.transpose(1, 2).reshape(len(items), LENGTH, WIDTH)
        x = norm(name + "attention.norm", x + linear(name + "attention.output", mixed))
        fed = linear(name + "feed_forward.out", functional.gelu(linear(name + "feed_forward.in", x)))
        x = norm(name + "feed_forward.norm", x + fed)
    if kind == "bert4rec":
        x = norm("output.norm", functional.gelu(linear("output", x)))
    return x @ table.T + weights.get("item_bias", 0)


def batch(random, kind):
    """Sequences of 2 to LENGTH plays; what is shown at each place, and what is right there."""
    plays, shown, right = [], [], []
    for _ in range(3):
        length = random.integers(2, LENGTH + 1)
        row = random.integers(0, HEARD, length + (kind == "sasrec")).tolist()
        plays.append(row)
        if kind == "sasrec":
            shown.append(row[:-1])
            right.append(row[1:])
        else:
            masked = random.random(length) < 0.3
            masked[random.integers(length)] = True
            shown.append([MASK if m else item for item, m in zip(row, masked)])
            right.append([item if m else NOTHING for item, m in zip(row, masked)])
    return plays, shown, right


def padded(rows, value):
    return torch.tensor([[value] * (LENGTH - len(row)) + row for row in rows])


def trace(kind, content, seed):
    random = numpy.random.default_rng(seed)
    weights = first_weights(random, kind, content)
    out = {"weights": {name: value.tolist() for name, value in weights.items()}}
    batches = [batch(random, kind) for _ in range(4)]
    out["histories"] = [row for plays, _, _ in batches for row in plays]
    out["batches"] = [{"shown": shown, "right": right} for _, shown, right in batches]
    if content:
        embeddings = random.normal(3, 2, (ITEMS, COLUMNS)).astype(numpy.float32)
        embeddings[:, 3] = 0.7  # says nothing
        heard = sorted({item for row in out["histories"] for item in row})
        deviation = embeddings[heard].astype(float).std(0)
        scale = numpy.where(deviation > 1e-6, 1 / numpy.maximum(deviation, 1e-9), 0)
        rows = torch.tensor((embeddings - embeddings[heard].astype(float).mean(0)) * scale, dtype=torch.float32)
        out["embeddings"] = embeddings.tolist()
    for value in weights.values():
        value.requires_grad_(True)
    adam = torch.optim.Adam(weights.values(), lr=RATE, weight_decay=DECAY)
    out["losses"] = []
    for step in range(STEPS):
        _, shown, right = batches[step % len(batches)]
        table = weights["items.weight"]
        if content:
            table = functional.linear(rows, table, weights["items.bias"])
        scores = forward(weights, kind, table, padded(shown, PAD))
        loss = functional.cross_entropy(scores.view(-1, ITEMS), padded(right, NOTHING).view(-1))
        adam.zero_grad()
        loss.backward()
        adam.step()
        out["losses"].append(loss.item())
    return out


def rounded(value):
    if isinstance(value, dict):
        return {name: rounded(part) for name, part in value.items()}
    if isinstance(value, list):
        return [rounded(part) for part in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def main():
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for seed, (kind, items) in enumerate(
            (kind, items) for kind in ("bert4rec", "sasrec") for items in ("content", "ids")):
        text = json.dumps(rounded(trace(kind, items == "content", seed)), separators=(",", ":"))
        (FOLDER / f"{kind}-{items}.json").write_text(text + "\n")


main()
