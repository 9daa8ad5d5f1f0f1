"""What each pipeline class of diffusers can do, and whether a menu entry keeps to it; pure.

Sources: the input checks of diffusers 0.42.1, and runs of every class on small random checkpoints.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generation.entry import Model, Preset

CACHE_STEPS = 20
"""Step caches skip work that barely changes between steps; below this many steps there is none to skip."""


class Contradiction(ValueError):
    """An entry against its family's rules; ``field`` is the dotted path of what is wrong."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field


@dataclass(frozen=True, slots=True)
class PipelineRule:
    """Limits of one pipeline class: sides are multiples of one of ``side_steps``, frames ``frame_step * k + 1``."""

    family: str
    task: str
    frame_step: int
    side_steps: tuple[int, ...]
    experts: tuple[int, ...] = (1,)
    features: frozenset[str] = frozenset({"negative"})
    caches: frozenset[str] = frozenset()
    options: frozenset[str] = frozenset()
    least_steps: int = 1
    takes_sigmas: bool = False


_CACHES = frozenset({"first_block"})
_LTX2_OPTIONS = frozenset(
    {
        *("stg_scale", "modality_scale", "guidance_rescale", "audio_guidance_scale", "audio_stg_scale"),
        *("audio_modality_scale", "audio_guidance_rescale"),
    }
)
_LTX2 = {
    "frame_step": 8,
    "side_steps": (32,),
    "features": frozenset({"negative", "sound"}),
    "options": _LTX2_OPTIONS,
    "least_steps": 2,
    "takes_sigmas": True,
}

PIPELINES: dict[str, PipelineRule] = {
    "WanImageToVideoPipeline": PipelineRule(
        "wan", "animate", 4, (16, 32), (1, 2), frozenset({"negative", "end_still"}), _CACHES
    ),
    "WanPipeline": PipelineRule("wan", "imagine", 4, (16, 32), (1, 2), caches=_CACHES),
    "LTX2ImageToVideoPipeline": PipelineRule("ltx", "animate", **_LTX2),  # type: ignore[arg-type]
    "LTX2Pipeline": PipelineRule("ltx", "imagine", **_LTX2),  # type: ignore[arg-type]
    "LTXImageToVideoPipeline": PipelineRule(
        *("ltx", "animate", 8, (32,)),
        caches=_CACHES,
        options=frozenset({"decode_timestep", "decode_noise_scale", "guidance_rescale"}),
        least_steps=2,
    ),
}


def calls_per_step(preset: "Preset") -> int:
    """Samples that the transformers compute in one step: one, and one for each kind of guidance that is on; pure.

    LTX-2 guides picture and sound apart, and takes a further sample as soon as one of the two asks for it.
    """

    def strongest(*scales: float | None) -> float:
        return max(scale or 0.0 for scale in scales)

    options = preset.options
    by_text = strongest(preset.guidance, options.get("audio_guidance_scale")) > 1
    by_layers = strongest(options.get("stg_scale"), options.get("audio_stg_scale")) > 0
    by_modality = strongest(options.get("modality_scale"), options.get("audio_modality_scale")) > 1
    return 1 + by_text + by_layers + by_modality


def check_model(model: "Model") -> None:
    """Raise Contradiction at the first thing about ``model`` that its family cannot do."""
    _require("fast" in model.presets, "presets", "needs the quality fast, which is what people get who name none")
    _require(len(set(model.tasks)) == len(model.tasks), "tasks", "names a task twice")
    anchored = "animate" in model.tasks or not any(shape.keeps_aspect for shape in model.shapes)
    _require(anchored, "shapes", "only what can animate has a still whose aspect could be kept")
    if model.family == "draft":
        _require(model.repository is None, "repository", "the draft family has no weights")
        return
    _require(model.repository is not None, "repository", f"family {model.family} needs a repository")
    _require(model.memory is not None, "memory", f"family {model.family} needs its memory")
    _require(set(model.pipelines) == set(model.tasks), "pipelines", "needs one pipeline class for each task, no other")
    for task, name in model.pipelines.items():
        _require(name in PIPELINES, "pipelines", f"{name} is no pipeline class known here")
        _check_pipeline(model, task, PIPELINES[name])
    if model.family == "wan" and len(model.tasks) > 1:
        # Every other Wan transformer reads the still in channels of its own, which a prompt alone leaves empty.
        both = _experts(model) == 1 and model.side_step == 32
        _require(both, "tasks", "only the Wan model with sides in multiples of 32 and one expert can do both")
    for name in model.presets:
        for rule in (PIPELINES[pipeline] for pipeline in model.pipelines.values()):
            _check_preset(model, f"presets.{name}", model.presets[name], rule)
    if "negative" in model.features:
        guided = any(preset.guidance > 1 for preset in model.presets.values())
        _require(guided, "features", "no preset has guidance, so a negative prompt can have no effect")


