"""Uploaded files: kept in memory, found by id, and given addresses that are signed and expire."""

import hashlib
import hmac
import io
import mimetypes
import re
import secrets
import warnings
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from PIL import Image

from sandbox.clock import Clock
from sandbox.messages import SPOILER_PREFIX, Attachment
from sandbox.snowflakes import Snowflakes

URL_LIFE_SECONDS: Final = 24 * 3600.0  # Discord's reference on signed attachment URLs
_UNSAFE = re.compile(r"[^\w.\-]+")


@dataclass(frozen=True)
class Upload:
    """A file in somebody's hand.

    `content_type` is the uploader's word (guessed from the name when absent). `claimed_size_bytes` lets a test state
    another size than the real one, as a platform error or an attacker would.
    """

    filename: str
    data: bytes
    content_type: str | None = None
    description: str | None = None
    spoiler: bool = False
    claimed_size_bytes: int | None = None


class FileStore:
    """All attachments of a sandbox."""

    def __init__(self, clock: Clock, ids: Snowflakes) -> None:
        self.base_url = ""
        self._clock = clock
        self._ids = ids
        self._key = secrets.token_bytes(32)
        self._by_id: dict[int, Attachment] = {}

    def add(self, upload: Upload, place_id: int, *, ephemeral: bool = False) -> Attachment:
        """Keep a file; `place_id` is the channel it is posted in, or the application for a command's attachment."""
        name = _UNSAFE.sub("_", PurePosixPath(upload.filename).name) or "unknown"
        if upload.spoiler and not name.startswith(SPOILER_PREFIX):
            name = SPOILER_PREFIX + name
        content_type = upload.content_type or mimetypes.guess_type(name)[0]
        width, height = _image_size(upload.data, content_type)
        attachment = Attachment(
            id=self._ids.next(),
            filename=name,
            content=upload.data,
            content_type=content_type,
            place=f"{'ephemeral-attachments' if ephemeral else 'attachments'}/{place_id}",
            sign=self.url_of,
            description=upload.description,
            width=width,
            height=height,
            claimed_bytes=upload.claimed_size_bytes,
            ephemeral=ephemeral,
        )
        self._by_id[attachment.id] = attachment
        return attachment

    def get(self, attachment_id: int) -> Attachment | None:
        """The attachment, or None when there was never one with this id or its message is gone."""
        return self._by_id.get(attachment_id)

    def forget(self, attachment: Attachment) -> None:
        """Drop a file whose message was deleted; its address answers 404 from now on."""
        self._by_id.pop(attachment.id, None)

    def url_of(self, attachment: Attachment) -> str:
        """A signed address that expires in URL_LIFE_SECONDS of sandbox time."""
        issued = int(self._clock.now())
        expires = f"{issued + int(URL_LIFE_SECONDS):x}"
        path = f"{attachment.place}/{attachment.id}/{quote(attachment.filename)}"
        return f"{self.base_url}/{path}?ex={expires}&is={issued:x}&hm={self._signature(attachment.id, expires)}&"

    def accepts(self, attachment_id: int, expires: str, signature: str) -> bool:
        """Whether an address is genuine and has not expired."""
        if not hmac.compare_digest(signature.encode(), self._signature(attachment_id, expires).encode()):
            return False
        return self._clock.now() < int(expires, 16)

    def _signature(self, attachment_id: int, expires: str) -> str:
        return hmac.new(self._key, f"{attachment_id}/{expires}".encode(), hashlib.sha256).hexdigest()


def _image_size(data: bytes, content_type: str | None) -> tuple[int | None, int | None]:
    if not (content_type or "").startswith("image/"):
        return None, None
    with warnings.catch_warnings():
        # Only the header is read here; how many pixels follow is no danger and no news.
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data)) as image:
                return image.size
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None, None
