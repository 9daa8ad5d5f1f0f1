"""Reading what a bot sends: JSON, or a multipart form with `payload_json` and files, fast, slow or cut off."""

import asyncio
import json
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.errors import ApiError
from sandbox.faults import Fault
from sandbox.files import Upload
from sandbox.posting import Draft
from sandbox.wire import Json

CHUNK_BYTES = 1 << 16
# Beyond this much per request nothing is kept; the reading goes on so that the refusal can be delivered.
KEPT_BYTES = 512 << 20


class ConnectionCut(Exception):
    """A fault wants the connection reset at this point."""


class Body:
    """A request's body: decoded JSON (None when there is none), its files by number, and how many bytes it had."""

    def __init__(self) -> None:
        self.json: Any = None
        self.present = False
        self.files: dict[int, Upload] = {}
        self.size = 0

    def draft(self, key: str | None = None) -> Draft:
        """The body as a message draft, or the object under `key`; 50035 when it is no object."""
        body: Json = self.object()
        if key is not None:
            body = body.get(key) or {}
        return Draft(dict(body), self.files)

    def object(self) -> Json:
        """The JSON object; an absent body is an empty one."""
        if self.json is None:
            return {}
        if not isinstance(self.json, dict):
            raise ApiError(
                50035, {"_errors": [{"code": "DICT_TYPE_CONVERT", "message": "Only dictionaries may be used"}]}
            )
        return self.json


async def read_body(request: web.Request, body: Body, fault: Fault | None, per_file_limit_bytes: int) -> None:
    """Fill `body` with a whole request at the pace and up to the point that a fault dictates.

    Raises ConnectionCut where the fault cuts, ApiError 50109 for broken JSON, 40005 when a file is over the limit
    (after all of it was read, as otherwise the sender could not receive the answer).
    """
    meter = _Meter(body, fault)
    if not request.can_read_body:
        meter.finish()
    elif request.content_type == "multipart/form-data":
        await _read_form(request, body, meter, per_file_limit_bytes)
        meter.finish()
    else:
        chunks = [chunk async for chunk in meter.pass_on(request.content.iter_chunked(CHUNK_BYTES))]
        _decode(body, b"".join(chunks))
        meter.finish()


async def _read_form(request: web.Request, body: Body, meter: "_Meter", per_file_limit_bytes: int) -> None:
    too_large = False
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        chunks: list[bytes] = []
        kept = 0
        while chunk := await part.read_chunk(CHUNK_BYTES):
            await meter.count(len(chunk))
            kept += len(chunk)
            if kept <= KEPT_BYTES:
                chunks.append(chunk)
        if part.name == "payload_json":
            _decode(body, b"".join(chunks))
        elif part.name is not None and part.name.startswith("files["):
            number = int(part.name.removeprefix("files[").removesuffix("]"))
            too_large = too_large or kept > per_file_limit_bytes
            body.files[number] = Upload(part.filename or "unknown", b"".join(chunks))
    if too_large:
        raise ApiError(40005)


def _decode(body: Body, data: bytes) -> None:
    if not data:
        return
    try:
        body.json = json.loads(data)
    except ValueError:
        raise ApiError(50109) from None
    body.present = True


class _Meter:
    """Counts the bytes of a body and applies a fault to them."""

    def __init__(self, body: Body, fault: Fault | None) -> None:
        self._body = body
        self._fault = fault

    async def count(self, size: int) -> None:
        """Note that so many bytes have passed."""
        self._body.size += size
        fault = self._fault
        if fault is None:
            return
        if fault.after_bytes is not None and self._body.size >= fault.after_bytes:
            raise ConnectionCut
        if fault.bytes_per_second is not None:
            await asyncio.sleep(size / fault.bytes_per_second)

    async def pass_on(self, chunks: Any) -> Any:
        """The same chunks, counted."""
        async for chunk in chunks:
            await self.count(len(chunk))
            yield chunk

    def finish(self) -> None:
        """A body that was shorter than the point at which it should break still breaks."""
        if self._fault is not None and self._fault.after_bytes is not None:
            raise ConnectionCut
