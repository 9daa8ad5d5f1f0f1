"""What is owed about challenges: briefs, results, clips made earlier; and entries kept until somebody pays for them."""

from collections.abc import Sequence
from typing import Any

from generation.clock import Clock
from generation.errors import ChallengeRefused
from storage import challenge_offers, challenges, entries, loose_ends
from storage.challenge_offers import ChallengeOffer
from storage.challenges import Challenge
from storage.database import Database, Transaction
from storage.entries import Entry


class ChallengePosts:
    """Where the messages of challenges are, and which are still to be posted. Each step is one transaction."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def untold(self, limit: int) -> list[int]:
        """Ids of challenges whose brief or results are still to be posted, oldest first, then of stale results."""

        def work(tx: Transaction) -> list[int]:
            return [*(one.id for one in challenges.untold(tx, limit)), *loose_ends.stale_results(tx, limit)]

        return (await self._database.read(work))[:limit]

    async def are_results_stale(self, challenge_id: int) -> bool:
        """Whether the results show a clip that is gone, and are to be told again without it."""
        return await self._database.read(lambda tx: loose_ends.is_stale(tx, challenge_id))

    async def results_told_again(self, challenge_id: int, told: Sequence[Entry] | None) -> bool:
        """Note that the results stand as those entries were, or (None) are out of reach for good.

        False if an entry has changed since: they are to be told once more then.
        """

        def work(tx: Transaction) -> bool:
            if told is not None and list(told) != entries.of_challenge(tx, challenge_id):
                return False
            loose_ends.results_told(tx, challenge_id)
            return True

        return await self._database.write(work)

    async def brief_posted(self, challenge_id: int, *, thread_id: int, message_id: int) -> None:
        """Note where the brief stands."""
        where = {"thread_id": thread_id, "message_id": message_id}
        await self._database.write(lambda tx: challenges.posted(tx, challenge_id, **where))

    async def begin_results(self, challenge_id: int) -> None:
        """Mark that the results are about to be posted."""
        await self._database.write(lambda tx: challenges.begin_results(tx, challenge_id))

    async def results_posted(self, challenge_id: int, message_id: int) -> None:
        """Note which message told the results; those that were outdated while they were made are told again."""
        await self._database.write(lambda tx: challenges.results_posted(tx, challenge_id, message_id))

    async def abandon_results(self, challenge_id: int) -> None:
        """Give up telling the results."""
        await self._database.write(lambda tx: challenges.abandon_results(tx, challenge_id))

    async def challenge(self, challenge_id: int) -> Challenge:
        """The challenge as it is now. Raises ChallengeRefused("unknown")."""
        found = await self._database.read(lambda tx: challenges.get(tx, challenge_id))
        if found is None:
            raise ChallengeRefused("unknown")
        return found

    async def standing(self) -> list[tuple[Challenge, Entry]]:
        """Every standing entry of every open challenge."""

        def work(tx: Transaction) -> list[tuple[Challenge, Entry]]:
            found = entries.of_open_challenges(tx)
            known = {number: challenges.get(tx, number) for number in {entry.challenge_id for entry in found}}
            return [(challenge, entry) for entry in found if (challenge := known[entry.challenge_id]) is not None]

        return await self._database.read(work)

    async def vote_of(self, challenge_id: int, user_id: int) -> int | None:
        """The id of the entry that the person votes for."""
        return await self._database.read(lambda tx: entries.vote_of(tx, challenge_id, user_id))

    async def clips_to_post(self, limit: int) -> list[int]:
        """Ids of entries whose clip was made earlier and is owed to the thread, oldest first."""
        return await self._database.read(lambda tx: entries.to_post(tx, limit))

    async def entry(self, entry_id: int) -> Entry:
        """The entry as it is now. Raises ChallengeRefused("unknown")."""
        found = await self._database.read(lambda tx: entries.get(tx, entry_id))
        if found is None:
            raise ChallengeRefused("unknown")
        return found

    async def begin_clip(self, entry_id: int) -> None:
        """Mark that the clip is about to be posted."""
        await self._database.write(lambda tx: entries.begin_post(tx, entry_id))

    async def clip_posted(self, entry_id: int, message_id: int) -> None:
        """Note which message shows the clip."""
        await self._database.write(lambda tx: entries.posted(tx, entry_id, message_id))

    async def abandon_clip(self, entry_id: int) -> None:
        """Give the post up."""
        await self._database.write(lambda tx: entries.abandon_post(tx, entry_id))

    async def keep_offer(self, key: str, challenge_id: int, user_id: int, recipe: dict[str, Any]) -> ChallengeOffer:
        """Keep an entry that its person may still pay for. Idempotent on ``key``."""
        about = {"key": key, "challenge_id": challenge_id, "user_id": user_id, "recipe": recipe}
        return await self._database.write(lambda tx: challenge_offers.keep(tx, **about, now=self._clock()))  # type: ignore[arg-type] # one dict

    async def offer(self, offer_id: int) -> ChallengeOffer:
        """The offer as it was kept. Raises ChallengeRefused("unknown")."""
        found = await self._database.read(lambda tx: challenge_offers.get(tx, offer_id))
        if found is None:
            raise ChallengeRefused("unknown")
        return found
