#!/usr/bin/env python3
"""Jukebox's layer 36 as JukeMIR takes it, for `attacca embeddings import`. Needs a GPU with 13 GB.

    pip install git+https://github.com/rodrigo-castellon/jukemirlib
    attacca export catalogue --output catalogue.csv
    models/export/jukebox.py catalogue.csv OUT
    attacca embeddings import OUT/embeddings.npy --ids OUT/ids.csv --representation jukebox \\
        --accept-licence

A row is 1,048,576 samples at 44.1 kHz (23.8 s), scaled to a peak of 1, encoded, given to the prior
of five billion parameters without lyrics, and averaged over time: 4800 numbers. The next row
begins where one ends; the rest of a recording is left out, but one that is shorter is taken whole.
Interrupted, it goes on where it was.
"""
import argparse
import csv
import pathlib

import numpy as np

RATE = 44100
CLIP = 8192 * 128  # samples
LAYER = 36
DIMENSION = 4800


def recordings(catalogue):
    """audio hash -> path, of what has been heard."""
    with open(catalogue, newline="", encoding="utf-8") as file:
        return {row["audio_hash"]: row["path"] for row in csv.DictReader(file)
                if row["audio_hash"] and row["path"]}


def rows(path, jukemirlib, librosa):
    count = max(1, int(librosa.get_duration(path=path) * RATE) // CLIP)
    made = []
    for clip in range(count):
        sound = jukemirlib.load_audio(path, offset=clip * CLIP / RATE, duration=CLIP / RATE)
        made.append(jukemirlib.extract(audio=sound, layers=[LAYER], meanpool=True)[LAYER])
    made = np.float32(made)
    if made.shape != (count, DIMENSION) or not np.isfinite(made).all():
        raise SystemExit(f"{path}: jukemirlib gave {made.shape}, not {count} x {DIMENSION} numbers")
    return made


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("catalogue", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    arguments = parser.parse_args()
    import jukemirlib
    import librosa
    known = recordings(arguments.catalogue)
    parts = arguments.out / "recordings"
    parts.mkdir(parents=True, exist_ok=True)
    for number, (audio_hash, path) in enumerate(sorted(known.items())):
        part = parts / f"{audio_hash}.npy"
        if not part.is_file():
            print(f"{number + 1} of {len(known)}: {path}", flush=True)
            unfinished = part.with_suffix(".unfinished.npy")
            np.save(unfinished, rows(path, jukemirlib, librosa))
            unfinished.rename(part)
    matrices = {audio_hash: np.load(parts / f"{audio_hash}.npy") for audio_hash in sorted(known)}
    np.save(arguments.out / "embeddings.npy", np.concatenate(list(matrices.values())))
    with open(arguments.out / "ids.csv", "w", newline="", encoding="utf-8") as file:
        ids = csv.writer(file)
        ids.writerow(["audio_hash", "clip"])
        for audio_hash, matrix in matrices.items():
            ids.writerows((audio_hash, clip) for clip in range(len(matrix)))


if __name__ == "__main__":
    main()
