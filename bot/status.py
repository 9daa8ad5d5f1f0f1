"""The public status message of each job: posted once, then edited as the job moves, never faster than Discord likes."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

import discord
import structlog

from bot.errors import DISCORD_AWAY, GONE
from bot.rendering import JobTexts
from bot.status_messages import StatusMessages
from bot.turns import FIRST_WORDS, LAST_WORDS, PROGRESS, Turns
from generation.charges import ChargeState
from generation.deliveries import Deliveries
from generation.dispatch import Dispatcher
from generation.updates import Update
from storage.errors import DatabaseUnusable
from storage.jobs import Job

log = structlog.get_logger(__name__)

EDIT_PAUSE_SECONDS = 2.5
"""Between two edits of one message; Discord allows about 5 edits in 5 s to a whole channel."""

REFRESH_SECONDS = 30.0
"""Between two looks at everybody's waiting time while nothing else moves the line."""

FINAL_STATES = frozenset({"succeeded", "failed", "cancelled"})


@dataclass(slots=True)
class _Shown:
    """One status message: the newest update, what stands in the channel, and the task that brings them together."""

    update: Update
    message_id: int | None
    """None until it is posted."""
    may_be_there: bool = False
    """Whether it may have been posted and never noted: by an earlier process, or in a try whose answer was lost."""
    text: str = ""
    preview: bytes | None = None
    shown_preview: bytes | None = None
    task: asyncio.Task[None] | None = None
    next_edit_at: float = 0.0
    posting: asyncio.Lock = field(default_factory=asyncio.Lock)


