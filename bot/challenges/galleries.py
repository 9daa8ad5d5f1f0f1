"""What people may look at: the server's challenges, and one of them with its entries."""

import discord

from bot.challenges.texts import ChallengeTexts
from bot.words import Words
from generation.challenges.posts import ChallengePosts
from generation.challenges.use_cases import Challenges

LISTED = 15


class Galleries:
    """Private answers; each person sees the entries of an open challenge in an order of their own."""

    def __init__(self, challenges: Challenges, posts: ChallengePosts, *, texts: ChallengeTexts, words: Words) -> None:
        self._challenges = challenges
        self._posts = posts
        self._texts = texts
        self._words = words

    async def list(self, interaction: discord.Interaction) -> None:
        """Show the newest challenges."""
        assert interaction.guild_id is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        locale = str(interaction.locale)
        found = await self._challenges.newest(interaction.guild_id, LISTED)
        text = "\n".join(self._texts.listed(locale, one) for one in found)
        embed = discord.Embed(
            title=self._words(locale, "challenges-title"), description=text or self._words(locale, "challenges-none")
        )
        await interaction.followup.send(embed=embed, ephemeral=True)

    async def show(self, interaction: discord.Interaction, challenge_id: int) -> None:
        """Show one challenge with links to its entries. Raises ChallengeRefused."""
        assert interaction.guild_id is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        gallery = await self._challenges.gallery(interaction.guild_id, challenge_id)
        vote = await self._posts.vote_of(challenge_id, interaction.user.id)
        locale = str(interaction.locale)
        embed = discord.Embed(
            title=gallery.challenge.title,
            description=self._texts.gallery(locale, gallery, viewer_id=interaction.user.id, vote=vote),
        )
        await interaction.followup.send(embed=embed, ephemeral=True)
