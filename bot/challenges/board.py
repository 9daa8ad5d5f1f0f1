"""Posts the brief of every challenge and closes what is due: each once, also after a restart."""

from functools import partial

import discord
import structlog

from bot.challenges.brief import Briefs
from bot.challenges.masks import Masks
from bot.challenges.results import Results
from bot.courier import Courier
from bot.errors import DISCORD_AWAY, GONE
from bot.timekeeping import Timekeeper
from generation.challenges.posts import ChallengePosts
from generation.challenges.use_cases import Challenges
from generation.clock import Clock
from storage.challenges import Challenge
from storage.staff_acts import by_the_bot

log = structlog.get_logger(__name__)

POST_SECONDS = 20.0
"""How long an instructor waits for the answer that links to the brief."""


class ChallengeBoard(Courier):
    """What is owed to the channels of challenges, and the clock that ends them."""

    def __init__(
        self,
        client: discord.Client,
        challenges: Challenges,
        posts: ChallengePosts,
        *,
        briefs: Briefs,
        results: Results,
        masks: Masks,
        clock: Clock,
    ) -> None:
        super().__init__(client, "challenge")
        self._challenges = challenges
        self._posts = posts
        self._briefs = briefs
        self._results = results
        self._masks = masks
        self._timekeeper = Timekeeper("challenges", self._close_due, challenges.next_due_at, clock=clock)

    async def post(self, challenge_id: int) -> Challenge:
        """Post the brief of a new challenge now; the challenge as it is then, or after a while if Discord is away."""

        async def is_posted() -> bool:
            challenge = await self._posts.challenge(challenge_id)
            return challenge.message_id is not None or challenge.state != "open"

        await self._until(is_posted, POST_SECONDS)
        return await self._posts.challenge(challenge_id)

    def wake(self) -> None:
        """Look now: a challenge was set, changed or ended."""
        super().wake()
        self._timekeeper.wake()

    async def watch(self) -> None:
        """Until cancelled, close every challenge when its time is over; at once what fell due while the bot was off.

        Where instructors choose the winners, the one who set it is asked to.
        """
        await self._timekeeper.run()

    async def _close_due(self) -> None:
        for ended in await self._challenges.close_due():
            log.info("challenge closed", challenge=ended.challenge.id)
            self.over(ended.challenge)
        for challenge in await self._challenges.ask_for_decisions():
            log.info("challenge to be decided", challenge=challenge.id)
            try:
                await self._briefs.ask_to_decide(challenge)
            except DISCORD_AWAY as error:
                # It stands in the brief and in the log of the class as well.
                log.warning("nobody asked to decide", challenge=challenge.id, why=str(error))

    async def refresh(self, challenge: Challenge) -> None:
        """Show a changed challenge in its brief, and mind its new end."""
        self.wake()
        try:
            await self._briefs.refresh(challenge)
        except DISCORD_AWAY as error:
            log.warning("brief not refreshed", challenge=challenge.id, why=str(error))

    def over(self, challenge: Challenge) -> None:
        """Show who made the entries, and post the results."""
        self._masks.lift(challenge.id)
        self.wake()

    async def _due(self, limit: int) -> list[int]:
        return await self._posts.untold(limit)

    async def _carry(self, item_id: int) -> bool:
        challenge = await self._posts.challenge(item_id)
        if challenge.message_id is None and challenge.state == "open":
            await self._post_brief(challenge)
        elif challenge.results in ("pending", "posting"):
            await self._post_results(challenge)
        elif await self._posts.are_results_stale(item_id):
            await self._retell_results(challenge)
        return True

    async def _post_brief(self, challenge: Challenge) -> None:
        try:
            where = await self._briefs.post(challenge, self._find)
        except GONE as error:
            if not self._knows_places:
                raise
            log.warning("brief cannot be posted", challenge=challenge.id, why=str(error))
            key = f"lost:{challenge.id}"
            act = by_the_bot(challenge.guild_id, "challenge-cancel", key, challenge=challenge.id)
            await self._challenges.cancel(act, challenge.id)
            return
        await self._posts.brief_posted(challenge.id, thread_id=where.thread_id, message_id=where.message_id)

    async def _post_results(self, challenge: Challenge) -> None:
        if challenge.thread_id is None:
            await self._posts.abandon_results(challenge.id)
            return
        try:
            find = partial(self._find, challenge.guild_id, challenge.thread_id, challenge.message_id or 0)
            message_id = await find(self._results.mark(challenge)) if challenge.results == "posting" else None
            if message_id is None:
                await self._posts.begin_results(challenge.id)
                message_id = await self._results.post(challenge)
            await self._briefs.close(challenge)
        except GONE as error:
            if not self._knows_places:
                raise
            log.warning("results cannot be posted", challenge=challenge.id, why=str(error))
            await self._posts.abandon_results(challenge.id)
            return
        await self._posts.results_posted(challenge.id, message_id)

    async def _retell_results(self, challenge: Challenge) -> None:
        """Take clips that are gone out of results that were told; nothing where the message is out of reach."""
        told = None
        try:
            if challenge.results_message_id is not None:
                told = await self._results.retell(challenge)
        except GONE as error:
            if not self._knows_places:
                raise
            log.warning("results cannot be told again", challenge=challenge.id, why=str(error))
        await self._posts.results_told_again(challenge.id, told)
