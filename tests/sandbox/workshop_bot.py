"""A small bot that has nothing to do with ours: it uses every way in which discord.py talks to people."""

import asyncio
import io
from typing import Literal

import discord
from discord import app_commands


class PaintForm(discord.ui.Modal, title="Paint"):
    subject: discord.ui.Label = discord.ui.Label(
        text="Subject", component=discord.ui.TextInput(custom_id="subject", max_length=20)
    )
    sketch: discord.ui.Label = discord.ui.Label(
        text="Sketch", component=discord.ui.FileUpload(custom_id="sketch", required=False)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.subject.component, discord.ui.TextInput)
        assert isinstance(self.sketch.component, discord.ui.FileUpload)
        sizes = [len(await one.read()) for one in self.sketch.component.values]
        await interaction.response.send_message(f"{self.subject.component.value} with sketches of {sizes} bytes")


class Counter(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.count = 0

    @discord.ui.button(label="More", custom_id="counter:more")
    async def more(self, interaction: discord.Interaction, button: discord.ui.Button) -> None:
        self.count += 1
        await interaction.response.edit_message(content=f"count {self.count}", view=self)

    @discord.ui.button(label="Never", custom_id="counter:never", disabled=True)
    async def never(self, interaction: discord.Interaction, button: discord.ui.Button) -> None:
        raise AssertionError

    @discord.ui.button(label="Form", custom_id="counter:form")
    async def form(self, interaction: discord.Interaction, button: discord.ui.Button) -> None:
        await interaction.response.send_modal(PaintForm())

    @discord.ui.select(
        custom_id="counter:colour",
        max_values=2,
        options=[discord.SelectOption(label="Red", value="r"), discord.SelectOption(label="Green", value="g")],
    )
    async def colour(self, interaction: discord.Interaction, select: discord.ui.Select) -> None:
        await interaction.response.send_message("+".join(select.values), ephemeral=True)

    @discord.ui.select(cls=discord.ui.UserSelect, custom_id="counter:user")
    async def user(self, interaction: discord.Interaction, select: discord.ui.UserSelect) -> None:
        await interaction.response.defer()
        await interaction.followup.send(f"picked {select.values[0].display_name}")


class Hasty(discord.Client):
    """Does not pause before it identifies again, as Discord's own limit of one session in 5 s asks of others."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        pass


class WorkshopBot(Hasty):
    """Its commands are added in `setup_hook`; `errors` collects what commands raised, `gate` holds `/slow` back."""

    def __init__(self, intents: discord.Intents | None = None, **options: object) -> None:
        super().__init__(intents=intents or discord.Intents(guilds=True), guild_ready_timeout=0.0, **options)
        self.tree = app_commands.CommandTree(self)
        self.errors: list[BaseException] = []
        self.gate = asyncio.Event()
        self.reached = asyncio.Event()
        self.seen: list[discord.Interaction] = []
        add_answers(self.tree)
        add_questions(self)
        add_menus(self.tree)

        @self.tree.error
        async def on_error(interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
            self.errors.append(getattr(error, "original", error))
            self.reached.set()

    async def setup_hook(self) -> None:
        self.add_view(Counter())
        await self.tree.sync()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.seen.append(interaction)

    def place(self, channel: object) -> discord.PartialMessageable:
        """A sandbox channel as discord.py posts to it, without relying on any cache."""
        return self.get_partial_messageable(channel.id)  # type: ignore[attr-defined]


def add_answers(tree: app_commands.CommandTree) -> None:
    """Commands that answer in each of the ways there are."""

    @tree.command(description="Greets")
    @app_commands.describe(whom="Whom", times="How often", mood="How")
    async def greet(
        interaction: discord.Interaction,
        whom: app_commands.Range[str, 2, 10],
        times: app_commands.Range[int, 1, 3] = 1,
        mood: Literal["warm", "cold"] = "warm",
        ratio: app_commands.Range[float, 0.0, 1.0] = 0.5,
        member: discord.Member | None = None,
    ) -> None:
        who = member.display_name if member else whom
        await interaction.response.send_message(f"{mood} {ratio} " + " ".join([who] * times))

    @tree.command(description="Says how large a file is")
    async def weigh(interaction: discord.Interaction, file: discord.Attachment) -> None:
        await interaction.response.defer()
        data = await file.read()
        await interaction.edit_original_response(
            content=f"{file.filename} {file.content_type} {len(data)} {file.width}"
        )

    @tree.command(description="Answers in private")
    async def whisper(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("psst", ephemeral=True)

    @tree.command(description="Thinks and thinks better of it")
    async def vanish(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.delete_original_response()

    @tree.command(description="Sends a file")
    async def draw(interaction: discord.Interaction, size: int = 10) -> None:
        picture = discord.File(io.BytesIO(b"x" * size), "drawing.txt", description="a drawing", spoiler=True)
        await interaction.response.send_message("here", file=picture)

    @tree.command(description="Only for those who manage the server")
    @app_commands.default_permissions(manage_guild=True)
    async def close(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("closed")


def add_questions(bot: WorkshopBot) -> None:
    """Commands that wait, or ask with buttons, a form or suggestions."""
    tree = bot.tree

    @tree.command(description="Thinks, then answers when it may")
    async def slow(interaction: discord.Interaction, first: bool = False) -> None:
        if first:
            await interaction.response.defer()
        bot.reached.set()
        await bot.gate.wait()
        if first:
            await interaction.followup.send("at last")
        else:
            await interaction.response.send_message("too late")

    @tree.command(description="Shows buttons")
    async def count(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("count 0", view=Counter())

    @tree.command(description="Shows a form")
    async def paint(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(PaintForm())

    @tree.command(description="Picks a city")
    async def travel(interaction: discord.Interaction, city: str, by: str = "train") -> None:
        await interaction.response.send_message(f"to {city} by {by}")

    @travel.autocomplete("city")
    async def cities(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        by = interaction.namespace.by or "foot"
        return [
            app_commands.Choice(name=f"{city} by {by}", value=city)
            for city in ("Lima", "Lyon", "Rome")
            if typed in city
        ]


def add_menus(tree: app_commands.CommandTree) -> None:
    """Commands under a group, and those of the menus on messages and people."""
    team = app_commands.Group(name="team", description="Teams", guild_only=True)

    @team.command(description="Adds")
    async def add(interaction: discord.Interaction, person: discord.Member, role: discord.Role) -> None:
        await interaction.response.send_message(f"{person.display_name} is {role.name}")

    tree.add_command(team)

    @tree.context_menu(name="Quote")
    async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"> {message.content} ({len(message.attachments)} files)")

    @tree.context_menu(name="Inspect")
    async def inspect(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"{member.display_name} joined {member.joined_at:%Y}")
