"""Reads the small files and file headers of a folder of weights; whatever is damaged makes its model unusable."""

import json
import struct
from pathlib import Path
from typing import Any

from generation.catalog import Model
from generation.errors import ModelUnusable

HEADER_LIMIT_BYTES = 100_000_000
"""The longest header that the safetensors format allows."""


def read_object(model: Model, path: Path) -> dict[str, Any]:
    """A JSON file that holds an object. Raises ModelUnusable."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelUnusable(model.id, f"the file {path} is missing") from error
    except OSError as error:
        raise ModelUnusable(model.id, f"the file {path} cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise ModelUnusable(model.id, f"the file {path} is not JSON") from error
    if not isinstance(content, dict):
        raise ModelUnusable(model.id, f"the file {path} is damaged: it holds no JSON object")
    return content


def read_shards(model: Model, index: Path) -> dict[str, str]:
    """The weight map of an index, from tensor to file name. Raises ModelUnusable."""
    shards = read_object(model, index).get("weight_map")
    if not isinstance(shards, dict) or not shards or not all(isinstance(name, str) for name in shards.values()):
        raise ModelUnusable(model.id, f"the file {index} is damaged: it has no weight map")
    return shards


def read_tensor_names(model: Model, path: Path) -> frozenset[str]:
    """The tensors of a complete safetensors file, from its header. Raises ModelUnusable."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            (header_bytes,) = struct.unpack("<Q", file.read(8))
            if header_bytes > min(size, HEADER_LIMIT_BYTES):
                raise ModelUnusable(model.id, f"the file {path} is truncated")
            header = json.loads(file.read(header_bytes))
    except FileNotFoundError as error:
        raise ModelUnusable(model.id, f"the file {path} is missing") from error
    except OSError as error:
        raise ModelUnusable(model.id, f"the file {path} cannot be read ({error.strerror})") from error
    except (struct.error, ValueError, RecursionError) as error:
        raise ModelUnusable(model.id, f"the file {path} is not a safetensors file") from error
    try:
        ends = {name: int(entry["data_offsets"][1]) for name, entry in header.items() if name != "__metadata__"}
    except (AttributeError, TypeError, KeyError, IndexError, ValueError) as error:
        raise ModelUnusable(model.id, f"the header of {path} is damaged") from error
    if not ends or 8 + header_bytes + max(ends.values()) != size:
        raise ModelUnusable(model.id, f"the file {path} is truncated")
    return frozenset(ends)
