"""The sandbox as a whole: opened on a loopback port, filled with people, broken on request, looked into."""

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from aiohttp import ClientSession, web

from sandbox.accounts import Role, User
from sandbox.cdn import Cdn
from sandbox.clock import Clock
from sandbox.commands import CommandRegistry
from sandbox.dialogue import Dialogue
from sandbox.errors import ClientRefused
from sandbox.events import Event
from sandbox.faults import Faults
from sandbox.gateway import Gateway
from sandbox.http import applications, channels, emojis, guilds, interactions, messages
from sandbox.http.api import Api, mount
from sandbox.limits import RateLimits
from sandbox.model import Channel, Guild
from sandbox.page.page import PREFIX, Page
from sandbox.permissions import bit
from sandbox.person import Person
from sandbox.pictures import Pictures
from sandbox.posting import Posting
from sandbox.state import World
from sandbox.validation import LoggedRequest, validator_for
from sandbox.waiting import wait_for_event
from sandbox.writer import NITRO_UPLOAD_BYTES, Surroundings

HOST: Final = "127.0.0.1"
_HANDLERS: Final = (applications, emojis, interactions, messages, channels, guilds)
ROUTES: Final = [route for handlers in _HANDLERS for route in handlers.ROUTES]


class Sandbox:
    """A Discord for one application. Use `async with Sandbox.open() as sandbox`."""

    def __init__(self, clock: Clock, openapi: Path | None) -> None:
        self.clock = clock
        self.world = World(clock)
        self.posting = Posting(self.world)
        self.dialogue = Dialogue(self.world, self.posting)
        self.commands = CommandRegistry(self.world.ids, self.world.bot.id)
        self.gateway = Gateway(self.world, lambda: self.faults.gateway_refused)
        self.faults: Faults = Faults(self.gateway.drop)
        validator = None if openapi is None else validator_for(openapi)
        limits = RateLimits(clock)
        self.api = Api(self.world, self.posting, self.dialogue, self.commands, limits, self.faults, validator)
        self.people: dict[int, Person] = {}
        self.page = Page(self)
        self.url = ""
        self.guild = self.add_guild("Class")
        self.channel = next(iter(self.guild.channels.values()))
        self._session: ClientSession | None = None
        self._around = Surroundings(self.world, self.posting, self.dialogue, self.commands, self._client)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, port: int = 0, clock: Clock | None = None, openapi: Path | None = None
    ) -> AsyncIterator["Sandbox"]:
        """Listen on 127.0.0.1 until the block is left; port 0 takes any free one.

        `openapi` is Discord's official document against which requests are judged; without it the environment
        variable DISCORD_OPENAPI names it, and without that nothing is judged.
        """
        named = os.environ.get("DISCORD_OPENAPI")
        sandbox = cls(clock or Clock(), openapi or (Path(named) if named else None))
        runner = web.AppRunner(sandbox._application(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, HOST, port)
            await site.start()
            sandbox._listening(runner.addresses[0][1])
            yield sandbox
        finally:
            await sandbox.page.close()
            await sandbox.gateway.close()
            if sandbox._session is not None:
                await sandbox._session.close()
            await runner.cleanup()

    @property
    def gateway_url(self) -> str:
        """The address of the websocket."""
        return self.gateway.url

    @property
    def page_url(self) -> str:
        """The address to open in a browser."""
        return f"{self.url}{PREFIX}/"

    @property
    def requests(self) -> list[LoggedRequest]:
        """Every HTTP request of the bot, oldest first, with its verdict against the official document."""
        return self.api.requests

    @property
    def violations(self) -> list[LoggedRequest]:
        """The requests that the official document does not allow."""
        return [request for request in self.api.requests if request.verdict.kind in ("invalid", "unknown")]

    @property
    def unsupported(self) -> list[LoggedRequest]:
        """The requests that this sandbox answered with 404 because it does not imitate them."""
        return [request for request in self.api.requests if not request.handled]

    @property
    def limits(self) -> RateLimits:
        """The rate limits; `limits.enabled = False` switches them off."""
        return self.api.limits

    def add_guild(self, name: str, preferred_locale: str = "en-US") -> Guild:
        """A further server with the bot in it and one text channel, "general"."""
        guild = self.world.create_guild(name, preferred_locale)
        guild.add_channel("general")
        return guild

    def name_bot(self, name: str) -> None:
        """Call the application something else than "Bot"; to be done before a bot connects."""
        for guild in self.world.guilds.values():
            for role in guild.roles.values():
                if role.bot_id == self.world.bot.id:
                    role.name = name
        self.world.bot.name = name

    def person(
        self,
        name: str,
        guild: Guild | None = None,
        roles: Iterable[Role] = (),
        locale: str = "en-US",
        *,
        nitro: bool = False,
    ) -> Person:
        """A new member of a guild (the first one by default), with a client to act through."""
        place = guild or self.guild
        user = self.world.create_user(name, locale=locale)
        self.world.join(place, user, [role.id for role in roles])
        home = next(channel for channel in place.channels.values() if channel.kind == 0)
        person = Person(user, home, self._around)
        if nitro:
            person.upload_limit_bytes = NITRO_UPLOAD_BYTES
        self.people[user.id] = person
        return person

    def give_role(self, person: Person, role: Role) -> None:
        """Give a member of the role's guild a role, as an administrator would."""
        self._change_role(person, role, inside=True)

    def take_role(self, person: Person, role: Role) -> None:
        """Take a role away from a member."""
        self._change_role(person, role, inside=False)

    def _change_role(self, person: Person, role: Role, *, inside: bool) -> None:
        guild = next(guild for guild in self.world.guilds.values() if role.id in guild.roles)
        self.world.change_role(guild.members[person.id], role, inside=inside)

    async def bot_ready(self, timeout_seconds: float = 10) -> None:
        """Wait until a bot has registered commands and its gateway session is up; TimeoutError in wall time."""

        def ready(event: Event | None) -> bool | None:
            return (self.commands.registered and self.gateway.connected) or None

        await wait_for_event(self.world.events, ready, timeout_seconds)

    async def bot_gone(self, timeout_seconds: float = 10) -> None:
        """Wait until no gateway session is connected."""
        await wait_for_event(self.world.events, lambda event: not self.gateway.connected or None, timeout_seconds)

    def named(self, kind: str, name: str) -> User | Role | Channel:
        """The person ("user"), role or channel with a name, in the first guild; ClientRefused if there is none."""
        found: dict[str, list[User | Role | Channel]] = {
            "user": [member.user for member in self.guild.members.values()],
            "role": [*self.guild.roles.values()],
            "channel": [*self.guild.channels.values(), *self.guild.threads.values()],
        }
        found["mentionable"] = found["user"] + found["role"]
        match = next((one for one in found[kind] if one.name.lower() == name.lower()), None)
        if match is None:
            raise ClientRefused(f"unknown_{kind}", name)
        return match

    def expire_tokens(self) -> None:
        """End the life of every interaction token that exists now."""
        self.dialogue.expire_tokens()

    def set_upload_limit(self, size_bytes: int | None) -> None:
        """Force the bot's limit per file everywhere; None goes back to what the guild's boosts give."""
        self.world.upload_limit_bytes = size_bytes

    def boost(self, guild: Guild, premium_tier: int) -> None:
        """Set a guild's boost tier (0 to 3), which decides its upload limit."""
        guild.premium_tier = premium_tier
        self.world.guild_changed(guild)

    def deny(self, permission: str) -> None:
        """Take a permission ("attach_files", "send_messages", …) from the bot in every guild and channel."""
        self.world.set_bot_permission(bit(permission), allowed=False)

    def allow(self, permission: str) -> None:
        """Give it to the bot everywhere, whether it was denied before or never granted."""
        self.world.set_bot_permission(bit(permission), allowed=True)

    def offer_command(self, name: str, to: Person | Role, *, guild: Guild | None = None, allowed: bool = True) -> None:
        """Offer a command to a person or role, or hide it, as an administrator does under Integrations."""
        place = guild or self.guild
        for command in [*self.commands.all(None), *self.commands.all(place.id)]:
            if command.name == name:
                command.overwrites[place.id, to.id] = allowed

    def delete_channel(self, channel: Channel) -> None:
        """Remove a channel as an administrator would."""
        self.world.delete_channel(channel)

    def _application(self) -> web.Application:
        app = web.Application()
        mount(app, self.api, ROUTES)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/", self.gateway.serve)
        Cdn(self.world.files, self.faults).mount(app)
        Pictures(self.world.emojis).mount(app)
        self.page.mount(app)
        return app

    def _listening(self, port: int) -> None:
        self.url = f"http://{HOST}:{port}"
        self.gateway.url = self.api.gateway_url = f"ws://{HOST}:{port}/gateway"
        self.world.files.base_url = self.url

    def _client(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession()
        return self._session
