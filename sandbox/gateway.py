"""The websocket side: sessions that identify, beat, resume with what they missed, and receive events."""

import asyncio
import json
import secrets
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import WSMsgType, web

from sandbox.events import MESSAGE_CONTENT, Event
from sandbox.messages import Message
from sandbox.state import World
from sandbox.wire import Json

HEARTBEAT_SECONDS = 41.25
# The way over a network. discord.py notes the moment of a heartbeat after sending it; an answer that is there before
# would count for the heartbeat before and make it complain of 41 seconds.
NETWORK_SECONDS: Final = 0.05
SILENCES: Final = 1.5  # a client that is silent for so many heartbeats is put out; Discord names no figure
# Discord does not say for how long a session can be resumed; two minutes are assumed.
RESUME_SECONDS: Final = 120.0
_KEPT_EVENTS: Final = 5000
_DISPATCH, _HEARTBEAT, _IDENTIFY, _PRESENCE, _VOICE, _RESUME, _RECONNECT = 0, 1, 2, 3, 4, 6, 7
_REQUEST_MEMBERS, _INVALID_SESSION, _HELLO, _ACK = 8, 9, 10, 11
_UNKNOWN_OPCODE, _NOT_AUTHENTICATED, _AUTHENTICATION_FAILED = 4001, 4003, 4004
_SNOWFLAKE_TIME_SHIFT: Final = 22
_SESSION_TIMED_OUT: Final = 4009
_FORGETTING_CLOSES: Final = frozenset({1000, 1001})


class _Connection:
    """One websocket and the task that writes to it, in order and compressed if the client asked for it."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.request = request
        self.session: Session | None = None
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._deflate = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None

    def send(self, op: int, data: object) -> None:
        """Queue a frame that is no event."""
        self.send_text(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def send_text(self, text: str) -> None:
        """Queue an encoded frame."""
        self._queue.put_nowait(text)

    async def write(self) -> None:
        """Write queued frames until cancelled or cut off."""
        while True:
            text = await self._queue.get()
            try:
                if self._deflate is None:
                    await self.socket.send_str(text)
                else:
                    data = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(data)
            except ConnectionError:
                return

    def cut(self) -> None:
        """Reset the connection without a close frame."""
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass(eq=False)
class Session:
    """What the gateway remembers of one identified client, also while it is away."""

    id: str
    intents: int
    shard: tuple[int, int]
    connection: _Connection | None
    sequence: int = 0
    kept: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=_KEPT_EVENTS))
    away_since: float | None = None

    def wants(self, event: Event) -> bool:
        """Whether an event belongs to this session's shard and intents."""
        if event.guild_id is not None and (event.guild_id >> _SNOWFLAKE_TIME_SHIFT) % self.shard[1] != self.shard[0]:
            return False
        if event.guild_id is None and self.shard[0] != 0:
            return False
        return event.wanted_by(self.intents)

    def dispatch(self, name: str, encoded: str) -> None:
        """Number an event, keep it for a resume, and send it if the client is there."""
        self.sequence += 1
        text = f'{{"op":{_DISPATCH},"t":"{name}","s":{self.sequence},"d":{encoded}}}'
        self.kept.append((self.sequence, text))
        if self.connection is not None:
            self.connection.send_text(text)

    def missed(self, sequence: int) -> list[str] | None:
        """The events after a sequence number, or None when some of them are no longer kept."""
        if sequence > self.sequence or (self.kept and sequence < self.kept[0][0] - 1):
            return None
        return [text for number, text in self.kept if number > sequence]


