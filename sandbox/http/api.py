"""What every handler of the HTTP API is given, and the way of one request: faults, validation, limits, answer, log."""

import json
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from sandbox.commands import CommandRegistry
from sandbox.dialogue import Dialogue
from sandbox.errors import ApiError
from sandbox.faults import Fault, Faults
from sandbox.http.bodies import Body, ConnectionCut, read_body
from sandbox.limits import RateLimits
from sandbox.model import Channel, Guild
from sandbox.posting import Posting
from sandbox.state import World
from sandbox.validation import UNCHECKED, LoggedRequest, Validator, Verdict
from sandbox.wire import Json

PREFIX: Final = "/api/v10"
VIA: Final = "1.1 google"  # discord.py takes a 429 without a Via header for a ban
_KEPT_REQUESTS: Final = 10_000
_OPEN_PREFIXES: Final = ("/interactions/", "/webhooks/")
_log = logging.getLogger(__name__)


@dataclass
class Api:
    """The parts of a sandbox that the HTTP API works on."""

    world: World
    posting: Posting
    dialogue: Dialogue
    commands: CommandRegistry
    limits: RateLimits
    faults: Faults
    validator: Validator | None
    requests: list[LoggedRequest] = field(default_factory=list)
    gateway_url: str = ""

    def log(self, entry: LoggedRequest) -> None:
        """Keep a request and tell whoever watches; only the newest are kept."""
        self.requests.append(entry)
        if len(self.requests) > _KEPT_REQUESTS:
            del self.requests[: _KEPT_REQUESTS // 2]
        payload = {"method": entry.method, "path": entry.path, "status": entry.status, "verdict": entry.verdict.kind}
        self.world.publish("request", payload, None, entry, for_bot=False)


@dataclass
class Incoming:
    """One request, decoded."""

    params: dict[str, str]
    query: dict[str, str]
    body: Body

    def id(self, name: str) -> int:
        """A path parameter that is a snowflake; 50035 if it is none."""
        return as_id(self.params[name], name)

    def count(self, name: str, default: int, highest: int) -> int:
        """A `limit` from the query, within 1 and `highest`."""
        return max(1, min(highest, int(self.query.get(name, default))))

    def flag(self, name: str) -> bool:
        """A boolean of the query."""
        return self.query.get(name, "").lower() in ("1", "true")

    def snowflake(self, name: str) -> int | None:
        """An optional snowflake of the query."""
        return as_id(self.query[name], name) if name in self.query else None


def as_id(text: str, name: str) -> int:
    """A snowflake from the wire; 50035 if it is none."""
    if not text.isdecimal():
        details = {name: {"_errors": [{"code": "NUMBER_TYPE_COERCE", "message": f'Value "{text}" is not snowflake.'}]}}
        raise ApiError(50035, details)
    return int(text)


Handler = Callable[[Api, Incoming], object]
Route = tuple[str, str, Handler]


def channel_of(api: Api, incoming: Incoming) -> Channel:
    """The channel named in the path, which the bot must be able to see (10003, 50001)."""
    channel = api.world.channel(incoming.id("channel_id"))
    api.world.require(channel)
    return channel


def guild_of(api: Api, incoming: Incoming) -> Guild:
    """The guild named in the path, which the bot must be in (10004)."""
    return api.world.guild(incoming.id("guild_id"))


@dataclass
class _Exchange:
    """The state of one request on its way."""

    method: str
    path: str
    template: str
    fault: Fault | None
    body: Body = field(default_factory=Body)
    verdict: Verdict = UNCHECKED
    headers: dict[str, str] = field(default_factory=dict)
    code: int = 0


def mount(app: web.Application, api: Api, routes: list[Route]) -> None:
    """Serve the routes under PREFIX; literal paths win over templates, everything else is Discord's own 404."""
    for method, template, handler in sorted(routes, key=lambda route: route[1].count("{")):
        app.router.add_route(method, PREFIX + template, _endpoint(api, template, handler))
    app.router.add_route("*", PREFIX + "/{rest:.*}", _endpoint(api, "", _no_route))


def _no_route(api: Api, incoming: Incoming) -> object:
    raise ApiError(0)


def _endpoint(api: Api, template: str, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(request: web.Request) -> web.StreamResponse:
        started = time.perf_counter()
        path = request.path.removeprefix(PREFIX)
        exchange = _Exchange(request.method, path, template, api.faults.take(request.method, path))
        try:
            response = await _respond(api, exchange, request, handler)
        except ConnectionCut:
            if request.transport is not None:
                request.transport.abort()
            response = web.Response(status=499)
        seconds = time.perf_counter() - started
        api.limits.note(response.status)
        api.log(_entry(api, exchange, response, seconds))
        return response

    return serve


def _entry(api: Api, exchange: _Exchange, response: web.Response, seconds: float) -> LoggedRequest:
    fault = exchange.fault
    return LoggedRequest(
        method=exchange.method,
        path=exchange.path,
        status=response.status,
        seconds=seconds,
        verdict=exchange.verdict,
        size=exchange.body.size,
        at=api.world.clock.now(),
        code=exchange.code,
        fault="" if fault is None else str(fault),
        handled=bool(exchange.template),
        answer_bytes=len(response.body) if isinstance(response.body, bytes) else 0,
        body=exchange.body.json,
    )


async def _respond(api: Api, exchange: _Exchange, request: web.Request, handler: Handler) -> web.Response:
    fault = exchange.fault
    if api.limits.banned():
        return web.Response(status=429, text="error code: 1015", content_type="text/html")
    try:
        await read_body(request, exchange.body, fault, _file_limit(api, request))
        exchange.verdict = _judge(api, exchange)
        if api.faults.is_outage:
            return web.Response(status=503, text="upstream connect error or disconnect/reset before headers")
        if fault is not None and fault.status is not None and not fault.applied:
            return _failed(fault)
        limited = _limited(api, exchange, request)
        if limited is not None:
            return limited
        _authorise(request, exchange.path)
        incoming = Incoming(dict(request.match_info), dict(request.query), exchange.body)
        answer = handler(api, incoming)
    except ApiError as error:
        exchange.code = error.code
        return _json(error.body(), error.status, exchange.headers)
    except (KeyError, TypeError, ValueError, AttributeError):
        # A body of the wrong shape: Discord words it field by field, the document's verdict says where.
        _log.exception("%s %s could not be understood", exchange.method, exchange.path)
        exchange.code = 50035
        return _json(ApiError(50035).body(), 400, exchange.headers)
    if fault is not None and fault.applied:
        return _failed(fault)
    return _json(answer, 204 if answer is None else 200, exchange.headers)


def _file_limit(api: Api, request: web.Request) -> int:
    channel = api.world.channels.get(int(request.match_info.get("channel_id", "0") or 0))
    if channel is None:
        interaction = api.dialogue.peek(
            request.match_info.get("webhook_token") or request.match_info.get("interaction_token")
        )
        channel = None if interaction is None else interaction.channel
    return api.world.upload_limit_in(None if channel is None else channel.guild)


def _judge(api: Api, exchange: _Exchange) -> Verdict:
    if api.validator is None:
        return UNCHECKED
    body = exchange.body
    return api.validator.judge(exchange.method, exchange.path, body.json, has_body=body.present)


def _limited(api: Api, exchange: _Exchange, request: web.Request) -> web.Response | None:
    info = request.match_info
    major = info.get("channel_id") or info.get("guild_id") or info.get("webhook_token") or ""
    verdict = api.limits.take(exchange.method, exchange.template, major)
    exchange.headers = verdict.headers
    if verdict.retry_after_seconds is None:
        return None
    return _too_many(verdict.retry_after_seconds, everywhere=verdict.everywhere, headers=verdict.headers)


def _too_many(retry_after_seconds: float, *, everywhere: bool, headers: dict[str, str]) -> web.Response:
    body = {
        "message": "You are being rate limited.",
        "retry_after": round(retry_after_seconds, 3),
        "global": everywhere,
    }
    return _json(body, 429, headers | {"Retry-After": f"{retry_after_seconds:.3f}"})


def _failed(fault: Fault) -> web.Response:
    assert fault.status is not None
    if fault.status == 429:
        retry_after = 1.0 if fault.retry_after_seconds is None else fault.retry_after_seconds
        return _too_many(retry_after, everywhere=fault.everywhere, headers={"X-RateLimit-Scope": "user"})
    message = fault.message or f"{fault.status}: injected fault"
    return _json({"message": message, "code": fault.code}, fault.status, {})


def _authorise(request: web.Request, path: str) -> None:
    if not path.startswith(_OPEN_PREFIXES) and not request.headers.get("Authorization", "").startswith("Bot "):
        raise ApiError(40001)


def _json(answer: object, status: int, headers: dict[str, str]) -> web.Response:
    headers = headers | {"Via": VIA}
    if status == 204:
        return web.Response(status=204, headers=headers)
    # discord.py compares the content type with exactly this text.
    headers["Content-Type"] = "application/json"
    return web.Response(body=json.dumps(answer).encode(), status=status, headers=headers)


def page_body(items: list[Json], key: str, *, more: bool) -> Json:
    """A page of a listing that says whether more follows."""
    return {key: items, "has_more": more}
