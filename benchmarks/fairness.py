"""Choosing the next of ten thousand waiting jobs, and playing the line forward, as the bot's event loop does it."""

import time
from collections.abc import Callable

import numpy as np

from benchmarks.rows import Row
from generation.line.allocation import Allocator, Device
from generation.line.estimates import Estimates
from generation.line.forecast import Busy, forecast
from generation.line.people import Line
from storage.jobs import Waiting

WAITING = 10_000
CHOICES = 1000
BOUND_MS = 5.0
FORECAST_BOUND_MS = 100.0
MODELS = ("wan", "ltx", "ti2v")
FORECASTS = 15


def run() -> list[Row]:
    """One choice is a snapshot, the policy, and the line after it; the line is kept at its length."""
    shapes: dict[str, Callable[[int], int]] = {
        "each of another person": lambda number: number,
        "5 of each person": lambda number: number // 5,
        "all of one person": lambda _: 0,
    }
    rows = []
    for name, user_of in shapes.items():
        line = Line()
        for number in range(WAITING):
            line.add(_job(number, user_of(number)), 30.0)
        rows.append(_row(f"next of {WAITING} jobs, {name}, p99", _choices(line, user_of), BOUND_MS))
        rows.append(_row(f"forecast for {WAITING} jobs, {name}, p99", _forecasts(line), FORECAST_BOUND_MS))
    return rows


def _job(number: int, user_id: int) -> Waiting:
    recipe = {"preset": "fast", "steps": 4, "width": 832, "height": 480, "frames": 81}
    return Waiting(number, 1, user_id, MODELS[user_id % len(MODELS)], float(number), 10, "class", recipe)


def _choices(line: Line, user_of: Callable[[int], int]) -> list[float]:
    allocator, free, seconds = Allocator(Estimates(), 1), [Device("gpu-0")], []
    for number in range(WAITING, WAITING + CHOICES):
        started = time.perf_counter()
        given = allocator.assign(line, free, float(number))
        seconds.append(time.perf_counter() - started)
        free = [given.device]
        line.add(_job(number, user_of(number)), 30.0)
    return seconds


def _forecasts(line: Line) -> list[float]:
    allocator, seconds = Allocator(Estimates(), 1), []
    for _ in range(FORECASTS):
        started = time.perf_counter()
        assert list(forecast(line, [Busy(Device("gpu-0"), 1.0)], allocator, float(WAITING)))
        seconds.append(time.perf_counter() - started)
    return seconds


def _row(name: str, seconds: list[float], bound_ms: float) -> Row:
    ours = float(np.percentile(seconds, 99)) * 1000
    bound = f"under {bound_ms:.0f} ms"
    return Row(name=name, ours=ours, reference=None, ratio=None, unit="ms", bound=bound, ok=ours < bound_ms)
