#!/usr/bin/env python3
"""Makes src/embed/test/golden/features_* with librosa: what the built-in representations are held to.

Never needed to build or run Attacca. In a fresh Python 3.11 environment:

    pip install numpy==1.26.4 librosa==0.10.2 soundfile==0.14.0
    tools/reference/features_reference.py src/embed/test/golden [--check]

The signal, features_10s_16k_s16.wav, is made here: broken chords in D minor at 100 beats a minute, tuned to
A = 446 Hz, a pause of digital silence, then a chord that swells over soft noise. With --check nothing is written: the
files are compared with what librosa gives here.
"""
import argparse
import pathlib
import sys

import librosa
import numpy as np
import scipy.fft
import scipy.signal
import soundfile

RATE, FFT, HOP = 16000, 2048, 500
BANDS, CEPSTRA = 128, 20
GROUP = 4  # frames whose spectra are averaged
SMOOTHED = 8  # groups under the smoothing window
PINNED = {np: "1.26.4", librosa: "0.10.2"}
SILENT = 1e-7  # mean square
LEAST_ONSET = 0.3  # dB


def signal():
    rng = np.random.default_rng(7)
    sound = np.zeros(10 * RATE)

    def pluck(seconds, midi, level, decay=3.0):
        start = int(seconds * RATE)
        t = np.arange(len(sound) - start) / RATE
        hertz = 446 * 2 ** ((midi - 69) / 12)
        tone = sum(np.sin(2 * np.pi * hertz * h * t) * 0.6**h for h in range(1, 9) if hertz * h < RATE / 2)
        sound[start:] += level * tone * np.exp(-decay * t) * np.minimum(1, t / 0.004)

    chords = [(62, 65, 69), (67, 70, 74), (69, 73, 76), (62, 65, 69), (58, 62, 65), (64, 67, 73), (62, 65, 69)]
    for bar, chord in enumerate(chords):
        for eighth in range(4):
            at = 0.2 + bar * 1.2 + eighth * 0.3
            if at < 7.0:
                pluck(at, chord[eighth % 3] + 12 * (eighth == 3), 0.25 if eighth else 0.4)
        if 0.2 + bar * 1.2 < 7.0:
            pluck(0.2 + bar * 1.2, chord[0] - 24, 0.4, 2.0)
    sound[: 3 * RATE] += 1e-3 * rng.standard_normal(3 * RATE)
    sound[int(7.4 * RATE) : int(7.9 * RATE)] = 0
    swell = np.arange(int(2.1 * RATE)) / RATE
    tail = sum(np.sin(2 * np.pi * 446 * 2 ** ((m - 69) / 12) * swell) for m in (50, 57, 62, 65))
    sound[int(7.9 * RATE) :] = 0.12 * tail * (swell / 2.1) ** 2 + 2e-3 * rng.standard_normal(len(swell))
    return np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16)


def key_of(classes):
    """Key-finding by correlation with profiles of notes and their partials; librosa has none."""
    major = [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081]
    minor = [0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052]
    partials = np.eye(12) + 0.6 * np.roll(np.eye(12), 7, axis=0) + 0.15 * np.roll(np.eye(12), 4, axis=0)
    fits = [
        (np.corrcoef(np.roll(classes, -tonic), partials @ profile)[0, 1], tonic, mode)
        for tonic in range(12)
        for mode, profile in ((1, major), (0, minor))
    ]
    fits.sort(reverse=True)
    return fits[0][1], fits[0][2], min(1, (fits[0][0] - fits[1][0]) / 0.2)


