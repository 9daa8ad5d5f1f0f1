"""Class sessions: for some minutes a pool pays for everybody; started, ended by hand or by the clock, summed up."""

from dataclasses import dataclass

from generation.clock import Clock
from generation.errors import SessionRefused
from generation.pools import NewPool, open_in
from generation.teaching.staff import Staff
from generation.teaching.tallies import tally
from storage import pools, sessions
from storage.database import Database, Transaction
from storage.sessions import ClassSession, NewSession, Pin, Tally
from storage.staff_acts import THE_BOTS_ID, NewAct, by_the_bot

POOL_CREDITS_PER_MINUTE = 1000
"""What a session may spend where its instructor sets no bound: a fast card makes clips for 40 credits in a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an instructor has in mind. ``key`` makes a replay harmless; ``title`` is how its pool is called.

    ``model_id`` None leaves the choice of model, ``clips_per_person`` None is without a bound, and ``pool_credits``
    None is as much as the session can use.
    """

    key: str
    guild_id: int
    channel_id: int
    started_by: int
    title: str
    locale: str
    minutes: int
    model_id: str | None = None
    clips_per_person: int | None = None
    pool_credits: int | None = None


class Sessions:
    """The use cases around class sessions. Each is atomic, and idempotent where it is called twice."""

    def __init__(self, database: Database, *, staff: Staff, clock: Clock) -> None:
        self._database = database
        self._staff = staff
        self._clock = clock

    async def start(self, act: NewAct, plan: Plan) -> ClassSession:
        """Start a session with a pool of its own. Raises SessionRefused("running"). Idempotent on ``plan.key``."""

        def change(tx: Transaction, now: float) -> ClassSession:
            if (known := sessions.by_key(tx, plan.key)) is not None:
                return known
            if (before := sessions.unended(tx, plan.guild_id)) is not None:
                if now < before.ends_at:
                    raise SessionRefused("running", channel=str(before.channel_id), ends_at=before.ends_at)
                self._end_due_in(tx, before)
            return sessions.add(tx, _new(plan, open_in(tx, _pool(plan), now).id, now))

        return await self._staff.act(act, change, lambda session: {"session": session.id})

    async def stop(self, act: NewAct) -> ClassSession:
        """End the class's session now; what is in the making is still made. Raises SessionRefused("none")."""

        def change(tx: Transaction, now: float) -> tuple[ClassSession, int]:
            session = sessions.unended(tx, act.guild_id)
            if session is None:
                raise SessionRefused("none")
            return self._end_in(tx, session, act.actor_id, now)

        session, _ = await self._staff.act(act, change, _ended)
        return session

    async def end_due(self) -> list[ClassSession]:
        """End every session whose time is over."""

        def work(tx: Transaction) -> list[ClassSession]:
            return [self._end_due_in(tx, session) for session in sessions.due(tx, self._clock())]

        return await self._database.write(work)

    async def next_due_at(self) -> float | None:
        """When the next session ends by itself; None if none runs."""
        return await self._database.read(sessions.next_due_at)

    async def sum_up(self) -> list[ClassSession]:
        """Write down what came of every session that has ended and whose last clip is over; a line in the log too."""

        def work(tx: Transaction) -> list[ClassSession]:
            return [self._sum_up_in(tx, session) for session in sessions.drained(tx)]

        # Asked for at every change of the line, so the writer is left alone as long as there is nothing to write.
        return await self._database.write(work) if await self._database.read(sessions.drained) else []

    def _end_due_in(self, tx: Transaction, session: ClassSession) -> ClassSession:
        act = by_the_bot(session.guild_id, "session-end", f"session-end:{session.id}", session=session.id)
        ended, _ = self._staff.act_in(tx, act, lambda tx, now: self._end_in(tx, session, THE_BOTS_ID, now), _ended)
        return ended

    @staticmethod
    def _end_in(tx: Transaction, session: ClassSession, ended_by: int, now: float) -> tuple[ClassSession, int]:
        sessions.end(tx, session.id, ended_by=ended_by, now=now)
        returned = pools.close(tx, session.pool_id, actor=str(ended_by), now=now)
        return _existing(tx, session.id), returned

    def _sum_up_in(self, tx: Transaction, session: ClassSession) -> ClassSession:
        found = tally(sessions.clips(tx, session))

        def change(tx: Transaction, now: float) -> None:
            sessions.sum_up(tx, session.id, found)

        counts = {"made": found.made + found.demonstrations, "people": found.people, "spent": found.spent_credits}
        key = f"session-summary:{session.id}"
        act = by_the_bot(session.guild_id, "session-summary", key, session=session.id, **counts)
        self._staff.act_in(tx, act, change)
        return _existing(tx, session.id)

    async def running(self, guild_id: int) -> ClassSession | None:
        """The session that pays for the class's orders at this moment."""
        return await self._database.read(lambda tx: sessions.running(tx, guild_id, self._clock()))

    async def newest(self, guild_id: int, limit: int) -> list[ClassSession]:
        """The class's sessions, newest first."""
        return await self._database.read(lambda tx: sessions.of_guild(tx, guild_id, limit))

    async def get(self, session_id: int) -> ClassSession:
        """The session as it is now. Raises SessionRefused("unknown")."""
        return await self._database.read(lambda tx: _existing(tx, session_id))

    async def tally(self, session: ClassSession) -> Tally:
        """What has come of it so far."""
        return await self._database.read(lambda tx: tally(sessions.clips(tx, session)))

    async def live(self) -> list[ClassSession]:
        """Sessions whose board is to be kept as they are now, oldest first."""
        return await self._database.read(sessions.live)

    async def untold(self, limit: int) -> list[int]:
        """Ids of sessions whose board or last words are still to be posted, oldest first."""
        return [one.id for one in await self._database.read(lambda tx: sessions.untold(tx, limit))]

    async def board_posted(self, session_id: int, message_id: int, pin: Pin) -> None:
        """Note where the board stands, and whether it is pinned."""
        await self._database.write(lambda tx: sessions.board_posted(tx, session_id, message_id, pin))

    async def board_lost(self, session: ClassSession) -> bool:
        """Owe the board once more, because somebody has deleted it; False if it stands elsewhere, or all is over."""
        message_id = session.board_message_id or 0
        return await self._database.write(lambda tx: sessions.board_lost(tx, session.id, message_id))

    async def abandon_board(self, session_id: int) -> None:
        """Show the session on no board."""
        await self._database.write(lambda tx: sessions.abandon_board(tx, session_id))

    async def closing_posted(self, session_id: int, message_id: int) -> None:
        """Note which message said the last words."""
        await self._database.write(lambda tx: sessions.closing_posted(tx, session_id, message_id))

    async def abandon_closing(self, session_id: int) -> None:
        """Say no last words."""
        await self._database.write(lambda tx: sessions.abandon_closing(tx, session_id))


def _new(plan: Plan, pool_id: int, now: float) -> NewSession:
    return NewSession(
        key=plan.key,
        guild_id=plan.guild_id,
        channel_id=plan.channel_id,
        pool_id=pool_id,
        model_id=plan.model_id,
        clips_per_person=plan.clips_per_person,
        locale=plan.locale,
        started_by=plan.started_by,
        started_at=now,
        ends_at=now + plan.minutes * 60.0,
    )


def _pool(plan: Plan) -> NewPool:
    return NewPool(
        key=f"session:{plan.key}",
        guild_id=plan.guild_id,
        kind="session",
        title=plan.title,
        credits=plan.minutes * POOL_CREDITS_PER_MINUTE if plan.pool_credits is None else plan.pool_credits,
        cap_credits=None,
        created_by=plan.started_by,
    )


def _ended(outcome: tuple[ClassSession, int]) -> dict[str, int]:
    session, returned = outcome
    return {"session": session.id, "returned": returned}


def _existing(tx: Transaction, session_id: int) -> ClassSession:
    session = sessions.get(tx, session_id)
    if session is None:
        raise SessionRefused("unknown")
    return session
