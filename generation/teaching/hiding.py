"""Instructors take a clip out of sight and let it be seen again; the job and its credits stay as they are."""

from collections.abc import Callable
from dataclasses import replace

from generation.errors import ClipRefused
from generation.lookup import of_guild
from generation.privacy.keeping import Keeping
from generation.teaching.staff import Staff
from storage import approvals, hidden_clips, keeping, loose_ends
from storage.database import Database, Transaction
from storage.jobs import Job
from storage.staff_acts import NewAct


class Hiding:
    """The use cases of an instructor with somebody's clip. Each is one transaction with its line in the log."""

    def __init__(self, database: Database, staff: Staff, *, keeping: Keeping) -> None:
        self._database = database
        self._staff = staff
        self._keeping = keeping

    async def hide(self, act: NewAct, job_id: int) -> Job:
        """Take a clip out of its channels and out of sight, because of ``act.why``; returns the job as it is then.

        The results of a challenge in which it stands are told again without it.

        Raises LookupError for another server's job or none; ClipRefused: no_clip, unfinished, waiting for approval,
        deleted, or hidden before.
        """

        def change(tx: Transaction) -> None:
            job = of_guild(tx, job_id, act.guild_id)
            _check_finished(job)
            if job.visibility in ("deleted", "hidden") or not hidden_clips.hide(tx, job_id, act.why):
                raise ClipRefused("deleted" if job.visibility == "deleted" else "hidden")
            keeping.withdraw(tx, job_id, [], actor=str(act.actor_id), now=self._keeping.now())
            loose_ends.outdate_results(tx, job_id)

        return await self._act(act, job_id, change)

    async def unhide(self, act: NewAct, job_id: int) -> Job:
        """Let a hidden clip be seen as before it was hidden; nothing is posted by itself.

        Raises LookupError as ``hide``; ClipRefused: not_hidden, deleted, or declined, which is paid back for good.
        """

        def change(tx: Transaction) -> None:
            job = of_guild(tx, job_id, act.guild_id)
            if hidden_clips.unhide(tx, job_id):
                return
            if job.visibility == "deleted":
                raise ClipRefused("deleted")
            raise ClipRefused("declined" if job.approval == "declined" else "not_hidden")

        return await self._act(act, job_id, change)

    async def why(self, job_id: int) -> str | None:
        """Why an instructor hid or declined the clip; None if nobody did."""

        def work(tx: Transaction) -> str | None:
            decision = approvals.decision(tx, job_id)
            return hidden_clips.reason(tx, job_id) or (None if decision is None else decision.reason)

        return await self._database.read(work)

    async def _act(self, act: NewAct, job_id: int, change: Callable[[Transaction], None]) -> Job:
        def work(tx: Transaction) -> Job:
            owner_id = of_guild(tx, job_id, act.guild_id).user_id
            told = replace(act, whom_id=owner_id, details={**act.details, "clip": str(job_id)})
            self._staff.act_in(tx, told, lambda tx, now: change(tx))
            return of_guild(tx, job_id, act.guild_id)

        job = await self._database.write(work)
        self._keeping.wake()
        return job


def _check_finished(job: Job) -> None:
    if job.state in ("failed", "cancelled"):
        raise ClipRefused("no_clip")
    if job.approval == "waiting":
        raise ClipRefused("waiting")
    if job.delivery not in ("posted", "abandoned"):
        raise ClipRefused("unfinished")
