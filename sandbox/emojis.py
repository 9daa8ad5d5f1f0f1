"""The application's own emojis: small pictures that a bot uploads once and names in its messages as <:name:id>."""

import base64
import binascii
import io
import re
from dataclasses import dataclass
from typing import Final

from PIL import Image

from sandbox.accounts import User
from sandbox.errors import ApiError, invalid_form
from sandbox.snowflakes import Snowflakes
from sandbox.wire import Json

# From Discord's reference on application emojis.
MAX_EMOJIS: Final = 2000
MAX_BYTES: Final = 256 << 10
_NAME = re.compile(r"\w{2,32}", re.ASCII)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif);base64,(.+)", re.DOTALL)
_FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")


@dataclass
class Emoji:
    """A picture with a name; `content_type` is what its bytes are, whatever was claimed."""

    id: int
    name: str
    content: bytes
    content_type: str
    user: User

    def render(self) -> Json:
        """The emoji object."""
        return {
            "id": str(self.id),
            "name": self.name,
            "roles": [],
            "user": self.user.render(),
            "require_colons": True,
            "managed": False,
            "animated": self.content_type == "image/gif",
            "available": True,
        }


class Emojis:
    """All of them, by id."""

    def __init__(self, ids: Snowflakes) -> None:
        self._ids = ids
        self._by_id: dict[int, Emoji] = {}

    def all(self) -> list[Emoji]:
        """Every emoji, the oldest first."""
        return [*self._by_id.values()]

    def find(self, emoji_id: int) -> Emoji | None:
        """The emoji with an id, if there is one."""
        return self._by_id.get(emoji_id)

    def get(self, emoji_id: int) -> Emoji:
        """The emoji with an id; ApiError 10014."""
        if emoji_id not in self._by_id:
            raise ApiError(10014)
        return self._by_id[emoji_id]

    def add(self, name: str, image: str, user: User) -> Emoji:
        """Keep a picture given as a data URI; ApiError 30008 at the limit, 50035 for a bad name or picture."""
        if len(self._by_id) >= MAX_EMOJIS:
            raise ApiError(30008)
        _check_name(name)
        content, content_type = _decoded(image)
        emoji = Emoji(self._ids.next(), name, content, content_type, user)
        self._by_id[emoji.id] = emoji
        return emoji

    def rename(self, emoji_id: int, name: str) -> Emoji:
        """Another name for the same picture; ApiError 10014, 50035."""
        emoji = self.get(emoji_id)
        _check_name(name)
        emoji.name = name
        return emoji

    def remove(self, emoji_id: int) -> None:
        """Messages that name it show only its name from now on; ApiError 10014."""
        self.get(emoji_id)
        del self._by_id[emoji_id]


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise invalid_form("name", "STRING_TYPE_REGEX", "Letters, digits and underscores, 2 to 32 of them.")


def _decoded(image: str) -> tuple[bytes, str]:
    found = _PICTURE.fullmatch(image)
    try:
        content = base64.b64decode(found[1] if found else "", validate=True)
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            content_type = str(picture.get_format_mimetype())
    except (binascii.Error, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise invalid_form("image", "IMAGE_INVALID", "Invalid image data") from error
    if len(content) > MAX_BYTES:
        raise invalid_form("image", "BINARY_TYPE_MAX_SIZE", f"File cannot be larger than {MAX_BYTES >> 10} kb.")
    return content, content_type
