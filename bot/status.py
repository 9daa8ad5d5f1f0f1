"""The public status message of each job: posted once, then edited as the job moves, never faster than Discord likes."""

import asyncio
import io
from collections import defaultdict
from dataclasses import dataclass

import discord
import structlog

from bot.buttons import CancelButton
from bot.rendering import JobTexts
from generation.dispatch import Dispatcher, Update
from generation.orders import Orders
from storage.jobs import Job

log = structlog.get_logger(__name__)

EDIT_PAUSE_SECONDS = 2.5
"""Between two edits of one message; Discord allows about 5 edits in 5 s to a whole channel."""

PREVIEW_NAME = "preview.jpg"

FINAL_STATES = frozenset({"succeeded", "failed", "cancelled"})


@dataclass(slots=True)
class _Shown:
    """One status message: the newest update, what stands in the channel, and the task that brings them together."""

    update: Update
    message_id: int
    text: str = ""
    preview: bytes | None = None
    shown_preview: bytes | None = None
    task: asyncio.Task[None] | None = None
    next_edit_at: float = 0.0


class StatusBoard:
    """Owns every status message of unfinished jobs. The bot's own messages, so no token can expire under them."""

    def __init__(self, client: discord.Client, orders: Orders, dispatcher: Dispatcher, texts: JobTexts) -> None:
        self._client = client
        self._orders = orders
        self._dispatcher = dispatcher
        self._texts = texts
        self._shown: dict[int, _Shown] = {}
        self._one_edit_per_channel: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        dispatcher.listen(self._on_update)

    async def open(self, job: Job) -> discord.Message:
        """Post the status message and remember it in the job. Raises discord.HTTPException."""
        update = Update(job)
        text = self._texts.status(update, self._dispatcher.outlook(job))
        channel = self._client.get_partial_messageable(job.channel_id, guild_id=job.guild_id)
        # The nonce makes a second post of the same status a no-op if the answer to the first was lost.
        message = await channel.send(text, view=_cancel_view(job), nonce=f"status-{job.id}")
        await self._orders.remember_status(job.id, message.id)
        self._shown[job.id] = _Shown(update, message.id, text)
        return message

    async def close(self, job: Job, last_words: str) -> None:
        """Stop following the job and leave ``last_words`` in its status message, without buttons."""
        shown = self._shown.pop(job.id, None)
        if shown is not None and shown.task is not None:
            shown.task.cancel()
            await asyncio.gather(shown.task, return_exceptions=True)
        if job.status_message_id is not None:
            await self._edit(job, job.status_message_id, last_words, [], None)

    def _on_update(self, update: Update) -> None:
        job = update.job
        if job.state in FINAL_STATES:
            return  # delivery has the last words
        if job.id not in self._shown and job.status_message_id is not None:
            self._shown[job.id] = _Shown(update, job.status_message_id)  # posted before a restart
        if (shown := self._shown.get(job.id)) is not None:
            shown.update = update
            if update.progress is not None and update.progress.preview_jpeg is not None:
                shown.preview = update.progress.preview_jpeg
            self._schedule(job.id, shown)
        if update.progress is None:
            self._line_moved()

    def _line_moved(self) -> None:
        for job_id, shown in self._shown.items():
            if shown.update.job.state == "queued":
                self._schedule(job_id, shown)

    def _schedule(self, job_id: int, shown: _Shown) -> None:
        if shown.task is None or shown.task.done():
            shown.task = asyncio.create_task(self._catch_up(job_id, shown), name=f"status of job {job_id}")

    async def _catch_up(self, job_id: int, shown: _Shown) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(max(0.0, shown.next_edit_at - clock()))
            async with self._one_edit_per_channel[shown.update.job.channel_id]:
                # Composed only now, so that whatever was overtaken while waiting is never sent.
                text = self._texts.status(shown.update, self._dispatcher.outlook(shown.update.job))
                preview = shown.preview
                if (text, preview) == (shown.text, shown.shown_preview):
                    return
                files = [] if preview is None else [discord.File(io.BytesIO(preview), PREVIEW_NAME)]
                await self._edit(shown.update.job, shown.message_id, text, files, _cancel_view(shown.update.job))
            shown.text, shown.shown_preview = text, preview
            shown.next_edit_at = clock() + EDIT_PAUSE_SECONDS

    async def _edit(
        self, job: Job, message_id: int, text: str, files: list[discord.File], view: discord.ui.View | None
    ) -> None:
        channel = self._client.get_partial_messageable(job.channel_id, guild_id=job.guild_id)
        try:
            await channel.get_partial_message(message_id).edit(content=text, attachments=files, view=view)
        except (discord.HTTPException, OSError) as error:
            # The message may be deleted or Discord away; the job goes on, and its clip is a message of its own.
            log.info("status not edited", job=job.id, why=str(error))


def _cancel_view(job: Job) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(CancelButton(job.id, job.locale))
    return view
