"""Golden snapshot for src/index/test/golden, made from the description of the files in
attacca/index/snapshot.h and of the scores in score_kernels.h alone.

Run in an environment with exactly
    pip install numpy==1.26.4
"""

import hashlib
import json
import math
import pathlib

import numpy

GOLDEN = pathlib.Path(__file__).parents[2] / "src/index/test/golden"
F32 = numpy.float32
IDS = [3, 4, 9, 10, 250, 251]
# album, work, recording, performance, place in it
GROUPS = [[1, 7, 1, 1, 1], [1, 7, 2, 1, 2], [1, 0, 3, 0, 0], [2, 0, 3, 0, 0], [2, 8, 4, 2, 2], [2, 8, 5, 2, 1]]
DIMENSION = 20


def unit(row):
    length = math.sqrt(total(float(x) * float(x) for x in row))
    if length == 0:
        return [F32(0)] * len(row)
    return [F32(float(x) / length) for x in row]


def total(values):
    result = 0.0
    for value in values:
        result += value
    return result


def score(a, b):
    s = [F32(0)] * 8
    for i, (x, y) in enumerate(zip(a, b)):
        s[i % 8] = s[i % 8] + x * y
    value = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
    return min(max(value, F32(-1)), F32(1))


def rounded_up(value):
    return numpy.nextafter(F32(value), F32(numpy.inf))


def save(name, array):
    """The file with the header that every file of Attacca has: 128 bytes."""
    shape = str(array.shape)
    text = f"{{'descr': '{array.dtype.str}', 'fortran_order': False, 'shape': {shape}, }}"
    header = b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + text.ljust(117).encode() + b"\n"
    (GOLDEN / name).write_bytes(header + array.tobytes())
    assert numpy.array_equal(numpy.load(GOLDEN / name), array)


def quantised(vectors):
    """Their mean, codes and bounds."""
    dimension = len(vectors[0])
    sums = [total(float(row[j]) for row in vectors) for j in range(dimension)]
    centre = [F32(s / len(vectors)) for s in sums]
    codes, bounds = [], []
    for row in vectors:
        differences = [x - c for x, c in zip(row, centre)]
        scale = max(abs(d) for d in differences) / F32(127)
        inverse = F32(1) / scale
        code = [numpy.rint(d * inverse) for d in differences]
        rest = total((float(x) - float(c) - float(scale) * float(q)) ** 2 for x, c, q in zip(row, centre, code))
        codes.append([int(q) for q in code] + [0] * (-dimension % 16))
        bounds.append([scale, rounded_up(math.sqrt(rest))])
    return numpy.array(centre, F32), numpy.array(codes, numpy.int8), numpy.array(bounds, F32)


def main():
    # Integers by a formula that the test repeats. Track 10 sounds as track 9 does, track 251 is silent.
    raw = [[(7 * i * i + 11 * j * j + 5 * i * j) % 23 - 4 for j in range(DIMENSION)] for i in range(6)]
    raw[3] = raw[2]
    raw[5] = [0] * DIMENSION
    vectors = [unit(row) for row in raw]
    n = len(vectors)

    neighbours, scores = [], []
    for i, row in enumerate(vectors):
        order = sorted((-score(row, other), j) for j, other in enumerate(vectors) if j != i)
        neighbours.append([j for _, j in order])
        scores.append([-s for s, _ in order])
    sums = [total(float(row[j]) for row in vectors) for j in range(DIMENSION)]
    centrality = []
    for row in vectors:
        everything = total(float(x) * s for x, s in zip(row, sums))
        own = total(float(x) * float(x) for x in row)
        centrality.append(F32((everything - own) / (n - 1)))
    centre, codes, bounds = quantised(vectors)

    GOLDEN.mkdir(parents=True, exist_ok=True)
    (GOLDEN / "ids.json").write_text(json.dumps(IDS) + "\n")
    entries = [json.dumps({"id": id, "title": f"Track {id}"}, separators=(",", ":")) for id in IDS]
    (GOLDEN / "catalogue.json").write_text("[\n" + ",\n".join(entries) + "\n]\n")
    save("vectors.npy", numpy.array(vectors, F32))
    save("groups.npy", numpy.array(GROUPS, numpy.int64))
    save("neighbours.npy", numpy.array(neighbours, numpy.int32))
    save("neighbour_scores.npy", numpy.array(scores, F32) + F32(0))
    save("centrality.npy", numpy.array(centrality, F32) + F32(0))
    save("centre.npy", centre)
    save("codes.npy", codes)
    save("code_bounds.npy", bounds)

    names = ["ids.json", "catalogue.json", "vectors.npy", "groups.npy", "neighbours.npy", "neighbour_scores.npy"]
    names += ["centrality.npy", "centre.npy", "codes.npy", "code_bounds.npy"]
    files = []
    for name in names:
        content = (GOLDEN / name).read_bytes()
        files.append({"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()})
    manifest = {"format": 3, "version": 1, "recipe": "mean-cosine", "representation": "made-up@0123456789abcdef"}
    manifest |= {"tracks": n, "dimension": DIMENSION, "made": "2026-11-24T08:13:16Z"}
    part = {"kind": "pooled", "representation": manifest["representation"], "dimension": DIMENSION}
    manifest |= {"parts": [part | {"rows_per_second": 0.0, "share": 1.0}], "fitted": 0, "fitted_tracks": 0, "files": files}
    (GOLDEN / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    main()
