"""Knows which interactions are being answered, so that a stop lets them end and leaves nobody without a word."""

import asyncio
from typing import Any

import discord
import structlog

from bot.errors import Refused, answer_error
from bot.words import Words

log = structlog.get_logger(__name__)

Interaction = discord.Interaction[Any]

PATIENCE_SECONDS = 3.0
"""How long a stop waits for answers under way; with the workers' end it stays under the ten seconds of most hosts."""

LAST_WORDS_SECONDS = 2.0


class InFlight:
    """Every command and every button passes ``begin`` before it does anything."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._busy: dict[asyncio.Task[Any], Interaction] = {}
        self._is_closing = False

    def begin(self, interaction: Interaction) -> None:
        """Note that the running task answers this interaction. Raises Refused("restarting") once a stop has begun."""
        task = asyncio.current_task()
        assert task is not None
        self._busy[task] = interaction
        task.add_done_callback(lambda done: self._busy.pop(done, None))
        if self._is_closing:
            raise Refused("restarting")

    async def close(self) -> None:
        """Take no more, and wait PATIENCE_SECONDS for what is under way."""
        self._is_closing = True
        if self._busy:
            log.info("waiting for answers under way", count=len(self._busy))
            await asyncio.wait(self._busy, timeout=PATIENCE_SECONDS)

    async def clear(self) -> None:
        """End what is still under way, and tell its people what it cost, from the ledger. Nothing new may come in."""
        left = dict(self._busy)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        unanswered = [
            interaction for task, interaction in left.items() if task.cancelled() and not _is_autocomplete(interaction)
        ]
        words = [answer_error(interaction, self._words, Refused("restarting")) for interaction in unanswered]
        try:
            async with asyncio.timeout(LAST_WORDS_SECONDS):
                await asyncio.gather(*words)
        except TimeoutError:
            log.warning("not everybody could be told of the restart", count=len(unanswered))


def _is_autocomplete(interaction: Interaction) -> bool:
    return interaction.type is discord.InteractionType.autocomplete
