"""What the picture of a class's usage shows, as data in the reader's words: bars by week, and credits from now on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UsageBar:
    """One week: a number for each kind of its panel, the first the main one; the text under it; whether it is over."""

    label: str
    numbers: tuple[int, ...]
    is_over: bool = True

    @property
    def total(self) -> int:
        """Of all kinds."""
        return sum(self.numbers)


@dataclass(frozen=True, slots=True)
class UsagePanel:
    """Weeks beside each other. ``note`` is named at the left of a line of ``notes``, one under each bar."""

    title: str
    kinds: tuple[str, ...]
    bars: tuple[UsageBar, ...]
    note: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UsageLine:
    """Credits left from now on: ``points`` and ``ticks`` are by moment, in any unit of time that they share.

    ``end`` names the last point, where the credits are used up; empty where they are not. Without points only the
    verdict is shown.
    """

    title: str
    verdict: str
    points: tuple[tuple[float, float], ...] = ()
    ticks: tuple[tuple[float, str], ...] = ()
    end: str = ""


@dataclass(frozen=True, slots=True)
class UsageDrawing:
    """Everything that is drawn. ``empty`` is said instead of panels in which nothing happened."""

    title: str
    subtitle: str
    empty: str
    panels: tuple[UsagePanel, ...]
    line: UsageLine
