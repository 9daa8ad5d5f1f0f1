"""What a device is asked while something is measured on it: time, memory, and operations."""

import resource
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any, Final, TypeVar

import torch
from torch.utils.flop_counter import FlopCounterMode

from generation.pipelines.memory import transformers_of

PEAK_FLOPS: Final = {
    "H200": 989e12, "H100": 989e12, "A100": 312e12, "L40S": 362e12, "RTX 4090": 165e12, "RTX 5090": 210e12,
}  # fmt: skip
"""Dense bfloat16 operations a second, from NVIDIA's data sheets, by a part of the device's name."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on the wall, and on a processor, those of child processes that ended meanwhile included."""

    seconds: float
    work: float

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.seconds + other.seconds, self.work + other.work)


def middle(measured: Iterable[Spent]) -> Spent:
    """The medians of both times."""
    seconds, work = zip(*((each.seconds, each.work) for each in measured), strict=True)
    return Spent(median(seconds), median(work))


def spent(work: Callable[[], T]) -> tuple[Spent, T]:
    """What ``work`` took until the device had done everything that was asked of it, and what it returned."""
    synchronise()
    start, busy = time.perf_counter(), _processor_seconds()
    result = work()
    synchronise()
    return Spent(time.perf_counter() - start, _processor_seconds() - busy), result


def _processor_seconds() -> float:
    used = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


@dataclass(slots=True)
class Operations:
    """Floating point operations of the first transformer call, and how many calls there were."""

    flops: float = 0.0
    calls: int = 0


def count_operations(pipe: Any, work: Callable[[], object]) -> Operations:
    """The operations of the transformers of ``pipe`` during ``work``."""
    counted, counter = Operations(), FlopCounterMode(display=False)

    def before(module: Any, arguments: Any) -> None:
        counted.calls += 1
        if counted.calls == 1:
            counter.__enter__()  # type: ignore[no-untyped-call]

    def after(module: Any, arguments: Any, output: Any) -> None:
        if counted.calls == 1:
            counter.__exit__(None, None, None)  # type: ignore[no-untyped-call]
            counted.flops = float(counter.get_total_flops())

    handles = [part.register_forward_pre_hook(before) for part in transformers_of(pipe)]
    handles += [part.register_forward_hook(after) for part in transformers_of(pipe)]
    work()
    for handle in handles:
        handle.remove()
    return counted


def synchronise() -> None:
    """Wait for the card, if there is one."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def reset_peak() -> None:
    """Forget how much of the card's memory was in use at most."""
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()


def peak_bytes() -> int:
    """The most memory of the card in use since ``reset_peak``; 0 without a card."""
    return int(torch.cuda.max_memory_allocated()) if torch.cuda.is_available() else 0


def peak_flops() -> float | None:
    """What the card can do in a second at most; None without a card, or with one not on the list."""
    name = torch.cuda.get_device_name() if torch.cuda.is_available() else ""
    return next((flops for part, flops in PEAK_FLOPS.items() if part in name), None)
