"""An instructor's word on a clip that waits for it: said once, with the refund of a declined one in the same step."""

from collections.abc import Callable
from typing import Literal

from generation.clock import Clock
from generation.lookup import of_guild
from generation.teaching.staff import Staff
from storage import approvals, guilds, ledger
from storage.approvals import Decision
from storage.database import Database, Transaction
from storage.jobs import Job
from storage.staff_acts import NewAct

Verdict = Literal["approved", "declined"]


class ApprovalOver(Exception):
    """The clip does not wait: ``decision`` says what was decided and by whom, None if it needed no approval."""

    def __init__(self, decision: Decision | None) -> None:
        super().__init__()
        self.decision = decision


class Approvals:
    """Decisions about finished clips that nobody has seen yet. Each is one transaction."""

    def __init__(self, database: Database, *, staff: Staff, clock: Clock) -> None:
        self._database = database
        self._staff = staff
        self._clock = clock
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever a clip was decided on; it must return at once."""
        self._listeners.append(listener)

    async def approve(self, job_id: int, *, guild_id: int, actor_id: int) -> Job:
        """Let the clip be posted. Raises LookupError for another server's or none, ApprovalOver."""
        return await self._decide(job_id, "approved", guild_id=guild_id, actor_id=actor_id, reason="")

    async def decline(self, job_id: int, *, guild_id: int, actor_id: int, reason: str) -> Job:
        """Keep the clip out of sight for good and give its credits back; raises as ``approve``."""
        return await self._decide(job_id, "declined", guild_id=guild_id, actor_id=actor_id, reason=reason)

    async def decision(self, job_id: int) -> Decision | None:
        """What was decided about the clip; None if it waits still or needed no approval."""
        return await self._database.read(lambda tx: approvals.decision(tx, job_id))

    async def waiting_count(self, guild_id: int) -> int:
        """How many clips of a server wait."""
        return await self._database.read(lambda tx: approvals.waiting_count(tx, guild_id))

    async def _decide(self, job_id: int, verdict: Verdict, *, guild_id: int, actor_id: int, reason: str) -> Job:
        def change(tx: Transaction, now: float) -> Job:
            if verdict == "approved":
                is_decided = approvals.approve(tx, job_id, by=actor_id, now=now)
            else:
                is_decided = approvals.decline(tx, job_id, by=actor_id, reason=reason, now=now)
            if not is_decided:
                raise ApprovalOver(approvals.decision(tx, job_id))
            if verdict == "declined":
                ledger.refund(tx, of_guild(tx, job_id, guild_id).hold_id, reason=verdict, actor=str(actor_id), now=now)
            return of_guild(tx, job_id, guild_id)

        def work(tx: Transaction) -> Job:
            job = of_guild(tx, job_id, guild_id)
            act = NewAct(
                key=f"approval:{job_id}",
                guild_id=guild_id,
                actor_id=actor_id,
                what=f"clip-{verdict}",
                whom_id=job.user_id,
                why=reason,
                details={"clip": str(job_id)},
            )
            return self._staff.act_in(tx, act, change)

        job = await self._database.write(work)
        for listener in self._listeners:
            listener()
        return job


def needs_approval(tx: Transaction, job: Job) -> bool:
    """Whether instructors look at the clip before everybody does; their own demonstrations need no second look."""
    return job.lane != "demo" and guilds.get(tx, job.guild_id).approval_by is not None
