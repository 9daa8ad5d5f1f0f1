"""Pictures of every accepted kind become plain upright sRGB stills."""

import io
import multiprocessing
import struct
import warnings

import numpy as np
import pytest
from pebble import ProcessPool
from pictures import GREEN, RED, SIZE, halves, saved
from PIL import Image, ImageCms

from generation.errors import StillError
from generation.media.decode import LONG_SIDE_LIMIT, decode
from generation.stills import PreparedStill, prepare_still


def opened(still: PreparedStill) -> Image.Image:
    return Image.open(io.BytesIO(still.png))


def colours(still: PreparedStill) -> tuple[np.ndarray, np.ndarray]:
    """The colours in the middle of the left and of the right half."""
    pixels = np.asarray(opened(still)).astype(int)
    middle, quarter = still.height // 2, still.width // 4
    return pixels[middle, quarter], pixels[middle, 3 * quarter]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("JPEG", {"quality": 95}),
        ("WEBP", {"quality": 95}),
        ("WEBP", {"lossless": True}),
        ("AVIF", {"quality": 90}),
        ("HEIF", {"quality": 95}),
        ("GIF", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
    ],
)
def test_every_accepted_type_becomes_a_plain_rgb_png(kind: str, options: dict[str, object]) -> None:
    still = prepare_still(saved(halves(), kind, **options))
    image = opened(still)
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", SIZE)
    assert (still.width, still.height, still.original_width, still.original_height) == (*SIZE, *SIZE)
    left, right = colours(still)
    assert np.abs(left - RED).max() <= 8
    assert np.abs(right - GREEN).max() <= 8


def test_nothing_but_pixels_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(halves(), "JPEG", exif=exif, icc_profile=profile, comment=b"secret comment")
    assert opened(prepare_still(data)).info == {}
    assert b"secret" not in prepare_still(data).png


