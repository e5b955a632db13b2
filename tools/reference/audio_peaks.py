"""Golden waveform file for src/audio/test/golden, made from tone.wav by the format's description in
attacca/audio/peaks.h alone. Python 3's standard library; the loudness is made up."""

import math
import pathlib
import struct
import wave

GOLDEN = pathlib.Path(__file__).parents[2] / "src/audio/test/golden"

with wave.open(str(GOLDEN / "tone.wav")) as file:
    rate, frames = file.getframerate(), file.getnframes()
    samples = struct.unpack(f"<{frames}h", file.readframes(frames))

bin_frames = rate // 50
level = [
    [min(samples[i : i + bin_frames]), max(samples[i : i + bin_frames])]
    for i in range(0, frames, bin_frames)
]
level = [[math.floor(value * 32767 / 32768 + 0.5) for value in pair] for pair in level]
content = b"ATTPEAKS" + struct.pack("<IIIIQ", 1, 4, 50, 8, len(level))
content += struct.pack("<dddd", frames / rate, -23.5, math.nan, 0.625)
for _ in range(4):
    content += b"".join(struct.pack("<hh", *pair) for pair in level)
    parts = [level[i : i + 8] for i in range(0, len(level), 8)]
    level = [[min(p[0] for p in part), max(p[1] for p in part)] for part in parts]
(GOLDEN / "tone_wav.peaks").write_bytes(content)
