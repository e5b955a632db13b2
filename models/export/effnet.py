"""Discogs-EffNet: its authors publish an ONNX file, which is checked and copied as it is."""
import shutil

import numpy as np
import onnx
import onnxruntime

import checkpoints

NAMES = ("discogs-effnet-bsdynamic-1.onnx",)


def check(path, manifest):
    """The file takes clips x frames x bands and gives finite rows under the manifest's name."""
    onnx.checker.check_model(onnx.load(str(path), load_external_data=False))
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    clips, model = manifest["clips"], manifest["model"]
    shape = (2, clips["frames"], manifest["front_end"]["bands"])
    names = [output.name for output in session.get_outputs()]
    if model["layer"] not in names:
        raise checkpoints.Refused(f"{path} has no output {model['layer']}, only {', '.join(names)}")
    silence_and_noise = np.zeros(shape, np.float32)
    silence_and_noise[1] = np.random.default_rng(1).uniform(0, 4, shape[1:])
    (rows,) = session.run([model["layer"]], {session.get_inputs()[0].name: silence_and_noise})
    if rows.shape != (2, model["dimension"]) or not np.isfinite(rows).all():
        raise checkpoints.Refused(f"{path} gives {rows.shape}, not 2 finite rows of {model['dimension']}")


def copy(source, target, manifest):
    check(source, manifest)
    shutil.copyfile(source, target)
