"""The requests behind status messages: posting one, finding one that was never noted, and editing it."""

import io

import discord
import structlog

from bot.buttons import CancelButton, lasting_view
from bot.courier import HISTORY_SEARCHED, snowflake_at
from bot.errors import DISCORD_AWAY
from generation.orders import asked_in
from storage.jobs import Job

log = structlog.get_logger(__name__)

PREVIEW_NAME = "preview.jpg"


class StatusMessages:
    """One message for each job, in the job's channel; with its button for as long as the job can be cancelled."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def post(self, job: Job, text: str, *, is_over: bool = False) -> discord.Message:
        """Raises discord.HTTPException. Within Discord's window a second post of one job returns the first message."""
        view = discord.utils.MISSING if is_over else _cancel_view(job)
        return await self._channel(job).send(text, view=view, nonce=f"status-{job.id}")

    async def find(self, job: Job) -> int | None:
        """A message that was posted, recognised by its button. Raises discord.HTTPException."""
        after = asked_in(job.key) or snowflake_at(job.created_at)
        custom_id = CancelButton(job.id, job.locale).custom_id
        async for message in self._channel(job).history(after=discord.Object(after), limit=HISTORY_SEARCHED):
            rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
            if any(getattr(part, "custom_id", None) == custom_id for row in rows for part in row.children):
                return message.id
        return None

    async def edit(self, job: Job, message_id: int, text: str, preview: bytes | None) -> None:
        """Show how the job stands; what Discord does not take now is logged."""
        files = [] if preview is None else [discord.File(io.BytesIO(preview), PREVIEW_NAME)]
        await self._edit(job, message_id, text, files, _cancel_view(job))

    async def end(self, job: Job, message_id: int, last_words: str) -> None:
        """Leave the last words, and nothing to press; what Discord does not take now is logged."""
        await self._edit(job, message_id, last_words, [], None)

    async def _edit(
        self, job: Job, message_id: int, text: str, files: list[discord.File], view: discord.ui.View | None
    ) -> None:
        message = self._channel(job).get_partial_message(message_id)
        try:
            await message.edit(content=text, attachments=files, view=view)
        except DISCORD_AWAY as error:
            # The message may be deleted or Discord away; the job goes on, and its clip is a message of its own.
            log.info("status not edited", job=job.id, why=str(error))

    def _channel(self, job: Job) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(job.channel_id, guild_id=job.guild_id)


def _cancel_view(job: Job) -> discord.ui.View:
    return lasting_view(CancelButton(job.id, job.locale))
