"""A finished clip without the texts inside it, for whoever may watch it before they may know what was asked for."""

from pathlib import Path

from generation.media.ffmpeg import run_ffmpeg
from generation.media.fitting import publish, workplace


def without_texts(source: Path, destination: Path) -> None:
    """Copy picture and sound as they are, and none of ``generation.media.metadata``. Atomic. Raises RenderFailed."""
    with workplace(destination) as folder:
        bare = folder / "bare.mp4"
        run_ffmpeg([
            "-i", str(source), "-map", "0:v:0", "-map", "0:a?", "-c", "copy", "-map_metadata", "-1",
            "-movflags", "+faststart", "-f", "mp4", str(bare),
        ])  # fmt: skip
        publish(bare, destination)
