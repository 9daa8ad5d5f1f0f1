"""Joins the parts of a chain into one clip: a part's first frame is the last one of the part before, and shown once."""

from collections.abc import Sequence
from pathlib import Path

from generation.media.fitting import Encoded, even
from generation.media.metadata import Metadata
from generation.media.montage import TO_VIDEO, common_fps, compose_clip, into_cell
from generation.media.probe import ClipFacts, probe


def join_clips(parts: Sequence[Path], destination: Path, limit_bytes: int, metadata: Metadata) -> Encoded:
    """Write the parts, in order, as one MP4 of at most ``limit_bytes``: size of the first part, highest frame rate.

    At equal frame rates it has as many frames as the parts together, less one for each join. Parts without sound are
    silent where others have some. Raises RenderFailed: encoder or too_big.
    """
    facts = [probe(path) for path in parts]
    width, height, fps = even(facts[0].width), even(facts[0].height), common_fps(facts)
    has_sound = any(one.sound_rate for one in facts)
    graph = [
        f"[{number}:v]{_trimmed(number)}{into_cell(width, height)},fps={fps},settb=1/{fps}[v{number}]"
        for number in range(len(parts))
    ]
    if has_sound:
        graph += [_sound(number, one) for number, one in enumerate(facts)]
    streams = "".join(f"[v{number}]" + (f"[a{number}]" if has_sound else "") for number in range(len(parts)))
    outputs = "[joined][a]" if has_sound else "[joined]"
    graph.append(f"{streams}concat=n={len(parts)}:v=1:a={int(has_sound)}{outputs}")
    graph.append(f"[joined]{TO_VIDEO}[v]")
    return compose_clip(parts, ";".join(graph), destination, limit_bytes, metadata=metadata, has_sound=has_sound)


def _trimmed(number: int) -> str:
    return "" if number == 0 else "trim=start_frame=1,setpts=PTS-STARTPTS,"


def _sound(number: int, facts: ClipFacts) -> str:
    """The part's sound, or silence, exactly as long as what is shown of its picture."""
    skipped_seconds = 0.0 if number == 0 else 1 / facts.fps
    shown_seconds = facts.duration_seconds - skipped_seconds
    exact = f"apad,atrim=duration={shown_seconds:.6f},asetpts=PTS-STARTPTS[a{number}]"
    if not facts.sound_rate:
        return f"anullsrc=r=48000:cl=stereo,{exact}"
    start = f"atrim=start={skipped_seconds:.6f},asetpts=PTS-STARTPTS"
    return f"[{number}:a]aresample=48000,aformat=channel_layouts=stereo,{start},{exact}"
