"""A word to the instructors' channel when something needs them; without such a channel the log has to do."""

import asyncio

import discord
import structlog

from bot.errors import DISCORD_AWAY, Refused
from bot.rendering import JobTexts
from bot.words import FALLBACK, Words
from generation.health import ModelHealth, Rest
from generation.staff import Staff

log = structlog.get_logger(__name__)

CAUSE_SHOWN = 300


class StaffRoom:
    """Tells the instructors what the bot cannot put right alone."""

    def __init__(
        self,
        client: discord.Client,
        health: ModelHealth,
        staff: Staff,
        *,
        channel_id: int | None,
        texts: JobTexts,
        words: Words,
    ) -> None:
        self._client = client
        self._staff = staff
        self._channel_id = channel_id
        self._texts = texts
        self._words = words
        self._telling: set[asyncio.Task[None]] = set()
        health.listen(self._on_rest)

    async def post(self, guild: discord.Guild, text: str, view: discord.ui.View) -> discord.Message:
        """A card with buttons for the server's instructors, in their channel or else the operator's if it is here.

        Raises Refused("no-staff-channel") if there is none or the bot may not write there.
        """
        channel_id = (await self._staff.settings(guild.id)).staff_channel_id
        if channel_id is None and self._channel_id is not None and guild.get_channel_or_thread(self._channel_id):
            channel_id = self._channel_id
        if channel_id is None:
            raise Refused("no-staff-channel")
        try:
            return await self._client.get_partial_messageable(channel_id, guild_id=guild.id).send(text, view=view)
        except (discord.Forbidden, discord.NotFound) as error:
            raise Refused("no-staff-channel") from error

    def _on_rest(self, rest: Rest) -> None:
        text = self._words(
            FALLBACK,
            "staff-model-resting",
            model=self._texts.model_label(rest.model_id),
            worker=rest.worker,
            fault=rest.failure.fault,
            cause=rest.failure.cause[:CAUSE_SHOWN].replace("`", "'") or "-",
        )
        task = asyncio.create_task(self._tell(text), name="word to the instructors")
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell(self, text: str) -> None:
        if self._channel_id is None:
            log.error("no staff channel is set", text=text)
            return
        try:
            await self._client.get_partial_messageable(self._channel_id).send(text)
        except DISCORD_AWAY as error:
            log.error("staff channel not reached", text=text, why=repr(error))
