"""A word to the instructors' channel when something needs them; without such a channel the log has to do."""

import asyncio

import discord
import structlog

from bot.errors import DISCORD_AWAY
from bot.rendering import JobTexts
from bot.words import FALLBACK, Words
from generation.health import ModelHealth, Rest

log = structlog.get_logger(__name__)

CAUSE_SHOWN = 300


class StaffRoom:
    """Tells the instructors what the bot cannot put right alone."""

    def __init__(
        self, client: discord.Client, health: ModelHealth, *, channel_id: int | None, texts: JobTexts, words: Words
    ) -> None:
        self._client = client
        self._channel_id = channel_id
        self._texts = texts
        self._words = words
        self._telling: set[asyncio.Task[None]] = set()
        health.listen(self._on_rest)

    def _on_rest(self, rest: Rest) -> None:
        text = self._words(
            FALLBACK,
            "staff-model-resting",
            model=self._texts.model_label(rest.model_id),
            worker=rest.worker,
            fault=rest.failure.fault,
            cause=rest.failure.cause[:CAUSE_SHOWN].replace("`", "'") or "-",
        )
        self.tell(text)

    def tell(self, text: str) -> None:
        """Bring a word to the instructors, soon; what cannot be brought is logged."""
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
