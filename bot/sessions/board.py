"""The board of a class session: one pinned message, kept as things are, and the last words when all is over."""

import asyncio
import contextlib
from functools import partial

import discord
import structlog

from bot.courier import Courier
from bot.errors import DISCORD_AWAY, GONE
from bot.sessions.texts import SessionTexts
from bot.timekeeping import Timekeeper
from bot.turns import LAST_WORDS, PROGRESS, Turns
from generation.clock import Clock
from generation.dispatch import Dispatcher
from generation.patience import persist
from generation.teaching.sessions import Sessions
from generation.updates import Update
from storage.sessions import ClassSession, Pin, Tally

log = structlog.get_logger(__name__)

EDIT_PAUSE_SECONDS = 5.0
"""Between two edits of a board: it changes with every clip, and people look at it now and then."""

REFRESH_SECONDS = 30.0
"""Between two looks while nothing moves, for what announces itself to nobody, such as a worker that is up again."""

POST_SECONDS = 20.0
"""How long an instructor waits for the answer that links to the board."""

TOO_MANY_PINS = 30003
"""Discord's error code for a channel whose pins are full."""


class SessionBoard(Courier):
    """What is owed to the channels of sessions: the board while they run, the last words, and their end in time."""

    def __init__(
        self,
        client: discord.Client,
        sessions: Sessions,
        dispatcher: Dispatcher,
        *,
        texts: SessionTexts,
        edits: Turns,
        clock: Clock,
    ) -> None:
        super().__init__(client, "class session")
        self._sessions = sessions
        self._dispatcher = dispatcher
        self._texts = texts
        self._edits = edits
        self._timekeeper = Timekeeper("class sessions", self._end_due, sessions.next_due_at, clock=clock)
        self._shown: dict[int, str] = {}
        self._replaced: set[int] = set()
        self._moved = asyncio.Event()
        dispatcher.listen(self._on_update)
        dispatcher.health.listen(lambda _: self._moved.set())
        dispatcher.closures.listen(lambda _: self._moved.set())

    def _on_update(self, update: Update) -> None:
        if update.progress is None:
            self._moved.set()

    def wake(self) -> None:
        """Look now: a session was started or ended."""
        super().wake()
        self._timekeeper.wake()
        self._moved.set()

    async def post(self, session_id: int) -> ClassSession:
        """Post the board of a new session now; the session as it is then, or after a while if Discord is away."""

        async def is_posted() -> bool:
            return (await self._sessions.get(session_id)).board != "pending"

        await self._until(is_posted, POST_SECONDS)
        return await self._sessions.get(session_id)

    async def watch(self) -> None:
        """Until cancelled, end every session when its time is over; at once what fell due while the bot was off."""
        await self._timekeeper.run()

    async def _end_due(self) -> None:
        for session in await self._sessions.end_due():
            log.info("class session ended", session=session.id)
            self._moved.set()

    async def keep(self) -> None:
        """Until cancelled, show every session as it is: on change only, and never faster than EDIT_PAUSE_SECONDS."""
        while True:
            self._moved.clear()
            for session in await persist(self._sessions.sum_up, "sum class sessions up"):
                log.info("class session summed up", session=session.id)
                self._work.set()
            live = await persist(self._sessions.live, "look for class sessions")
            await asyncio.gather(*map(self._show, live))
            await asyncio.sleep(EDIT_PAUSE_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(REFRESH_SECONDS):
                    await self._moved.wait()

    async def _show(self, session: ClassSession) -> None:
        """Bring the board up to date; whatever hinders it is tried again at the next look and hinders nothing else."""
        try:
            await self._bring_up_to_date(session)
        except discord.NotFound:
            log.info("board was deleted", session=session.id)
            await self._replace(session)
        except DISCORD_AWAY as error:
            log.info("board not edited", session=session.id, why=str(error))
        except Exception:
            log.exception("board broke", session=session.id)

    async def _replace(self, session: ClassSession) -> None:
        """Post a board that was deleted once more; whoever deletes that one too does not want any."""
        self._shown.pop(session.id, None)
        if session.id in self._replaced:
            await persist(partial(self._sessions.abandon_board, session.id), "give a board up")
        elif await persist(partial(self._sessions.board_lost, session), "post a board again"):
            self._replaced.add(session.id)
            self._work.set()

    async def _bring_up_to_date(self, session: ClassSession) -> None:
        if self._shown.get(session.id) == await self._text(session):
            return
        async with self._edits.take(session.channel_id, PROGRESS):
            # Composed again, because the turn may have come late.
            text = await self._text(session)
            await self._board(session).edit(content=text)
            self._shown[session.id] = text

    async def _text(self, session: ClassSession) -> str:
        tally = await persist(partial(self._sessions.tally, session), "count a session's clips")
        standing = self._dispatcher.class_line(session.guild_id)
        return self._texts.board(session, tally, standing, self._dispatcher.closures.of(session.guild_id))

    def _channel(self, session: ClassSession) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(session.channel_id, guild_id=session.guild_id)

    def _board(self, session: ClassSession) -> discord.PartialMessage:
        assert session.board_message_id is not None
        return self._channel(session).get_partial_message(session.board_message_id)

    async def _posted_before(self, session: ClassSession, part: str) -> int | None:
        """The message of an earlier try whose answer was never noted, or of a life that the database forgot."""
        mark = self._texts.mark(session, part)
        return await self._find(session.guild_id, session.channel_id, int(session.key), mark)

    async def _due(self, limit: int) -> list[int]:
        return await self._sessions.untold(limit)

    async def _carry(self, item_id: int) -> bool:
        session = await self._sessions.get(item_id)
        try:
            if session.tally is not None:
                await self._close(session, session.tally)
            elif session.board == "pending":
                await self._open(session)
        except GONE as error:
            if not self._knows_places:
                raise
            log.warning("channel of a class session is gone", session=item_id, why=str(error))
            await self._sessions.abandon_board(item_id)
            if session.tally is not None:
                await self._sessions.abandon_closing(item_id)
        return True

    async def _open(self, session: ClassSession) -> None:
        """Post the board and pin it."""
        message_id = await self._posted_before(session, "board")
        if message_id is None:
            text = await self._text(session)
            # With the first one's nonce Discord would answer with the message that was deleted.
            nonce = f"session-{session.id}{'-again' if session.id in self._replaced else ''}"
            message_id = (await self._channel(session).send(text, nonce=nonce)).id
            self._shown[session.id] = text
        pin = await self._pin(session, self._channel(session).get_partial_message(message_id))
        await self._sessions.board_posted(session.id, message_id, pin)
        self._moved.set()

    async def _pin(self, session: ClassSession, board: discord.PartialMessage) -> Pin:
        """Pin the board where the bot may; pinning it again changes nothing."""
        if not self._may_pin(session):
            return "forbidden"
        try:
            await board.pin()
        except discord.Forbidden:
            return "forbidden"
        except discord.HTTPException as error:
            if error.code != TOO_MANY_PINS:
                raise
            return "full"
        return "pinned"

    def _may_pin(self, session: ClassSession) -> bool:
        guild = self._client.get_guild(session.guild_id)
        channel = None if guild is None else guild.get_channel_or_thread(session.channel_id)
        if guild is None or channel is None:
            return True
        rights = channel.permissions_for(guild.me)
        # Discord has given pinning a permission of its own; servers may still have the older one.
        return rights.pin_messages or rights.manage_messages

    async def _close(self, session: ClassSession, tally: Tally) -> None:
        """Say the last words; then the board shows them too and is no longer pinned."""
        message_id = await self._posted_before(session, "summary")
        if message_id is None:
            text = self._texts.closing(session, tally)
            message_id = (await self._channel(session).send(text, nonce=f"session-{session.id}-over")).id
        if session.board == "posted":
            # Somebody may have deleted it; the last words stand below in any case.
            with contextlib.suppress(*GONE):
                async with self._edits.take(session.channel_id, LAST_WORDS):
                    await self._board(session).edit(content=self._texts.closed_board(session, tally))
                if session.pin == "pinned":
                    await self._board(session).unpin()
        await self._sessions.closing_posted(session.id, message_id)
        self._shown.pop(session.id, None)
        self._replaced.discard(session.id)
