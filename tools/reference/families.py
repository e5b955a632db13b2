#!/usr/bin/env python3
"""Makes src/embed/test/golden/families: each model family at a tiny size with random weights.

For every family the authors' own code (or the library that they use) is given random weights, a
checkpoint is written as its authors publish it, and models/export turns it into an ONNX file. The
golden rows are what the authors' code gives for the first clips of synth_10s_16k_s16.wav, whose
samples are taken at each model's own rate. These weights have learnt nothing: the files are for
tests only.

Never needed to build or run Attacca. In an environment made from models/export/requirements.txt:

    pip install librosa==0.10.2 soundfile==0.14.0 nnAudio==0.3.3 easydict==1.13
    pip install --no-deps muq==0.1.0 essentia==2.1b6.dev1389
    git clone https://github.com/minzwon/musicfm       AUTHORS/musicfm     # at b83ebed
    git clone https://github.com/yizhilll/MERT         AUTHORS/MERT        # at 391062e
    git clone https://github.com/habla-liaa/encodecmae AUTHORS/encodecmae  # at v.1.0.0
    tools/reference/families.py AUTHORS [--check]

With --check nothing is written: the files are compared with what the authors' code gives here.
"""
import argparse
import contextlib
import importlib.util
import io
import json
import pathlib
import re
import sys
import tempfile
import types
import warnings

import numpy as np
import soundfile
import torch
import transformers

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models/export"))
import export  # noqa: E402
import onnx_file  # noqa: E402

GOLDEN = ROOT / "src/embed/test/golden"
CLIPS = 3
MEL_FRAMES = 40  # of essentia's, kept to compare with
CONV = {"conv_dim": [8] * 7, "conv_kernel": [10, 3, 3, 3, 3, 2, 2],
        "conv_stride": [5, 2, 2, 2, 2, 2, 2]}
SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
         "intermediate_size": 24}
CONFORMER = {"hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 24,
             "hidden_act": "swish", "conv_depthwise_kernel_size": 31,
             "position_embeddings_type": "rotary"}
STATISTICS = {"melspec_2048_mean": 6.768444971712967, "melspec_2048_std": 18.417922652295623}


def randomise(model, seed):
    """Every number, so that a forgotten bias, scale or running mean shows."""
    generator = torch.Generator().manual_seed(seed)

    def draw(x):
        return torch.randn(x.shape, generator=generator)

    for name, x in list(model.named_parameters()) + list(model.named_buffers()):
        if not x.is_floating_point() or "inv_freq" in name or "preprocessor" in name:
            continue
        if name.endswith(("running_var", "weight_g")):
            value = 1 + 0.3 * draw(x).tanh()
        elif x.ndim < 2:
            value = 0.1 * draw(x) + (1 if name.endswith(("weight", "scale")) else 0)
        else:
            value = 2 * draw(x) / np.sqrt(x[0].numel())
        x.data.copy_(value)
    return model.eval()