class StatusBoard:
    """Owns every status message of unfinished jobs. The bot's own messages, so no token can expire under them."""

    def __init__(
        self,
        client: discord.Client,
        deliveries: Deliveries,
        dispatcher: Dispatcher,
        *,
        texts: JobTexts,
        posts: Turns,
        edits: Turns,
    ) -> None:
        self._messages = StatusMessages(client)
        self._deliveries = deliveries
        self._dispatcher = dispatcher
        self._texts = texts
        self._shown: dict[int, _Shown] = {}
        self._kept_places: frozenset[int] = frozenset()
        self._posts = posts
        self._edits = edits
        dispatcher.listen(self._on_update)
        dispatcher.health.listen(lambda _: self._line_moved())
        dispatcher.closures.listen(lambda _: self._line_moved())

    def resume(self, jobs: Sequence[Job]) -> None:
        """After a restart: follow these jobs again, unfinished ones and those whose person was not told of the end.

        Those in line are told that they kept their place. Call it before anything touches the jobs; ``run`` posts or
        finds the messages that are missing.
        """
        self._kept_places = frozenset(job.id for job in jobs if job.state == "queued")
        for job in jobs:
            if job.status_message_id is None:
                self.expect(job, may_be_there=True)
            else:
                self._on_update(Update(job))

    async def _open_missing(self) -> None:
        """Post or find what an earlier process or try did not, each channel's on its own."""
        channels = defaultdict[int, list[Job]](list)
        for shown in self._shown.values():
            job = shown.update.job
            if shown.message_id is None and shown.may_be_there and job.state not in FINAL_STATES:
                channels[job.channel_id].append(job)
        await asyncio.gather(*map(self._open_each, channels.values()))

    async def _open_each(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            try:
                await self.open(job)
            except (*DISCORD_AWAY, DatabaseUnusable) as error:
                log.warning("no status message yet", job=job.id, why=repr(error))
            except Exception:
                log.exception("status message broke", job=job.id)

    async def recall(self, job: Job) -> Job:
        """The job with its status message, which may have been posted and never noted; it is then.

        Raises what Discord raises.
        """
        if job.status_message_id is not None:
            return job
        if (found := await self._messages.find(job)) is None:
            return job
        await self._deliveries.remember_status(job.id, found)
        return replace(job, status_message_id=found)

    def expect(self, job: Job, *, may_be_there: bool = False) -> None:
        """Follow the job from now on; ``open`` posts its message, or finds it where it may be there."""
        self._shown[job.id] = _Shown(Update(job), None, may_be_there)

    def is_awaited(self, job_id: int) -> bool:
        """Whether the job is under way and its message is still to be posted."""
        shown = self._shown.get(job_id)
        return shown is not None and shown.message_id is None

    def overtake(self, job_id: int) -> None:
        """The job's clip is about to be posted: a message that is not under way yet would only stand in its way."""
        shown = self._shown.get(job_id)
        if shown is not None and shown.message_id is None and not (shown.may_be_there or shown.posting.locked()):
            del self._shown[job_id]

    async def open(self, job: Job) -> None:
        """Post the status message of an expected job and remember it; nothing if the job ends before its turn comes.

        Raises discord.HTTPException.
        """
        shown = self._shown.get(job.id)
        if shown is None:
            return
        async with self._posts.take(job.channel_id, FIRST_WORDS), shown.posting:
            if self._shown.get(job.id) is not shown or shown.message_id is not None:
                return
            try:
                found = (await self.recall(job)).status_message_id if shown.may_be_there else None
                if found is None:
                    shown.text = self._compose(shown.update)
                    shown.may_be_there = True  # from here on, whatever answer is lost
                    found = (await self._messages.post(job, shown.text)).id
            except GONE:
                self._shown.pop(job.id, None)
                raise
            shown.message_id = found
            await self._deliveries.remember_status(job.id, found)
        if self._shown.get(job.id) is shown:
            self._schedule(job.id, shown)

    async def close(
        self, job: Job, last_words: str, *, or_post: bool = False, unless: Callable[[], Awaitable[bool]] | None = None
    ) -> int | None:
        """Stop following the job and leave ``last_words`` in its status message, without buttons.

        Returns the message. A job that was faster than its status message gets none, None is returned then, and
        ``or_post`` posts the words: where they are all that its person reads for now. Nothing is changed if
        ``unless`` says so when the turn has come. Raises what Discord and the database raise where the message must
        be looked for; then the job is followed as before.
        """
        shown = self._shown.pop(job.id, None)
        try:
            message_id = job.status_message_id or (None if shown is None else await self._message_of(job, shown))
        except BaseException:
            if shown is not None:
                self._shown.setdefault(job.id, shown)
            raise
        if message_id is None:
            return await self._post_last_words(job, last_words) if or_post else None
        # An edit under way ends first: cancelled here, it might still arrive at Discord, after the last words.
        async with self._edits.take(job.channel_id, LAST_WORDS):
            if shown is not None and shown.task is not None:
                shown.task.cancel()
                await asyncio.gather(shown.task, return_exceptions=True)
            if unless is None or not await unless():
                await self._messages.end(job, message_id, last_words)
        return message_id

    async def _message_of(self, job: Job, shown: _Shown) -> int | None:
        """The message of a job that is not followed any more, once a post under way has ended."""
        async with shown.posting:
            if shown.message_id is None and shown.may_be_there:
                with contextlib.suppress(*GONE):
                    return (await self.recall(job)).status_message_id
        return shown.message_id

    async def _post_last_words(self, job: Job, last_words: str) -> int | None:
        try:
            async with self._posts.take(job.channel_id, LAST_WORDS):
                message = await self._messages.post(job, last_words, is_over=True)
        except DISCORD_AWAY as error:
            log.info("status not posted", job=job.id, why=str(error))
            return None
        if message.content != last_words:
            # The answer to an earlier post was lost, and Discord has returned that message as it is.
            await self._messages.end(job, message.id, last_words)
        await self._deliveries.remember_status(job.id, message.id)
        return message.id

    async def settle(self, job: Job, message_id: int, charge: ChargeState) -> None:
        """Leave the last words in that message of a job that ended while it was out of reach, or was never noted."""
        await self.close(replace(job, status_message_id=message_id), self._texts.last_words(job, charge))

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

    def _compose(self, update: Update) -> str:
        job, note = update.job, None
        if job.state == "queued":
            note = "status-kept-place" if job.id in self._kept_places else None
            if (closure := self._dispatcher.closures.of(job.guild_id)) is not None and closure.state == "paused":
                return self._texts.paused(job, closure.reason)
            if self._dispatcher.is_set_aside(job):
                return self._texts.resting(job, self._dispatcher.health.next_try_at(job.model_id))
        return self._texts.status(update, self._dispatcher.outlook(job), note=note)

    async def run(self) -> None:
        """Open what an earlier process did not, and keep the times that people were told from falling into the past."""
        opening: asyncio.Task[None] | None = None
        try:
            while True:
                if opening is None or opening.done():
                    opening = asyncio.create_task(self._open_missing(), name="missing status messages")
                await asyncio.sleep(REFRESH_SECONDS)
                self._line_moved()
        finally:
            edits = [shown.task for shown in self._shown.values() if shown.task is not None]
            edits += [] if opening is None else [opening]
            for task in edits:
                task.cancel()
            await asyncio.gather(*edits, return_exceptions=True)

    def _line_moved(self) -> None:
        for job_id, shown in self._shown.items():
            if shown.update.job.state == "queued":
                self._schedule(job_id, shown)

    def _schedule(self, job_id: int, shown: _Shown) -> None:
        if shown.message_id is not None and (shown.task is None or shown.task.done()):
            shown.task = asyncio.create_task(self._catch_up(job_id, shown), name=f"status of job {job_id}")

    async def _catch_up(self, job_id: int, shown: _Shown) -> None:
        clock, channel_id = asyncio.get_running_loop().time, shown.update.job.channel_id
        assert shown.message_id is not None
        while True:
            await asyncio.sleep(max(0.0, shown.next_edit_at - clock()))
            async with self._edits.take(channel_id, PROGRESS):
                text = self._compose(shown.update)
                preview = shown.preview
                if (text, preview) == (shown.text, shown.shown_preview):
                    return
                await self._messages.edit(shown.update.job, shown.message_id, text, preview)
            shown.text, shown.shown_preview = text, preview
            shown.next_edit_at = clock() + EDIT_PAUSE_SECONDS
