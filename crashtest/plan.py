"""Which kill comes when: every named point in turn, worker and bot at random moments between, from one seed."""

import random
from dataclasses import dataclass
from typing import Literal

from crashtest.points import POINTS, Deed, Point

Target = Literal["point", "bot", "worker", "both"]

RANDOM_KILLS: tuple[Target, ...] = ("bot",) * 6 + ("worker",) * 6 + ("both",) * 3
"""Beside every point once: the bot alone, a worker alone, a worker and then the bot, at random moments."""

ROUND_KILLS = len(POINTS) + len(RANDOM_KILLS)
"""After so many, every point was visited once."""

RANDOM_DEEDS = (Deed.CLIP, Deed.CLIP, Deed.COMPARE, Deed.CONTEST, Deed.TIDY, Deed.RETRY)
"""What people do while something dies at a random moment."""

PAUSES_SECONDS = (0.0, 0.0, 30.0, 3600.0)
"""How long the bot stays down, in the sandbox's time. Discord remembers a nonce for a few minutes (the sandbox says
five), so the last one is a restart for which only the channel's history tells what was posted."""


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: what dies where, after how many passes or seconds, how many clips are asked for, what else people do
    meanwhile, and how long the bot stays down."""

    number: int
    target: Target
    point: Point | None
    passes: int
    clips: int
    deed: Deed
    moment_seconds: float
    pause_seconds: float

    def __str__(self) -> str:
        where = f"at “{self.point.name}”" if self.point else f"of the {self.target} after {self.moment_seconds:.2f} s"
        return f"kill {self.number} {where} (pass {self.passes}), down for {self.pause_seconds:.0f} s"


def plan(seed: int, kills: int) -> list[Kill]:
    """The kills of ``seed``; a longer plan begins with the shorter one."""
    rng = random.Random(seed)  # noqa: S311 - reproducible on purpose
    steps: list[Kill] = []
    while len(steps) < kills:
        cycle: list[tuple[Target, Point | None]] = [("point", point) for point in POINTS]
        cycle += [(target, None) for target in RANDOM_KILLS]
        rng.shuffle(cycle)
        for target, point in cycle:
            clips = rng.randint(1, 3)
            step = Kill(
                number=len(steps) + 1,
                target=target,
                point=point,
                passes=rng.randint(1, clips),
                clips=clips,
                deed=point.deed if point else rng.choice(RANDOM_DEEDS),
                moment_seconds=rng.uniform(0.0, 3.0),
                pause_seconds=rng.choice(PAUSES_SECONDS),
            )
            steps.append(step)
    return steps[:kills]
