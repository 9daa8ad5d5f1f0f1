"""The developers' drawer: what the bot asked and was told, the clock, and everything that can be made to go wrong."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sandbox.errors import ClientRefused
from sandbox.events import Event
from sandbox.model import Channel
from sandbox.validation import LoggedRequest
from sandbox.wire import Json

if TYPE_CHECKING:
    from sandbox.server import Sandbox

Watcher = Callable[[str, Json], None]
KEPT: Final = 500
_BODY_CHARACTERS: Final = 20_000
_SMALL_UPLOAD_BYTES: Final = 64 << 10
_SLOW_BYTES_PER_SECOND: Final = 48 << 10
_BROKEN_AFTER_BYTES: Final = 24 << 10
# Every path of the HTTP API but not the addresses of files, which people's browsers fetch as well.
_ANY_CALL: Final = "/[!ae]*"
PERMISSIONS: Final = (
    "attach_files",
    "send_messages",
    "send_messages_in_threads",
    "embed_links",
    "read_message_history",
    "view_channel",
    "add_reactions",
    "pin_messages",
)


@dataclass(frozen=True)
class Trouble:
    """One thing that can be made to go wrong; with `once` it passes by itself after one request."""

    label: str
    explains: str
    begin: Callable[["Sandbox"], object]
    once: bool = True


def _shrink(sandbox: "Sandbox") -> None:
    sandbox.set_upload_limit(_SMALL_UPLOAD_BYTES)


def _keep_away(sandbox: "Sandbox") -> None:
    sandbox.faults.refuse_gateway()
    sandbox.faults.drop_gateway(resumable=False)


TROUBLES: Final[dict[str, Trouble]] = {
    "error": Trouble("Error 500", "The bot's next request fails.", lambda s: s.faults.fail(path=_ANY_CALL, status=500)),
    "limited": Trouble(
        "Too many requests 429",
        "The bot's next request must wait five seconds.",
        lambda s: s.faults.fail(path=_ANY_CALL, status=429, retry_after=5.0),
    ),
    "drop": Trouble("Drop the gateway", "The websocket is cut; the bot may resume.", lambda s: s.faults.drop_gateway()),
    "expire": Trouble(
        "Expire tokens", "Every interaction so far can no longer be answered.", lambda s: s.expire_tokens()
    ),
    "broken-upload": Trouble(
        "Break an upload",
        "The connection of the next post is reset on its way.",
        lambda s: s.faults.fail(method="POST", path="/channels/*/messages", after_bytes=_BROKEN_AFTER_BYTES),
    ),
    "broken-download": Trouble(
        "Break a download",
        "The bot's next download of somebody's file is cut.",
        lambda s: s.faults.fail(method="GET", path="/ephemeral-attachments/*", after_bytes=1024),
    ),
    "slow": Trouble(
        "Slow uploads",
        f"The bot's posts pass at {_SLOW_BYTES_PER_SECOND >> 10} KiB a second.",
        lambda s: s.faults.slow(
            method="POST", path="/channels/*/messages", bytes_per_second=float(_SLOW_BYTES_PER_SECOND)
        ),
        once=False,
    ),
    "small": Trouble(
        "Shrink the upload limit", f"The bot's files may have {_SMALL_UPLOAD_BYTES >> 10} KiB.", _shrink, once=False
    ),
    "silence": Trouble(
        "Keep the bot away",
        "The gateway is cut and turns the bot away; nothing is answered.",
        _keep_away,
        once=False,
    ),
    "outage": Trouble("Outage", "HTTP answers 503 and the gateway is closed.", lambda s: s.faults.outage(), once=False),
}


class Workbench:
    """Keeps the newest gateway events, and changes the weather."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._events: deque[Json] = deque(maxlen=KEPT)
        self._requests: deque[Json] = deque(maxlen=KEPT)
        self._watchers: set[Watcher] = set()
        self._denied: set[str] = set()
        self._lasting: set[str] = set()
        self._noted = 0
        sandbox.world.events.subscribe(self._note)

    def state(self) -> Json:
        """Everything that the drawer shows."""
        world = self._sandbox.world
        return self.weather() | {
            "requests": list(self._requests),
            "events": list(self._events),
            "judged": self._sandbox.api.validator is not None,
            "now": world.clock.now(),
        }

    def weather(self) -> Json:
        """What is switched on at the moment."""
        faults = self._sandbox.faults
        return {
            "troubles": [
                {"id": key, "label": one.label, "explains": one.explains, "once": one.once, "on": key in self._lasting}
                for key, one in TROUBLES.items()
            ],
            "waiting": len([fault for fault in faults.active if fault.times is not None]),
            "denied": sorted(self._denied),
            "permissions": list(PERMISSIONS),
            "ahead_seconds": self._sandbox.clock.offset_seconds,
            "upload_limit_bytes": self._sandbox.world.upload_limit_in(self._sandbox.guild),
        }

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        if not 0 < seconds <= 366 * 86_400:
            raise ClientRefused("out_of_range", "seconds", 366 * 86_400)
        self._sandbox.clock.advance(seconds)

    def begin(self, trouble: str) -> None:
        """Let something go wrong; ClientRefused "unknown_trouble"."""
        if trouble not in TROUBLES:
            raise ClientRefused("unknown_trouble", trouble, sorted(TROUBLES))
        if not TROUBLES[trouble].once:
            self._lasting.add(trouble)
        TROUBLES[trouble].begin(self._sandbox)

    def calm(self) -> None:
        """Everything works again: no fault, the usual limit, all permissions."""
        self._sandbox.faults.clear()
        self._sandbox.set_upload_limit(None)
        self._lasting.clear()
        for permission in tuple(self._denied):
            self.permit(permission, allowed=True)

    def permit(self, permission: str, *, allowed: bool) -> None:
        """Give the bot a permission everywhere or take it away; ClientRefused "unknown_permission"."""
        if permission not in PERMISSIONS:
            raise ClientRefused("unknown_permission", permission, list(PERMISSIONS))
        if allowed:
            self._sandbox.allow(permission)
            self._denied.discard(permission)
        else:
            self._sandbox.deny(permission)
            self._denied.add(permission)

    def delete_channel(self, channel: Channel) -> None:
        """Remove a channel as an administrator would; ClientRefused for a direct conversation."""
        if channel.guild is None:
            raise ClientRefused("direct_message", channel.name)
        self._sandbox.delete_channel(channel)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Tell a watcher of every new entry ("requests" or "events") from now on; call the result to stop."""
        self._watchers.add(watcher)
        return lambda: self._watchers.discard(watcher)

    def _note(self, event: Event) -> None:
        if isinstance(event.subject, LoggedRequest):
            self._enter("requests", self._requests, _request_view(event.subject))
        elif event.for_bot:
            payload = {key: value for key, value in event.payload.items() if key != "token"}
            entry = {"name": event.name, "at": self._sandbox.clock.now(), "payload": payload}
            self._enter("events", self._events, entry)

    def _enter(self, log: str, entries: deque[Json], entry: Json) -> None:
        self._noted += 1
        entry["key"] = self._noted
        entries.append(entry)
        for watcher in tuple(self._watchers):
            watcher(log, entry)


def _request_view(request: LoggedRequest) -> Json:
    body = request.body if len(repr(request.body)) <= _BODY_CHARACTERS else "…"
    return {
        "method": request.method,
        "path": request.path,
        "status": request.status,
        "code": request.code,
        "at": request.at,
        "milliseconds": round(request.seconds * 1000, 1),
        "size_bytes": request.size,
        "answer_bytes": request.answer_bytes,
        "verdict": request.verdict.kind,
        "problems": [*request.verdict.problems, *request.verdict.warnings],
        "operation": request.verdict.operation,
        "fault": request.fault,
        "handled": request.handled,
        "body": body,
    }
