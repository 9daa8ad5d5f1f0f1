"""The menu of models: what each can make, at which sizes, and what it costs."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from generation.errors import CatalogError

Family = Literal["draft", "wan", "ltx"]
Task = Literal["animate", "imagine"]
PresetName = Literal["fast", "standard"]
Feature = Literal["end_still", "sound", "negative"]

SHIPPED_CATALOG = Path(__file__).with_name("catalog.toml")


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FrameRule(_Entry):
    """Clip lengths a model can make: ``step * k + 1`` frames, at most ``max``."""

    default: int = Field(gt=1)
    step: int = Field(gt=0)
    max: int = Field(gt=1)

    @model_validator(mode="after")
    def _on_the_grid(self) -> Self:
        for name in ("default", "max"):
            if (getattr(self, name) - 1) % self.step:
                msg = f"frames.{name} must be {self.step}k+1"
                raise ValueError(msg)
        return self

    def snap(self, frames: float) -> int:
        """The nearest allowed number of frames to ``frames``."""
        k = max(1, round((frames - 1) / self.step))
        return min(k * self.step + 1, self.max)


class Shape(_Entry):
    """A size on the menu; ``keeps_aspect`` means the still's aspect at this area, in pixels."""

    id: str
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    keeps_aspect: bool = False


class Price(_Entry):
    """What one clip of the reference size, frames and steps costs, in whole credits."""

    credits: int = Field(gt=0)
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    frames: int = Field(gt=0)
    steps: int = Field(gt=0)


class Preset(_Entry):
    """A quality on the menu: how many denoising steps."""

    steps: int = Field(gt=0)


class Model(_Entry):
    """One entry of the menu; valid by construction."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.\-]{0,39}$")
    label: str = Field(max_length=80)
    family: Family
    tasks: tuple[Task, ...] = Field(min_length=1)
    fps: int = Field(gt=0, le=60)
    frames: FrameRule
    side_step: int = Field(gt=0, multiple_of=2)
    price: Price
    shapes: tuple[Shape, ...] = Field(min_length=1)
    presets: Mapping[PresetName, Preset]
    features: frozenset[Feature] = frozenset()

    @model_validator(mode="after")
    def _sides_on_the_grid(self) -> Self:
        for shape in self.shapes:
            if not shape.keeps_aspect and (shape.width % self.side_step or shape.height % self.side_step):
                msg = f"shape {shape.id}: sides must be multiples of {self.side_step}"
                raise ValueError(msg)
        return self

    def shape(self, shape_id: str | None) -> Shape:
        """The shape of that id, or the first on the list; KeyError if there is none."""
        if shape_id is None:
            return self.shapes[0]
        return {shape.id: shape for shape in self.shapes}[shape_id]


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


def load_catalog(path: Path = SHIPPED_CATALOG) -> Catalog:
    """Read and check a catalogue file. Raises CatalogError naming file, model and field."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("model", [])
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(path, "", str(error)) from error
    models: dict[str, Model] = {}
    for entry in entries:
        name = str(entry.get("id", "?"))
        try:
            model = Model.model_validate(entry)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise CatalogError(path, name, f"{where}: {first['msg']}" if where else first["msg"]) from error
        if model.id in models:
            raise CatalogError(path, name, "this id is on the menu twice")
        models[model.id] = model
    if not models:
        raise CatalogError(path, "", "no [[model]] entry")
    return Catalog(MappingProxyType(models))