def stub(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module
    return module


def without_init(package):
    """Lets parts of a package be imported without all that its own __init__ wants."""
    place = importlib.util.find_spec(package).submodule_search_locations
    stub(package).__path__ = list(place)


def clips_of(manifest, signal):
    length, hop = manifest["clips"]["samples"], manifest["clips"]["hop"]
    return torch.from_numpy(np.stack([signal[i * hop:i * hop + length] for i in range(CLIPS)]))


def normed(clips, manifest):
    front = manifest["front_end"]
    take = transformers.Wav2Vec2FeatureExtractor(
        sampling_rate=front["rate_hz"], do_normalize=front["normalise"])
    return torch.stack([take(clip.numpy(), sampling_rate=front["rate_hz"],
                             return_tensors="pt").input_values[0] for clip in clips])


def write_transformers(model, folder):
    (folder / "config.json").write_text(model.config.to_json_string(use_diff=False))
    torch.save(model.state_dict(), folder / "pytorch_model.bin")


def mert(seed, manifest, clips, folder, **settings):
    from mert_hf.configuration_MERT import MERTConfig
    from mert_hf.modeling_MERT import MERTModel
    model = randomise(MERTModel(MERTConfig(**CONV, **SMALL, **settings)), seed)
    write_transformers(model, folder)
    front = manifest["front_end"]
    (folder / "preprocessor_config.json").write_text(json.dumps(
        {"do_normalize": front["normalise"], "sampling_rate": front["rate_hz"]}))
    return model(normed(clips, manifest), output_hidden_states=True).hidden_states


def music2vec(seed, manifest, clips, folder):
    config = transformers.Data2VecAudioConfig(**CONV, **SMALL)
    model = randomise(transformers.Data2VecAudioModel(config), seed)
    write_transformers(model, folder)
    return model(normed(clips, manifest), output_hidden_states=True).hidden_states


def encodecmae(seed, manifest, clips, folder):
    torch.compile = lambda function: function
    stub("gin", configurable=lambda function: function)
    stub("pytorch_lightning", LightningModule=torch.nn.Module)
    without_init("encodecmae")
    without_init("encodecmae.tasks")
    from encodec.modules import SEANetEncoder
    from encodecmae.tasks.models.encodecmae.encoders import EncodecEncoder
    from encodecmae.tasks.models.encodecmae.mae import EncodecMAE
    from encodecmae.tasks.models.transformers import (
        MultiHeadAttention, SinusoidalPositionalEmbeddings, TransformerEncoder)

    def encoder():
        made = EncodecEncoder.__new__(EncodecEncoder)  # its constructor downloads EnCodec
        torch.nn.Module.__init__(made)
        made.model = SEANetEncoder(n_filters=2, dimension=12, causal=True, norm="weight_norm")
        made.frozen, made.scale, made.out_dim = True, 1.0, 12
        return made

    def transformer():
        return TransformerEncoder(16, 2, lambda: MultiHeadAttention(16, 2), ff_dim=24,
                                  compile=False)

    head = types.SimpleNamespace(num_streams=8)
    model = EncodecMAE(encoder, lambda: None, transformer, transformer,
                       lambda: SinusoidalPositionalEmbeddings(16), lambda: None, lambda: head, None)
    model.device = torch.device("cpu")
    randomise(model, seed)
    torch.save({"state_dict": model.state_dict()}, folder / "model.pt")
    (folder / "config.gin").write_text("NUM_ENCODER_HEADS=2\n")
    each = [[*(torch.from_numpy(x) for x in model.extract_features_from_array(clip, layer="all")),
             torch.from_numpy(model.extract_features_from_array(clip, layer=-1)[0])]
            for clip in clips]
    return [torch.stack(layer) for layer in zip(*each)]


def musicfm(seed, manifest, clips, folder):
    from musicfm.model import musicfm_25hz
    config = transformers.Wav2Vec2ConformerConfig
    config.from_pretrained = classmethod(lambda cls, name: cls(**CONFORMER))
    (folder / "msd_stats.json").write_text(json.dumps(STATISTICS))
    model = randomise(musicfm_25hz.MusicFM25Hz(
        codebook_size=8, conv_dim=4, encoder_dim=16, encoder_depth=2, model_path=None,
        stat_path=str(folder / "msd_stats.json")), seed)
    torch.save({"state_dict": {"model." + name: x for name, x in model.state_dict().items()}},
               folder / "pretrained_msd.pt")
    return [model.get_latent(clips, layer) for layer in range(3)]


def muq(seed, manifest, clips, folder):
    without_init("muq")
    from muq.muq import MuQ, MuQConfig
    config = {key: value for key, value
              in transformers.Wav2Vec2ConformerConfig(**CONFORMER).to_dict().items()
              if not isinstance(value, dict)}
    settings = {"codebook_size": 8, "conv_dim": 4, "encoder_dim": 16, "encoder_depth": 2,
                "stat": STATISTICS, "w2v2_config": config}
    model = randomise(MuQ(MuQConfig(**settings)), seed)
    (folder / "config.json").write_text(json.dumps(settings))
    torch.save(model.state_dict(), folder / "pytorch_model.bin")
    return model(clips).hidden_states


def effnet(seed, manifest, signal, folder):
    """The official file cannot be made small; an EfficientNet stands for it, between essentia's
    own front end and its names of input and outputs."""
    import essentia.standard
    mel = essentia.standard.TensorflowInputMusiCNN()
    frames = np.array([mel(frame) for frame in essentia.standard.FrameGenerator(
        signal, frameSize=512, hopSize=256, startFromZero=False)])
    np.save(folder / "mel.npy", frames[:MEL_FRAMES])
    config = transformers.EfficientNetConfig(num_channels=1, width_coefficient=0.02,
                                             depth_coefficient=0.1, hidden_dim=24)
    model = randomise(transformers.EfficientNetModel(config), seed)
    for part in model.modules():  # torch 1.13 cannot export "valid" and "same"
        if isinstance(part, torch.nn.Conv2d) and isinstance(part.padding, str):
            part.padding = 0 if part.padding == "valid" else part.kernel_size[0] // 2

    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, mel):
            rows = self.model(mel.unsqueeze(1)).last_hidden_state.mean(dim=(2, 3))
            return rows[:, :8].sigmoid(), rows

    length, hop = manifest["clips"]["frames"], manifest["clips"]["hop"]
    clips = torch.from_numpy(np.stack([frames[i * hop:i * hop + length] for i in range(CLIPS)]))
    network = Network()
    onnx_file.write(network, clips, folder / "discogs-effnet-bsdynamic-1.onnx", "melspectrogram",
                    ["activations", "embeddings"], {})
    return [network(clips)[1]]


