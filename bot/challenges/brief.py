"""The brief of a challenge: a message with its starter still and Enter button, in a thread of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import discord

from bot.challenges.buttons import enter_view
from bot.challenges.texts import ChallengeTexts
from generation.pools import Pools
from storage.blobs import BlobStore
from storage.challenges import Challenge

THREAD_NAME_LIMIT = 100
THREAD_EXISTS = 160004
"""Discord's error code for a second thread at one message."""

WEEK_MINUTES: Final = 10080

Find = Callable[[int, int, int, str], Awaitable[int | None]]
"""Looks for an own message: guild, channel, after which snowflake, with which mark."""


@dataclass(frozen=True, slots=True)
class BriefPlace:
    """Where a brief stands; in a forum the message is the first one of the thread."""

    thread_id: int
    message_id: int


class Briefs:
    """Posts briefs, and keeps them as the challenge is now."""

    def __init__(self, client: discord.Client, pools: Pools, *, blobs: BlobStore, texts: ChallengeTexts) -> None:
        self._client = client
        self._pools = pools
        self._blobs = blobs
        self._texts = texts

    async def post(self, challenge: Challenge, find: Find) -> BriefPlace:
        """Post it, or find the post of an earlier try. Raises discord.HTTPException."""
        channel = await self._channel(challenge.channel_id)
        if isinstance(channel, discord.ForumChannel):
            return await self._post_in_forum(challenge, channel, find)
        assert isinstance(channel, discord.TextChannel)
        since = int(challenge.key)
        message_id = await find(challenge.guild_id, channel.id, since, self._texts.mark(challenge, "brief"))
        if message_id is None:
            text, view = await self._text(challenge), enter_view(challenge.id, challenge.locale)
            files, nonce = self._files(challenge), f"challenge-{challenge.id}"
            message_id = (await channel.send(text, view=view, files=files, nonce=nonce)).id
        try:
            await channel.create_thread(
                name=_name(challenge), message=discord.Object(message_id), auto_archive_duration=WEEK_MINUTES
            )
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                raise
        # A thread has the id of the message that it was opened at.
        return BriefPlace(thread_id=message_id, message_id=message_id)

    async def _post_in_forum(self, challenge: Challenge, forum: discord.ForumChannel, find: Find) -> BriefPlace:
        assert self._client.user is not None
        since, mark = int(challenge.key), self._texts.mark(challenge, "brief")
        for thread in await forum.guild.active_threads():
            is_ours = thread.parent_id == forum.id and thread.owner_id == self._client.user.id
            # The first message of a post may have the very id of its thread.
            if is_ours and thread.id > since and (known := await find(forum.guild.id, thread.id, thread.id - 1, mark)):
                return BriefPlace(thread_id=thread.id, message_id=known)
        posted = await forum.create_thread(
            name=_name(challenge),
            content=await self._text(challenge),
            view=enter_view(challenge.id, challenge.locale),
            files=self._files(challenge),
            auto_archive_duration=WEEK_MINUTES,
        )
        return BriefPlace(thread_id=posted.thread.id, message_id=posted.message.id)

    async def refresh(self, challenge: Challenge) -> None:
        """Show the challenge as it is now. Raises discord.HTTPException."""
        view = enter_view(challenge.id, challenge.locale) if challenge.state == "open" else None
        await self._edit(challenge, await self._text(challenge), view)

    async def ask_to_decide(self, challenge: Challenge) -> None:
        """Ask in the thread of a challenge whose time is over, once, who wins. Raises discord.HTTPException."""
        if challenge.thread_id is None:
            return
        thread = self._client.get_partial_messageable(challenge.thread_id, guild_id=challenge.guild_id)
        asked = discord.AllowedMentions(users=[discord.Object(challenge.created_by)])
        await thread.send(self._texts.decision(challenge), allowed_mentions=asked, nonce=f"decide-{challenge.id}")

    async def close(self, challenge: Challenge) -> None:
        """Take the button off a challenge that is over. Raises discord.HTTPException."""
        await self._edit(challenge, await self._text(challenge), None)

    async def _edit(self, challenge: Challenge, text: str, view: discord.ui.View | None) -> None:
        if challenge.message_id is None or challenge.thread_id is None:
            return
        in_thread = challenge.thread_id != challenge.message_id or isinstance(
            await self._channel(challenge.channel_id), discord.ForumChannel
        )
        place = challenge.thread_id if in_thread else challenge.channel_id
        channel = self._client.get_partial_messageable(place, guild_id=challenge.guild_id)
        await channel.get_partial_message(challenge.message_id).edit(content=text, view=view)

    async def _channel(self, channel_id: int) -> object:
        return self._client.get_channel(channel_id) or await self._client.fetch_channel(channel_id)

    async def _text(self, challenge: Challenge) -> str:
        if challenge.pool_id is None:
            return self._texts.brief(challenge, None, None)
        pool, totals = await asyncio.gather(self._pools.get(challenge.pool_id), self._pools.totals(challenge.pool_id))
        left = totals.available + totals.held + totals.spent - challenge.prize_credits
        return self._texts.brief(challenge, left if pool.is_open else None, pool.cap_credits)

    def _files(self, challenge: Challenge) -> list[discord.File]:
        if challenge.still is None:
            return []
        alt = self._texts.still_alt(challenge)
        return [discord.File(self._blobs.path(challenge.still), filename="starter-still.png", description=alt)]


def _name(challenge: Challenge) -> str:
    return challenge.title[:THREAD_NAME_LIMIT]
