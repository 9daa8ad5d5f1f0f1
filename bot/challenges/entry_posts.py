"""Shows clips that were made earlier in the thread of the challenge they were entered in, once."""

import discord

from bot.challenges.masks import Masks
from bot.courier import Courier
from bot.errors import GONE
from bot.posting import ClipPost
from bot.rendering import JobTexts
from generation.challenges.posts import ChallengePosts
from generation.errors import RenderFailed
from generation.orders import Orders
from generation.privacy.keeping import Keeping


class EntryPosts(Courier):
    """A clip that is made for a challenge is brought by its own delivery; one from the history is brought here."""

    def __init__(
        self,
        client: discord.Client,
        challenge_posts: ChallengePosts,
        orders: Orders,
        keeping: Keeping,
        *,
        posts: ClipPost,
        texts: JobTexts,
        masks: Masks,
    ) -> None:
        super().__init__(client, "challenge entry")
        self._challenge_posts = challenge_posts
        self._orders = orders
        self._keeping = keeping
        self._posts = posts
        self._texts = texts
        self._masks = masks

    async def recall(self) -> None:
        """At start, before anything is posted: learn which clips are entries of open challenges."""
        for challenge, entry in await self._challenge_posts.standing():
            self._masks.put_on(challenge, entry)

    async def _due(self, limit: int) -> list[int]:
        return await self._challenge_posts.clips_to_post(limit)

    async def _carry(self, item_id: int) -> bool:
        entry = await self._challenge_posts.entry(item_id)
        challenge = await self._challenge_posts.challenge(entry.challenge_id)
        job = await self._orders.job(entry.job_id)
        is_there = job.visibility == "shown" and await self._posts.is_kept(job)
        if entry.withdrawn_at is not None or challenge.thread_id is None or not is_there:
            await self._challenge_posts.abandon_clip(item_id)
            return True
        self._masks.put_on(challenge, entry)
        try:
            message_id = None
            if entry.post == "posting":
                after = challenge.message_id or challenge.thread_id
                message_id = await self._find(job.guild_id, challenge.thread_id, after, self._texts.mark(job))
            if message_id is None:
                await self._challenge_posts.begin_clip(item_id)
                thread = self._client.get_partial_messageable(challenge.thread_id, guild_id=job.guild_id)
                message_id = (await self._posts.post(job, thread, nonce=f"entry-{item_id}")).id
        except (*GONE, RenderFailed):
            if not self._knows_places:
                return False
            await self._challenge_posts.abandon_clip(item_id)
            return True
        # Noted before the mark, or a stop between the two would leave a copy that no deletion knows of.
        await self._keeping.note_post(job.id, challenge.thread_id, message_id)
        await self._challenge_posts.clip_posted(item_id, message_id)
        return True
