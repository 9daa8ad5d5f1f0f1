"""First, middle and last frame of a clip side by side, as one small picture."""

from pathlib import Path
from typing import Final

from generation.media.ffmpeg import run_ffmpeg
from generation.media.probe import probe

HEIGHT: Final = 120
"""Pixels; three frames of a landscape clip are then 624 wide, what Discord shows without scaling."""

GAP: Final = 4


def make_strip(clip: Path, target: Path) -> None:
    """Write the strip of ``clip`` to ``target``, a JPEG; some ten kilobytes. Raises RenderFailed("encoder")."""
    count = probe(clip).frames
    # Of a clip of one or two frames a frame may stand there twice.
    wanted = (0, count // 2, count - 1)
    chosen = "+".join(f"eq(n\\,{number})" for number in dict.fromkeys(wanted))
    tile = f"tile={len(set(wanted))}x1:padding={GAP}:color=white"
    look = f"select='{chosen}',scale=-2:{HEIGHT}:in_color_matrix=bt709:flags=area,{tile}"
    run_ffmpeg(
        ["-i", str(clip), "-vf", look, "-frames:v", "1", "-q:v", "4", "-f", "image2", "-update", "1", str(target)]
    )
