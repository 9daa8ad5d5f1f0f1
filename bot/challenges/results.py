"""Tells how a challenge ended, in its thread."""

import discord

from bot.challenges.texts import ChallengeTexts
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
        raise NotImplementedError
