"""The menu of models: what each can make, at which sizes, and what it costs."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from pydantic import ValidationError

from generation.entry import (
    Family,
    Feature,
    FrameRule,
    Lora,
    Memory,
    Model,
    Preset,
    PresetName,
    Price,
    Shape,
    Task,
)
from generation.errors import CatalogError
from generation.families import Contradiction

__all__ = [
    "SHIPPED_CATALOG",
    "Catalog",
    "Family",
    "Feature",
    "FrameRule",
    "Lora",
    "Memory",
    "Model",
    "Preset",
    "PresetName",
    "Price",
    "Shape",
    "Task",
    "load_catalog",
    "preset_named",
]

SHIPPED_CATALOG = Path(__file__).with_name("catalog.toml")


@dataclass(frozen=True, slots=True)
class Catalog:
    """All models by id, in menu order; the first is the default."""

    models: Mapping[str, Model]

    def __iter__(self) -> Iterator[Model]:
        return iter(self.models.values())

    def __getitem__(self, model_id: str) -> Model:
        return self.models[model_id]

    @property
    def default(self) -> Model:
        """The model used when nobody chooses one."""
        return next(iter(self.models.values()))

    def without(self, model_ids: frozenset[str]) -> "Catalog":
        """The menu less those models, in the same order."""
        return Catalog(MappingProxyType({name: model for name, model in self.models.items() if name not in model_ids}))


def preset_named(name: str) -> PresetName:
    """The name of a quality as such. Raises KeyError for any other word."""
    known: dict[str, PresetName] = {preset: preset for preset in get_args(PresetName)}
    return known[name]


def load_catalog(path: Path = SHIPPED_CATALOG) -> Catalog:
    """Read and check a catalogue file. Raises CatalogError naming file, line, model and field."""
    text, entries = _read(path)
    models: dict[str, Model] = {}
    for index, entry in enumerate(entries):
        name = str(entry.get("id", "?"))
        try:
            model = Model.model_validate(entry)
        except ValidationError as error:
            field, problem = _first_fault(error)
            line = line_of(text, index, field)
            raise CatalogError(path, name, f"{field}: {problem}" if field else problem, line) from error
        if model.id in models:
            raise CatalogError(path, name, "this id is on the menu twice", line_of(text, index, "id"))
        models[model.id] = model
    if not models:
        raise CatalogError(path, "", "no [[model]] entry")
    return Catalog(MappingProxyType(models))


def _read(path: Path) -> tuple[str, list[dict[str, Any]]]:
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
        entries = tomllib.loads(text).get("model", [])
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CatalogError(path, "", f"not UTF-8 text ({error.reason})", line) from error
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(path, "", str(error)) from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise CatalogError(path, "", "models are [[model]] tables, in double brackets", _line_of_model(text))
    if entries and not _opened(text.splitlines()):
        raise CatalogError(path, "", "models are [[model]] tables, not written in a row", _line_of_model(text))
    return text, entries


def _line_of_model(text: str) -> int:
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if re.match(r"\s*\[?\s*\"?model\b", line)), 1)


def _opened(lines: list[str]) -> list[int]:
    return [number for number, line in enumerate(lines) if re.match(r"\s*\[\[\s*model\s*\]\]", line)]


def _first_fault(error: ValidationError) -> tuple[str, str]:
    first: Any = error.errors()[0]
    cause = first.get("ctx", {}).get("error")
    where = ".".join(str(part) for part in first["loc"])
    return (cause.field, str(cause)) if isinstance(cause, Contradiction) else (where, first["msg"])


def line_of(text: str, index: int, field: str) -> int:
    """The line (from 1) of a dotted field in the index-th ``[[model]]`` of a TOML text, or of what holds it."""
    lines = text.splitlines()
    starts = _opened(lines)
    end = starts[index + 1] if index + 1 < len(starts) else len(lines)
    at = starts[index]
    for part in field.split("."):
        key = re.compile(rf"(^|[\s{{,]){re.escape(part)}\s*=|^\s*\[model\.(.*\.)?{re.escape(part)}\]")
        at = next((number for number in range(at, end) if part and key.search(lines[number])), at)
    return at + 1
