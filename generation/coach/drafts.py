"""Orders that wait for their person's word after the coach found something, and who wants to be asked at all."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from generation.catalog import Catalog
from generation.clock import Clock
from generation.coach.findings import Finding, coach
from generation.coach.rewrite import rewrite
from generation.custody import Custody
from generation.request import ClipRequest
from storage import drafts, jobs, persons
from storage.database import Database
from storage.drafts import Draft, Exercise, NewDraft
from storage.jobs import Job, Lane

DRAFT_LIFE_SECONDS = 3 * 3600.0
"""How long a draft waits for its person: a lesson and the break after it."""

EXPIRED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the coach says about a request, and the prompt that it would write; None where it has no better one."""

    findings: tuple[Finding, ...]
    rewrite: str | None


def opinion(request: ClipRequest) -> Opinion:
    """The coach's opinion of a request."""
    # Clips have one frame more than whole seconds; ten seconds are not more than ten.
    seconds = (request.frames - 1) / request.model.fps
    findings = coach(request.prompt, camera=request.camera, seconds=seconds, task=request.task)
    better = rewrite(request.prompt, camera=request.camera, seconds=seconds, task=request.task) if findings else None
    return Opinion(findings, better)


class Coaching:
    """Drafts from their beginning to an order, a withdrawal or their expiry. Nothing here touches credits."""

    def __init__(self, database: Database, custody: Custody, *, catalog: Catalog, clock: Clock) -> None:
        self._database = database
        self._custody = custody
        self._catalog = catalog
        self._clock = clock

    async def shows_card(self, guild_id: int, user_id: int) -> bool:
        """Whether the person wants to be asked where the coach found something."""
        return await self._database.read(lambda tx: persons.shows_coach(tx, guild_id, user_id))

    async def set_shows_card(self, guild_id: int, user_id: int, shown: bool) -> None:
        """Turn the card on or off for a person."""
        await self._database.write(lambda tx: persons.set_shows_coach(tx, guild_id, user_id, shown, now=self._clock()))

    async def open(
        self,
        *,
        key: str,
        guild_id: int,
        channel_id: int,
        user_id: int,
        request: ClipRequest,
        advice: Sequence[str],
        exercise: Exercise | None,
        lane: Lane = "class",
        pool_id: int | None = None,
    ) -> Draft:
        """Keep a request until its person says a word. Idempotent on ``key``; its stills must be kept already.

        ``pool_id`` is the sponsored pool that would pay now.
        """
        now = self._clock()
        new = NewDraft(
            key=key,
            guild_id=guild_id,
            channel_id=channel_id,
            user_id=user_id,
            recipe=request.recipe(),
            advice=tuple(advice),
            exercise=exercise,
            created_at=now,
            expires_at=now + DRAFT_LIFE_SECONDS,
            lane=lane,
            pool_id=pool_id,
        )
        return await self._database.write(lambda tx: drafts.add(tx, new))

    async def draft(self, draft_id: int) -> Draft:
        """The draft. Raises LookupError if it is over: ordered, withdrawn or expired."""
        draft = await self._database.read(lambda tx: drafts.get(tx, draft_id))
        if draft is None or draft.expires_at <= self._clock():
            raise LookupError(draft_id)
        return draft

    @asynccontextmanager
    async def taken(self, draft: Draft) -> AsyncIterator[None]:
        """Keep the draft's stills while it is ordered, withdrawn or not meanwhile. Raises LookupError if it is over."""
        for name in draft.stills:
            self._custody.hold(name)
        try:
            await self.draft(draft.id)
            yield
        finally:
            for name in draft.stills:
                self._custody.let_go(name)

    def request(self, draft: Draft, prompt: str | None = None) -> ClipRequest:
        """What the draft asks for, with another ``prompt`` if one is given. Raises RequestError."""
        request = ClipRequest.from_recipe(draft.recipe, self._catalog)
        return request if prompt is None else replace(request, prompt=" ".join(prompt.split()))

    async def edit(self, draft: Draft, prompt: str) -> Draft:
        """Give the draft another prompt. Raises RequestError, or LookupError if it is over."""
        recipe = self.request(draft, prompt).recipe()
        if not await self._database.write(lambda tx: drafts.edit(tx, draft.id, recipe)):
            raise LookupError(draft.id)
        return replace(draft, recipe=recipe)

    async def ordered(self, draft_id: int) -> Job | None:
        """The job that the draft has become, if it has."""
        return await self._database.read(lambda tx: jobs.by_key(tx, order_key(draft_id)))

    async def close(self, draft: Draft) -> None:
        """Forget the draft, and its stills if nothing else needs them. Idempotent; a sweep ends what a crash leaves."""
        await self._database.write(lambda tx: drafts.end(tx, draft.id, now=self._clock()))
        await self._custody.remove_unneeded(draft.stills)
        await self._database.write(lambda tx: drafts.remove(tx, draft.id))

    async def sweep(self) -> int:
        """Close every draft whose time is over; returns how many there were."""
        closed = 0
        while over := await self._database.read(lambda tx: drafts.expired(tx, self._clock(), EXPIRED_AT_ONCE)):
            for draft in over:
                await self.close(draft)
            closed += len(over)
        return closed


def order_key(draft_id: int) -> str:
    """The key of the one job that a draft can become, however often its button is pressed."""
    return f"draft-{draft_id}"