def test_the_same_bytes_give_the_same_png() -> None:
    data = saved(halves(), "JPEG")
    assert prepare_still(data) == prepare_still(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_the_picture_stands_upright_as_its_exif_says(kind: str, orientation: int) -> None:
    turned = {
        3: Image.Transpose.ROTATE_180,
        6: Image.Transpose.ROTATE_90,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    still = prepare_still(saved(halves().transpose(turned), kind, exif=exif))
    assert (still.width, still.height, still.original_width) == (*SIZE, SIZE[0])
    left, right = colours(still)
    assert left[0] > left[1]
    assert right[1] > right[0]


def test_a_mirrored_picture_is_mirrored_back() -> None:
    exif = Image.Exif()
    exif[0x0112] = 2
    data = saved(halves().transpose(Image.Transpose.FLIP_LEFT_RIGHT), "PNG", exif=exif)
    left, _ = colours(prepare_still(data))
    assert left.tolist() == list(RED)


def test_the_exif_of_a_heic_does_not_turn_it_again() -> None:
    """A HEIC is turned by its container; phones repeat the orientation in EXIF, where it must be ignored."""
    exif = Image.Exif()
    exif[0x0112] = 6
    left, _ = colours(prepare_still(saved(halves(), "HEIF", exif=exif)))
    assert left[0] > left[1]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_transparent_parts_become_white(kind: str) -> None:
    image = halves().convert("RGBA")
    image.paste((*RED, 0), (0, 0, SIZE[0] // 2, SIZE[1]))
    left, right = colours(prepare_still(saved(image, kind, **({"lossless": True} if kind == "WEBP" else {}))))
    assert left.tolist() == [255, 255, 255]
    assert np.abs(right - GREEN).max() <= 2


def test_a_transparent_palette_colour_becomes_white() -> None:
    image = halves().convert("P", palette=Image.Palette.ADAPTIVE, colors=2)
    index = image.getpixel((0, 0))
    left, right = colours(prepare_still(saved(image, "PNG", transparency=index)))
    assert left.tolist() == [255, 255, 255]
    assert np.abs(right - GREEN).max() <= 2


def test_half_transparent_grey_is_laid_on_white() -> None:
    left, _ = colours(prepare_still(saved(Image.new("LA", SIZE, (100, 128)), "PNG")))
    assert np.abs(left - 177).max() <= 1


@pytest.mark.parametrize("mode", ["L", "1", "P"])
def test_few_coloured_modes_keep_their_look(mode: str) -> None:
    left, right = colours(prepare_still(saved(halves((0, 0, 0), (255, 255, 255)).convert(mode), "PNG")))
    assert left.tolist() == [0, 0, 0]
    assert right.tolist() == [255, 255, 255]


@pytest.mark.parametrize(("kind", "dtype"), [("PNG", "<u2"), ("TIFF", "<u2"), ("TIFF", ">u2")])
def test_sixteen_bit_grey_keeps_its_tones(kind: str, dtype: str) -> None:
    values = np.full(SIZE[::-1], 51 * 257, dtype)
    values[:, SIZE[0] // 2 :] = 204 * 257
    left, right = colours(prepare_still(saved(Image.fromarray(values), kind)))
    assert left.tolist() == [51, 51, 51]
    assert right.tolist() == [204, 204, 204]


@pytest.mark.parametrize("full", [1.0, 255.0])
def test_float_grey_keeps_its_tones_whatever_its_scale(full: float) -> None:
    values = np.full(SIZE[::-1], 0.25 * full, np.float32)
    values[:, SIZE[0] // 2 :] = full
    values[0, 0] = np.nan
    left, right = colours(prepare_still(saved(Image.fromarray(values), "TIFF")))
    assert np.abs(left - 64).max() <= 1
    assert right.tolist() == [255, 255, 255]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_without_a_profile_is_converted(kind: str) -> None:
    image = Image.new("CMYK", SIZE, (0, 0, 0, 0))
    image.paste((0, 255, 255, 0), (0, 0, SIZE[0] // 2, SIZE[1]))
    left, right = colours(prepare_still(saved(image, kind)))
    assert left[0] > 230
    assert left[1] < 25
    assert right.min() > 250


def cmyk_profile() -> bytes:
    """A printer profile in which pure cyan ink looks orange, to tell it from any formula."""
    table = bytearray()
    for node in range(16):
        table += bytes((166, 168, 188)) if node == 8 else bytes((255 - 16 * node, 128, 128))
    ramp = bytes(range(256))
    matrix = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    lut = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + matrix + 4 * ramp + bytes(table) + 3 * ramp
    tags = struct.pack(">I4sII", 1, b"A2B0", 144, len(lut))
    header = struct.pack(
        ">I4sI4s4s4s12s4s", 144 + len(lut), bytes(4), 0x02400000, b"prtr", b"CMYK", b"Lab ", bytes(12), b"acsp"
    )
    header = header.ljust(68, b"\0") + struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)
    return header.ljust(128, b"\0") + tags + lut


def test_cmyk_with_a_profile_follows_the_profile() -> None:
    image = Image.new("CMYK", SIZE, (0, 0, 0, 0))
    image.paste((255, 0, 0, 0), (0, 0, SIZE[0] // 2, SIZE[1]))
    left, _ = colours(prepare_still(saved(image, "TIFF", icc_profile=cmyk_profile())))
    assert left[0] > left[1] > left[2]


def swapped_profile() -> bytes:
    """sRGB with its red and green primaries exchanged."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_an_embedded_profile_decides_the_colours(mode: str) -> None:
    data = saved(halves().convert(mode), "PNG", icc_profile=swapped_profile())
    left, right = colours(prepare_still(data))
    assert left[1] > left[0]
    assert right[0] > right[1]


@pytest.mark.parametrize("profile", [b"no profile at all", cmyk_profile(), swapped_profile()[:200]])
def test_a_profile_that_is_broken_or_for_other_colours_is_ignored(profile: bytes) -> None:
    left, _ = colours(prepare_still(saved(halves(), "PNG", icc_profile=profile)))
    assert left.tolist() == list(RED)


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_taken(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    data = saved(halves(), kind, save_all=True, append_images=[Image.new("RGB", SIZE)], **options)
    left, _ = colours(prepare_still(data))
    assert np.abs(left - RED).max() <= 8


def test_a_large_photo_is_bounded_and_keeps_its_aspect() -> None:
    still = prepare_still(saved(Image.new("RGB", (4000, 3000), RED), "JPEG"))
    assert (still.width, still.height) == (LONG_SIDE_LIMIT, 1920)
    assert (still.original_width, still.original_height) == (4000, 3000)


def test_stills_and_faults_come_back_from_another_process() -> None:
    good, small = saved(halves(), "JPEG"), saved(Image.new("RGB", (20, 30)), "PNG")
    with ProcessPool(max_workers=1, context=multiprocessing.get_context("spawn")) as pool:
        assert pool.schedule(prepare_still, args=(good,)).result() == prepare_still(good)
        with pytest.raises(StillError) as caught:
            pool.schedule(prepare_still, args=(small,)).result()
    assert (caught.value.fault, caught.value.details) == ("too_small", {"width": 20, "height": 30, "limit": 64})


def test_decoding_warns_nobody() -> None:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        decode(saved(halves().convert("P"), "PNG", transparency=b"\x00\x10"))
    assert heard == []
