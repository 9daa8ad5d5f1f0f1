"""A class at work: who asks for which clips when. Every assumption is a named number here.

People come in sessions: they stay with one model, ask for a few clips one after the other without waiting for the
first, and leave. One person in ten is heavy and all heavy ones together make half of the jobs. Nobody is turned
away by the cap on outstanding jobs, so that every policy meets exactly the same jobs.
"""

import math
import random
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from generation.line.estimates import Milestone
from storage.jobs import Waiting

HOURS: Final = 6.0
"""How long people keep asking; what is waiting then is still served."""

HEAVY_SHARE: Final = 0.1
HEAVY_JOBS: Final = 0.5

SESSION_JOBS: Final = 3.0
"""Clips that somebody asks for in one session, on average (geometric)."""

HEAVY_SESSION_JOBS: Final = 10.0

THINK_SECONDS: Final = 45.0
"""Between two clips of one session, on average (exponential)."""

SPREAD: Final = 0.1
"""Standard deviation of the logarithm of render and load times around their medians."""


TEXT_SHARE: Final = 0.02
DECODE_SHARE: Final = {"fast": 0.25, "standard": 0.05}
"""Of a render: reading the prompt, and decoding, which takes the same after 4 steps as after 20."""

PACE_SPREAD: Final = 0.1
"""As SPREAD, of one step beside the others of the same clip; steps of a GPU are more regular."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A kind of clip people ask for: how often, and how many seconds it renders on a fast card.

    Seconds are published ones of an H100 scaled to the presets of the menu: Wan at 480p and 720p in 4 steps (27.6,
    and 3.1 times that), Wan in 20 steps with guidance (half of 328), LTX in 8 steps (9.5) and 30 steps (4 times that).
    """

    model_id: str
    recipe: dict[str, Any]
    seconds: float
    weight: float

    @property
    def course(self) -> dict[Milestone, float]:
        """The reports of progress that our pipelines make of it, and the share of its time up to the next one.

        Wan's decoder reports as it goes, four frames at a time; LTX decodes in one call.
        """
        steps, frames = self.recipe["steps"], self.recipe["frames"]
        decode = DECODE_SHARE[self.recipe["preset"]]
        decoded = range(0, frames, 4) if self.model_id == "wan" else range(1)
        return {
            ("encode_prompt", 0, 1): TEXT_SHARE,
            **{("denoise", done, steps): (1 - TEXT_SHARE - decode) / steps for done in range(steps)},
            **{("decode", done, frames): decode / len(decoded) for done in decoded},
        }


def _clip(model_id: str, preset: str, steps: int, size: tuple[int, int, int], seconds: float, weight: float) -> Clip:
    width, height, frames = size
    recipe = {"preset": preset, "steps": steps, "width": width, "height": height, "frames": frames}
    return Clip(model_id, recipe, seconds, weight)


MENU: Final = (
    _clip("wan", "fast", 4, (832, 480, 81), 28.0, 0.40),
    _clip("wan", "fast", 4, (1280, 720, 81), 86.0, 0.10),
    _clip("wan", "standard", 20, (832, 480, 81), 164.0, 0.10),
    _clip("ltx", "fast", 8, (768, 512, 121), 9.5, 0.25),
    _clip("ltx", "standard", 30, (768, 512, 121), 36.0, 0.10),
    _clip("ltx", "fast", 8, (1216, 704, 121), 26.0, 0.05),
)
MEAN_SECONDS: Final = sum(clip.seconds * clip.weight for clip in MENU) * math.exp(SPREAD**2 / 2)


@dataclass(frozen=True, slots=True)
class Load:
    """``people`` share ``devices`` devices; ``load`` is the share of them that renders alone would keep busy."""

    people: int
    devices: int
    load: float
    swap_seconds: float

    @property
    def heavy(self) -> int:
        """People 0 to this are the heavy ones."""
        return round(self.people * HEAVY_SHARE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A job as it will turn out."""

    job: Waiting
    seconds: float
    clip: Clip

    def reports(self) -> list[tuple[Milestone, float]]:
        """When each report of its progress comes, in seconds after its model is there; the same at every call."""
        chance = random.Random(self.job.job_id)  # noqa: S311 - a simulation wants repeatable numbers
        took = {step: share * chance.lognormvariate(0.0, PACE_SPREAD) for step, share in self.clip.course.items()}
        ends = accumulate(took.values(), initial=0.0)
        return [(step, self.seconds * end / sum(took.values())) for step, end in zip(took, ends, strict=False)]


def asked(load: Load, seed: int) -> list[Asked]:
    """All jobs of one run in order of arrival; the same seed gives the same ones to every policy."""
    chance = random.Random(seed)  # noqa: S311 - a simulation wants repeatable numbers
    jobs_per_second = load.load * load.devices / MEAN_SECONDS
    found: list[tuple[float, int, Clip]] = []
    for user in range(load.people):
        is_heavy = user < load.heavy
        share = HEAVY_JOBS / load.heavy if is_heavy else (1 - HEAVY_JOBS) / (load.people - load.heavy)
        length = HEAVY_SESSION_JOBS if is_heavy else SESSION_JOBS
        at = chance.expovariate(jobs_per_second * share / length)
        while at < HOURS * 3600:
            found += [(when, user, clip) for when, clip in _session(chance, at, length)]
            at += chance.expovariate(jobs_per_second * share / length)
    found.sort(key=lambda one: one[:2])
    return [
        Asked(
            Waiting(number, 1, user, clip.model_id, at, max(1, round(clip.seconds / 2)), "class", clip.recipe),
            clip.seconds * chance.lognormvariate(0.0, SPREAD),
            clip,
        )
        for number, (at, user, clip) in enumerate(found, 1)
    ]


def _session(chance: random.Random, at: float, length: float) -> list[tuple[float, Clip]]:
    first = chance.choices(MENU, [clip.weight for clip in MENU])[0]
    same_model = [clip for clip in MENU if clip.model_id == first.model_id]
    found = [(at, first)]
    while chance.random() < 1 - 1 / length:
        at += chance.expovariate(1 / THINK_SECONDS)
        found.append((at, chance.choices(same_model, [clip.weight for clip in same_model])[0]))
    return found
