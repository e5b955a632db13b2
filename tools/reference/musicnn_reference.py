#!/usr/bin/env python3
"""Makes src/embed/test/golden from the reference implementation of MusicNN.

Never needed to build or run Attacca. In a fresh Python 3.11 environment:

    pip install numpy==1.26.4 tensorflow-cpu==2.15.1 librosa==0.10.2 soundfile==0.14.0
    pip install --no-deps musicnn==0.1.0
    tools/reference/musicnn_reference.py src/embed/test/golden [--check]

The signal, synth_10s_16k_s16.wav, is read from that folder; it is made up and free of rights. With
--check nothing is written: the files are compared with what the reference gives here.
"""
import argparse
import os
import pathlib
import sys
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

warnings.filterwarnings("ignore")

import librosa
import numpy as np
import tensorflow as tf
from musicnn import configuration as config
from musicnn import extractor, models

CLIP = 187
SIGNAL = "synth_10s_16k_s16.wav"
PINNED = {np: "1.26.4", tf: "2.15.1", librosa: "0.10.2"}


def log_mel(wav):
    _, frames = extractor.batch_data(str(wav), CLIP, CLIP)
    return frames.astype(np.float32)


def outputs(name, clips):
    """The embedding and the tags of each clip, straight from the package's graph.

    Its own extractor() would repeat the first clip's `penultimate` for every later one.
    """
    tf.compat.v1.reset_default_graph()
    with tf.name_scope("model"):
        x = tf.compat.v1.placeholder(tf.float32, [None, CLIP, config.N_MELS])
        training = tf.compat.v1.placeholder(tf.bool)
        tensors = models.define_model(x, training, name, 50)
    tags = tf.nn.sigmoid(tensors[0])
    with tf.compat.v1.Session() as session:
        folder = os.path.dirname(extractor.__file__)
        tf.compat.v1.train.Saver().restore(session, f"{folder}/{name}/")
        embedding, taggram = session.run([tensors[-1], tags], {x: clips, training: False})
    return embedding.reshape(len(clips), -1), taggram


def make(folder):
    made = {}
    frames = log_mel(folder / SIGNAL)
    made["synth_logmel_f32"] = frames
    made["mel_filterbank_96x257_f32"] = librosa.filters.mel(sr=config.SR, n_fft=config.FFT_SIZE, n_mels=config.N_MELS)
    starts = range(0, len(frames) - CLIP + 1, CLIP)
    clips = np.stack([frames[start : start + CLIP] for start in starts])
    for name in ("MSD_musicnn", "MTT_musicnn", "MSD_vgg", "MTT_vgg"):
        layer = "pool5" if name.endswith("vgg") else "penultimate"
        made[f"synth_{name}_{layer}"], made[f"synth_{name}_taggram"] = outputs(name, clips)
    return made


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--check", action="store_true")
    given = arguments.parse_args()
    for module, version in PINNED.items():
        if module.__version__ != version:
            sys.exit(f"{module.__name__} is {module.__version__}; the goldens are made with {version}")

    failed = False
    for name, values in make(given.folder).items():
        path = given.folder / f"{name}.npy"
        values = np.ascontiguousarray(values, dtype=np.float32)
        if given.check:
            most = np.abs(np.load(path) - values).max()
            # A processor with other vector units rounds a few log-mel values to the next float16.
            bad = most > (5e-4 if "logmel" in name else 1e-4)
            failed |= bool(bad)
            print(f"{name:34} {values.shape!s:12} max |d| {most:.1e}{'  DIFFERS' if bad else ''}")
        else:
            np.save(path, values)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
