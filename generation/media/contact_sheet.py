"""A frame of every entry with its number on one page, for people who compare and for the wall of a classroom."""

import math
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from PIL import Image

from generation.errors import RenderFailed
from generation.media.ffmpeg import run_ffmpeg
from generation.media.fitting import even, publish, workplace
from generation.media.plates import plate
from generation.media.probe import probe

CELL_WIDTHS: Final = (320, 240, 160, 96)
"""Pixels, tried in turn until the page fits the limit."""

PAGE_ASPECT: Final = 4 / 3
GAP: Final = 8
FRAME: Final = 6
PAPER: Final = (245, 245, 242)
GOLD: Final = (214, 158, 24)


def contact_sheet(
    clips: Sequence[tuple[str, Path]], winners: Collection[str], destination: Path, limit_bytes: int
) -> None:
    """Write the middle frames of (number, clip) pairs as a PNG of at most ``limit_bytes``, winners framed in gold.

    Atomic. Raises RenderFailed: encoder, or too_big if even the smallest page does not fit.
    """
    with workplace(destination) as folder:
        aspect = max(_aspect(path) for _, path in clips)
        frames = [(name, _middle(path, folder / f"{at}.png")) for at, (name, path) in enumerate(clips)]
        for width in CELL_WIDTHS:
            page = _page(frames, winners, width, round(width / aspect))
            page.save(folder / "page.png", optimize=True)
            if (folder / "page.png").stat().st_size <= limit_bytes:
                publish(folder / "page.png", destination)
                return
    raise RenderFailed("too_big", f"contact sheet of {len(clips)} clips, limit {limit_bytes}")


def _aspect(path: Path) -> float:
    """Of the clip, upright ones as if they were square, so that a page of landscape clips has no empty bands."""
    facts = probe(path)
    return max(1.0, facts.width / facts.height)


def _middle(clip: Path, target: Path) -> Image.Image:
    facts = probe(clip)
    height = even(min(facts.height, facts.height * CELL_WIDTHS[0] / facts.width))
    look = f"select='eq(n\\,{facts.frames // 2})',scale=-2:{height}:in_color_matrix=bt709:flags=area"
    run_ffmpeg(["-i", str(clip), "-vf", look, "-frames:v", "1", "-f", "image2", "-update", "1", str(target)])
    with Image.open(target) as image:
        return image.convert("RGB")


def _page(frames: Sequence[tuple[str, Image.Image]], winners: Collection[str], width: int, height: int) -> Image.Image:
    columns = min(len(frames), max(1, round(math.sqrt(len(frames) * PAGE_ASPECT * height / width))))
    rows = math.ceil(len(frames) / columns)
    page = Image.new("RGB", (columns * (width + GAP) + GAP, rows * (height + GAP) + GAP), PAPER)
    for at, (name, frame) in enumerate(frames):
        row, column = divmod(at, columns)
        page.paste(_cell(name, frame, width, height, name in winners), (
            GAP + column * (width + GAP), GAP + row * (height + GAP)
        ))  # fmt: skip
    return page


def _cell(name: str, frame: Image.Image, width: int, height: int, has_won: bool) -> Image.Image:
    cell = Image.new("RGB", (width, height), GOLD if has_won else (0, 0, 0))
    border = FRAME if has_won else 0
    inside = frame.copy()
    scale = min((width - 2 * border) / frame.width, (height - 2 * border) / frame.height)
    inside = inside.resize((round(frame.width * scale), round(frame.height * scale)), Image.Resampling.LANCZOS)
    cell.paste(inside, ((width - inside.width) // 2, (height - inside.height) // 2))
    label = plate(name, height)
    cell.paste(label, (border, border), label)
    return cell
