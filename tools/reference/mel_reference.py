#!/usr/bin/env python3
"""Makes the golden front ends of src/embed/test/golden/front_ends from librosa, torchaudio and
Hugging Face's feature extractor.

Never needed to build or run Attacca. On Debian 12 with python3-torch (1.13.1) and python3-torchaudio
(0.13.1):

    python3 -m venv --system-site-packages build/mel-venv
    build/mel-venv/bin/pip install numpy==1.26.4 librosa==0.10.2 transformers==4.38.2
    build/mel-venv/bin/python tools/reference/mel_reference.py

The signal is the first second of synth_10s_16k_s16.wav; its rate plays no part beyond the numbers.
Each .npy is frames x bands (or samples), float32; the manifest numbers stand in the C++ test.
"""
import pathlib
import wave

import librosa
import numpy as np

GOLDEN = pathlib.Path(__file__).parents[2] / "src/embed/test/golden"
OUT = GOLDEN / "front_ends"


def signal():
    with wave.open(str(GOLDEN / "synth_10s_16k_s16.wav")) as file:
        samples = np.frombuffer(file.readframes(16000), dtype="<i2")
    return (samples / 32768).astype(np.float32)


def save(name, values):
    np.save(OUT / f"{name}.npy", np.ascontiguousarray(values, dtype=np.float32))
    print(name, values.shape)


def with_librosa(x):
    """Slaney's scale and norm, decibels with a limit, as librosa does it unless told otherwise."""
    mel = librosa.feature.melspectrogram(y=x, sr=16000, n_fft=1024, hop_length=400, n_mels=40, pad_mode="reflect")
    save("librosa_decibel", librosa.power_to_db(mel, top_db=60).T)
    mel = librosa.feature.melspectrogram(
        y=x, sr=16000, n_fft=512, win_length=400, hop_length=320, n_mels=32, fmin=60, fmax=7600, power=1.0,
        pad_mode="constant", htk=True, norm=None)
    save("librosa_natural", np.log(np.maximum(mel, 1e-5)).T)
    mel = librosa.feature.melspectrogram(y=x, sr=16000, n_fft=512, hop_length=256, n_mels=24, center=False, htk=True)
    save("librosa_one_plus", np.log10(1 + 10000 * mel).T)


def with_torchaudio(x):
    """As MusicFM and MuQ have it: HTK's scale without norm, decibels, z-score."""
    import torch
    import torchaudio

    mel = torchaudio.transforms.MelSpectrogram(sample_rate=24000, n_fft=2048, hop_length=240, n_mels=64)
    decibel = torchaudio.transforms.AmplitudeToDB()(mel(torch.from_numpy(x)))
    save("torchaudio_decibel", ((decibel.numpy() - 6.768) / 18.418).T[:20])


def with_transformers(x):
    from transformers import Wav2Vec2FeatureExtractor

    extractor = Wav2Vec2FeatureExtractor(
        feature_size=1, sampling_rate=16000, padding_value=0.0, do_normalize=True, return_attention_mask=True)
    short = extractor(x[:2000] + 0.1, sampling_rate=16000, padding="max_length", max_length=2500, return_tensors="np")
    save("wave_normalised", short.input_values[0])


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    x = signal()
    with_librosa(x)
    with_transformers(x)
    with_torchaudio(x)
