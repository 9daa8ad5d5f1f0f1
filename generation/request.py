"""What a person asked for, snapped to the model and valid by construction; nothing invalid is priced or queued."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from generation.catalog import Catalog, Model, PresetName, Shape, Task
from generation.errors import RequestError

PROMPT_LIMIT = 1000
"""Characters of motion prompt; the text encoders truncate at 512 tokens, about this many characters."""

SEED_LIMIT = 2**31
"""Seeds are below this, so that every generator and every JSON reader keeps them exact."""

ASPECT_LIMIT = 4.0
"""Longest side over shortest; beyond it no model has been trained and no player shows the clip well."""


ASPECT_TOLERANCE = 0.0095
"""An aspect this near to the still's counts as right; on a grid of 16 pixels there always is such a size."""

SIDE_TOLERANCE = 0.25
"""How far a side may be from its ideal to find such a size; nearly square stills need the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipRequest:
    """One clip, fully determined: the same request on the same machine gives the same frames.

    ``width`` and ``height`` are pixels on the model's grid, ``frames`` is on its frame rule.
    ``still`` and ``end_still`` are content hashes of prepared stills.
    """

    model: Model
    task: Task
    preset: PresetName
    prompt: str
    width: int
    height: int
    frames: int
    seed: int
    camera: str = ""
    negative_prompt: str = ""
    sound: bool = False
    still: str | None = None
    end_still: str | None = None

    def __post_init__(self) -> None:
        """Refuse whatever the model could not make, as RequestError."""
        model = self.model
        if self.preset not in model.presets:
            raise RequestError("quality", model=model.label, qualities=", ".join(model.presets))
        if self.task not in model.tasks or (self.still is None) == (self.task == "animate"):
            raise RequestError("task", model=model.label)
        if not any(character.isalnum() for character in self.prompt):
            raise RequestError("prompt_empty")
        longest = max(len(self.motion_prompt), len(self.negative_prompt))
        if longest > PROMPT_LIMIT:
            raise RequestError("prompt_long", limit=PROMPT_LIMIT, length=longest)
        if not 0 <= self.seed < SEED_LIMIT:
            raise RequestError("seed", limit=SEED_LIMIT - 1)
        if self.frames != model.frames.snap(self.frames):
            raise RequestError("seconds", longest=model.frames.max // model.fps)
        if self.width % model.side_step or self.height % model.side_step or min(self.width, self.height) <= 0:
            raise RequestError("size", model=model.label)
        wanted = {
            "sound": self.sound,
            "end_still": self.end_still is not None,
            "negative": bool(self.negative_prompt),
        }
        for feature, asked in wanted.items():
            if asked and feature not in model.features:
                raise RequestError("feature", model=model.label, feature=feature)
        if self.negative_prompt and not model.uses_negative(self.preset):
            raise RequestError("negative_unused", model=model.label, quality=self.preset)

    @property
    def steps(self) -> int:
        """Denoising steps of the chosen preset."""
        return self.model.presets[self.preset].steps

    @property
    def duration_seconds(self) -> float:
        """Length of the clip when played."""
        return self.frames / self.model.fps

    @property
    def frame_seconds(self) -> float:
        """How long one frame stands."""
        return 1 / self.model.fps

    @property
    def motion_prompt(self) -> str:
        """The prompt as the pipeline reads it, with the chosen camera move in front."""
        return spoken(self.camera, self.prompt)

    @property
    def effective_negative_prompt(self) -> str | None:
        """The negative prompt as the model reads it: the person's, else the menu's; None without guidance."""
        if self.model.presets[self.preset].guidance <= 1:
            return None
        return self.negative_prompt or self.model.negative_prompt

    def recipe(self) -> dict[str, Any]:
        """Everything needed to make the clip again, as plain JSON values, also after the menu has changed.

        ``effective_negative_prompt`` is what the model reads as its negative prompt, None where it reads none.
        """
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        preset = self.model.presets[self.preset]
        menu = {
            "fps": self.model.fps,
            "repository": self.model.repository,
            "revision": self.model.revision,
            "boundary": self.model.boundary,
            "effective_negative_prompt": self.effective_negative_prompt,
        }
        return {**values, **menu, **preset.model_dump(mode="json"), "model": self.model.id}

    @classmethod
    def from_recipe(cls, recipe: dict[str, Any], catalog: Catalog) -> "ClipRequest":
        """The request a recipe came from; RequestError if the menu no longer has its model."""
        names = {field.name for field in fields(cls)}
        values = {name: value for name, value in recipe.items() if name in names}
        model_id = str(values.pop("model"))
        if model_id not in catalog.models:
            raise RequestError("unknown_model", model=model_id)
        return cls(model=catalog[model_id], **values)


def compose(
    model: Model,
    *,
    prompt: str,
    still: str | None = None,
    still_size: tuple[int, int] | None = None,
    shape_id: str | None = None,
    seconds: float | None = None,
    preset: PresetName = "fast",
    seed: int | None = None,
    camera: str = "",
    negative_prompt: str = "",
    sound: bool = False,
    end_still: str | None = None,
) -> ClipRequest:
    """Snap what a person typed to what the model makes. ``still_size`` is (width, height) in pixels.

    Raises RequestError; a missing seed is drawn at random.
    """
    try:
        shape = model.shape(shape_id)
    except KeyError as error:
        raise RequestError("unknown_shape", model=model.label) from error
    if seconds is not None and not 0 < seconds <= model.frames.max / model.fps:
        raise RequestError("seconds", longest=model.frames.max // model.fps)
    width, height = fit_size(shape, still_size, model.side_step)
    return ClipRequest(
        model=model,
        task="animate" if still else "imagine",
        preset=preset,
        prompt=readable(prompt),
        width=width,
        height=height,
        frames=model.frames.default if seconds is None else model.frames.snap(seconds * model.fps),
        seed=drawn_seed() if seed is None else seed,
        camera=readable(camera),
        negative_prompt=readable(negative_prompt),
        sound=sound,
        still=still,
        end_still=end_still,
    )


def drawn_seed() -> int:
    """A seed that nobody chose."""
    return secrets.randbelow(SEED_LIMIT)


def readable(text: str) -> str:
    """White space folded, and nothing in it that cannot be written as UTF-8."""
    return " ".join(text.encode("utf-8", "ignore").decode("utf-8").split())


def fit_size(shape: Shape, still_size: tuple[int, int] | None, step: int) -> tuple[int, int]:
    """Width and height on the grid: the shape's own, or the still's aspect at the shape's area.

    Of the sizes whose aspect is right the one nearest to the shape's area is taken, so that the still is cropped by
    less than one grid step and never stretched. Raises RequestError past ASPECT_LIMIT.
    """
    if still_size is None or not shape.keeps_aspect:
        return shape.width, shape.height
    aspect = max(still_size) / min(still_size)
    if aspect > ASPECT_LIMIT:
        raise RequestError("aspect", limit=ASPECT_LIMIT)
    ideal = (shape.width * shape.height / aspect) ** 0.5

    def cost(sides: tuple[int, int]) -> tuple[float, float]:
        short, long = sides
        return max(abs(long / short / aspect - 1), ASPECT_TOLERANCE), abs(short / ideal - 1)

    candidates = [
        (short, round(short * aspect / step) * step)
        for short in range(step, int(ideal * (1 + SIDE_TOLERANCE)) + 1, step)
        if short >= ideal * (1 - SIDE_TOLERANCE)
    ]
    short, long = min(candidates, key=cost)
    return (long, short) if still_size[0] >= still_size[1] else (short, long)


def spoken(camera: str | None, prompt: str) -> str:
    """A prompt with the chosen camera move in front."""
    return f"{camera}, {prompt}" if camera else prompt


def spoken_in(recipe: Mapping[str, Any]) -> str:
    """The motion prompt of a recipe: all that a person said, for whoever shows it."""
    return spoken(recipe.get("camera"), str(recipe["prompt"]))
