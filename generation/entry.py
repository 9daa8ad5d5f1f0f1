"""One entry of the menu: the schema of ``[[model]]`` in the catalogue file."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from generation.families import Contradiction, calls_per_step, check_model

Family = Literal["draft", "wan", "ltx"]
Task = Literal["animate", "imagine"]
PresetName = Literal["fast", "standard"]
Feature = Literal["end_still", "sound", "negative"]
CacheName = Literal["first_block"]


Repository = Annotated[str, Field(min_length=1)]
"""owner/name, on the hub or below the models folder, or a folder."""

LoraFile = Annotated[str, Field(pattern=r"^(\w[\w.\-]*/)*\w[\w.\-]*\.safetensors$")]
"""A file inside its repository, and never one that is unpickled."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


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
        if self.default > self.max:
            msg = "frames.default must be at most frames.max"
            raise ValueError(msg)
        return self

    def snap(self, frames: float) -> int:
        """The nearest allowed number of frames to ``frames``."""
        k = max(1, round((frames - 1) / self.step))
        return min(k * self.step + 1, self.max)


class Shape(_Entry):
    """A size on the menu; ``keeps_aspect`` means the still's aspect at this area, in pixels."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9\-]{0,39}$")
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    keeps_aspect: bool = False


class Price(_Entry):
    """What one clip of the reference size, frames and transformer calls costs, in whole credits."""

    credits: int = Field(gt=0)
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    frames: int = Field(gt=0)
    calls: int = Field(gt=0)


class Lora(_Entry):
    """A step-distillation LoRA: one safetensors file per expert, in the order of the experts."""

    repository: Repository
    revision: str = Field(default="main", min_length=1)
    files: tuple[LoraFile, ...] = Field(min_length=1, max_length=2)
    strength: float = Field(default=1.0, gt=0)


class Preset(_Entry):
    """A quality on the menu: denoising steps and how they are guided.

    A guidance of 1 means one transformer call a step and no negative prompt. ``sigmas`` replaces the
    scheduler's own spacing; ``options`` are further arguments of the pipeline's call, by their names there.
    """

    steps: int = Field(gt=0)
    guidance: float = Field(default=1.0, ge=1)
    guidance_2: float | None = Field(default=None, ge=1)
    flow_shift: float | None = Field(default=None, gt=0)
    lora: Lora | None = None
    sigmas: tuple[float, ...] | None = None
    cache: CacheName | None = None
    options: Mapping[str, float] = {}

    @property
    def calls(self) -> int:
        """Samples that the transformers compute for one clip: what its time, and so its price, grows with."""
        return self.steps * calls_per_step(self)


class Memory(_Entry):
    """What a model holds in bfloat16, in GB of 10^9 bytes; ``work_gb`` is for the activations of the largest shape."""

    experts_gb: tuple[Annotated[float, Field(gt=0)], ...] = Field(min_length=1, max_length=2)
    text_gb: float = Field(gt=0)
    other_gb: float = Field(gt=0)
    work_gb: float = Field(gt=0)

    @property
    def total_gb(self) -> float:
        """All weights together, without the activations."""
        return sum(self.experts_gb) + self.text_gb + self.other_gb


class Model(_Entry):
    """One entry of the menu; valid by construction, also against the rules of its family."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.\-]{0,39}$")
    label: str = Field(min_length=1, max_length=80)
    family: Family
    tasks: tuple[Task, ...] = Field(min_length=1)
    fps: int = Field(gt=0, le=60)
    frames: FrameRule
    side_step: int = Field(gt=0, multiple_of=2)
    price: Price
    shapes: tuple[Shape, ...] = Field(min_length=1)
    presets: Mapping[PresetName, Preset]
    features: frozenset[Feature] = frozenset()
    repository: Repository | None = None
    revision: str = Field(default="main", min_length=1)
    pipelines: Mapping[Task, str] = {}
    boundary: float | None = Field(default=None, gt=0, lt=1)
    negative_prompt: str = ""
    memory: Memory | None = None

    @model_validator(mode="after")
    def _shapes_on_the_grid(self) -> Self:
        names = [shape.id for shape in self.shapes]
        for shape in self.shapes:
            if names.count(shape.id) > 1:
                raise Contradiction("shapes", f"shape {shape.id}: this id is on the list twice")
            if not shape.keeps_aspect and (shape.width % self.side_step or shape.height % self.side_step):
                raise Contradiction("shapes", f"shape {shape.id}: sides must be multiples of {self.side_step}")
        return self

    @model_validator(mode="after")
    def _as_its_family(self) -> Self:
        check_model(self)
        return self

    @property
    def lora(self) -> Lora | None:
        """The first LoRA that a preset brings, if any does."""
        return next((preset.lora for preset in self.presets.values() if preset.lora), None)

    def shape(self, shape_id: str | None) -> Shape:
        """The shape of that id, or the first on the list; KeyError if there is none."""
        if shape_id is None:
            return self.shapes[0]
        return {shape.id: shape for shape in self.shapes}[shape_id]

    def uses_negative(self, preset: PresetName) -> bool:
        """Whether a negative prompt has any effect: without guidance the model never sees it."""
        return "negative" in self.features and self.presets[preset].guidance > 1
