"""What people and instructors do with a challenge; each use case is one transaction, credits and votes included."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from generation.challenges import closing, contests
from generation.challenges.entered import Ended, Entered, Gallery, entry_of_guild, gallery_of, of_guild
from generation.clock import Clock
from generation.errors import ChallengeRefused
from generation.orders import NewOrder, Orders
from generation.pools import NewPool, open_in
from generation.pricing import price_credits
from generation.teaching import wording
from generation.teaching.house_rules import RuleRefused
from generation.teaching.staff import Staff
from storage import challenges, class_rules, entries, jobs, pools
from storage.challenges import Challenge, NewChallenge
from storage.database import Database, Transaction
from storage.entries import Entry
from storage.errors import CapReached, PoolExhausted
from storage.jobs import Job
from storage.staff_acts import NewAct, by_the_bot

__all__ = ["Challenges", "Ended", "Entered", "Gallery"]


class Challenges:
    """The use cases around challenges. Each is atomic, and idempotent where it is called twice.

    All raise ChallengeRefused("unknown") for a challenge that is not of that server.
    """

    def __init__(self, database: Database, *, orders: Orders, staff: Staff, clock: Clock) -> None:
        self._database = database
        self._orders = orders
        self._staff = staff
        self._clock = clock

    async def open(self, act: NewAct, new: NewChallenge, pool: NewPool | None) -> Challenge:
        """Set a challenge, with its own pool if it is sponsored. Idempotent on ``new.key``.

        Raises RuleRefused("word") for a blocked word in its texts.
        """

        def change(tx: Transaction, now: float) -> Challenge:
            wording.check_texts(tx, act.guild_id, *_texts(new))
            sponsored = new if pool is None else replace(new, pool_id=open_in(tx, pool, now).id)
            return challenges.add(tx, sponsored, now=now)

        return await self._staff.act(act, change, lambda challenge: {"challenge": challenge.id})

    async def edit(self, act: NewAct, challenge_id: int, change: Callable[[Challenge], Challenge]) -> Challenge:
        """Change an open challenge's words, end, entries each and required words.

        Raises ChallengeRefused("over"), and as ``open``.
        """

        def work(tx: Transaction, now: float) -> Challenge:
            new = change(of_guild(tx, challenge_id, act.guild_id))
            wording.check_texts(tx, act.guild_id, *_texts(new))
            done = challenges.edit(
                tx,
                challenge_id,
                title=new.title,
                brief=new.brief,
                prompt=new.prompt,
                closes_at=new.closes_at,
                entries_per_person=new.entries_per_person,
                required_words=new.required_words,
            )
            if not done:
                raise ChallengeRefused("over")
            return of_guild(tx, challenge_id, act.guild_id)

        return await self._staff.act(act, work)

    async def get(self, guild_id: int, challenge_id: int) -> Challenge:
        """The challenge as it is now."""
        return await self._database.read(lambda tx: of_guild(tx, challenge_id, guild_id))

    async def newest(self, guild_id: int, limit: int) -> list[Challenge]:
        """The server's challenges, newest first."""
        return await self._database.read(lambda tx: challenges.of_guild(tx, guild_id, limit))

    async def gallery(self, guild_id: int, challenge_id: int) -> Gallery:
        """The challenge with everything that was entered."""
        return await self._database.read(lambda tx: gallery_of(tx, of_guild(tx, challenge_id, guild_id)))

    async def check_room(self, guild_id: int, challenge_id: int, user_id: int, prompt: str | None) -> Challenge:
        """Whether the person may enter with that prompt (None: any) now; before anything is fetched or held."""

        def work(tx: Transaction) -> Challenge:
            challenge = of_guild(tx, challenge_id, guild_id)
            self._check(tx, challenge, user_id, prompt)
            return challenge

        return await self._database.read(work)

    async def enter(self, challenge_id: int, order: NewOrder) -> Entered:
        """Place the order and enter its clip, both or neither. Idempotent on the order's key.

        The order says who pays: the challenge's pool, or its person. Raises ChallengeRefused, and as ``Orders.place``.
        """

        def work(tx: Transaction) -> Entered:
            challenge = of_guild(tx, challenge_id, order.guild_id)
            if (known := jobs.by_key(tx, order.key)) is not None:
                if (entry := entries.of_job(tx, known.id)) is None:
                    raise ChallengeRefused("taken_back")
                return Entered(entry, self._orders.place_in(tx, order))
            recipe = order.request.recipe()
            self._check(tx, challenge, order.user_id, recipe["prompt"])
            if order.pool_id is not None:
                _check_share(tx, challenge, order)
            placed = self._orders.place_in(tx, order)
            if order.pool_id is not None and (left := pools.available(tx, order.pool_id)) < challenge.prize_credits:
                # The prize is promised to the winners, so no entry may spend it.
                price = placed.job.price_credits
                raise PoolExhausted(order.pool_id, max(0, left + price - challenge.prize_credits), price)
            return Entered(self._add(tx, challenge, placed.job), placed)

        return await self._database.write(work)

    async def enter_clip(self, guild_id: int, challenge_id: int, user_id: int, job_id: int) -> Entered:
        """Enter a finished clip of one's own, which costs nothing."""

        def work(tx: Transaction) -> Entered:
            challenge, job = of_guild(tx, challenge_id, guild_id), jobs.get(tx, job_id)
            if job is None or (job.guild_id, job.user_id) != (guild_id, user_id):
                raise ChallengeRefused("not_yours")
            if job.state != "succeeded" or job.approval == "waiting":
                raise ChallengeRefused("not_finished")
            if job.visibility != "shown":
                raise ChallengeRefused("not_shown")
            if (known := entries.of_job(tx, job_id)) is not None and known.challenge_id == challenge_id:
                return Entered(known, None)
            self._check(tx, challenge, user_id, job.recipe["prompt"])
            return Entered(self._add(tx, challenge, job, posts_clip=True), None)

        return await self._database.write(work)

    def _check(self, tx: Transaction, challenge: Challenge, user_id: int, prompt: str | None) -> None:
        self._check_time(challenge)
        blocked_because = class_rules.read(tx, challenge.guild_id, user_id).blocked_because
        if blocked_because is not None:
            raise RuleRefused("blocked", reason=blocked_because)
        own = [entry for entry in entries.of_person(tx, challenge.id, user_id) if entry.counts]
        if len(own) >= challenge.entries_per_person:
            raise ChallengeRefused("too_many", limit=challenge.entries_per_person)
        if prompt is not None:
            wording.check_texts(tx, challenge.guild_id, prompt)
        if prompt is not None and (missing := contests.missing_words(prompt, challenge.required_words)):
            raise ChallengeRefused("words", words=", ".join(missing))

    def _check_time(self, challenge: Challenge) -> None:
        if challenge.takes_entries(self._clock()):
            return
        is_early = challenge.state == "open" and self._clock() < challenge.opens_at
        if is_early:
            raise ChallengeRefused("early", opens_at=challenge.opens_at)
        raise ChallengeRefused("over")

    def _add(self, tx: Transaction, challenge: Challenge, job: Job, *, posts_clip: bool = False) -> Entry:
        print_ = contests.fingerprint(job.recipe)
        if any(one.fingerprint == print_ and one.counts for one in entries.of_person(tx, challenge.id, job.user_id)):
            raise ChallengeRefused("twice")
        if entries.of_job(tx, job.id) is not None:
            raise ChallengeRefused("twice")
        about = {"challenge_id": challenge.id, "user_id": job.user_id, "job_id": job.id}
        return entries.add(tx, **about, fingerprint=print_, now=self._clock(), posts_clip=posts_clip)

    async def withdraw(self, guild_id: int, entry_id: int, *, user_id: int) -> tuple[Entry, Job]:
        """Take one's entry back before the end; a clip still in the making is cancelled and its hold released."""

        def work(tx: Transaction) -> tuple[Entry, Job]:
            challenge, entry = entry_of_guild(tx, entry_id, guild_id)
            if entry.user_id != user_id:
                raise ChallengeRefused("not_yours")
            if entry.withdrawn_at is None:
                self._check_time(challenge)
                entries.withdraw(tx, entry_id, now=self._clock())
            job = self._orders.cancel_in(tx, entry.job_id, actor=user_id)
            return entry_of_guild(tx, entry_id, guild_id)[1], job

        return await self._database.write(work)

    async def vote(self, guild_id: int, entry_id: int, *, user_id: int) -> tuple[Challenge, Entry, bool]:
        """Give or move the person's one vote; for the entry it is on already, take it back. True if it is on it now."""

        def work(tx: Transaction) -> tuple[Challenge, Entry, bool]:
            challenge, entry = entry_of_guild(tx, entry_id, guild_id)
            self._check_time(challenge)
            if challenge.voting == "none":
                raise ChallengeRefused("no_voting")
            if entry.user_id == user_id:
                raise ChallengeRefused("own_entry")
            if not entry.stands:
                raise ChallengeRefused("not_standing")
            gives = entries.vote_of(tx, challenge.id, user_id) != entry_id
            if gives:
                voted = {"challenge_id": challenge.id, "user_id": user_id, "entry_id": entry_id}
                entries.vote(tx, **voted, now=self._clock())
            else:
                entries.unvote(tx, challenge_id=challenge.id, user_id=user_id)
            return challenge, entry_of_guild(tx, entry_id, guild_id)[1], gives

        return await self._database.write(work)

    async def close(
        self, act: NewAct, challenge_id: int, *, chosen: Sequence[int] = (), leaves_out_waiting: bool = True
    ) -> Ended:
        """End the challenge, pay its prize and return the rest of its pool. Ending it again changes nothing.

        ``chosen`` are numbers of entries where instructors decide; ChallengeRefused("not_an_entry") for others.
        Entries that are in the making or wait for approval take no part; unless ``leaves_out_waiting`` it is
        ChallengeRefused("unfinished") or ("waiting") while there are any.
        """

        def change(tx: Transaction, now: float) -> Ended:
            challenge = of_guild(tx, challenge_id, act.guild_id)
            if not leaves_out_waiting:
                closing.check_all_take_part(tx, challenge)
            return closing.close_in(tx, challenge, chosen, now)

        return await self._staff.act(act, change)

    async def close_due(self) -> list[Ended]:
        """End every challenge whose time is over, each in its own transaction; what instructors decide waits for them.

        That stays open until one of them closes it, and takes nothing more.
        """

        def due(tx: Transaction) -> list[Challenge]:
            return [one for one in challenges.due(tx, self._clock()) if not closing.needs_decision(tx, one)]

        ended = []
        for challenge in await self._database.read(due):
            act = by_the_bot(challenge.guild_id, "challenge-close", f"due:{challenge.id}", challenge=challenge.id)
            ended.append(await self.close(act, challenge.id))
        return ended

    async def ask_for_decisions(self) -> list[Challenge]:
        """Note of every challenge whose time is over that its winners are to be chosen; returns it once, and no more.

        It is due no longer then.
        """

        def due(tx: Transaction) -> list[Challenge]:
            return [one for one in challenges.due(tx, self._clock()) if closing.needs_decision(tx, one)]

        def work(tx: Transaction) -> list[Challenge]:
            for challenge in (found := due(tx)):
                key = challenges.decision_key(challenge.id)
                act = by_the_bot(challenge.guild_id, "challenge-decide", key, challenge=challenge.id)
                self._staff.act_in(tx, act, lambda tx, now: None)
            return found

        return await self._database.write(work) if await self._database.read(due) else []

    async def next_due_at(self) -> float | None:
        """When the next open challenge is due to be closed or decided; None if none is."""
        return await self._database.read(challenges.next_due_at)

    async def cancel(self, act: NewAct, challenge_id: int) -> Ended:
        """Call the challenge off: clips in the making are cancelled, every hold released, the pool returned."""

        def change(tx: Transaction, now: float) -> Ended:
            challenge = of_guild(tx, challenge_id, act.guild_id)
            if challenge.state == "closed":
                raise ChallengeRefused("over")
            challenges.end(tx, challenge_id, "cancelled", now=now)
            entered = [one for one in entries.of_challenge(tx, challenge_id) if one.withdrawn_at is None]
            called_off = [self._orders.cancel_in(tx, one.job_id, actor=act.actor_id) for one in entered]
            if challenge.pool_id is not None:
                pools.close(tx, challenge.pool_id, actor=str(act.actor_id), now=now)
            cancelled = tuple(job for job in called_off if job.state == "cancelled")
            return Ended(of_guild(tx, challenge_id, act.guild_id), None, cancelled)

        return await self._staff.act(act, change)


def _check_share(tx: Transaction, challenge: Challenge, order: NewOrder) -> None:
    """Raise CapReached for who had a clip of each of their entries, where the pool knows no cap.

    Taking back what is finished and entering again would give one person all of it.
    """
    assert order.pool_id is not None
    if pools.get(tx, order.pool_id).cap_credits is not None:
        return
    entered = entries.of_person(tx, challenge.id, order.user_id)
    made = [one for one in entered if one.job_state == "succeeded" and one.post is None and one.approval != "declined"]
    paid = [one for one in made if (job := jobs.get(tx, one.job_id)) is not None and job.pool_id == order.pool_id]
    if len(paid) >= challenge.entries_per_person:
        raise CapReached(order.pool_id, 0, price_credits(order.request))


def _texts(challenge: NewChallenge | Challenge) -> tuple[str, ...]:
    """Everything in it that people read."""
    return challenge.title, challenge.brief, challenge.prompt or "", *challenge.required_words
