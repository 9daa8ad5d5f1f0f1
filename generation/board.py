"""The class's board of limits as data: what broke, by model, with an example each."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BoardBar:
    """How many clips of one model broke in one way; ``model`` is a place in the drawing's list of models."""

    model: int
    marks: int


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One way to break: its label, its bars, and the example's clip, second and caption, if there is one."""

    label: str
    bars: tuple[BoardBar, ...]
    clip: Path | None = None
    at_seconds: float = 0.0
    caption: str = ""

    @property
    def marks(self) -> int:
        """Of all models."""
        return sum(bar.marks for bar in self.bars)


@dataclass(frozen=True, slots=True)
class BoardDrawing:
    """Everything that is drawn, in the reader's words."""

    title: str
    subtitle: str
    empty: str
    models: tuple[str, ...]
    rows: tuple[BoardRow, ...]
