"""Reads container and stream facts of an MP4 back from its boxes (ISO/IEC 14496-12), without decoding anything."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from generation.errors import RenderFailed

_PROFILES: Final = {66: "Baseline", 77: "Main", 100: "High", 110: "High 10", 122: "High 4:2:2", 244: "High 4:4:4"}
_CHROMA: Final = {0: "gray", 1: "yuv420p", 2: "yuv422p", 3: "yuv444p"}
_MATRICES: Final = {1: "bt709", 2: "unknown", 5: "bt470bg", 6: "smpte170m", 9: "bt2020"}
_METADATA: Final = {b"\xa9nam": "title", b"\xa9cmt": "comment", b"desc": "description", b"\xa9ART": "artist"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipFacts:
    """What the file says of itself. ``payload_bytes`` is the coded media alone; sides are pixels.

    ``colours`` is (primaries, transfer, matrix, range), each ``unknown`` when untagged; ``sound_rate`` is 0 if silent.
    """

    size_bytes: int
    payload_bytes: int
    faststart: bool
    codec: str
    profile: str
    pixel_format: str
    width: int
    height: int
    frames: int
    fps: float
    duration_seconds: float
    colours: tuple[str, str, str, str] = ("unknown",) * 4
    sound_codec: str = ""
    sound_rate: int = 0
    sound_seconds: float = 0.0
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Track:
    handler: bytes
    seconds: float
    samples: int
    sample_entry: bytes


def probe(path: Path) -> ClipFacts:
    """Facts of the first video and the first sound track. Raises RenderFailed("encoder") if it is no whole MP4."""
    try:
        return _probe(path.read_bytes())
    except (struct.error, LookupError, StopIteration, ZeroDivisionError) as error:
        raise RenderFailed("encoder", f"{path.name} is not a whole MP4") from error


def _probe(data: bytes) -> ClipFacts:
    top = list(_boxes(data))
    order = [kind for kind, _ in top]
    moov = next(body for kind, body in top if kind == b"moov")
    tracks = [_track(body) for kind, body in _boxes(moov) if kind == b"trak"]
    video = next(track for track in tracks if track.handler == b"vide")
    sound = next((track for track in tracks if track.handler == b"soun"), None)
    width, height = struct.unpack_from(">HH", video.sample_entry, 32)
    profile, pixel_format = _h264(video.sample_entry)
    return ClipFacts(
        size_bytes=len(data),
        payload_bytes=sum(len(body) for kind, body in top if kind == b"mdat"),
        faststart=order.index(b"moov") < order.index(b"mdat"),
        codec=video.sample_entry[4:8].decode("latin-1"),
        profile=profile,
        pixel_format=pixel_format,
        width=width,
        height=height,
        frames=video.samples,
        fps=video.samples / video.seconds,
        duration_seconds=video.seconds,
        colours=_colours(video.sample_entry),
        sound_codec=sound.sample_entry[4:8].decode("latin-1") if sound else "",
        sound_rate=struct.unpack_from(">I", sound.sample_entry, 32)[0] >> 16 if sound else 0,
        sound_seconds=sound.seconds if sound else 0.0,
        metadata=_metadata(moov),
    )


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(type, body) of each box in a row; LookupError when one reaches past the end."""
    position = 0
    while position + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, position)
        header = 8
        if size == 1:
            size, header = struct.unpack_from(">Q", data, position + 8)[0], 16
        end = position + size if size else len(data)
        if end > len(data) or end < position + header:
            raise LookupError(kind)
        yield kind, data[position + header : end]
        position = end


def _find(data: bytes, *path: bytes) -> bytes:
    for name in path:
        data = next(body for kind, body in _boxes(data) if kind == name)
    return data


def _track(trak: bytes) -> _Track:
    mdhd = _find(trak, b"mdia", b"mdhd")
    timescale, duration = struct.unpack_from(">IQ", mdhd, 20) if mdhd[0] else struct.unpack_from(">II", mdhd, 12)
    stbl = _find(trak, b"mdia", b"minf", b"stbl")
    return _Track(
        handler=_find(trak, b"mdia", b"hdlr")[8:12],
        seconds=duration / timescale,
        samples=struct.unpack_from(">I", _find(stbl, b"stsz"), 8)[0],
        sample_entry=_find(stbl, b"stsd")[8:],
    )


def _h264(entry: bytes) -> tuple[str, str]:
    """Profile and pixel format by the decoder configuration (ISO/IEC 14496-15); 8-bit 4:2:0 unless it says more."""
    config = dict(_boxes(entry[86:])).get(b"avcC", b"")
    if not config:
        return "", ""
    profile = _PROFILES.get(config[1], str(config[1]))
    position = 6
    for _ in range(config[5] & 31):
        position += 2 + struct.unpack_from(">H", config, position)[0]
    count = config[position]
    position += 1
    for _ in range(count):
        position += 2 + struct.unpack_from(">H", config, position)[0]
    if config[1] < 100 or position + 2 > len(config):
        return profile, "yuv420p"
    depth = 8 + (config[position + 1] & 7)
    return profile, _CHROMA[config[position] & 3] + (f"{depth}le" if depth > 8 else "")


def _colours(entry: bytes) -> tuple[str, str, str, str]:
    colr = dict(_boxes(entry[86:])).get(b"colr", b"")
    if colr[:4] != b"nclx":
        return ("unknown",) * 4
    primaries, transfer, matrix = struct.unpack_from(">HHH", colr, 4)
    names = [_MATRICES.get(code, str(code)) for code in (primaries, transfer, matrix)]
    return names[0], names[1], names[2], "pc" if colr[10] & 128 else "tv"


def _metadata(moov: bytes) -> dict[str, str]:
    try:
        ilst = _find(_find(moov, b"udta", b"meta")[4:], b"ilst")
    except StopIteration:
        return {}
    items = {_METADATA.get(kind): _find(body, b"data")[8:] for kind, body in _boxes(ilst)}
    return {name: value.decode("utf-8", "replace") for name, value in items.items() if name}
