#!/usr/bin/env python3
"""Makes programs/attacca/test/golden: what MusicNN gives for a file at 44.1 kHz in stereo.

    tools/reference/musicnn_file.py programs/attacca/test/golden

Never needed to build or run Attacca; the environment is that of musicnn_reference.py. The recording
is made of integers alone, by the same few lines as in programs/attacca/test/reference_test.cpp, so
that both hear the same samples and the file need not be kept.
"""
import argparse
import pathlib
import sys
import tempfile

import numpy as np
import soundfile

import musicnn_reference as reference

RATE = 44100
SECONDS = 10
BLOCK = RATE // 4
# 32-bit phase steps of the twelve notes from A2 (110 Hz) on.
STEPS = [round(110 * 2 ** (k / 12) * 2**32 / RATE) for k in range(12)]
WEIGHTS = [[7, 5, 3, 1], [2, 4, 5, 6]]


def recording():
    i = np.arange(RATE * SECONDS, dtype=np.int64)
    block, within = i // BLOCK, i % BLOCK
    level = 256 - (within * 224 >> 14)
    channels = []
    for channel in range(2):
        total = np.zeros_like(i)
        for voice in range(4):
            step = np.array(STEPS, dtype=np.int64)[(block * 7 + voice * 4) % 12] << voice
            phase = within * step & 0xFFFFFFFF
            ramp = phase >> 16
            triangle = np.where(ramp < 32768, ramp, 65535 - ramp) - 16384
            total += triangle * level * WEIGHTS[channel][voice] >> 12
        mixed = i * 2654435761 + channel * 40503 & 0xFFFFFFFF
        mixed ^= mixed >> 15
        mixed = mixed * 2246822519 & 0xFFFFFFFF
        mixed ^= mixed >> 13
        total += ((mixed >> 16) - 32768) * (block % 3) * level >> 13
        channels.append(np.clip(total, -32768, 32767))
    return np.stack(channels, axis=1).astype(np.int16)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=pathlib.Path)
    folder = arguments.parse_args().folder
    for module, version in reference.PINNED.items():
        if module.__version__ != version:
            sys.exit(f"{module.__name__} is {module.__version__}; the goldens are made with {version}")
    print("steps:", ", ".join(map(str, STEPS)))
    with tempfile.TemporaryDirectory() as scratch:
        wav = pathlib.Path(scratch) / "made.wav"
        soundfile.write(wav, recording(), RATE, subtype="PCM_16")
        frames = reference.log_mel(wav)
    starts = range(0, len(frames) - reference.CLIP + 1, reference.CLIP)
    clips = np.stack([frames[start : start + reference.CLIP] for start in starts])
    for name in ("MSD_musicnn", "MTT_musicnn", "MSD_vgg", "MTT_vgg"):
        embedding, _ = reference.outputs(name, clips)
        np.save(folder / f"{name}.npy", np.ascontiguousarray(embedding, dtype=np.float32))
        print(name, embedding.shape, "mean", embedding.mean())


if __name__ == "__main__":
    main()
