"""What the channels show of a job that this process, or this database, does not remember."""

import discord

from bot.courier import HISTORY_SEARCHED, snowflake_at
from bot.rendering import JobTexts
from storage.jobs import Job


class Traces:
    """Looks for the bot's own messages about a job. Raises what Discord raises."""

    def __init__(self, client: discord.Client, texts: JobTexts) -> None:
        self._client = client
        self._texts = texts

    async def post_of(self, job: Job, *, with_clip: bool) -> int | None:
        """The final message of the job, found by its mark after the status message; ``with_clip`` only such a one."""
        # Discord's own clock wherever possible: ours may have been wrong when the job finished.
        since = job.status_message_id or (int(job.key) if job.key.isdecimal() else None)
        after = discord.Object(since or snowflake_at(job.finished_at or job.created_at))
        mark = self._texts.mark(job)
        assert self._client.user is not None
        async for message in self._channel(job).history(after=after, limit=HISTORY_SEARCHED):
            is_ours = message.author.id == self._client.user.id and mark in message.content
            if is_ours and (message.attachments or not with_clip):
                return message.id
        return None

    async def had_last_words(self, job: Job) -> bool:
        """Whether the status message has lost its button, as it does when a job is over."""
        if job.status_message_id is None:
            return False
        message = await self._channel(job).fetch_message(job.status_message_id)
        return not message.components

    def _channel(self, job: Job) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(job.channel_id, guild_id=job.guild_id)