def _require(holds: bool, field: str, problem: str) -> None:
    if not holds:
        raise Contradiction(field, problem)


def _check_pipeline(model: "Model", task: str, rule: PipelineRule) -> None:
    _require(rule.family == model.family, "pipelines", f"{model.pipelines[task]} is of family {rule.family}")  # type: ignore[index]
    _require(rule.task == task, "pipelines", f"{model.pipelines[task]} cannot {task}")  # type: ignore[index]
    _require(model.frames.step == rule.frame_step, "frames", f"frames of this pipeline are {rule.frame_step}k+1")
    sides = " or ".join(map(str, rule.side_steps))
    _require(model.side_step in rule.side_steps, "side_step", f"sides of this pipeline are multiples of {sides}")
    for feature in sorted(model.features - rule.features):
        offered = any(feature in PIPELINES[name].features for name in model.pipelines.values() if name in PIPELINES)
        _require(offered, "features", f"this pipeline cannot do {feature}")
    experts = _experts(model)
    _require(experts in rule.experts, "memory.experts_gb", f"this pipeline has no {experts} experts")
    _require((model.boundary is not None) == (experts == 2), "boundary", "two experts need a boundary, one has none")
    if "end_still" in model.features:
        _require(experts == 2, "features", "an end still needs the two-expert image-to-video model")


def _experts(model: "Model") -> int:
    return len(model.memory.experts_gb) if model.memory else 0


def _check_preset(model: "Model", where: str, preset: "Preset", rule: PipelineRule) -> None:
    for field, problem in _preset_faults(model, preset, rule):
        raise Contradiction(f"{where}.{field}", problem)


def _preset_faults(model: "Model", preset: "Preset", rule: PipelineRule) -> Iterator[tuple[str, str]]:
    wan, experts = rule.family == "wan", _experts(model)
    if preset.steps < rule.least_steps:
        yield "steps", f"this pipeline needs at least {rule.least_steps} steps"
    if wan != (preset.flow_shift is not None):
        yield "flow_shift", "a Wan preset sets flow_shift, no other does"
    if preset.guidance_2 is not None and experts != 2:
        yield "guidance_2", "guidance_2 belongs to the second of two experts"
    if preset.guidance == 1 and (preset.guidance_2 or 1) > 1:
        yield "guidance_2", "with guidance 1 the pipeline ignores guidance_2"
    if preset.lora and not wan:
        yield "lora", "only Wan presets have a LoRA"
    if preset.lora and len(preset.lora.files) != experts:
        yield "lora", f"needs one LoRA file for each of {experts} experts"
    if preset.sigmas is not None:
        yield from _sigma_faults(preset, rule)
    yield from _cache_faults(preset, rule)
    for name in sorted(set(preset.options) - rule.options):
        yield "options", f"{name} is no option of this pipeline"


def _sigma_faults(preset: "Preset", rule: PipelineRule) -> Iterator[tuple[str, str]]:
    sigmas = preset.sigmas or ()
    if not rule.takes_sigmas:
        yield "sigmas", "this pipeline spaces its steps itself"
    if len(sigmas) != preset.steps:
        yield "sigmas", f"{len(sigmas)} sigmas for {preset.steps} steps"
    if not all(1 >= high > low > 0 for high, low in itertools.pairwise(sigmas)):
        yield "sigmas", "sigmas fall from at most 1 and stay above 0"


def _cache_faults(preset: "Preset", rule: PipelineRule) -> Iterator[tuple[str, str]]:
    if preset.cache is None:
        return
    if preset.cache not in rule.caches:
        yield "cache", f"the {preset.cache} cache does not work on this pipeline"
    if preset.steps < CACHE_STEPS:
        yield "cache", f"a step cache needs at least {CACHE_STEPS} steps"
