"""MERT and music2vec: transformers on raw sound, of the wav2vec 2.0 kind.

MERT's published modelling code needs `trust_remote_code`; with the settings of its two released
models it is transformers' HubertModel, so that class is used and its weights are loaded strictly.
"""
import torch
from transformers import Data2VecAudioConfig, Data2VecAudioModel, HubertConfig, HubertModel

import checkpoints

WEIGHTS = ("model.safetensors", "pytorch_model.bin")


class HiddenLayers(torch.nn.Module):
    """Every hidden layer, from what enters the transformer to its last."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, wave):
        return tuple(self.model(wave, output_hidden_states=True).hidden_states)


def _load(model, folder):
    state = checkpoints.old_weight_norm(checkpoints.read_tensors(checkpoints.find(folder, *WEIGHTS)))
    inside = model.base_model_prefix + "."  # where it was saved as a part of another model
    model.load_state_dict({name.removeprefix(inside): x for name, x in state.items()}, strict=True)
    return HiddenLayers(model), [f"layer_{i}" for i in range(model.config.num_hidden_layers + 1)]


def _check_normalisation(folder, manifest):
    if not (folder / "preprocessor_config.json").is_file():
        return
    says = checkpoints.read_json(folder, "preprocessor_config.json")
    front = manifest["front_end"]
    if says["do_normalize"] != front["normalise"] or says["sampling_rate"] != front["rate_hz"]:
        raise checkpoints.Refused(f"{folder}/preprocessor_config.json differs from the manifest: {says}")


def mert(folder, manifest):
    config = checkpoints.read_json(folder, "config.json")
    for other in ("feature_extractor_cqt", "deepnorm"):
        if config.get(other):
            raise checkpoints.Refused(f"{folder}/config.json asks for {other}, which this exporter lacks")
    _check_normalisation(folder, manifest)
    return _load(HubertModel(HubertConfig(**config)), folder)


def music2vec(folder, manifest):
    config = checkpoints.read_json(folder, "config.json")
    _check_normalisation(folder, manifest)
    return _load(Data2VecAudioModel(Data2VecAudioConfig(**config)), folder)
