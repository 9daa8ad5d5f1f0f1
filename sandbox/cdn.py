"""The file server behind attachment addresses: signed, expiring, with ranges, and slow or broken on request."""

import asyncio
from typing import Final

from aiohttp import web

from sandbox.faults import Fault, Faults
from sandbox.files import FileStore
from sandbox.messages import Attachment

_CHUNK_BYTES: Final = 1 << 14
_GONE: Final = "This content is no longer available."
PLACES: Final = ("attachments", "ephemeral-attachments")


class Cdn:
    """Serves what the file store holds."""

    def __init__(self, files: FileStore, faults: Faults) -> None:
        self._files = files
        self._faults = faults

    def mount(self, app: web.Application) -> None:
        """Serve under the paths that FileStore writes into addresses."""
        for place in PLACES:
            app.router.add_get(f"/{place}/{{place_id:\\d+}}/{{attachment_id:\\d+}}/{{filename}}", self._serve)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        fault = self._faults.take("GET", request.path)
        if self._faults.is_outage:
            return web.Response(status=503)
        if fault is not None and fault.status is not None:
            return web.Response(status=fault.status)
        attachment = self._find(request)
        if attachment is None:
            return web.Response(status=404, text=_GONE)
        if fault is not None:
            return await _trickle(request, attachment, fault)
        return _whole_or_range(request, attachment)

    def _find(self, request: web.Request) -> Attachment | None:
        identifier = int(request.match_info["attachment_id"])
        expires, signature = request.query.get("ex", ""), request.query.get("hm", "")
        return self._files.get(identifier) if self._files.accepts(identifier, expires, signature) else None


def _headers(attachment: Attachment) -> dict[str, str]:
    return {
        "Content-Type": attachment.content_type or "application/octet-stream",
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=3600",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; media-src 'self'",
    }


def _whole_or_range(request: web.Request, attachment: Attachment) -> web.Response:
    headers, content = _headers(attachment), attachment.content
    try:
        wanted = request.http_range
    except ValueError:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{len(content)}"})
    if wanted.start is None and wanted.stop is None:
        return web.Response(body=content, headers=headers)
    start, stop, _ = wanted.indices(len(content))
    if start >= stop:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(content)}"
    return web.Response(status=206, body=content[start:stop], headers=headers)


async def _trickle(request: web.Request, attachment: Attachment, fault: Fault) -> web.StreamResponse:
    """Send at a fault's pace and up to its breaking point; the length that was promised is the full one."""
    response = web.StreamResponse(headers=_headers(attachment))
    response.content_length = len(attachment.content)
    await response.prepare(request)
    end = len(attachment.content) if fault.after_bytes is None else min(fault.after_bytes, len(attachment.content))
    for start in range(0, end, _CHUNK_BYTES):
        chunk = attachment.content[start : min(start + _CHUNK_BYTES, end)]
        await response.write(chunk)
        if fault.bytes_per_second is not None:
            await asyncio.sleep(len(chunk) / fault.bytes_per_second)
    if fault.after_bytes is not None and request.transport is not None:
        # What was written must leave before the reset, or nothing of it would arrive.
        await asyncio.sleep(0)
        request.transport.abort()
    return response
