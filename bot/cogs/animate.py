"""/animate, “Animate this image” and /imagine-video: a wish goes in, a job in line comes out."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import Refused
from bot.forms import Form, paragraph
from bot.intake import Intake
from bot.suggestions import suggested, suggested_models
from bot.wishes import Wish, typed_wish
from bot.words import Words, command_text
from generation.camera.phrases import CAMERA_PHRASES
from generation.catalog import Catalog, PresetName, Task
from generation.request import PROMPT_LIMIT, SEED_LIMIT

LONGEST_SECONDS = 60.0

RECIPE_OPTIONS = {
    name: command_text(f"command-animate-{name}")
    for name in ("model", "shape", "seconds", "quality", "camera", "seed", "negative", "sound")
}
"""Descriptions of the options that every way to a clip shares."""

Prompt = app_commands.Range[str, 1, PROMPT_LIMIT]
Seconds = app_commands.Range[float, 0.5, LONGEST_SECONDS]
Camera = app_commands.Range[str, 0, 100]
Negative = app_commands.Range[str, 0, PROMPT_LIMIT]
Seed = app_commands.Range[int, 0, SEED_LIMIT - 1]


class AnimateCog(commands.Cog):
    """The conversation around a new clip."""

    def __init__(self, bot: commands.Bot, *, intake: Intake, catalog: Catalog, words: Words) -> None:
        self._bot = bot
        self._intake = intake
        self._catalog = catalog
        self._words = words
        self._menu = app_commands.ContextMenu(name=command_text("menu-animate"), callback=self.animate_message)

    async def cog_load(self) -> None:
        """Register the context menu, which discord.py does not take from a cog by itself."""
        self._menu.guild_only = True
        self._bot.tree.add_command(self._menu)

    @app_commands.command(name="animate", description=command_text("command-animate"))
    @app_commands.guild_only()
    @app_commands.describe(
        still=command_text("command-animate-still"),
        prompt=command_text("command-animate-prompt"),
        end_still=command_text("command-animate-end-still"),
        **RECIPE_OPTIONS,
    )
    async def animate(
        self,
        interaction: discord.Interaction,
        still: discord.Attachment,
        prompt: Prompt,
        model: str | None = None,
        shape: str | None = None,
        seconds: Seconds | None = None,
        quality: PresetName = "fast",
        camera: Camera = "",
        seed: Seed | None = None,
        end_still: discord.Attachment | None = None,
        negative: Negative = "",
        sound: bool = False,
    ) -> None:
        """Animate a still."""
        await self._intake.order(interaction, typed_wish(interaction), still, end_still)

    @app_commands.command(name="imagine-video", description=command_text("command-imagine"))
    @app_commands.guild_only()
    @app_commands.describe(prompt=command_text("command-imagine-prompt"), **RECIPE_OPTIONS)
    async def imagine(
        self,
        interaction: discord.Interaction,
        prompt: Prompt,
        model: str | None = None,
        shape: str | None = None,
        seconds: Seconds | None = None,
        quality: PresetName = "fast",
        camera: Camera = "",
        seed: Seed | None = None,
        negative: Negative = "",
        sound: bool = False,
    ) -> None:
        """Make a clip from words alone."""
        await self._intake.order(interaction, typed_wish(interaction))

    @animate.autocomplete("model")
    @imagine.autocomplete("model")
    async def _models(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return suggested_models(await self._intake.menu.offered(interaction.guild_id, _task(interaction)), typed)

    @animate.autocomplete("shape")
    @imagine.autocomplete("shape")
    async def _shapes(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        model = self._catalog.models.get(interaction.namespace.model)
        if model is None:
            task = _task(interaction)
            model = next((able for able in self._catalog if task in able.tasks), self._catalog.default)
        say, locale = self._words, str(interaction.locale)
        labels = {
            shape.id: say(locale, f"shape-{shape.id}", width=shape.width, height=shape.height) for shape in model.shapes
        }
        return suggested(labels, typed)

    @animate.autocomplete("camera")
    @imagine.autocomplete("camera")
    async def _cameras(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return camera_choices(self._words, str(interaction.locale), typed)

    async def animate_message(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Ask how the message's picture should move."""
        picture = next((a for a in message.attachments if (a.content_type or "").startswith("image/")), None)
        if picture is None:
            raise Refused("no-image")
        await interaction.response.send_modal(AnimateForm(self._intake, picture, self._words, str(interaction.locale)))


class AnimateForm(Form):
    """How should the picture of a message move?"""

    def __init__(self, intake: Intake, picture: discord.Attachment, words: Words, locale: str) -> None:
        super().__init__("animate", words(locale, "modal-animate-title"))
        self._intake = intake
        self._picture = picture
        self._prompt = paragraph("prompt", limit=PROMPT_LIMIT, hint=words(locale, "modal-animate-prompt-hint"))
        self.ask(words(locale, "modal-animate-prompt"), self._prompt)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Take the order as the slash command does."""
        await self._intake.order(interaction, Wish(prompt=self._prompt.value), self._picture)


def camera_choices(words: Words, locale: str, typed: str) -> list[app_commands.Choice[str]]:
    """The camera phrases that match, each with a word on what it does; for every command with a camera option."""
    labels = {}
    for one in CAMERA_PHRASES:
        effect = words(locale, f"camera-{one.key}-effect")
        # The models were trained on English, whatever language the label is in.
        labels[one.phrase] = words(locale, "camera-choice", move=words(locale, f"camera-{one.key}"), effect=effect)
    return suggested(labels, typed)


def _task(interaction: discord.Interaction) -> Task:
    return "imagine" if interaction.command is not None and interaction.command.name == "imagine-video" else "animate"
