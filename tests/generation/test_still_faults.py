"""Stills that are refused, each for its own reason."""

import struct
import zlib

import numpy as np
import pytest
from pictures import RED, SIZE, halves, saved
from PIL import Image

from generation.errors import StillError
from generation.media.decode import MEGAPIXEL_LIMIT, PIXEL_LIMIT
from generation.stills import prepare_still


def fault(data: bytes) -> tuple[str, dict[str, str | float]]:
    with pytest.raises(StillError) as caught:
        prepare_still(data)
    return caught.value.fault, caught.value.details


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "empty"),
        (b"hello there, this is text", "unknown"),
        (b"%PDF-1.7 something", "PDF"),
        (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41", "video"),
        (b"  <svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (saved(halves(), "BMP"), "BMP"),
    ],
)
def test_what_is_no_accepted_picture_is_a_wrong_type(data: bytes, found: str) -> None:
    assert fault(data) == ("type", {"found": found})


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "HEIF", "GIF", "TIFF"])
@pytest.mark.parametrize("share", [0.9, 0.5])
def test_a_picture_whose_end_is_missing_is_truncated(kind: str, share: float) -> None:
    noisy = Image.fromarray(np.random.default_rng(1).integers(0, 255, (*SIZE[::-1], 3), np.uint8))
    data = saved(noisy, kind)
    assert fault(data[: int(len(data) * share)]) == ("truncated", {"found": kind})


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "HEIF", "TIFF"])
def test_a_picture_of_rubbish_behind_its_first_bytes_is_broken(kind: str) -> None:
    data = saved(halves(), kind)
    head = {"AVIF": 40, "HEIF": 40}.get(kind, 12)
    rubbish = data[:head] + b"\x55" * (len(data) - head - 64) + data[-64:]
    name, details = fault(rubbish)
    assert name in {"broken", "truncated"}
    assert details == {"found": kind}


def test_a_picture_that_declares_too_many_pixels_is_a_bomb_before_it_is_decoded() -> None:
    side = int(PIXEL_LIMIT**0.5) + 100
    png = bytearray(saved(Image.new("L", (64, 64)), "PNG"))
    png[16:24] = struct.pack(">II", side, side)
    header = bytes(png[12:29])
    png[29:33] = struct.pack(">I", zlib.crc32(header))
    assert fault(bytes(png)) == ("bomb", {"width": side, "height": side, "limit": MEGAPIXEL_LIMIT})


def test_pillows_own_guard_counts_as_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 640 * 480 // 4)
    assert fault(saved(halves(), "PNG"))[0] == "bomb"
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 640 * 480 - 1)
    assert fault(saved(halves(), "PNG"))[0] == "bomb"


@pytest.mark.parametrize("size", [(63, 500), (500, 63), (1, 1)])
def test_under_64_pixels_is_too_small(size: tuple[int, int]) -> None:
    details = {"width": size[0], "height": size[1], "limit": 64}
    assert fault(saved(Image.new("RGB", size), "PNG")) == ("too_small", details)


def test_64_pixels_are_enough() -> None:
    assert prepare_still(saved(Image.new("RGB", (64, 64), RED), "PNG")).width == 64
