"""A word to the instructors' channel when something needs them; without such a channel the log has to do."""

import asyncio

import discord
import structlog

from bot.errors import DISCORD_AWAY, GONE, Refused
from bot.rendering import JobTexts
from bot.words import FALLBACK, Words, timestamp
from generation.health import ModelHealth, News, Woken
from generation.sizes import TooLarge
from generation.teaching.staff import Staff

log = structlog.get_logger(__name__)

CAUSE_SHOWN = 300


class StaffChannel:
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
        health.listen(self._on_health)

    def _on_health(self, news: News) -> None:
        self.tell(self._text(news))

    def tell(self, text: str) -> None:
        """Bring a word to the instructors, soon; what cannot be brought is logged."""
        task = asyncio.create_task(self._tell(text), name="word to the instructors")
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def channel_of(self, guild: discord.Guild) -> int | None:
        """Where the server's instructors are told what needs them: their channel, or the operator's if it is here."""
        own = (await self._staff.settings(guild.id)).staff_channel_id
        known = (one for one in (own, self._channel_id) if one is not None and guild.get_channel_or_thread(one))
        return next(known, None)

    async def post(self, guild: discord.Guild, text: str, view: discord.ui.View) -> discord.Message:
        """A card with buttons for the server's instructors.

        Raises Refused("no-staff-channel") if there is no channel or the bot may not write there.
        """
        channel_id = await self.channel_of(guild)
        if channel_id is None:
            raise Refused("no-staff-channel")
        try:
            return await self._client.get_partial_messageable(channel_id, guild_id=guild.id).send(text, view=view)
        except GONE as error:
            raise Refused("no-staff-channel") from error

    async def close(self) -> None:
        """Give up what was not said yet; it is in the log."""
        for task in self._telling:
            task.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)

    def _text(self, news: News) -> str:
        model = self._texts.model_label(news.model_id)
        if isinstance(news, Woken):
            return self._words(FALLBACK, "staff-model-awake", model=model, why="trial" if news.by_trial else "word")
        if isinstance(news, TooLarge):
            return self._words(
                FALLBACK,
                "staff-size-refused",
                model=model,
                quality=self._words(FALLBACK, f"quality-{news.preset}"),
                size=f"{news.width} × {news.height}",
                seconds=round(news.seconds, 1),
                cause=_shown(news.cause),
                when=timestamp(news.next_try_at),
            )
        return self._words(
            FALLBACK,
            "staff-model-resting",
            model=model,
            worker=news.worker,
            fault=news.failure.fault,
            cause=_shown(news.failure.cause),
            when=timestamp(news.next_try_at),
        )

    async def _tell(self, text: str) -> None:
        if self._channel_id is None:
            log.error("no staff channel is set", text=text)
            return
        try:
            await self._client.get_partial_messageable(self._channel_id).send(text)
        except DISCORD_AWAY as error:
            log.error("staff channel not reached", text=text, why=repr(error))


def _shown(cause: str) -> str:
    return cause[:CAUSE_SHOWN].replace("`", "'") or "-"
