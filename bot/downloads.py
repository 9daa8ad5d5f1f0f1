"""Fetches what people attach: bounded, whatever the headers say."""

import aiohttp
import discord
import structlog

from generation.errors import StillError

log = structlog.get_logger(__name__)

CHUNK_BYTES = 2**16
TIMEOUT = aiohttp.ClientTimeout(total=60, sock_read=15)
MEBIBYTE = 2**20


async def download(session: aiohttp.ClientSession, attachment: discord.Attachment, limit_bytes: int) -> bytes:
    """The attachment's bytes, at most ``limit_bytes``. Raises StillError("too_big") or ("download")."""
    if attachment.size > limit_bytes:
        raise _too_big(attachment.size, limit_bytes)
    received = bytearray()
    try:
        async with session.get(attachment.url, timeout=TIMEOUT) as response:
            response.raise_for_status()
            async for chunk in response.content.iter_chunked(CHUNK_BYTES):
                received += chunk
                if len(received) > limit_bytes:
                    raise _too_big(len(received), limit_bytes)
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("still not fetched", attachment=attachment.id, why=repr(error))
        raise StillError("download") from error
    return bytes(received)


def _too_big(size_bytes: int, limit_bytes: int) -> StillError:
    return StillError("too_big", size=f"{size_bytes / MEBIBYTE:.1f} MB", limit=f"{limit_bytes / MEBIBYTE:.0f} MB")
