"""/class: what instructors set for their server."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.animate import Camera, Prompt, camera_choices
from bot.errors import Refused
from bot.intake import Intake
from bot.wishes import typed_wish
from bot.words import Words, command_text, timestamp
from generation.accounts import Accounts
from generation.dispatch import Dispatcher
from generation.orders import Orders
from storage.history import JobEvent

ALLOWANCE_LIMIT = 100_000
EVENTS_SHOWN = 20
CAUSE_SHOWN = 120
FIELD_LIMIT = 1024

Allowance = app_commands.Range[int, 0, ALLOWANCE_LIMIT]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class ClassCog(commands.GroupCog, group_name="class", group_description=command_text("command-class")):
    """Settings of one server; Discord shows these commands to instructors only, and each checks again."""

    def __init__(
        self, *, orders: Orders, accounts: Accounts, dispatcher: Dispatcher, intake: Intake, words: Words
    ) -> None:
        self._orders = orders
        self._accounts = accounts
        self._dispatcher = dispatcher
        self._intake = intake
        self._words = words

    @app_commands.command(name="allowance", description=command_text("command-class-allowance"))
    @app_commands.describe(credits=command_text("command-class-allowance-credits"))
    @app_commands.checks.has_permissions(manage_guild=True)
    async def allowance(self, interaction: discord.Interaction, credits: Allowance) -> None:  # noqa: A002 - the option's name
        """Set this server's monthly allowance."""
        assert interaction.guild_id is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._accounts.set_allowance(interaction.guild_id, credits, actor=interaction.user.id)
        text = self._words(str(interaction.locale), "class-allowance-set", credits=credits)
        await interaction.followup.send(text, ephemeral=True)

    @app_commands.command(name="demo", description=command_text("command-class-demo"))
    @app_commands.describe(
        still=command_text("command-animate-still"),
        prompt=command_text("command-animate-prompt"),
        model=command_text("command-animate-model"),
        camera=command_text("command-animate-camera"),
    )
    @app_commands.checks.has_permissions(manage_guild=True)
    async def demo(
        self,
        interaction: discord.Interaction,
        still: discord.Attachment,
        prompt: Prompt,
        model: str | None = None,
        camera: Camera = "",
    ) -> None:
        """Animate a still before everybody else's, to show it to the class."""
        await self._intake.order(interaction, typed_wish(interaction), still, lane="demo")

    @demo.autocomplete("camera")
    async def _cameras(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return camera_choices(self._words, str(interaction.locale), typed)

    @app_commands.command(name="why", description=command_text("command-class-why"))
    @app_commands.describe(job=command_text("command-class-why-job"))
    @app_commands.checks.has_permissions(manage_guild=True)
    async def why(self, interaction: discord.Interaction, job: int) -> None:
        """Tell what happened to a job of this server."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            found, events, charge = await self._orders.why(job)
        except LookupError as error:
            raise Refused("gone") from error
        if found.guild_id != interaction.guild_id:
            raise Refused("gone")
        locale, say = str(interaction.locale), self._words
        progress = self._dispatcher.last_progress(job)
        facts = [
            say(locale, "why-head", user=str(found.user_id), model=found.model_id, attempts=found.attempts),
            say(locale, f"why-credits-{charge.state}", hold=str(found.hold_id), price=charge.price_credits),
            say(locale, "why-no-progress")
            if progress is None
            else say(locale, "why-progress", stage=progress.stage, done=progress.done, total=progress.total),
        ]
        lines = [self._event(locale, event) for event in events[-EVENTS_SHOWN:]]
        embed = discord.Embed(title=say(locale, "why-title", job=str(job)), description="\n".join(facts))
        embed.add_field(name=say(locale, "why-history"), value=_last_fitting(lines), inline=False)
        await interaction.followup.send(embed=embed, ephemeral=True)

    def _event(self, locale: str, event: JobEvent) -> str:
        trouble = " · ".join(filter(None, (event.fault, event.delivery_cause or event.cause)))
        return self._words(
            locale,
            "why-event",
            when=timestamp(event.at, "T"),
            state=event.state,
            attempts=event.attempts,
            worker=event.worker or "–",
            delivery=event.delivery or "–",
            trouble=trouble[:CAUSE_SHOWN] or "–",
        )


def _last_fitting(lines: list[str]) -> str:
    """The newest whole lines that an embed field holds."""
    while len("\n".join(lines)) > FIELD_LIMIT:
        lines = lines[1:]
    return "\n".join(lines)
