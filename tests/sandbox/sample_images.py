"""Pictures for the sandbox's tests."""

import io

from PIL import Image


def png(width: int = 8, height: int = 8) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(target, "PNG")
    return target.getvalue()
