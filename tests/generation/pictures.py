"""Pictures made of two colours, saved as any type, for the tests of stills."""

import io

from PIL import Image

SIZE = (640, 480)
RED, GREEN = (200, 30, 40), (20, 170, 60)


def halves(left: tuple[int, int, int] = RED, right: tuple[int, int, int] = GREEN) -> Image.Image:
    image = Image.new("RGB", SIZE, left)
    image.paste(right, (SIZE[0] // 2, 0, *SIZE))
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()
