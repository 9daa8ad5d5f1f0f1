"""Which advice a still gets, and how it is cropped."""

from pathlib import Path

import numpy as np
import pytest
from pictures import saved
from PIL import Image, ImageFilter

from generation.stills import crop_to, prepare_still

PHOTOS = Path(__file__).parents[2].parent / "shared" / "stills"
OUR_STILLS = Path(__file__).parents[2] / "sandbox" / "stills"


def our_still(name: str) -> Image.Image:
    return Image.open(OUR_STILLS / name).convert("RGB")


@pytest.mark.parametrize("name", ["lighthouse.jpg", "sailing.jpg"])
def test_our_own_stills_need_no_advice(name: str) -> None:
    assert prepare_still((OUR_STILLS / name).read_bytes()).advice == ()


@pytest.mark.parametrize("name", ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"])
def test_sharp_photos_are_neither_blurred_nor_dark(name: str) -> None:
    if not PHOTOS.is_dir():
        pytest.skip(f"no photographs in {PHOTOS.name}")
    still = prepare_still((PHOTOS / name).read_bytes())
    small = min(still.original_width, still.original_height) < 512
    assert still.advice == (("small",) if small else ())


@pytest.mark.parametrize("name", ["lighthouse.jpg", "sailing.jpg"])
def test_a_picture_out_of_focus_is_called_blurred(name: str) -> None:
    soft = our_still(name).filter(ImageFilter.GaussianBlur(6))
    assert prepare_still(saved(soft, "PNG")).advice == ("blurred",)


def test_a_sharp_subject_before_a_soft_background_is_sharp() -> None:
    sharp = our_still("sailing.jpg")
    soft = sharp.filter(ImageFilter.GaussianBlur(10))
    soft.paste(sharp.crop((380, 100, 700, 620)), (380, 100))
    assert prepare_still(saved(soft, "PNG")).advice == ()


@pytest.mark.parametrize("name", ["lighthouse.jpg", "sailing.jpg"])
def test_an_underexposed_picture_is_called_dark(name: str) -> None:
    dark = our_still(name).point(lambda value: value // 6)
    assert "dark" in prepare_still(saved(dark, "PNG")).advice


def test_a_lit_subject_before_black_is_not_dark() -> None:
    image = Image.new("RGB", (1280, 720))
    image.paste(our_still("sailing.jpg").resize((640, 360)), (320, 180))
    assert prepare_still(saved(image, "PNG")).advice == ()


@pytest.mark.parametrize("size", [(832, 480), (480, 832), (640, 640), (1280, 720)])
def test_a_crop_covers_its_size_from_the_middle_and_never_stretches(size: tuple[int, int]) -> None:
    disc = np.hypot(*np.mgrid[-240:240, -320:320]) < 100
    image = Image.fromarray(np.where(disc[..., None], 255, 0).astype(np.uint8).repeat(3, axis=2))
    pixels = np.asarray(crop_to(image, *size))[..., 0] > 127
    rows, columns = np.flatnonzero(pixels.any(axis=1)), np.flatnonzero(pixels.any(axis=0))
    assert pixels.shape == size[::-1]
    assert np.ptp(rows) == pytest.approx(np.ptp(columns), abs=2)
    assert rows.mean() == pytest.approx(size[1] / 2, abs=1.5)
    assert columns.mean() == pytest.approx(size[0] / 2, abs=1.5)
