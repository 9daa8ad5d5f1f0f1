"""What becomes of finished clips: kept private, shared again, or deleted for good, files included.

Deciding is one transaction. What follows outside the database (messages, files) is noted in that transaction, done
afterwards by whoever can, repeated until it is done, and marked last.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Sequence

from generation.clock import Clock
from generation.errors import ClipRefused
from generation.lookup import check_kept, owned
from storage import files, jobs, keeping, loose_ends, staff_cards
from storage.blobs import BlobStore
from storage.database import Database, Transaction
from storage.jobs import Job
from storage.keeping import Withdrawal
from storage.staff_acts import THE_BOT

FRESH_SECONDS = 60.0
"""Files younger than this are not removed yet: an order for an equal picture may be about to name them."""

AT_ONCE = 100
"""Withdrawals taken up together."""


class Keeping:
    """The use cases of an owner with a finished clip. Each is atomic and idempotent.

    ``fresh_seconds`` is how long a file is left alone after it was written.
    """

    def __init__(
        self, database: Database, blobs: BlobStore, *, clock: Clock, fresh_seconds: float = FRESH_SECONDS
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock
        self._new = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []
        self.fresh_seconds = fresh_seconds

    async def delete(self, job_id: int, *, actor: int) -> Job:
        """Delete the owner's finished job for good: prompt, pictures, clip and messages; the credits stay spent.

        Only a clip that waits for approval is refunded, as nobody has seen it: it is taken back with its card. The row
        and its transfers stay. Raises LookupError, or ClipRefused: not_yours, or unfinished while it is made or on its
        way.
        """

        def work(tx: Transaction) -> Job:
            job = owned(tx, job_id, actor)
            if job.visibility != "deleted" and not keeping.erase(tx, job, actor=str(actor), now=self._clock()):
                raise ClipRefused("unfinished")
            return owned(tx, job_id, actor)

        return await self._decided(work)

    async def keep_private(self, job_id: int, *, actor: int) -> Job:
        """Take the owner's delivered clip out of its channels; only its owner can fetch it then.

        Raises LookupError, or ClipRefused: not_yours, unfinished, deleted, hidden.
        """

        def work(tx: Transaction) -> Job:
            job = owned(tx, job_id, actor)
            check_kept(job)
            if job.state != "succeeded" or job.delivery not in ("posted", "abandoned"):
                raise ClipRefused("unfinished")
            if keeping.set_visibility(tx, job_id, "private"):
                keeping.withdraw(tx, job_id, [], actor=str(actor), now=self._clock())
            return owned(tx, job_id, actor)

        return await self._decided(work)

    async def share(self, job_id: int, *, actor: int) -> Job:
        """Let others see the owner's private clip again; nothing is posted. Raises as ``keep_private``."""

        def work(tx: Transaction) -> Job:
            check_kept(owned(tx, job_id, actor))
            keeping.set_visibility(tx, job_id, "shown")
            return owned(tx, job_id, actor)

        return await self._decided(work)

    async def note_post(self, job_id: int, channel_id: int, message_id: int) -> None:
        """Remember a message that carries the clip besides its first one, so that it is withdrawn together with it."""

        def work(tx: Transaction) -> None:
            keeping.note_post(tx, job_id, channel_id, message_id)
            job = jobs.get(tx, job_id)
            if job is not None and job.visibility != "shown":
                # Decided while the message was under way.
                keeping.withdraw_messages(tx, job_id, actor=THE_BOT, now=self._clock())

        await self._database.write(work)
        self.wake()

    async def portfolio(self, guild_id: int, user_id: int) -> list[Job]:
        """All clips that the person still has, newest first."""
        return await self._database.read(lambda tx: keeping.portfolio(tx, guild_id, user_id))

    async def withdrawals(self) -> list[Withdrawal]:
        """What is still to be done outside the database."""
        return await self._database.read(lambda tx: keeping.to_withdraw(tx, AT_ONCE))

    async def posts(self, job: Job) -> Sequence[tuple[int, int]]:
        """(channel, message) of everything in channels that shows the job: its result, its status, its later posts.

        Of a deleted job also the card by which instructors looked at its clip first; what was reported stays theirs.
        """
        own = [(job.channel_id, message) for message in (job.message_id, job.status_message_id) if message is not None]
        noted = await self._database.read(lambda tx: keeping.posts(tx, job.id))
        card = await self._database.read(lambda tx: staff_cards.to_approve_by(tx, job.id))
        if job.visibility == "deleted" and card is not None and card.channel_id and card.message_id:
            noted.append((card.channel_id, card.message_id))
        return list(dict.fromkeys([*own, *noted]))

    async def messages_gone(self, withdrawal: Withdrawal) -> bool:
        """Note that the job's messages are deleted, or out of reach for good; False if more was decided meanwhile."""
        return await self._database.write(lambda tx: keeping.messages_gone(tx, withdrawal, self._clock()))

    async def remove_files(self, withdrawal: Withdrawal) -> bool:
        """Remove the files that no other job needs, and note it. Repeatable.

        False while one is too fresh, or if more was decided meanwhile.
        """

        def work(tx: Transaction) -> bool:
            now = self._clock()
            # Nothing can order one of these files between the look and the removal: this is the only writer.
            return self._remove(tx, withdrawal.files, now) and keeping.files_gone(tx, withdrawal, now)

        return await self._database.write(work)

    async def remove_loose_files(self) -> bool:
        """Remove the files that no withdrawal has and nothing needs; False while any is too fresh. Repeatable."""

        def work(tx: Transaction) -> tuple[int, int]:
            now = self._clock()
            names = loose_ends.files(tx, AT_ONCE)
            gone = [name for name in names if self._remove(tx, [name], now)]
            for name in gone:
                loose_ends.file_gone(tx, name)
            return len(names), len(gone)

        while True:
            noted, gone = await self._database.write(work)
            if gone < noted or noted == 0:
                return noted == 0

    async def loose_messages(self) -> list[tuple[int, int, int]]:
        """(guild, channel, message) of messages that belong to no clip and are to be taken out of their channels."""
        return await self._database.read(lambda tx: loose_ends.messages(tx, AT_ONCE))

    async def loose_message_gone(self, message_id: int) -> None:
        """Note that such a message is deleted, or out of reach for good."""
        await self._database.write(lambda tx: loose_ends.message_gone(tx, message_id))

    def listen(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever something is to be done outside the database; it must return at once."""
        self._listeners.append(listener)

    def now(self) -> float:
        """The moment that is written beside what is decided now, in seconds since the epoch."""
        return self._clock()

    def wake(self) -> None:
        """Let whoever waits look again: something was decided."""
        self._new.set()
        for listener in self._listeners:
            listener()

    async def wait(self, timeout_seconds: float | None) -> None:
        """Until something was decided since the last call, or the time is over."""
        with contextlib.suppress(TimeoutError):
            # wait_for of Python 3.11 can swallow the cancellation that stops the bot.
            async with asyncio.timeout(timeout_seconds):
                await self._new.wait()
        self._new.clear()

    async def _decided(self, work: Callable[[Transaction], Job]) -> Job:
        job = await self._database.write(work)
        self.wake()
        return job

    def _remove(self, tx: Transaction, names: Iterable[str], now: float) -> bool:
        """Whether those that nothing needs could be removed: all of them, or none while one is too fresh."""
        unused = [name for name in names if not files.is_needed(tx, name, now=now)]
        if any(self._is_fresh(name) for name in unused):
            return False
        for name in unused:
            self._blobs.delete(name)
        return True

    def _is_fresh(self, name: str) -> bool:
        path = self._blobs.path(name)
        # The file's own time is the machine's, whatever the bot's clock says.
        return path.exists() and time.time() - path.stat().st_mtime < self.fresh_seconds
