"""/show: a finished clip again, in a channel that takes it."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import Refused
from bot.intake import missing_permissions
from bot.posting import ClipPost
from bot.rendering import shortened
from bot.words import Words, command_text
from generation.errors import RenderFailed
from generation.orders import Orders

CHOICE_LIMIT = 25
CHOICE_NAME_LIMIT = 100


class ClipsCog(commands.Cog):
    """The person's own clips."""

    def __init__(self, *, orders: Orders, posts: ClipPost, words: Words) -> None:
        self._orders = orders
        self._posts = posts
        self._words = words

    @app_commands.command(name="show", description=command_text("command-show"))
    @app_commands.guild_only()
    @app_commands.describe(clip=command_text("command-show-clip"))
    async def show(self, interaction: discord.Interaction, clip: int) -> None:
        """Post one's own clip here once more."""
        if missing := missing_permissions(interaction, self._words):
            raise Refused("permissions", missing=missing)
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            job = await self._orders.job(clip)
        except LookupError as error:
            raise Refused("gone") from error
        if (job.guild_id, job.user_id) != (interaction.guild_id, interaction.user.id):
            raise Refused("not-your-clip")
        if job.state != "succeeded" or job.delivery not in ("posted", "abandoned"):
            raise Refused("show-not-ready")
        if not await self._posts.is_kept(job):
            if job.delivery == "posted":
                raise Refused("show-gone", job=str(job.id))
            await self._orders.refund(job.id, "lost")
            raise Refused("show-lost", job=str(job.id), price=job.price_credits)
        assert isinstance(interaction.channel, discord.abc.Messageable)
        try:
            await self._posts.post(job, interaction.channel, nonce=None)
        except (discord.Forbidden, discord.NotFound) as error:
            raise Refused("posting") from error
        except RenderFailed as error:
            raise Refused("show-too-big") from error
        await interaction.delete_original_response()

    @show.autocomplete("clip")
    async def _clips(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[int]]:
        assert interaction.guild_id is not None
        finished = await self._orders.finished_clips(interaction.guild_id, interaction.user.id, CHOICE_LIMIT)
        names = {job.id: f"#{job.id} · {shortened(job.recipe['prompt'], 80)}"[:CHOICE_NAME_LIMIT] for job in finished}
        return [
            app_commands.Choice(name=name, value=job_id)
            for job_id, name in names.items()
            if str(typed).casefold() in name.casefold()
        ]
