"""Reading what the page sends: one JSON object, and files under names that the object does not repeat."""

import json
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from sandbox.files import Upload
from sandbox.http.bodies import CHUNK_BYTES
from sandbox.wire import Json


@dataclass
class Form:
    """The object and the files, each under the option, field or number it belongs to, in the order they came."""

    body: Json = field(default_factory=dict)
    files: dict[str, list[Upload]] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """A value as text; an absent one is empty."""
        return str(self.body.get(key) or "")


async def read_form(request: web.Request) -> Form:
    """Read a JSON body or a multipart form whose part "body" is JSON; HTTPBadRequest when it is neither."""
    form = Form()
    try:
        if request.content_type != "multipart/form-data":
            form.body = dict(await request.json())
            return form
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader):
                await _take(part, form)
    except (ValueError, TypeError) as error:
        raise web.HTTPBadRequest(text=str(error)) from error
    return form


async def _take(part: BodyPartReader, form: Form) -> None:
    chunks = []
    while chunk := await part.read_chunk(CHUNK_BYTES):
        chunks.append(chunk)
    data = b"".join(chunks)
    if part.name == "body":
        form.body = dict(json.loads(data))
    elif part.name is not None:
        content_type = part.headers.get("Content-Type")
        descriptions: Json = form.body.get("descriptions") or {}
        upload = Upload(part.filename or "unknown", data, content_type, descriptions.get(part.filename or ""))
        form.files.setdefault(part.name, []).append(upload)
