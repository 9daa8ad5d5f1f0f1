"""Tells how a challenge ended, in its thread."""

import discord

from bot.challenges.texts import ChallengeTexts
from generation import contests
from generation.challenges import Challenges
from storage.challenges import Challenge


class Results:
    """Posts the results of challenges."""

    def __init__(self, client: discord.Client, challenges: Challenges, *, texts: ChallengeTexts) -> None:
        self._client = client
        self._challenges = challenges
        self._texts = texts

    def mark(self, challenge: Challenge) -> str:
        """Stands in the message of the results and in no other."""
        return self._texts.mark(challenge, "results")

    async def post(self, challenge: Challenge) -> int:
        """Post them and return the message's id. Raises discord.HTTPException."""
        gallery = await self._challenges.gallery(challenge.guild_id, challenge.id)
        place = contests.decided(gallery.entries)
        winners = [] if place is None else [discord.Object(entry.user_id) for entry in place.entries]
        list_ = self._texts.everybody(gallery)
        thread = self._client.get_partial_messageable(challenge.thread_id or 0, guild_id=challenge.guild_id)
        message = await thread.send(
            self._texts.results(gallery),
            embeds=[discord.Embed(description=list_)] if list_ and challenge.state == "closed" else [],
            allowed_mentions=discord.AllowedMentions(users=winners),
            nonce=f"results-{challenge.id}",
        )
        return message.id