def note_bank(tuning):
    """Triangles around the semitones from A1 up, one semitone to either side."""
    hertz = np.arange(1, 513) * RATE / FFT
    notes = 69 + 12 * np.log2(hertz / 440) - tuning
    distances = np.abs(notes - np.arange(33, 105)[:, None])
    bank = np.maximum(0, 1 - distances)
    for row, distance in zip(bank, distances):
        if not row.any():
            row[distance.argmin()] = 1
    return np.pad(bank, ((0, 0), (1, FFT // 2 - 512)))


def chroma(notes, rows):
    """CRP: Müller and Ewert 2010, by SciPy's cosine transform."""
    levels = np.log1p(1000 * notes / np.maximum(notes.max(0), 1e-30))
    components = scipy.fft.dct(levels, axis=0, norm="ortho")
    components[:20] = 0
    reduced = scipy.fft.idct(components, axis=0, norm="ortho")
    classes = np.roll(reduced.reshape(6, 12, -1).sum(0), 33 % 12, axis=0)
    classes = librosa.util.normalize(classes, norm=2, axis=0)
    window = scipy.signal.get_window("hann", SMOOTHED + 2, fftbins=False)
    window = window[1:-1] / window.sum()
    around = np.pad(classes, ((0, 0), (SMOOTHED // 2 - 2, SMOOTHED)))
    smooth = np.stack([around[:, 4 * r : 4 * r + SMOOTHED] @ window for r in range(rows)], 1)
    return librosa.util.normalize(smooth, norm=2, axis=0).T


def make(samples):
    made = {}
    y = samples.astype(np.float32) / 32768
    power = np.abs(librosa.stft(y, n_fft=FFT, hop_length=HOP, center=True, pad_mode="constant")) ** 2
    frames = power.shape[1]
    magnitude = np.sqrt(power)
    mel = librosa.filters.mel(sr=RATE, n_fft=FFT, n_mels=BANDS) @ power
    decibels = librosa.power_to_db(mel, ref=1.0, amin=1e-10, top_db=None)
    made["mel"] = decibels.T

    cepstra = librosa.feature.mfcc(S=decibels, n_mfcc=CEPSTRA)
    seconds = cepstra[:, : frames // 32 * 32].reshape(CEPSTRA, -1, 32)
    made["mfcc"] = np.concatenate([seconds.mean(2), seconds.std(2)]).T

    strength = librosa.onset.onset_strength(S=decibels, sr=RATE, hop_length=HOP, center=False)
    onsets = librosa.util.peak_pick(
        strength, pre_max=1, post_max=2, pre_avg=3, post_avg=4, delta=LEAST_ONSET, wait=1
    )
    made["frames"] = np.stack(
        [
            strength,
            librosa.feature.spectral_centroid(S=magnitude, sr=RATE)[0],
            librosa.feature.spectral_bandwidth(S=magnitude, sr=RATE)[0],
            librosa.feature.spectral_rolloff(S=magnitude, sr=RATE)[0],
            librosa.feature.spectral_flatness(S=magnitude)[0],
        ],
        1,
    )

    tempogram = librosa.feature.tempogram(
        onset_envelope=strength, sr=RATE, hop_length=HOP, win_length=256, center=False
    )[:, ::32].mean(1)
    made["tempogram"] = tempogram[:, None]
    bpm = float(librosa.feature.tempo(tg=tempogram[:, None], sr=RATE, hop_length=HOP, aggregate=None)[0])
    lag = round(60 * 32 / bpm)
    low, top, high = tempogram[lag - 1 : lag + 2]
    refined = 60 * 32 / (lag + (high - low) / 2 / (2 * top - low - high))
    valley = tempogram[1 : lag + 1].min()
    tempo_confidence = (top - valley) / (1 - valley)

    groups = np.stack([power[:, i : i + GROUP].mean(1) for i in range(0, frames, GROUP)], 1)
    tuning = librosa.estimate_tuning(S=np.sqrt(groups), sr=RATE, n_fft=FFT)
    audible = 2 * groups[:513].sum(0) / (0.375 * FFT * FFT) >= SILENT
    # Tuned to the nearest twentieth of a semitone: A is at 446 Hz, 0.235 above.
    notes = np.where(audible, note_bank(0.25) @ groups, 0)
    made["notes"] = notes.T
    made["chroma"] = chroma(notes, frames // 16)

    heard = 2 * power.sum(0) / (0.375 * FFT * FFT) >= SILENT
    crossings = librosa.zero_crossings(y, pad=False).sum()
    roots = np.roll(np.sqrt(notes).reshape(6, 12, -1).sum(0), 33 % 12, axis=0)
    shares = roots / np.maximum(roots.sum(0), 1e-30)
    tonic, mode, key_confidence = key_of(shares.sum(1))
    made["aspects"] = np.array(
        [[refined, tempo_confidence, len(onsets) / 10, -23, 5]
         + list(made["frames"][heard, 1:].mean(0))
         + [crossings / len(y), tonic, mode, key_confidence]]
    )
    made["tuning"] = np.array([[tuning]])
    print(f"librosa: {bpm:.2f} bpm, {len(onsets)} onsets, tuned {tuning:+.2f}")
    return made


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--check", action="store_true")
    given = arguments.parse_args()
    for module, version in PINNED.items():
        if module.__version__ != version:
            sys.exit(f"{module.__name__} is {module.__version__}; the goldens are made with {version}")
    path = given.folder / "features_10s_16k_s16.wav"
    if given.check:
        samples = soundfile.read(path, dtype="int16")[0]
    else:
        samples = signal()
        soundfile.write(path, samples, RATE, "PCM_16")
    failed = False
    for name, values in make(samples).items():
        path = given.folder / f"features_{name}.npy"
        values = np.ascontiguousarray(values, dtype=np.float32)
        if given.check:
            most = np.abs(np.load(path) - values).max()
            failed |= bool(most > 1e-3)
            print(f"{name:12} {values.shape!s:12} max |d| {most:.1e}{'  DIFFERS' if most > 1e-3 else ''}")
        else:
            np.save(path, values)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
