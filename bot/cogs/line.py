"""/queue and /cancel: who is next, and how to step out of the line."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.buttons import cancel_and_answer
from bot.errors import Refused
from bot.rendering import JobTexts, shortened
from bot.words import Words, command_text, timestamp
from generation.dispatch import Dispatcher
from generation.orders import Orders

ROWS_SHOWN = 10
CHOICE_LIMIT = 25
CHOICE_NAME_LIMIT = 100


class LineCog(commands.Cog):
    """The line as everybody may see it: people and models, never anybody's prompt."""

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
        running, waiting = self._dispatcher.line()
        embed = discord.Embed(title=say(locale, "queue-title"))
        if running:
            rows = [
                say(
                    locale,
                    "queue-row-running",
                    user=str(job.user_id),
                    model=self._texts.model_label(job.model_id),
                    when=timestamp(job.started_at or job.created_at),
                )
                for job in running[:ROWS_SHOWN]
            ]
            embed.add_field(name=say(locale, "queue-running"), value="\n".join(rows), inline=False)
        if waiting:
            rows = [
                say(
                    locale,
                    "queue-row-waiting",
                    place=place,
                    user=str(job.user_id),
                    model=self._texts.model_label(job.model_id),
                    when=timestamp(job.created_at),
                )
                for place, job in enumerate(waiting[:ROWS_SHOWN], 1)
            ]
            if len(waiting) > ROWS_SHOWN:
                rows.append(say(locale, "queue-more", more=len(waiting) - ROWS_SHOWN))
            embed.add_field(name=say(locale, "queue-waiting"), value="\n".join(rows), inline=False)
        else:
            embed.description = say(locale, "queue-empty")
        embed.set_footer(text=say(locale, "queue-rule"))
        await interaction.response.send_message(embed=embed, ephemeral=True)

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
        choices = []
        for job in own:
            prompt = shortened(job.recipe["prompt"], 60)
            name = self._words(
                str(interaction.locale), "cancel-choice", job=str(job.id), state=job.state, prompt=prompt
            )
            if str(typed).casefold() in name.casefold():
                choices.append(app_commands.Choice(name=name[:CHOICE_NAME_LIMIT], value=job.id))
        return choices[:CHOICE_LIMIT]
