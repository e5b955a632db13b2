"""Golden mono samples at 16 kHz, as librosa loads them, for src/audio/test/golden.

Run in an environment with exactly
    pip install librosa==0.10.2 soxr==0.3.7 numpy==1.26.4 soundfile==0.12.1
"""

import io
import pathlib

import librosa
import numpy
import soundfile

GOLDEN = pathlib.Path(__file__).parents[2] / "src/audio/test/golden"


def chirp() -> io.BytesIO:
    """0.6 s, 44.1 kHz, stereo, 16 bits, by a formula that the test repeats: wide-band and exact."""
    n = numpy.arange(26460, dtype=numpy.int64)
    left = (3 * n * n) % 65536 - 32768
    right = (977 * n) % 65536 - 32768
    file = io.BytesIO()
    soundfile.write(file, numpy.stack([left, right], 1).astype(numpy.int16), 44100, "PCM_16", format="WAV")
    file.seek(0)
    return file


for name, source in {"chirp_16k.npy": chirp(), "tone_flac_16k.npy": GOLDEN / "tone.flac"}.items():
    samples, _ = librosa.load(source, sr=16000, mono=True)
    numpy.save(GOLDEN / name, samples.astype(numpy.float32))
    print(name, samples.shape, float(numpy.sqrt(numpy.mean(samples**2))))
