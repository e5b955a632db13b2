"""MusicFM and MuQ: two residual convolutions over a mel spectrogram, then a conformer.

The conformer is transformers' (as in both authors' code); the convolutions are written anew.
"""
import torch
from torch import nn
from transformers import Wav2Vec2ConformerConfig
from transformers.models.wav2vec2_conformer.modeling_wav2vec2_conformer import (
    Wav2Vec2ConformerEncoder)

import checkpoints

# What both networks have of facebook/wav2vec2-conformer-rope-large-960h-ft and no tensor shows.
ROPE = {"hidden_act": "swish", "position_embeddings_type": "rotary",
        "rotary_embedding_base": 10000, "layer_norm_eps": 1e-5}
HEADS = 16


class Residual(nn.Module):
    """Halves time and bands; a strided convolution goes around two plain ones."""

    def __init__(self, channels_in, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride=2, padding=1)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv3 = nn.Conv2d(channels_in, channels, 3, stride=2, padding=1)
        self.bn3 = nn.BatchNorm2d(channels)

    def forward(self, x):
        inner = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(inner + self.bn3(self.conv3(x)))


class Subsampling(nn.Module):
    def __init__(self, channels, width, bands):
        super().__init__()
        self.conv = nn.Sequential(Residual(1, channels), Residual(channels, channels))
        self.linear = nn.Linear(channels * bands // 4, width)

    def forward(self, mel):
        x = self.conv(mel.unsqueeze(1))  # clips, channels, bands, frames
        return self.linear(x.permute(0, 3, 1, 2).flatten(2))


class MelConformer(nn.Module):
    """clips x bands x frames, z-scored -> every hidden layer."""

    def __init__(self, config, channels, bands):
        super().__init__()
        self.conv = Subsampling(channels, config.hidden_size, bands)
        self.conformer = Wav2Vec2ConformerEncoder(config)

    def forward(self, mel):
        return tuple(self.conformer(self.conv(mel), output_hidden_states=True)["hidden_states"])


def _check_statistics(statistics, manifest, where):
    front = manifest["front_end"]
    if (abs(statistics["melspec_2048_mean"] - front["mean"]) > 1e-9
            or abs(statistics["melspec_2048_std"] - front["deviation"]) > 1e-9):
        raise checkpoints.Refused(f"{where}: mean and deviation differ from the manifest's")


def _config(state):
    """The sizes, as the tensors have them."""
    first = "conformer.layers.0."
    width = state["conv.linear.weight"].shape[0]
    rotary = state.get("conformer.embed_positions.inv_freq")  # one for two numbers of a head
    return Wav2Vec2ConformerConfig(
        hidden_size=width,
        num_attention_heads=HEADS if rotary is None else width // (2 * len(rotary)),
        num_hidden_layers=1 + max(int(name.split(".")[2]) for name in state if ".layers." in name),
        intermediate_size=state[first + "ffn1.intermediate_dense.weight"].shape[0],
        conv_depthwise_kernel_size=state[first + "conv_module.depthwise_conv.weight"].shape[2],
        **ROPE)


def _load(state, manifest):
    unused = ("quantizer_melspec_2048", "linear.", "cls_token", "preprocessor_melspec_2048.",
              "rvq.", "recon_proj.")
    state = checkpoints.part(
        state, {"model.conv.": "conv.", "model.conformer.": "conformer."},
        ["model." + name for name in unused])
    config, bands = _config(state), manifest["front_end"]["bands"]
    model = MelConformer(config, state["conv.linear.weight"].shape[1] * 4 // bands, bands)
    state.setdefault("conformer.embed_positions.inv_freq",
                     model.conformer.embed_positions.inv_freq)
    model.load_state_dict(state, strict=True)
    return model, [f"layer_{i}" for i in range(config.num_hidden_layers + 1)]


def musicfm(folder, manifest):
    _check_statistics(checkpoints.read_json(folder, "msd_stats.json"), manifest, "msd_stats.json")
    return _load(checkpoints.read_tensors(folder / "pretrained_msd.pt"), manifest)


def muq(folder, manifest):
    config = checkpoints.read_json(folder, "config.json")
    differs = [name for name, value in ROPE.items() if config["w2v2_config"].get(name) != value]
    if differs or config.get("label_rate", 25) != 25:
        raise checkpoints.Refused(f"{folder}/config.json is of another MuQ than this exporter knows")
    _check_statistics(config["stat"], manifest, "config.json")
    weights = checkpoints.find(folder, "model.safetensors", "pytorch_model.bin")
    return _load(checkpoints.read_tensors(weights), manifest)
