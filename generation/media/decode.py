"""Turns the bytes of an attached picture into an upright sRGB image, or says precisely why it cannot."""

import io
import warnings
from typing import Final

import numpy as np
import pillow_heif
from PIL import Image, ImageCms, UnidentifiedImageError

from generation.errors import StillError

MEGAPIXEL_LIMIT: Final = 64
PIXEL_LIMIT: Final = MEGAPIXEL_LIMIT * 10**6
"""Pixels a still may declare; a 50-megapixel phone photo (8160 x 6144) passes, 256 MB of RGBA is never exceeded."""

LONG_SIDE_LIMIT: Final = 2560
"""Longest side kept, in pixels: twice the longest side on the menu, so that no crop is ever enlarged needlessly."""

SHORTEST_SIDE: Final = 64
"""Below this a picture holds nothing to animate."""

PAPER: Final = (255, 255, 255)
"""Colour put behind transparent parts: white, what logos and cut-outs are drawn for and what a page shows them on."""

FORMATS: Final = ("PNG", "JPEG", "WEBP", "AVIF", "HEIF", "GIF", "TIFF")

_BRANDS: Final = {
    b"avif": "AVIF",
    b"avis": "AVIF",
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "HEIF"),
}
_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"%PDF", "PDF"),
    (b"BM", "BMP"),
    (b"<svg", "SVG"),
    (b"<?xml", "SVG"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"8BPS", "PSD"),
    (b"PK\x03\x04", "ZIP"),
)

_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What stands a picture upright, by its EXIF orientation."""

_SIDEWAYS: Final = frozenset((5, 6, 7, 8))

# Pillow loads its less common plugins on demand, but not when the formats are named as they are here.
Image.init()
pillow_heif.register_heif_opener()


def sniff(data: bytes) -> str:
    """Name of the file type by its first bytes, such as ``PNG`` or ``video``; else ``unknown`` or ``empty``."""
    if not data:
        return "empty"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "video")
    head = data[:64].lstrip()
    return next((name for magic, name in _MAGIC if data.startswith(magic) or head.startswith(magic)), "unknown")


def decode(data: bytes) -> tuple[Image.Image, tuple[int, int]]:
    """An upright RGB image in sRGB, at most LONG_SIDE_LIMIT long, and the picture's full (width, height) as seen.

    The type is decided by the bytes. Of an animation the first frame is taken. The pixel limit is checked on the
    header, before anything is decoded. Raises StillError: type, broken, truncated, bomb or too_small.
    """
    kind = sniff(data)
    if kind not in FORMATS:
        raise StillError("type", found=kind)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                _check_size(image)
                return _normalised(image)
    except StillError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise StillError("bomb", limit=MEGAPIXEL_LIMIT) from error
    except UnidentifiedImageError as error:
        raise StillError("truncated" if _is_cut_short(data, kind) else "broken", found=kind) from error
    except MemoryError as error:
        raise StillError("bomb", limit=MEGAPIXEL_LIMIT) from error
    except Exception as error:
        # Decoders raise nearly every built-in type on hostile bytes; in each case the picture is what is wrong.
        cut = isinstance(error, EOFError) or "truncated" in str(error).lower() or _is_cut_short(data, kind)
        raise StillError("truncated" if cut else "broken", found=kind) from error


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > PIXEL_LIMIT:
        raise StillError("bomb", width=width, height=height, limit=MEGAPIXEL_LIMIT)
    if min(width, height) < SHORTEST_SIDE:
        raise StillError("too_small", width=width, height=height, limit=SHORTEST_SIDE)


def _normalised(image: Image.Image) -> tuple[Image.Image, tuple[int, int]]:
    full = image.size
    if image.format in {"JPEG", "MPO"}:
        image.draft(None, (LONG_SIDE_LIMIT, LONG_SIDE_LIMIT))
    image.load()
    profile = image.info.get("icc_profile")
    # Read only now: TIFF and HEIF pictures have been turned by their decoder and no longer say that they should be.
    orientation = image.getexif().get(_ORIENTATION, 1)
    plain = _plain_mode(image)
    plain.thumbnail((LONG_SIDE_LIMIT, LONG_SIDE_LIMIT), Image.Resampling.LANCZOS, reducing_gap=3.0)
    flat = _flattened(plain, profile)
    flat.info.clear()
    turn = _TURNS.get(orientation)
    upright = flat if turn is None else flat.transpose(turn)
    return upright, full[::-1] if orientation in _SIDEWAYS else full


def _plain_mode(image: Image.Image) -> Image.Image:
    """The same picture as RGB, RGBA, L, LA or CMYK with 8 bits a channel."""
    if image.mode.startswith("I") or image.mode == "F":
        return _eight_bits(image)
    if image.mode == "LAB":
        flat = ImageCms.profileToProfile(
            image, ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
        if flat is None:
            raise OSError
        return flat
    if image.mode == "1":
        return image.convert("L")
    if image.has_transparency_data:
        return image.convert("LA" if image.mode in {"L", "LA", "La"} else "RGBA")
    if image.mode in {"RGB", "L", "CMYK"}:
        return image.copy()
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey samples of 16 or 32 bits or floats as 8 bits; whole numbers are 16 bits deep unless they exceed them."""
    values = np.nan_to_num(np.asarray(image, dtype=np.float64), posinf=0.0, neginf=0.0)
    low, high = min(0.0, float(values.min())), float(values.max())
    if image.mode == "F":
        full = next((limit for limit in (1.0, 255.0, 65535.0) if high <= limit), high)
    else:
        full = max(65535.0, high)
    scaled = (values - low) * (255.0 / max(full - low, 1e-12))
    return Image.fromarray(np.rint(scaled).astype(np.uint8), "L")


def _flattened(image: Image.Image, profile: bytes | None) -> Image.Image:
    alpha = image.getchannel("A") if image.mode in {"RGBA", "LA"} else None
    opaque = image.convert(image.mode.removesuffix("A")) if alpha else image
    colours = _to_srgb(opaque, profile)
    if alpha is None:
        return colours
    paper = Image.new("RGB", colours.size, PAPER)
    paper.paste(colours, mask=alpha)
    return paper


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours as sRGB by the embedded profile; a profile that does not open or fit the picture is ignored."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), ImageCms.Intent.PERCEPTUAL, outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")


def _is_cut_short(data: bytes, kind: str) -> bool:
    """Whether the container itself says that bytes are missing at the end."""
    if kind == "PNG":
        return b"IEND" not in data[-64:]
    if kind == "JPEG":
        return b"\xff\xd9" not in data[-64:]
    if kind == "WEBP":
        return int.from_bytes(data[4:8], "little") + 8 > len(data)
    if kind == "GIF":
        return not data.rstrip(b"\x00").endswith(b";")
    if kind in {"AVIF", "HEIF"}:
        return _box_is_cut(data)
    return False


def _box_is_cut(data: bytes) -> bool:
    position = 0
    while position + 8 <= len(data):
        size = int.from_bytes(data[position : position + 4], "big")
        if size == 1:
            size = int.from_bytes(data[position + 8 : position + 16], "big")
        if size == 0:
            return False
        if size < 8:
            return False
        position += size
    return position != len(data)
