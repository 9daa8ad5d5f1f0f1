"""Reads the small files and file headers of a folder of weights; whatever is damaged makes its model unusable."""

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.catalog import Model
from generation.errors import ModelUnusable

HEADER_LIMIT_BYTES = 100_000_000
"""The longest header that the safetensors format allows."""

NUMBER_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1}
NUMBER_BYTES |= {"I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}
"""Bytes of one number, by the names of the safetensors format."""


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


def read_tensor_shapes(model: Model, path: Path) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor of a complete safetensors file, from its header. Raises ModelUnusable."""
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
        tensors = {name: _Tensor.of(entry) for name, entry in header.items() if name != "__metadata__"}
    except (AttributeError, TypeError, KeyError, IndexError, ValueError) as error:
        raise ModelUnusable(model.id, f"the header of {path} is damaged") from error
    if not tensors or 8 + header_bytes + max(tensor.end for tensor in tensors.values()) != size:
        raise ModelUnusable(model.id, f"the file {path} is truncated")
    for name, tensor in tensors.items():
        if not tensor.fills_its_place:
            raise ModelUnusable(model.id, f"the header of {path} is damaged: {name} has another size than its place")
    return {name: tensor.shape for name, tensor in tensors.items()}


@dataclass(frozen=True, slots=True)
class _Tensor:
    """One entry of a header: its shape, the type of its numbers, and its place among the bytes behind the header."""

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int

    @classmethod
    def of(cls, entry: Any) -> "_Tensor":
        begin, end = (int(offset) for offset in entry["data_offsets"])
        return cls(str(entry["dtype"]), tuple(int(side) for side in entry["shape"]), begin, end)

    @property
    def fills_its_place(self) -> bool:
        """Whether shape and place agree; of a type that is not known here that cannot be told."""
        width = NUMBER_BYTES.get(self.dtype)
        return width is None or self.end - self.begin == math.prod(self.shape) * width
