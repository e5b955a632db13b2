"""Golden traces of the nets of two towers for src/learn/test/golden: a plain PyTorch implementation of
their losses, trained for 100 steps from the given weights on the given batches, and the
collaborative space by a dense SVD.

Run with Debian 12's python3-torch (1.13.1) and python3-numpy (1.24.2):
    /usr/bin/python3 tools/reference/make_training_traces_towers.py
"""

import json
import pathlib

import numpy
import torch
from torch import nn
from torch.nn import functional

OUTPUT = pathlib.Path(__file__).parents[2] / "src/learn/test/golden"
STEPS = 100
TRACKS, INPUT, LISTENERS = 40, 7, 12
MARGIN, NEGATIVES, PAIRS = 0.2, 4, 16
TEMPERATURE, BATCH, HIDDEN, WIDTH = 0.1, 11, 9, 6


def log(random):
    """Plays with repeats; the last three tracks are heard by nobody."""
    taste = random.integers(0, 3, TRACKS)
    histories = []
    for listener in range(LISTENERS):
        likes = numpy.where(taste == listener % 3, 6.0, 1.0)
        likes[-3:] = 0
        plays = random.choice(TRACKS, random.integers(4, 15), p=likes / likes.sum())
        histories.append([int(row) for row in plays])
    return histories


def standardised(embeddings, histories):
    heard = sorted({row for history in histories for row in history})
    mean, spread = embeddings[heard].mean(0), embeddings[heard].std(0)
    return torch.tensor((embeddings - mean) / spread, dtype=torch.float32), heard


def flat(tensor):
    return [float(value) for value in tensor.detach().flatten()]


def shallow(random, embeddings, histories):
    rows, heard = standardised(embeddings, histories)
    net = nn.Linear(INPUT, WIDTH)
    start = {"weight": flat(net.weight), "bias": flat(net.bias)}
    sets = [sorted(set(history)) for history in histories]
    pairs = [(listener, row) for listener, tracks in enumerate(sets) for row in tracks if len(tracks) > 1]
    optimiser = torch.optim.Adam(net.parameters(), lr=0.01)
    batches, losses = [], []
    for _ in range(STEPS):
        batch = []
        for place in random.choice(len(pairs), PAIRS):
            listener, row = pairs[place]
            unheard = [track for track in heard if track not in sets[listener]]
            batch.append([listener, row] + [int(track) for track in random.choice(unheard, NEGATIVES)])
        means = torch.stack([rows[[track for track in sets[listener] if track != row]].mean(0)
                             for listener, row, *_ in batch])
        listeners = torch.relu(net(means))
        tracks = torch.relu(net(rows[torch.tensor([row[1:] for row in batch])]))
        cosines = functional.cosine_similarity(listeners.unsqueeze(1), tracks, dim=2)
        loss = torch.relu(MARGIN - cosines[:, :1] + cosines[:, 1:]).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        batches.append(batch)
        losses.append(float(loss))
    return {"start": start, "batches": batches, "losses": losses,
            "end": {"weight": flat(net.weight), "bias": flat(net.bias)}}


def collaborative_space(histories, heard, dimensions):
    matrix = numpy.zeros((len(histories), len(heard)))
    for listener, history in enumerate(histories):
        for row in history:
            matrix[listener, heard.index(row)] = 1
    matrix /= numpy.sqrt(matrix.sum(1, keepdims=True)) * numpy.sqrt(matrix.sum(0, keepdims=True))
    _, values, vectors = numpy.linalg.svd(matrix, full_matrices=False)
    space = vectors[1:dimensions + 1].T * values[1:dimensions + 1]
    return space / numpy.linalg.norm(space, axis=1, keepdims=True)


def contrastive(random, embeddings, histories):
    rows, heard = standardised(embeddings, histories)
    space = collaborative_space(histories, heard, WIDTH)
    net = nn.Sequential(nn.Linear(INPUT, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, WIDTH))
    names = ["hidden.weight", "hidden.bias", "items.weight", "items.bias"]
    start = dict(zip(names, map(flat, net.parameters())))
    targets = torch.tensor(space, dtype=torch.float32)
    content = rows[heard]
    optimiser = torch.optim.Adam(net.parameters(), lr=0.01)
    batches, losses = [], []
    for _ in range(STEPS):
        batch = [int(track) for track in random.choice(len(heard), BATCH, replace=False)]
        logits = functional.normalize(net(content[batch]), dim=1) @ targets[batch].T / TEMPERATURE
        own = torch.arange(BATCH)
        loss = (functional.cross_entropy(logits, own) + functional.cross_entropy(logits.T, own)) / 2
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        batches.append(batch)
        losses.append(float(loss))
    return {"space": space.flatten().tolist(), "start": start, "batches": batches, "losses": losses,
            "end": dict(zip(names, map(flat, net.parameters())))}


def main():
    torch.manual_seed(1)
    torch.set_num_threads(1)
    random = numpy.random.default_rng(1)
    histories = log(random)
    embeddings = random.normal(size=(TRACKS, INPUT)) * random.uniform(0.1, 9, INPUT) + 1
    embeddings = embeddings.astype(numpy.float32)
    trace = {"columns": INPUT, "width": WIDTH, "hidden": HIDDEN, "margin": MARGIN,
             "temperature": TEMPERATURE, "learning_rate": 0.01,
             "embeddings": embeddings.astype(float).flatten().tolist(), "histories": histories,
             "shallow": shallow(random, embeddings, histories),
             "contrastive": contrastive(random, embeddings, histories)}
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "towers.json").write_text(json.dumps(trace, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
