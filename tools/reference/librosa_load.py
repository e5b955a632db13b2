"""Golden mono samples at the models' rates, as librosa loads them, for src/audio/test/golden.

Run in an environment with exactly
    pip install librosa==0.10.2 soxr==0.3.7 numpy==1.26.4 soundfile==0.12.1
"""

import io
import pathlib

import librosa
import numpy
import soundfile

GOLDEN = pathlib.Path(__file__).parents[2] / "src/audio/test/golden"


def chirp(rate_hz: int, frames: int) -> io.BytesIO:
    """Stereo, 16 bits, by a formula that the test repeats: wide-band and exact."""
    n = numpy.arange(frames, dtype=numpy.int64)
    left = (3 * n * n) % 65536 - 32768
    right = (977 * n) % 65536 - 32768
    file = io.BytesIO()
    soundfile.write(file, numpy.stack([left, right], 1).astype(numpy.int16), rate_hz, "PCM_16", format="WAV")
    file.seek(0)
    return file


def save(name: str, source, rate_hz: int, ends: int = 0) -> None:
    """All samples, or so many of each end."""
    samples, _ = librosa.load(source, sr=rate_hz, mono=True)
    if ends:
        samples = numpy.concatenate([samples[:ends], samples[-ends:]])
    numpy.save(GOLDEN / name, samples.astype(numpy.float32))
    print(name, samples.shape, float(numpy.sqrt(numpy.mean(samples**2))))


save("chirp_16k.npy", chirp(44100, 26460), 16000)
save("tone_flac_16k.npy", GOLDEN / "tone.flac", 16000)
# Half a second from every usual rate to both rates of models.
for source_hz in (16000, 22050, 24000, 44100, 48000):
    for rate_hz in (16000, 24000):
        save(f"chirp_{source_hz}_{rate_hz}.npy", chirp(source_hz, source_hz // 2), rate_hz, 2000)
