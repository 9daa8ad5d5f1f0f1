"""Ways to spoil a folder of weights that several tests need."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

WEIGHTS = "diffusion_pytorch_model.safetensors"


def edit_json(path: Path, **changes: object) -> None:
    """Change some keys of a JSON object."""
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def without_key(path: Path, key: str) -> None:
    """Take one key out of a JSON object."""
    path.write_text(json.dumps({name: value for name, value in json.loads(path.read_text()).items() if name != key}))


def widened(folder: Path, name: str) -> None:
    """Put a wider tensor in the place of one of the transformer's."""
    path = folder / "transformer" / WEIGHTS
    tensors = load_file(path)
    tensors[name] = torch.zeros([side + 4 for side in tensors[name].shape])
    save_file(tensors, path, metadata={"format": "pt"})


def declared(folder: Path, component: str, kind: str) -> None:
    """List the part as one of another class."""
    edit_json(folder / "model_index.json", **{component: ["diffusers", kind]})
