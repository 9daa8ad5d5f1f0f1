"""Pictures with addresses that never expire: the faces of accounts without one of their own, and custom emojis."""

import functools
import io
from typing import Final

from aiohttp import web
from PIL import Image, ImageDraw

from sandbox.emojis import Emojis

_SIDE: Final = 128
# Colours of this sandbox; Discord's drawings are its own.
_TINTS: Final = ("#7a4fc0", "#2f6fb5", "#2c7a4b", "#8a5a14", "#b3475f", "#9b3f93")
_HEADERS: Final = {
    "Cache-Control": "public, max-age=3600",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


class Pictures:
    """Serves what `discord.Asset` reads of a bot's people and what messages name."""

    def __init__(self, emojis: Emojis) -> None:
        self._emojis = emojis

    def mount(self, app: web.Application) -> None:
        """Serve under the paths of Discord's CDN."""
        app.router.add_get("/embed/avatars/{number:\\d}.png", self._face)
        app.router.add_get("/emojis/{emoji_id:\\d+}.{format}", self._emoji)

    async def _face(self, request: web.Request) -> web.Response:
        return web.Response(body=_drawn(int(request.match_info["number"])), content_type="image/png", headers=_HEADERS)

    async def _emoji(self, request: web.Request) -> web.Response:
        emoji = self._emojis.find(int(request.match_info["emoji_id"]))
        if emoji is None:
            return web.Response(status=404)
        return web.Response(body=emoji.content, content_type=emoji.content_type, headers=_HEADERS)


@functools.cache
def _drawn(number: int) -> bytes:
    """A face for the accounts with this number, as a PNG."""
    image = Image.new("RGB", (_SIDE, _SIDE), _TINTS[number % len(_TINTS)])
    draw = ImageDraw.Draw(image)
    draw.ellipse((44, 26, 84, 66), fill="white")
    draw.ellipse((24, 76, 104, 156), fill="white")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
