"""Writes src/recommend/test/golden/card.json: the card of a made-up model, as Python's json writes it.

    python3 tools/reference/model_card.py

Only the standard library is needed. src/recommend/test/trained_model_test.cpp has the same values.
"""

import json
import pathlib

CONFIGURATION = """kind = "shallow"
items = "content"
width = 64
hidden = 128
layers = 2
heads = 2
feed_forward = 256
length = 50
negatives = 20
batch = 1024
epochs = 200
patience = 10
dropout = 0.2
mask = 0.2
margin = 0.2
temperature = 0.1
learning_rate = 0.001
weight_decay = 0
seed = 1
"""


def judged(strategy, ndcg10, hr10, mrr, coverage):
    return {"strategy": strategy, "ndcg10": ndcg10, "hr10": hr10, "mrr": mrr, "coverage": coverage}


CARD = {
    "format": 1,
    "strategy": "shallow",
    "version": 3,
    "made": "2025-12-01T00:00:00Z",
    "attacca": "0.1.0",
    "library": "libtorch 1.13.1",
    "network": "c" * 64,
    "data": {
        "tracks": 41,
        "listeners": 7,
        "plays": 512,
        "sha256": "a" * 64,
        "space": "b" * 64,
        "recipe": "similar",
        "representation": "msd-musicnn@0123456789abcdef",
    },
    "training": {
        "configuration": CONFIGURATION,
        "epochs": 12,
        "best_epoch": 2,
        "stopped": False,
        "losses": [0.5, 0.25, 0.125],
    },
    "validation": {
        "listeners": 6,
        "chance_ndcg10": 0.0625,
        "strategies": [judged("shallow", 0.5, 0.75, 0.375, 0.25), judged("knn", 0.25, 0.5, 0.125, 1.0)],
    },
    "cost": {"cpu_s": 1.5, "wall_s": 0.75, "peak_bytes": 123456789},
}

root = pathlib.Path(__file__).resolve().parents[2]
path = root / "src/recommend/test/golden/card.json"
path.write_text(json.dumps(CARD, indent=1) + "\n", encoding="utf-8")
