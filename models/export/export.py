#!/usr/bin/env python3
"""Makes ONNX files of official models, each with its manifest. models/export/all.sh calls it.

    export.py [--checkpoints DIR] [--out DIR] [--accept-licences] [--offline] [ID...]

A checkpoint is looked for in DIR/<id>, then fetched from the hub into that folder. What can be
exported is; at the end stands what is missing and how to get it (exit status 1 then).
"""
import argparse
import pathlib
import sys
import tomllib

import checkpoints
import conformer
import effnet
import encodec_mae
import onnx_file
import wav2vec

MODELS = pathlib.Path(__file__).resolve().parent.parent
BUILD = MODELS.parent / "build"


class Family:
    """How one model's checkpoint becomes a network. Of the weights, one of the names is there."""

    def __init__(self, hub, weights, others, load, input_name="wave"):
        self.hub, self.weights, self.others = hub, weights, others
        self.load, self.input_name = load, input_name

    def missing(self, folder):
        lacking = [name for name in self.others if not checkpoints.find(folder, name)]
        if not checkpoints.find(folder, *self.weights):
            lacking.append(" or ".join(self.weights))
        return lacking


SAVED = ("model.safetensors", "pytorch_model.bin")
MERT = ("config.json", "preprocessor_config.json")
FAMILIES = {
    "mert-95m": Family("m-a-p/MERT-v1-95M", SAVED, MERT, wav2vec.mert),
    "mert-330m": Family("m-a-p/MERT-v1-330M", SAVED, MERT, wav2vec.mert),
    "music2vec": Family("m-a-p/music2vec-v1", SAVED, ("config.json",), wav2vec.music2vec),
    "encodecmae-base": Family("lpepino/encodecmae-base", ("model.pt",), ("config.gin",),
                              encodec_mae.load),
    "encodecmae-large": Family("lpepino/encodecmae-large", ("model.pt",), ("config.gin",),
                               encodec_mae.load),
    "musicfm": Family("minzwon/MusicFM", ("pretrained_msd.pt",), ("msd_stats.json",),
                      conformer.musicfm, "mel"),
    "muq": Family("OpenMuQ/MuQ-large-msd-iter", SAVED, ("config.json",), conformer.muq, "mel"),
    "discogs-effnet": Family(None, effnet.NAMES, (), None),
}


def read_manifest(path):
    return tomllib.loads(path.read_text())


def fetch(family, folder):
    """From the hub, where it can be reached."""
    from huggingface_hub import snapshot_download
    try:
        for weights in family.weights:  # one form of them is enough
            snapshot_download(family.hub, local_dir=str(folder),
                              allow_patterns=[weights, *family.others])
            if not family.missing(folder):
                return
    except Exception as fault:  # whatever keeps the hub away, the rest goes on
        print(f"  the hub did not give it: {type(fault).__name__}", file=sys.stderr)


def example(manifest, clips=2):
    """Clips of noise in the shape that the network is given."""
    import torch
    generator = torch.Generator().manual_seed(1)
    front, clip = manifest["front_end"], manifest["clips"]
    if front["kind"] == "wave":
        return torch.randn(clips, clip["samples"], generator=generator) * 0.1
    return torch.randn(clips, front["bands"], clip["frames"], generator=generator)


def export_one(name, folder, manifest_file, out):
    """Writes the ONNX file and the manifest beside it; returns what to say of them."""
    manifest, family = read_manifest(manifest_file), FAMILIES[name]
    target, unfinished = out / f"{name}.onnx", out / f"{name}.unfinished.onnx"
    weights = checkpoints.find(folder, *family.weights)
    digest = checkpoints.check_sum(weights)
    if family.load is None:
        effnet.copy(weights, unfinished, manifest)
        nearness = "the official file"
    else:
        network, layers = family.load(folder, manifest)
        if manifest["model"]["layer"] not in layers:
            raise checkpoints.Refused(f"{manifest['model']['layer']} is none of {layers}")
        cosine = onnx_file.write(
            network, example(manifest), unfinished, family.input_name, layers,
            {"attacca.name": manifest["name"], "attacca.checkpoint_sha256": digest})
        nearness = f"cosine to PyTorch {cosine:.7f}"
    unfinished.rename(target)
    (out / f"{name}.toml").write_text(manifest_file.read_text())
    return (f"{target} ({target.stat().st_size / 1e6:.1f} MB, {nearness})\n"
            f"  of {weights.name}, sha256 {digest}: compare it with {manifest['origin']['page']}")


def accepted(names):
    print("These are other people's work, under these licences:\n")
    for name in names:
        manifest = read_manifest(MODELS / f"{name}.toml")
        print(f"  {name:17} {manifest['licence']:16} {manifest['credit']}")
    print("\nNC: not for commercial use. SA: what is derived carries the same licence.")
    try:
        return input("Do you accept them for the models that you export? [yes/no] ").strip() == "yes"
    except EOFError:
        raise SystemExit("\nnobody is here to answer: --accept-licences accepts them; nothing was exported")


def ask(names, record):
    """Each licence is accepted once; `record` keeps for which models that was."""
    before = set(record.read_text().split()) if record.is_file() else set()
    unasked = [name for name in names if name not in before]
    if unasked and not accepted(unasked):
        raise SystemExit("nothing was exported")
    record.write_text("\n".join(sorted(before.union(names))) + "\n")


def main():
    parser = argparse.ArgumentParser(prog="models/export/all.sh")
    parser.add_argument("names", nargs="*", metavar="ID", help=", ".join(FAMILIES))
    parser.add_argument("--checkpoints", type=pathlib.Path, default=BUILD / "checkpoints")
    parser.add_argument("--out", type=pathlib.Path, default=BUILD / "models")
    parser.add_argument("--accept-licences", action="store_true")
    parser.add_argument("--offline", action="store_true", help="take only what is there")
    arguments = parser.parse_args()
    names = arguments.names or list(FAMILIES)
    if unknown := [name for name in names if name not in FAMILIES]:
        parser.error(f"{unknown[0]} is none of {', '.join(FAMILIES)}")
    arguments.checkpoints.mkdir(parents=True, exist_ok=True)
    arguments.out.mkdir(parents=True, exist_ok=True)
    if not arguments.accept_licences:
        ask(names, arguments.checkpoints / "licences-accepted.txt")

    lacking, failed = [], []
    for name in names:
        family, folder = FAMILIES[name], arguments.checkpoints / name
        print(name, flush=True)
        if family.missing(folder) and family.hub and not arguments.offline:
            fetch(family, folder)
        if files := family.missing(folder):
            page = read_manifest(MODELS / f"{name}.toml")["origin"]["page"]
            lacking.append(f"{name}: put {', '.join(files)} into {folder}; from {page}")
            continue
        try:
            made = export_one(name, folder, MODELS / f"{name}.toml", arguments.out)
        except Exception as fault:  # one bad checkpoint does not keep the others from being made
            failed.append(f"{name}: {type(fault).__name__}: {fault}")
            continue
        print(f"  {made}\n  attacca representation add {arguments.out}/{name}.onnx", flush=True)
    for title, lines in (("Missing", lacking), ("Not exported", failed)):
        if lines:
            print(f"\n{title}:\n  " + "\n  ".join(lines))
    if lacking or failed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
