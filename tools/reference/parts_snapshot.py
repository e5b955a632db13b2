"""Golden snapshot of several parts for src/index/test/golden/parts, made from the description of the
files in attacca/index/snapshot.h, of the parts in attacca/index/recipe.h and of the sums in
score_kernels.h and shingle_kernels.h alone.

Run in an environment with exactly
    pip install numpy==1.26.4
"""

import hashlib
import json
import math
import pathlib

import numpy

import snapshot as plain

GOLDEN = pathlib.Path(__file__).parents[2] / "src/index/test/golden/parts"
plain.GOLDEN = GOLDEN
F32 = numpy.float32
IDS = [2, 3, 5, 8, 13]
SECONDS = [9, 12, 8, 12, 10]
WEIGHTS = [1, 1, 2, 0.5]
SEMITONES = 12


# Rows by formulas that the test repeats; track 8 is track 3 five semitones up.
def tune(track):
    s = 1 if track == 3 else track
    return [[F32((3 * s * i + 7 * k * k + i * i * (k + 1)) % 17 - 8) for k in range(4)] for i in range(SECONDS[track])]


def chroma(track):
    s = 1 if track == 3 else track
    shift = 5 if track == 3 else 0
    rows = []
    for i in range(2 * SECONDS[track]):
        row = [0] * SEMITONES
        for k in range(SEMITONES):
            row[(k + shift) % SEMITONES] = F32(((5 * s + i // 2) * (k + 3) + k * k) % 9) / F32(16)
        rows.append(row)
    return rows


def aspects(track):
    return [[F32(10 * track * track % 7), F32(3 - track)]]


def nearest_integer(x):
    return float(numpy.rint(x))


def code(x):
    return int(min(max(nearest_integer(x), -127), 127))


def pooled(rows):
    return [F32(plain.total(float(row[k]) for row in rows) / len(rows)) for k in range(len(rows[0]))]


def sequence_codes(rows):
    columns = len(rows[0])
    mean = [plain.total(float(row[k]) for row in rows) / len(rows) for k in range(columns)]
    centred = [[float(row[k]) - mean[k] for k in range(columns)] for row in rows]
    rms = math.sqrt(plain.total(x * x for row in centred for x in row) / (len(rows) * columns))
    return [[code(127 / (5 * rms) * float(F32(x))) for x in row] for row in centred]


def chroma_codes(rows):
    return [[code(127 * float(x)) for x in row] for row in rows]


def averaged(codes, group):
    result = []
    for begin in range(0, len(codes), group):
        block = codes[begin : begin + group]
        if begin > 0 and 2 * len(block) < group:
            break
        result.append([int(nearest_integer(sum(column) / len(block))) for column in zip(*block)])
    return result


def shingle_score(a, b, length):
    length = min(length, len(a), len(b))

    def inverses(codes):
        norms = [sum(x * x for x in row) for row in codes]
        sums = [sum(norms[i : i + length]) for i in range(len(codes) - length + 1)]
        return [F32(0) if s == 0 else F32(1 / math.sqrt(s)) for s in sums]

    left, right = inverses(a), inverses(b)
    cosines = []
    for i, x in enumerate(left):
        row = []
        for j, y in enumerate(right):
            dot = sum(p * q for r in range(length) for p, q in zip(a[i + r], b[j + r]))
            row.append(F32(dot) * (x * y))
        cosines.append(row)
    of_left = plain.total(float(max(row)) for row in cosines) / len(left)
    of_right = plain.total(float(max(column)) for column in zip(*cosines)) / len(right)
    return F32(min(max((of_left + of_right) / 2, -1.0), 1.0))


def turned(codes, shift):
    return [[row[(k - shift) % SEMITONES] for k in range(SEMITONES)] for row in codes]


def chroma_score(a, b):
    length = 6  # 3 s
    group = length // 3
    coarse_a, coarse_b = averaged(a, group), averaged(b, group)
    coarse = [shingle_score(turned(coarse_a, t), coarse_b, length // group) for t in range(SEMITONES)]
    return max(shingle_score(turned(a, t), b, length) for t in range(SEMITONES) if coarse[t] == max(coarse))


def deviation(scores):
    values = [float(scores[i][k]) for i in range(len(IDS)) for k in range(len(IDS)) if i != k]
    mean = plain.total(values) / len(values)
    return max(math.sqrt(max(plain.total(v * v for v in values) / len(values) - mean * mean, 0)), 1e-3)


n = len(IDS)
tunes = [tune(t) for t in range(n)]
tune_units = [plain.unit(pooled(rows)) for rows in tunes]
sequences = [sequence_codes(rows) for rows in tunes]
chromas = [chroma_codes(chroma(t)) for t in range(n)]
aspect_rows = [pooled(aspects(t)) for t in range(n)]

table = [[F32(0)] * 2 for _ in range(3)]
for k in range(2):
    column = [float(row[k]) for row in aspect_rows]
    mean = plain.total(column) / n
    table[0][k] = F32(mean)
    table[1 + k][k] = F32(1 / math.sqrt(plain.total((x - mean) ** 2 for x in column) / n))
fitted = [
    [F32(plain.total(float(axis[k]) * (float(row[k]) - float(table[0][k])) for k in range(2))) for axis in table[1:]]
    for row in aspect_rows
]
aspect_units = [plain.unit(row) for row in fitted]


def dots(units):
    return [[plain.total(float(x) * float(y) for x, y in zip(a, b)) for b in units] for a in units]


def pairs(items, score):
    # A pair has one score, whichever stands first.
    return [[score(items[min(i, j)], items[max(i, j)]) for j in range(n)] for i in range(n)]


scores = [
    dots(tune_units),
    pairs(sequences, lambda a, b: shingle_score(a, b, 3)),
    pairs(chromas, chroma_score),
    dots(aspect_units),
]
shares = [weight / deviation(part) for weight, part in zip(WEIGHTS, scores)]
shares = [share / plain.total(shares) for share in shares]

folded_shares = plain.total([shares[0], shares[3]])
roots = [math.sqrt(shares[0] / folded_shares), math.sqrt(shares[3] / folded_shares)]
vectors = [
    [F32(roots[0] * float(x)) for x in a] + [F32(roots[1] * float(x)) for x in b]
    for a, b in zip(tune_units, aspect_units)
]
dimension = len(vectors[0])
ordered_share = plain.total([shares[1], shares[2]])
vectors_share = max(0.0, 1 - ordered_share)


def fused(i, j):
    value = vectors_share * float(plain.score(vectors[i], vectors[j]))
    for p in (1, 2):
        value += shares[p] * float(scores[p][i][j])
    return F32(min(max(value, -1.0), 1.0)) + F32(0)


neighbours, neighbour_scores, means = [], [], []
for i in range(n):
    order = sorted((-fused(i, j), j) for j in range(n) if j != i)
    neighbours.append([j for _, j in order])
    neighbour_scores.append([-s for s, _ in order])
    others = [shares[p] * float(scores[p][i][k]) for k in range(n) if k != i for p in (1, 2)]
    means.append(F32(plain.total(others) / (n - 1)))
sums = [plain.total(float(row[j]) for row in vectors) for j in range(dimension)]
centrality = []
for row, mean in zip(vectors, means):
    everything = plain.total(float(x) * s for x, s in zip(row, sums))
    own = plain.total(float(x) * float(x) for x in row)
    centrality.append(F32(vectors_share * float(F32((everything - own) / (n - 1))) + float(mean)))
centre, codes, bounds = plain.quantised(vectors)

GOLDEN.mkdir(parents=True, exist_ok=True)
(GOLDEN / "ids.json").write_text(json.dumps(IDS) + "\n")
(GOLDEN / "catalogue.json").write_text("[\n" + ",\n".join(["{}"] * n) + "\n]\n")
plain.save("vectors.npy", numpy.array(vectors, F32))
plain.save("groups.npy", numpy.array([[i, 0, i, 0, 0] for i in IDS], numpy.int64))
plain.save("neighbours.npy", numpy.array(neighbours, numpy.int32))
plain.save("neighbour_scores.npy", numpy.array(neighbour_scores, F32))
plain.save("centrality.npy", numpy.array(centrality, F32))
plain.save("centre.npy", centre)
plain.save("codes.npy", codes)
plain.save("code_bounds.npy", bounds)
(GOLDEN / "recipe.toml").write_text(
    """format = 1
name = "golden"
title = "Golden"
question = "What?"
answers = "tracks"

[[part]]
kind = "pooled"
representation = "tune"
weight = 1

[[part]]
kind = "sequence"
representation = "tune"
weight = 1
shingle_s = 3

[[part]]
kind = "chroma"
representation = "chroma"
weight = 2
shingle_s = 3
transpositions = 12

[[part]]
kind = "aspects"
representation = "aspects"
weight = 0.5
"""
)
plain.save("references.npy", numpy.array(IDS, numpy.int64))
plain.save("part3_fit.npy", numpy.array(table, F32))
for part, of_tracks in ((1, sequences), (2, chromas)):
    plain.save(f"part{part}_frames.npy", numpy.array([row for rows in of_tracks for row in rows], numpy.int8))
    plain.save(f"part{part}_offsets.npy", numpy.cumsum([0] + [len(rows) for rows in of_tracks], dtype=numpy.int64))
plain.save("ordered_means.npy", numpy.array(means, F32))

names = ["ids.json", "catalogue.json", "vectors.npy", "groups.npy", "neighbours.npy", "neighbour_scores.npy"]
names += ["centrality.npy", "centre.npy", "codes.npy", "code_bounds.npy", "recipe.toml", "references.npy"]
names += ["part1_frames.npy", "part1_offsets.npy", "part2_frames.npy", "part2_offsets.npy", "part3_fit.npy"]
names += ["ordered_means.npy"]
files = []
for name in names:
    content = (GOLDEN / name).read_bytes()
    files.append({"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()})
kinds = [("pooled", "tune", 4, 1), ("sequence", "tune", 4, 1), ("chroma", "chroma", 12, 2), ("aspects", "aspects", 2, 0)]
parts = []
for (kind, name, columns, rate), share in zip(kinds, shares):
    parts.append({"kind": kind, "representation": name + "@1", "dimension": columns})
    parts[-1] |= {"rows_per_second": float(rate), "share": share}
    if kind == "aspects":
        parts[-1]["columns"] = ["first", "second"]
manifest = {"format": 3, "version": 1, "recipe": "golden", "representation": "tune@1,tune@1,chroma@1,aspects@1"}
manifest |= {"tracks": n, "dimension": dimension, "made": "2026-11-24T08:13:16Z", "parts": parts}
manifest |= {"fitted": 1, "fitted_tracks": n, "files": files}
(GOLDEN / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
