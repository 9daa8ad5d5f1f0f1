"""Pictures are decoded and clips re-encoded here: in other processes, with time limits, never on the event loop."""

import contextlib
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from concurrent.futures import TimeoutError as PoolTimeout
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired

from generation.board import BoardDrawing
from generation.entry import Shape
from generation.errors import RenderFailed, RequestError, StillError
from generation.media.metadata import Metadata
from generation.processes import Processes
from generation.request import fit_size
from generation.teaching.usage import UsageDrawing
from storage.blobs import blob_name

P = ParamSpec("P")
T = TypeVar("T")

STILL_LIMIT_SECONDS = 20.0
FIT_LIMIT_SECONDS = 300.0
STRIP_LIMIT_SECONDS = 30.0
DRAW_LIMIT_SECONDS = 60.0

STILL_PROCESSES = 2
"""So that a class that sends its stills at once is served by two cores."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A prepared still: the name under which it will be kept, its sides in pixels, what would make a better one.

    ``shown_jpeg`` is the still as the model gets it, if a look at it was asked for.
    """

    name: str
    width: int
    height: int
    advice: tuple[str, ...]
    shown_jpeg: bytes | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """The shape and the grid of sizes in which a still is to be looked at."""

    shape: Shape
    side_step: int


class Darkroom:
    """Stills and clips are worked on in processes of their own, because a clip may take minutes to fit."""

    def __init__(self, stills: Processes, clips: Processes) -> None:
        self._stills = stills
        self._clips = clips

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator["Darkroom"]:
        """Start the pools, and stop them in the end; running work is lost then."""
        async with Processes.open(STILL_PROCESSES) as stills, Processes.open(1) as clips:
            stills.warm_up(_warm_up)
            yield cls(stills, clips)

    async def prepare(self, source: Path, target: Path, look: Look | None = None) -> Prepared:
        """Decode and normalise the still in ``source`` into ``target``, as ``prepare_still``. Raises StillError.

        With a ``look``, what the model will get comes too, unless no size of that shape fits the still.
        """
        try:
            return await self._stills.run(STILL_LIMIT_SECONDS, _prepare, source, target, look)
        except PoolTimeout as error:
            raise StillError("slow") from error
        except ProcessExpired as error:
            raise StillError("broken", cause="the decoder crashed") from error

    async def draw(self, drawing: BoardDrawing | UsageDrawing) -> bytes:
        """The class's board, or how it used its credits, as a PNG. Raises RenderFailed."""
        try:
            return await self._clips.run(DRAW_LIMIT_SECONDS, _draw, drawing)
        except (PoolTimeout, ProcessExpired) as error:
            raise RenderFailed("internal", f"{type(error).__name__} while drawing") from error

    async def fit(self, source: Path, target: Path, limit_bytes: int) -> int:
        """Re-encode a clip to at most ``limit_bytes`` and return its size in bytes. Raises RenderFailed."""
        return await self._compose("fitting", _fit, source, target, limit_bytes)

    async def without_texts(self, clip: Path, target: Path) -> None:
        """Copy a clip into ``target`` without its prompt and recipe, as ``without_texts``. Raises RenderFailed."""
        await self._compose("taking texts out", _without_texts, clip, target)

    async def last_frame(self, clip: Path, target: Path) -> str:
        """Write a clip's last frame to ``target`` as a still; returns its name in the store. Raises RenderFailed."""
        return await self._compose("taking the last frame", _last_frame, clip, target)

    async def join(self, parts: Sequence[Path], target: Path, limit_bytes: int, metadata: Metadata) -> int:
        """Join clips as ``join_clips`` and return the size in bytes. Raises RenderFailed."""
        return await self._compose("joining", _join, parts, target, limit_bytes, metadata)

    async def side_by_side(
        self, clips: Sequence[tuple[str, Path]], target: Path, limit_bytes: int, metadata: Metadata
    ) -> int:
        """Put clips beside each other as ``side_by_side`` and return the size in bytes. Raises RenderFailed."""
        return await self._compose("putting side by side", _side_by_side, clips, target, limit_bytes, metadata)

    async def contact_sheet(
        self, clips: Sequence[tuple[str, Path]], winners: Collection[str], target: Path, limit_bytes: int
    ) -> None:
        """Put a frame of each clip on one page, as ``contact_sheet``. Raises RenderFailed."""
        await self._compose("making a contact sheet", _contact_sheet, clips, winners, target, limit_bytes)

    async def reel(self, clips: Sequence[tuple[str, Path]], target: Path, limit_bytes: int, metadata: Metadata) -> int:
        """Show clips one after another, as ``make_reel``, and return the size in bytes. Raises RenderFailed."""
        return await self._compose("making a reel", _reel, clips, target, limit_bytes, metadata)

    async def _compose(self, doing: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await self._clips.run(FIT_LIMIT_SECONDS, work, *args, **kwargs)
        except (PoolTimeout, ProcessExpired) as error:
            raise RenderFailed("encoder", f"{type(error).__name__} while {doing}") from error

    async def strip(self, source: Path, target: Path) -> None:
        """Write a clip's first, middle and last frame into ``target``, side by side. Raises RenderFailed."""
        try:
            await self._clips.run(STRIP_LIMIT_SECONDS, _strip, source, target)
        except (PoolTimeout, ProcessExpired) as error:
            raise RenderFailed("encoder", f"{type(error).__name__} while making thumbnails") from error


# What follows runs in the pool. Only there are Pillow, NumPy and OpenCV imported; the bot's process stays small.


def _warm_up() -> None:
    import generation.stills  # noqa: F401 - a server that could not import it leaves the work to its processes


def _prepare(source: Path, target: Path, look: Look | None) -> Prepared:
    from generation.media.decode import decode
    from generation.stills import prepare_image, shown_still

    image, original_size = decode(source.read_bytes())
    still = prepare_image(image, original_size)
    target.write_bytes(still.png)
    shown = None
    if look is not None:
        with contextlib.suppress(RequestError):
            size = fit_size(look.shape, (still.width, still.height), look.side_step)
            shown = shown_still(image, *size)
    return Prepared(blob_name(still.png, target.suffix), still.width, still.height, still.advice, shown)


def _draw(drawing: BoardDrawing | UsageDrawing) -> bytes:
    from generation.media.board import draw_board
    from generation.media.usage import draw_usage

    return draw_board(drawing) if isinstance(drawing, BoardDrawing) else draw_usage(drawing)


def _fit(source: Path, target: Path, limit_bytes: int) -> int:
    from generation.media.fitting import fit

    return fit(source, target, limit_bytes).size_bytes


def _without_texts(clip: Path, target: Path) -> None:
    from generation.media.anonymous import without_texts

    without_texts(clip, target)


def _last_frame(clip: Path, target: Path) -> str:
    from PIL import Image

    from generation.media.frames import last_frame

    Image.fromarray(last_frame(clip)).save(target, "PNG", compress_level=3)
    return blob_name(target.read_bytes(), target.suffix)


def _join(parts: Sequence[Path], target: Path, limit_bytes: int, metadata: Metadata) -> int:
    from generation.media.joining import join_clips

    return join_clips(parts, target, limit_bytes, metadata).size_bytes


def _side_by_side(clips: Sequence[tuple[str, Path]], target: Path, limit_bytes: int, metadata: Metadata) -> int:
    from generation.media.side_by_side import side_by_side

    return side_by_side(clips, target, limit_bytes, metadata).size_bytes


def _strip(source: Path, target: Path) -> None:
    from generation.media.thumbnails import make_strip

    make_strip(source, target)


def _contact_sheet(clips: Sequence[tuple[str, Path]], winners: Collection[str], target: Path, limit_bytes: int) -> None:
    from generation.media.contact_sheet import contact_sheet

    contact_sheet(clips, winners, target, limit_bytes)


def _reel(clips: Sequence[tuple[str, Path]], target: Path, limit_bytes: int, metadata: Metadata) -> int:
    from generation.media.reel import make_reel

    return make_reel(clips, target, limit_bytes, metadata).size_bytes
