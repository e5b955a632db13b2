"""EnCodecMAE, version 1: EnCodec's encoder, then a transformer with two residual streams.

The encoder is the `encodec` package's; the transformer is written anew. Its layers share one
feed-forward network, and the heads of its attention are interleaved: number h of head i stands at
h * heads + i.
"""
import math
import re

import torch
from encodec.modules import SEANetEncoder
from torch import nn

import checkpoints


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.wq, self.wk, self.wv, self.wo = (nn.Linear(width, width, bias=False)
                                              for _ in range(4))

    def split(self, x):
        clips, frames, width = x.shape
        return x.reshape(clips, frames, width // self.heads, self.heads).permute(0, 3, 1, 2)

    def forward(self, x):
        q, k, v = self.split(self.wq(x)), self.split(self.wk(x)), self.split(self.wv(x))
        weights = (q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])).softmax(dim=-1)
        return self.wo((weights @ v).permute(0, 2, 3, 1).flatten(2))


class Layer(nn.Module):
    def __init__(self, width, heads, feed_forward):
        super().__init__()
        self.att_layer = Attention(width, heads)
        self.ff_layer = feed_forward
        self.norm1 = nn.LayerNorm(width)
        self.norm2 = nn.LayerNorm(width)

    def forward(self, normed, plain):
        more = self.att_layer(normed)
        normed, plain = self.norm1(normed + more), plain + more
        more = self.ff_layer(normed)
        return self.norm2(normed + more), plain + more


class Transformer(nn.Module):
    def __init__(self, width, heads, layers, inner):
        super().__init__()
        shared = nn.Sequential(nn.Linear(width, inner), nn.ReLU(), nn.Linear(inner, width))
        self.encoder_layers = nn.ModuleList(Layer(width, heads, shared) for _ in range(layers))
        self.final_norm = nn.LayerNorm(width)

    def forward(self, x):
        normed, plain, hidden = x, x, []
        for layer in self.encoder_layers:
            normed, plain = layer(normed, plain)
            hidden.append(normed)
        return (*hidden, normed + self.final_norm(plain))


class Positions(nn.Module):
    """Sines and cosines, one after the other, times a learned number."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        frames, width = x.shape[1:]
        place = torch.arange(frames, dtype=torch.float)[:, None]
        rate = torch.exp(torch.arange(0, width, 2, dtype=torch.float) * (-math.log(10000.0) / width))
        table = torch.stack([torch.sin(place * rate), torch.cos(place * rate)], dim=2).flatten(1)
        return x + self.scale * table


class EncodecMae(nn.Module):
    """clips x samples -> every layer's normed stream, then the sum of both streams."""

    def __init__(self, encoder, width, heads, layers, inner):
        super().__init__()
        self.encoder = encoder
        self.projector = nn.Linear(encoder.dimension, width)
        self.positions = Positions()
        self.transformer = Transformer(width, heads, layers, inner)

    def forward(self, wave):
        features = self.encoder(wave.unsqueeze(1)).transpose(1, 2)
        return self.transformer(self.positions(self.projector(features)))


PREFIXES = {"wav_encoder.model.": "encoder.", "feat_projector.": "projector.",
            "positional_encoder.": "positions.", "visible_encoder.": "transformer."}
UNUSED = ("target_encoder.", "decoder.", "decoder_projector.", "head.", "extra_head.")


def load(folder, manifest):
    state = checkpoints.part(
        checkpoints.old_weight_norm(checkpoints.read_tensors(folder / "model.pt")), PREFIXES, UNUSED)
    heads = int(re.search(r"^NUM_ENCODER_HEADS\s*=\s*(\d+)", (folder / "config.gin").read_text(),
                          re.MULTILINE)[1])
    layers = 1 + max(int(name.split(".")[2]) for name in state if ".encoder_layers." in name)
    shared = [state[f"transformer.encoder_layers.{i}.ff_layer.0.weight"] for i in range(layers)]
    if not all(torch.equal(shared[0], other) for other in shared):
        raise checkpoints.Refused(f"{folder}/model.pt: the layers do not share one feed-forward network")
    inner, width = shared[0].shape
    filters = state["encoder.model.0.conv.conv.bias"].shape[0]
    dimension = state["projector.weight"].shape[1]
    encoder = SEANetEncoder(channels=1, dimension=dimension, n_filters=filters, causal=True,
                            norm="weight_norm")
    model = EncodecMae(encoder, width, heads, layers, inner)
    model.load_state_dict(state, strict=True)
    return model, [*(f"layer_{i + 1}" for i in range(layers)), "final"]
