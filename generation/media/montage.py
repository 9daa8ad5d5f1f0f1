"""What joined and side-by-side clips share: how several clips become one MP4 that fits the limit."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from generation.media.encoder import CRF, SOUND_KILOBITS
from generation.media.ffmpeg import run_ffmpeg
from generation.media.fitting import BT709_TAGS, Encoded, fit_within, publish, workplace
from generation.media.metadata import Metadata
from generation.media.probe import ClipFacts

TO_VIDEO: Final = f"setsar=1,format=yuv420p,{BT709_TAGS}"


def into_cell(width: int, height: int) -> str:
    """The filter that fits a clip into a cell without stretching it, on black."""
    inside = f"scale={width}:{height}:force_original_aspect_ratio=decrease:flags=lanczos+accurate_rnd"
    # Rounded to even sides before the padding, because the colours of 4:2:0 have half as many pixels.
    return f"{inside}:force_divisible_by=2,pad={width}:{height}:-1:-1:black,setsar=1"


def common_fps(facts: Sequence[ClipFacts]) -> int:
    """The highest of the clips' frame rates, so that none of them loses a frame."""
    return round(max(one.fps for one in facts))


def in_a_row(facts: Sequence[ClipFacts], *, overlap_frames: int = 0) -> tuple[list[str], bool]:
    """The end of a graph that shows [v0], [v1], … one after another as [v]; and whether it has sound, as [a].

    It has if any clip has; the others are silent then. ``overlap_frames`` are those that the caller left out at the
    beginning of every picture but the first.
    """
    count, has_sound = len(facts), any(one.sound_rate for one in facts)
    graph = []
    if has_sound:
        graph += [_sound(number, one, overlap_frames if number else 0) for number, one in enumerate(facts)]
    streams = "".join(f"[v{number}]" + (f"[a{number}]" if has_sound else "") for number in range(count))
    outputs = "[row][a]" if has_sound else "[row]"
    return [*graph, f"{streams}concat=n={count}:v=1:a={int(has_sound)}{outputs}", f"[row]{TO_VIDEO}[v]"], has_sound


def _sound(number: int, facts: ClipFacts, skipped_frames: int) -> str:
    """The clip's sound, or silence, exactly as long as what is shown of its picture."""
    skipped_seconds = skipped_frames / facts.fps
    shown_seconds = facts.duration_seconds - skipped_seconds
    exact = f"apad,atrim=duration={shown_seconds:.6f},asetpts=PTS-STARTPTS[a{number}]"
    if not facts.sound_rate:
        return f"anullsrc=r=48000:cl=stereo,{exact}"
    start = f"atrim=start={skipped_seconds:.6f},asetpts=PTS-STARTPTS"
    return f"[{number}:a]aresample=48000,aformat=channel_layouts=stereo,{start},{exact}"


def compose_clip(
    inputs: Sequence[Path],
    graph: str,
    destination: Path,
    limit_bytes: int,
    *,
    metadata: Metadata,
    has_sound: bool = False,
) -> Encoded:
    """Run the filter ``graph``, whose outputs are [v] and, with sound, [a], and write what fits the limit.

    Atomic: ``destination`` appears complete, synced and within the limit, or not at all.
    Raises RenderFailed: encoder or too_big.
    """
    sources = [part for path in inputs for part in ("-i", str(path))]
    audio = ["-map", "[a]", "-c:a", "aac", "-b:a", f"{SOUND_KILOBITS}k"] if has_sound else ["-an"]
    with workplace(destination) as folder:
        first = folder / "first.mp4"
        run_ffmpeg([
            *sources, "-filter_complex", graph, "-map", "[v]", *audio,
            "-c:v", "libx264", "-preset", "medium", "-profile:v", "high", "-crf", str(CRF),
            "-map_metadata", "-1", *metadata.arguments(), "-movflags", "+faststart", "-f", "mp4", str(first),
        ])  # fmt: skip
        finished, encoded = fit_within(first, folder, limit_bytes)
        publish(finished, destination)
    return encoded
