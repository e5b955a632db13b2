"""Golden scores of EASE and item-kNN for src/recommend/test/golden, made from the formulas of their
papers (Steck, WWW 2019; Deshpande and Karypis, TOIS 2004) with dense matrices.

Run in an environment with exactly
    pip install numpy==1.26.4
"""

import json
import pathlib

import numpy

OUTPUT = pathlib.Path(__file__).parents[2] / "src/recommend/test/golden/recommenders.json"
NEIGHBOURS = 200


def heard(random, listeners, tracks, most):
    """Listeners x tracks, 0 or 1: two tastes, popular and rare tracks, some that nobody heard."""
    popularity = 1 / (1 + numpy.arange(tracks))
    taste = random.integers(0, 2, tracks)
    rows = numpy.zeros((listeners, tracks))
    for row in rows:
        likes = popularity ** 0.3 * numpy.where(taste == random.integers(0, 2), 4, 1)
        likes[tracks - 2:] = 0
        count = random.integers(1, most + 1)
        row[random.choice(tracks, count, replace=False, p=likes / likes.sum())] = 1
    return rows


def ease(matrix, histories):
    played = matrix.sum(0) > 0
    x = matrix[:, played]
    gram = x.T @ x
    inverse = numpy.linalg.inv(gram + numpy.trace(gram) / len(gram) * numpy.eye(len(gram)))
    weights = -inverse / numpy.diag(inverse)
    numpy.fill_diagonal(weights, 0)
    scores = numpy.zeros((len(histories), matrix.shape[1]))
    scores[:, played] = histories[:, played] @ weights
    return scores


def item_knn(matrix, histories):
    lengths = numpy.sqrt(matrix.sum(0))
    with numpy.errstate(invalid="ignore", divide="ignore"):
        cosines = numpy.nan_to_num((matrix.T @ matrix) / numpy.outer(lengths, lengths))
    numpy.fill_diagonal(cosines, 0)
    rows = numpy.arange(len(cosines))
    for line in cosines:
        # Equal cosines differ in their last bits here: the lowest track comes first.
        line[numpy.lexsort((rows, -line.round(12)))[NEIGHBOURS:]] = 0
    return histories @ cosines


def case(seed, listeners, tracks, most):
    random = numpy.random.default_rng(seed)
    matrix = heard(random, listeners, tracks, most)
    histories = numpy.concatenate([matrix[:3], heard(random, 3, tracks, most)])
    histories[-1] = 0
    histories[-1, [tracks // 2, tracks - 1]] = 1  # one of them heard by nobody
    lists = lambda rows: [numpy.flatnonzero(row).tolist() for row in rows]
    return {"tracks": tracks, "heard": lists(matrix), "histories": lists(histories),
            "ease": ease(matrix, histories).tolist(), "item-knn": item_knn(matrix, histories).tolist()}


# Fewer listeners than tracks, more, and tracks with more neighbours than count.
CASES = [case(1, 12, 30, 12), case(2, 40, 16, 8), case(3, 9, 260, 230)]
OUTPUT.write_text("".join(["[", ",\n".join(json.dumps(one) for one in CASES), "]\n"]))