POST, PRE = {"do_stable_layer_norm": False}, {"do_stable_layer_norm": True}
FAMILIES = {
    "mert-95m": lambda *given: mert(1, *given, **POST),
    "mert-330m": lambda *given: mert(2, *given, **PRE),
    "music2vec": lambda *given: music2vec(3, *given),
    "encodecmae-base": lambda *given: encodecmae(4, *given),
    "musicfm": lambda *given: musicfm(5, *given),
    "muq": lambda *given: muq(6, *given),
    "discogs-effnet": lambda *given: effnet(7, *given),
}


def tiny_manifest(name, target):
    """The shipped manifest with small numbers; what must be right stays as it is."""
    text = (export.MODELS / f"{name}.toml").read_text()
    text = re.sub(r"\n\[origin\]\n.*?\n\n", "\n", text, flags=re.DOTALL)
    small = export.read_manifest(export.MODELS / f"{name}.toml")
    changes = {"name": (json.dumps(name), json.dumps(f"tiny-{name}")),
               "title": (json.dumps(small["title"]), json.dumps("Random weights, for tests only")),
               "dimension": (small["model"]["dimension"], 24 if name == "discogs-effnet" else 16)}
    if small["model"]["layer"].startswith("layer_"):
        changes["layer"] = (json.dumps(small["model"]["layer"]), json.dumps("layer_2"))
    clips = small["clips"]
    if "samples" in clips:
        changes["samples"] = (clips["samples"], 24000)
        changes["hop"] = (clips["hop"], 24000)
        if "frames" in clips:
            changes["frames"] = (clips["frames"], 100)
    for key, (old, new) in changes.items():
        line = f"\n{key} = {old}\n"
        if key == "hop":  # of the clips, which come last
            head, _, tail = text.rpartition(line)
            text = f"{head}\n{key} = {new}\n{tail}"
        else:
            assert text.count(line) == 1, line
            text = text.replace(line, f"\n{key} = {new}\n")
    target.write_text(text)


def make(name, out, signal):
    tiny_manifest(name, out / "manifest.toml")
    manifest = export.read_manifest(out / "manifest.toml")
    given = signal if name == "discogs-effnet" else clips_of(manifest, signal)
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        folder = pathlib.Path(folder)
        with contextlib.redirect_stdout(io.StringIO()):
            layers = FAMILIES[name](manifest, given, folder)
        print(export.export_one(name, folder, out / "manifest.toml", out))
        for more in folder.glob("*.npy"):
            np.save(out / f"{name}-{more.name}", np.load(more))
    (out / "manifest.toml").unlink()
    rows = np.concatenate([np.float32(x.mean(dim=1) if x.ndim == 3 else x) for x in layers])
    np.save(out / f"{name}.npy", rows)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    alike = np.abs(unit @ unit.T - np.eye(len(rows))).max()
    print(f"  {len(layers)} layers x {CLIPS} clips, two of them at most {alike:.4f} alike")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("authors", type=pathlib.Path)
    parser.add_argument("names", nargs="*", default=list(FAMILIES))
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    transformers.logging.set_verbosity_error()
    sys.path += [str(arguments.authors), str(arguments.authors / "MERT/scripts"),
                 str(arguments.authors / "encodecmae")]
    signal, _ = soundfile.read(GOLDEN / "synth_10s_16k_s16.wav", dtype="float32")
    families = GOLDEN / "families"
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) if arguments.check else families
        out.mkdir(exist_ok=True)
        for name in arguments.names:
            make(name, out, signal)
            if arguments.check:
                for kept in families.glob(f"{name}*.npy"):
                    least = onnx_file.cosines(np.load(out / kept.name), np.load(kept)).min()
                    assert least >= onnx_file.LEAST_COSINE, kept


if __name__ == "__main__":
    main()
