"""Fetches what people attach: bounded, whatever the headers say."""

from pathlib import Path

import aiohttp
import discord
import structlog

from generation.errors import StillError

log = structlog.get_logger(__name__)

CHUNK_BYTES = 2**16
TIMEOUT = aiohttp.ClientTimeout(total=60, sock_read=15)
MEBIBYTE = 2**20


async def download(
    session: aiohttp.ClientSession, attachment: discord.Attachment, target: Path, limit_bytes: int
) -> None:
    """Write the attachment into ``target``, at most ``limit_bytes``. Raises StillError("too_big") or ("download").

    Chunk by chunk, so that a class that sends its photos at once does not fill the memory.
    """
    if attachment.size > limit_bytes:
        raise _too_big(attachment.size, limit_bytes)
    received_bytes = 0
    try:
        async with session.get(attachment.url, timeout=TIMEOUT) as response:
            response.raise_for_status()
            with target.open("wb") as file:
                async for chunk in response.content.iter_chunked(CHUNK_BYTES):
                    received_bytes += len(chunk)
                    if received_bytes > limit_bytes:
                        raise _too_big(received_bytes, limit_bytes)
                    file.write(chunk)
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("still not fetched", attachment=attachment.id, why=repr(error))
        raise StillError("download") from error


def _too_big(size_bytes: int, limit_bytes: int) -> StillError:
    return StillError("too_big", size=f"{size_bytes / MEBIBYTE:.1f} MB", limit=f"{limit_bytes / MEBIBYTE:.0f} MB")
