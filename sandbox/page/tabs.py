"""One tab of a browser: a websocket that carries what its person would see, as it happens."""

import asyncio
import json
from typing import TYPE_CHECKING, Final

from aiohttp import web

from sandbox.clock import Timer
from sandbox.events import Event
from sandbox.files import URL_LIFE_SECONDS
from sandbox.messages import Message
from sandbox.model import Channel
from sandbox.page.views import message_view, person_view, places_view
from sandbox.person import Person
from sandbox.validation import LoggedRequest
from sandbox.wire import Json

if TYPE_CHECKING:
    from sandbox.page.page import Page

BEAT_SECONDS: Final = 5.0
_PLACES: Final = ("CHANNEL_", "THREAD_", "GUILD_")


class Tab:
    """Filters the world's events for one person and writes them in order."""

    def __init__(self, page: "Page", person: Person) -> None:
        self._page = page
        self._person = person
        self._world = page.sandbox.world
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._beat: Timer | None = None
        self._places_due = False
        self._places_at = self._world.clock.now()
        self._weather: Json = {}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Greet with everything, then follow until the tab goes."""
        socket = web.WebSocketResponse(heartbeat=20.0)
        await socket.prepare(request)
        self._greet()
        self._tick()
        stops = [self._world.events.subscribe(self._on_event), self._page.workbench.watch(self._on_entry)]
        writer = asyncio.create_task(self._write(socket))
        self._page.sockets.add(socket)
        try:
            async for _ in socket:
                pass
        finally:
            self._page.sockets.discard(socket)
            writer.cancel()
            for stop in stops:
                stop()
            if self._beat is not None:
                self._beat.cancel()
        return socket

    def _greet(self) -> None:
        page, person = self._page, self._person
        self._send(
            "hello",
            run=page.run,
            home=page.sandbox.url,
            me=person_view(person),
            people=[person_view(one) for one in page.sandbox.people.values()],
            places=places_view(person, self._world),
            bot={"id": str(self._world.bot.id), "connected": page.sandbox.gateway.connected},
            suggestion=None if page.suggestion is None else page.suggestion.render(),
        )

    def _send(self, kind: str, **facts: object) -> None:
        self._queue.put_nowait(json.dumps({"kind": kind, "now": self._world.clock.now()} | facts))

    async def _write(self, socket: web.WebSocketResponse) -> None:
        while True:
            text = await self._queue.get()
            try:
                await socket.send_str(text)
            except ConnectionError:
                return

    def _tick(self) -> None:
        """Tell the time again and again; a timer of sandbox time also falls due when the clock is moved."""
        self._send("clock")
        self._tell_weather()
        # Places show pictures of posts, whose addresses are good for a day.
        if self._world.clock.now() - self._places_at > URL_LIFE_SECONDS / 2:
            self._places_soon()
        self._beat = self._world.clock.call_later(BEAT_SECONDS, self._tick)

    def _on_entry(self, log: str, entry: Json) -> None:
        self._send("entry", log=log, entry=entry)
        self._tell_weather()

    def _tell_weather(self) -> None:
        """What is switched on, when that has changed: a fault is used up, or somebody else's tab has made another."""
        weather = self._page.workbench.weather()
        if weather != self._weather:
            self._weather = weather
            self._send("weather", weather=weather)

    def _on_event(self, event: Event) -> None:
        subject = event.subject
        if event.name in ("MESSAGE_DELETE", "MESSAGE_DELETE_BULK"):
            self._gone(subject if isinstance(subject, list) else [subject])
        elif isinstance(subject, Message):
            if self._person.sees(subject):
                is_new = event.name == "MESSAGE_CREATE"
                self._send("message", message=message_view(subject, self._person), is_new=is_new)
                if is_new and subject.channel.thread is not None:
                    self._places_soon()
        elif event.name == "TYPING_START" and isinstance(subject, Channel):
            if self._person.can_see(subject) and event.payload["user_id"] != str(self._person.id):
                self._send("typing", channel_id=str(subject.id), user_id=event.payload["user_id"])
        elif event.name in ("gateway_ready", "gateway_lost"):
            self._send("bot", connected=self._page.sandbox.gateway.connected)
        elif isinstance(subject, LoggedRequest):
            if "/commands" in subject.path:
                self._send("commands")
            elif "/emojis" in subject.path and subject.method != "GET":
                self._places_soon()
        elif event.name.startswith(_PLACES):
            self._places_soon()

    def _gone(self, messages: list[object]) -> None:
        for message in messages:
            if isinstance(message, Message) and message.visible_to in (None, self._person.id):
                self._send("gone", message_id=str(message.id), channel_id=str(message.channel.id))

    def _places_soon(self) -> None:
        """A burst of changes is told once."""
        if not self._places_due:
            self._places_due = True
            asyncio.get_running_loop().call_soon(self._places)

    def _places(self) -> None:
        self._places_due = False
        self._places_at = self._world.clock.now()
        people = [person_view(one) for one in self._page.sandbox.people.values()]
        self._send("places", places=places_view(self._person, self._world), people=people)