class Gateway:
    """All sessions of the bot."""

    def __init__(self, world: World, refuses: Callable[[], bool]) -> None:
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self._world = world
        self._refuses = refuses
        self._connections: set[_Connection] = set()
        self._closing: set[asyncio.Task[object]] = set()
        world.events.subscribe(self._deliver)

    @property
    def connected(self) -> bool:
        """Whether at least one session is up."""
        return any(session.connection is not None for session in self.sessions.values())

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Handle one client from connection to close."""
        if self._refuses():
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=1 << 20, receive_timeout=SILENCES * HEARTBEAT_SECONDS)
        await socket.prepare(request)
        connection = _Connection(socket, request)
        self._connections.add(connection)
        writer = asyncio.create_task(connection.write())
        connection.send(_HELLO, {"heartbeat_interval": int(HEARTBEAT_SECONDS * 1000), "_trace": []})
        try:
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    break
                close_code = self._receive(connection, message.json())
                if close_code is not None:
                    await socket.close(code=close_code)
        except TimeoutError:
            await socket.close(code=_SESSION_TIMED_OUT)
        finally:
            writer.cancel()
            self._connections.discard(connection)
            self._disconnected(connection)
        return socket

    def drop(self, code: int, resumable: bool) -> None:
        """Cut every connection: with a close code, or without a word for 1006."""
        if not resumable:
            self.sessions.clear()
        for connection in tuple(self._connections):
            if code == 1006:
                connection.cut()
                continue
            task: asyncio.Task[object] = asyncio.create_task(connection.socket.close(code=code))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Say goodbye to everybody; used when the sandbox stops."""
        for connection in tuple(self._connections):
            await connection.socket.close(code=1001)

    def _receive(self, connection: _Connection, frame: Json) -> int | None:
        """Handle one frame; a returned number is the code to close with."""
        op, data = frame.get("op"), frame.get("d")
        if op == _HEARTBEAT:
            asyncio.get_running_loop().call_later(NETWORK_SECONDS, connection.send, _ACK, None)
            return None
        if op == _IDENTIFY and isinstance(data, dict):
            return self._identify(connection, data)
        if op == _RESUME and isinstance(data, dict):
            self._resume(connection, data)
            return None
        if connection.session is None:
            return _NOT_AUTHENTICATED
        if op == _REQUEST_MEMBERS and isinstance(data, dict):
            self._send_members(connection.session, data)
            return None
        return None if op in (_PRESENCE, _VOICE) else _UNKNOWN_OPCODE

    def _identify(self, connection: _Connection, data: Json) -> int | None:
        if not data.get("token"):
            return _AUTHENTICATION_FAILED
        shard = tuple(data.get("shard") or (0, 1))
        session = Session(
            secrets.token_hex(16), int(data.get("intents", 0)), (int(shard[0]), int(shard[1])), connection
        )
        connection.session = session
        self.sessions[session.id] = session
        world = self._world
        guilds = [guild for guild in world.guilds.values() if world.bot.id in guild.members]
        events = [Event("GUILD_CREATE", world.render_guild(guild), guild.id) for guild in guilds]
        wanted = [event for event in events if session.wants(event)]
        session.dispatch("READY", json.dumps(self._ready(session, wanted)))
        for event in wanted:
            session.dispatch("GUILD_CREATE", json.dumps(event.payload))
        world.publish("gateway_ready", {"session_id": session.id}, None, session, for_bot=False)
        return None

    def _ready(self, session: Session, guilds: list[Event]) -> Json:
        bot = self._world.bot
        return {
            "v": 10,
            "user": bot.render() | {"verified": True, "mfa_enabled": False, "flags": 0, "email": None},
            "guilds": [{"id": str(event.guild_id), "unavailable": True} for event in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "session_type": "normal",
            "shard": list(session.shard),
            "application": {"id": str(bot.id), "flags": 0},
            "private_channels": [],
            "presences": [],
        }

    def _resume(self, connection: _Connection, data: Json) -> None:
        session = self.sessions.get(str(data.get("session_id")))
        missed = None if session is None else session.missed(int(data.get("seq") or 0))
        if session is None or missed is None or self._stale(session):
            connection.send(_INVALID_SESSION, False)
            return
        session.connection = connection
        session.away_since = None
        connection.session = session
        for text in missed:
            connection.send_text(text)
        session.dispatch("RESUMED", json.dumps({"_trace": []}))
        self._world.publish("gateway_ready", {"session_id": session.id}, None, session, for_bot=False)

    def _stale(self, session: Session) -> bool:
        return session.away_since is not None and self._world.clock.now() - session.away_since > RESUME_SECONDS

    def _disconnected(self, connection: _Connection) -> None:
        session = connection.session
        if session is None or session.connection is not connection:
            return
        session.connection = None
        session.away_since = self._world.clock.now()
        if connection.socket.close_code in _FORGETTING_CLOSES:
            self.sessions.pop(session.id, None)
        for stale in [one for one in self.sessions.values() if self._stale(one)]:
            del self.sessions[stale.id]
        self._world.publish("gateway_lost", {"session_id": session.id}, None, session, for_bot=False)

    def _deliver(self, event: Event) -> None:
        if not event.for_bot:
            return
        encoded = ""
        for session in tuple(self.sessions.values()):
            if not session.wants(event):
                continue
            if _must_redact(event, session, self._world.bot.id):
                session.dispatch(event.name, json.dumps(_redacted(event.payload)))
                continue
            encoded = encoded or json.dumps(event.payload)
            session.dispatch(event.name, encoded)

    def _send_members(self, session: Session, data: Json) -> None:
        guild = self._world.guild(int(data["guild_id"]))
        wanted = {int(user_id) for user_id in _as_list(data.get("user_ids"))}
        query = str(data.get("query") or "").lower()
        members = [
            member.render()
            for member in guild.members.values()
            if (member.user.id in wanted if wanted else member.user.name.lower().startswith(query))
        ]
        payload = {"guild_id": str(guild.id), "members": members, "chunk_index": 0, "chunk_count": 1, "not_found": []}
        session.dispatch("GUILD_MEMBERS_CHUNK", json.dumps(payload | {"nonce": data.get("nonce")}))


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _must_redact(event: Event, session: Session, bot_id: int) -> bool:
    """Without the message content intent a bot reads only its own messages, mentions of it and direct messages."""
    message = event.subject
    if event.name not in ("MESSAGE_CREATE", "MESSAGE_UPDATE") or not isinstance(message, Message):
        return False
    if session.intents & MESSAGE_CONTENT or message.author.id == bot_id or message.channel.guild is None:
        return False
    return all(user.id != bot_id for user in message.mentions)


def _redacted(payload: Json) -> Json:
    return payload | {"content": "", "embeds": [], "attachments": [], "components": []}
