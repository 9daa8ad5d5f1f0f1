"""/queue and /cancel: who is next, and how to step out of the line."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.buttons import cancel_and_answer
from bot.errors import Refused
from bot.quoting import FIELD_LIMIT, fitting, quoted, shortened
from bot.rendering import JobTexts
from bot.suggestions import suggested
from bot.words import Words, command_text, timestamp
from generation.dispatch import Dispatcher
from generation.line.fairness import PATIENCE_SECONDS
from generation.line.standing import Standing
from generation.orders import Orders
from generation.request import spoken_in

ROWS_SHOWN = 10
MORE_ROOM = 100
"""Characters kept free for saying how many more there are."""


class LineCog(commands.Cog):
    """The line as everybody may see it: people and models, never a prompt, nor who made an entry voted on blindly."""

    def __init__(self, *, orders: Orders, dispatcher: Dispatcher, texts: JobTexts, words: Words) -> None:
        self._orders = orders
        self._dispatcher = dispatcher
        self._texts = texts
        self._words = words

    @app_commands.command(name="queue", description=command_text("command-queue"))
    @app_commands.guild_only()
    async def queue(self, interaction: discord.Interaction) -> None:
        """Show the line."""
        locale, say = str(interaction.locale), self._words
        standing = self._dispatcher.line(ROWS_SHOWN)
        embed = discord.Embed(title=say(locale, "queue-title"))
        if standing.running:
            embed.add_field(name=say(locale, "queue-running"), value=self._running(interaction, standing), inline=False)
        if standing.waiting:
            embed.add_field(name=say(locale, "queue-waiting"), value=self._waiting(interaction, standing), inline=False)
        elif not standing.set_aside_count:
            embed.description = say(locale, "queue-empty")
        closure = None if interaction.guild_id is None else self._dispatcher.closures.of(interaction.guild_id)
        if closure is not None:
            embed.description = say(locale, f"class-{closure.state}", reason=quoted(closure.reason))
        elif standing.set_aside_count:
            embed.description = say(locale, "queue-set-aside", count=standing.set_aside_count)
        embed.set_footer(text=say(locale, "queue-rule", minutes=round(PATIENCE_SECONDS / 60)))
        await interaction.response.send_message(embed=embed, ephemeral=True)

    def _running(self, interaction: discord.Interaction, standing: Standing) -> str:
        locale = str(interaction.locale)
        return fitting(
            [
                self._words(
                    locale,
                    "queue-row-running",
                    who=self._texts.who(locale, job.id, job.user_id, viewer_id=interaction.user.id),
                    model=self._texts.model_label(job.model_id),
                    when=timestamp(job.started_at or job.created_at),
                    ready=self._texts.waits.ready(locale, outlook),
                )
                for job, outlook in standing.running
            ]
        )

    def _waiting(self, interaction: discord.Interaction, standing: Standing) -> str:
        locale = str(interaction.locale)
        rows = [
            self._words(
                locale,
                "queue-row-waiting",
                place=place,
                who=self._texts.who(locale, job.job_id, job.user_id, viewer_id=interaction.user.id),
                model=self._texts.model_label(job.model_id),
                begins=self._texts.waits.begins(locale, outlook),
            )
            for place, (job, outlook) in enumerate(standing.waiting, 1)
        ]
        shown = fitting(rows, FIELD_LIMIT - MORE_ROOM)
        more = standing.waiting_count - len(shown.splitlines())
        return "\n".join([shown, self._words(locale, "queue-more", more=more)]) if more else shown

    @app_commands.command(name="cancel", description=command_text("command-cancel"))
    @app_commands.guild_only()
    @app_commands.describe(clip=command_text("command-cancel-clip"))
    async def cancel(self, interaction: discord.Interaction, clip: int | None = None) -> None:
        """Cancel the person's clip of that number, or the newest one."""
        assert interaction.guild_id is not None
        own = await self._orders.outstanding(interaction.guild_id, interaction.user.id)
        chosen = next((job for job in reversed(own) if clip in (None, job.id)), None)
        if chosen is None:
            raise Refused("cancel-nothing")
        await cancel_and_answer(interaction, self._dispatcher, chosen)

    @cancel.autocomplete("clip")
    async def _clips(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[int]]:
        assert interaction.guild_id is not None
        own = await self._orders.outstanding(interaction.guild_id, interaction.user.id)
        names = {}
        for job in own:
            about = {"job": str(job.id), "state": job.state, "prompt": shortened(spoken_in(job.recipe), 60)}
            names[job.id] = self._words(str(interaction.locale), "cancel-choice", **about)
        return suggested(names, typed)
