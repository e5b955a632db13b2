"""Runs the authors' musicnn over recordings, as `script/bench --reference` times it.

    python musicnn_time.py FILE...

Python 3.11, tensorflow-cpu 2.15.1, librosa 0.10.2, numpy 1.26.4, musicnn 0.1.0.
"""

import sys

from musicnn.extractor import extractor

for path in sys.argv[1:]:
    _, _, features = extractor(path, model="MSD_musicnn", extract_features=True)
    print(path, features["penultimate"].shape)
