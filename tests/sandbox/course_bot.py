"""A small foreign bot that runs challenges: forms with every field, forum posts with buttons, roles, languages."""

import discord
from discord import app_commands
from discord.ui import (
    ChannelSelect,
    FileUpload,
    Label,
    MentionableSelect,
    Modal,
    RoleSelect,
    Select,
    TextInput,
    UserSelect,
)

MOODS = [discord.SelectOption(label="Calm", value="c"), discord.SelectOption(label="Stormy", value="s")]


class Survey(Modal, title="Survey"):
    mood: Label = Label(text="Mood", component=Select(custom_id="mood", options=MOODS, max_values=2, required=True))
    person: Label = Label(text="Person", component=UserSelect(custom_id="person", required=True))
    role: Label = Label(text="Role", component=RoleSelect(custom_id="role", required=False, min_values=0))
    place: Label = Label(
        text="Place",
        component=ChannelSelect(custom_id="place", channel_types=[discord.ChannelType.forum], required=True),
    )
    anyone: Label = Label(text="Anyone", component=MentionableSelect(custom_id="anyone", max_values=2, required=True))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        chosen = [one.component.values for one in (self.mood, self.person, self.role, self.place, self.anyone)]
        said = [",".join(value if isinstance(value, str) else value.name for value in values) for values in chosen]
        kinds = ",".join(sorted(type(value).__name__ for value in chosen[4]))
        await interaction.response.send_message(" | ".join([*said, kinds]))


class Entry(Modal, title="Enter the challenge"):
    name: Label = Label(text="Title", component=TextInput(custom_id="title", max_length=60))
    still: Label = Label(text="Your still", component=FileUpload(custom_id="still", max_values=2))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.name.component, TextInput)
        assert isinstance(self.still.component, FileUpload)
        files = [await one.to_file() for one in self.still.component.values]
        await interaction.response.send_message("You are in.", ephemeral=True)
        await interaction.followup.send(f"{interaction.user.mention} enters {self.name.component.value}", files=files)


class EnterButton(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Enter", custom_id="challenge:enter", style=discord.ButtonStyle.success)
    async def enter(self, interaction: discord.Interaction, button: discord.ui.Button) -> None:
        await interaction.response.send_modal(Entry())


class CourseBot(discord.Client):
    """`errors` collects what commands raised."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0.0)
        self.tree = app_commands.CommandTree(self)
        self.errors: list[BaseException] = []
        add_commands(self.tree)

        @self.tree.error
        async def on_error(interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
            self.errors.append(getattr(error, "original", error))

    async def setup_hook(self) -> None:
        self.add_view(EnterButton())
        await self.tree.sync()

    def place(self, channel: object) -> discord.PartialMessageable:
        """A sandbox channel as discord.py posts to it, without relying on any cache."""
        return self.get_partial_messageable(channel.id)  # type: ignore[attr-defined]


def add_commands(tree: app_commands.CommandTree) -> None:
    @tree.command(description="Shows a form with every kind of choice")
    async def survey(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Survey())

    @tree.command(description="Says who and what was meant")
    async def who(
        interaction: discord.Interaction,
        member: discord.Member,
        role: discord.Role,
        anyone: discord.Member | discord.Role,
        channel: discord.TextChannel | discord.Thread | None = None,
    ) -> None:
        roles = "+".join(one.name for one in member.roles if not one.is_default())
        place = f"{type(channel).__name__} {channel.name}" if channel else "nowhere"
        meant = f"{type(anyone).__name__} {anyone.name}"
        await interaction.response.send_message(f"{member.display_name} ({roles}), {role.name}, {meant}, {place}")

    @tree.command(description="Says what the bot knows of you")
    async def me(interaction: discord.Interaction) -> None:
        assert isinstance(interaction.user, discord.Member)
        roles = [one.name for one in interaction.user.roles if not one.is_default()]
        may = interaction.permissions.manage_messages
        await interaction.response.send_message(f"{interaction.locale.value} {roles} {may}", ephemeral=True)

    @tree.command(description="Posts a challenge in a forum")
    @app_commands.default_permissions(manage_guild=True)
    async def challenge(interaction: discord.Interaction, forum: discord.ForumChannel, title: str) -> None:
        place = await forum.guild.fetch_channel(forum.id)
        assert isinstance(place, discord.ForumChannel)
        posted = await place.create_thread(name=title, content=f"## {title}", view=EnterButton())
        await interaction.response.send_message(f"Posted in {posted.thread.mention}", ephemeral=True)
