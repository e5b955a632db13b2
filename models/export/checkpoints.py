"""Reads checkpoints without running anything that is in them."""
import hashlib
import json
import pathlib
import pickle

import torch


class Refused(Exception):
    """What was given is not what its exporter knows."""


class Stranger:
    """Stands for an object of the training program that wrote a checkpoint; never called."""

    def __init__(self, *arguments, **named):
        pass

    def __setstate__(self, state):
        pass

    def __setitem__(self, key, value):
        pass

    def append(self, value):
        pass

    def extend(self, values):
        pass


class _Unpickler(pickle.Unpickler):
    ALLOWED = {("collections", "OrderedDict"), ("torch._utils", "_rebuild_tensor_v2"),
               ("torch._utils", "_rebuild_parameter"), ("torch", "Size"), ("torch", "device")}

    def find_class(self, module, name):
        storage = module == "torch" and name.endswith("Storage")
        if storage or (module, name) in self.ALLOWED:
            return super().find_class(module, name)
        return type(name, (Stranger,), {})


class _SafePickle:
    Unpickler = _Unpickler
    load = staticmethod(lambda *args, **named: _Unpickler(*args, **named).load())


def read_tensors(path):
    """name -> tensor, of a .safetensors file or of a PyTorch checkpoint."""
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file
        state = load_file(str(path))
    else:
        state = torch.load(path, map_location="cpu", pickle_module=_SafePickle)
        state = state.get("state_dict", state)
    return {name: value.float() if value.is_floating_point() else value
            for name, value in state.items() if torch.is_tensor(value)}


def find(folder, *names):
    """The first of these files that is in the folder, or None."""
    for name in names:
        if (pathlib.Path(folder) / name).is_file():
            return pathlib.Path(folder) / name
    return None


def read_json(folder, name):
    return json.loads((pathlib.Path(folder) / name).read_text())


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def check_sum(path):
    """The digest of a checkpoint, which must be the one that sha256sums.txt beside it has (as sha256sum
    writes it). Where that says nothing the digest is added, so that another checkpoint is noticed."""
    sums, digest = path.parent / "sha256sums.txt", sha256(path)
    lines = sums.read_text().splitlines() if sums.is_file() else []
    known = {name.lstrip("*"): said for said, name in (line.split(maxsplit=1) for line in lines if line.strip())}
    if known.setdefault(path.name, digest) != digest:
        raise Refused(f"{path} has the sha256 {digest}, and {sums} says {known[path.name]}")
    sums.write_text("".join(f"{said}  {name}\n" for name, said in known.items()))
    return digest


def part(state, prefixes, unused):
    """What the prefixes name, with each replaced by its value. A name that is neither wanted nor
    known to be unused is an error: then this is not the checkpoint that the exporter knows."""
    wanted = {}
    for name, value in state.items():
        for prefix, own in prefixes.items():
            if name.startswith(prefix):
                wanted[own + name[len(prefix):]] = value
                break
        else:
            if not name.startswith(tuple(unused)):
                raise Refused(f"the checkpoint has {name}, which this exporter does not know")
    return wanted


def old_weight_norm(state):
    """Names of newer PyTorch for the two parts of a normed weight, in the older way."""
    return {name.replace("parametrizations.weight.original0", "weight_g")
                .replace("parametrizations.weight.original1", "weight_v"): value
            for name, value in state.items()}
