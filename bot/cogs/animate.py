"""/animate and “Animate this image”: a still and a motion prompt go in, a job in line comes out."""

from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import Refused, answer_error
from bot.intake import Intake, Wish
from bot.words import FALLBACK, Words, command_text, load_words
from generation.catalog import Catalog
from generation.request import PROMPT_LIMIT, SEED_LIMIT

CAMERA_MOVES = (
    "static",
    "zoom-in",
    "zoom-out",
    "pan-left",
    "pan-right",
    "tilt-up",
    "tilt-down",
    "dolly-in",
    "orbit",
    "handheld",
)
"""Keys of the camera phrases in the texts; the phrase is what the model reads."""

CHOICE_LIMIT = 25
LONGEST_SECONDS = 60.0

Prompt = app_commands.Range[str, 1, PROMPT_LIMIT]
Seconds = app_commands.Range[float, 0.5, LONGEST_SECONDS]
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
        model=command_text("command-animate-model"),
        shape=command_text("command-animate-shape"),
        seconds=command_text("command-animate-seconds"),
        quality=command_text("command-animate-quality"),
        camera=command_text("command-animate-camera"),
        seed=command_text("command-animate-seed"),
    )
    async def animate(
        self,
        interaction: discord.Interaction,
        still: discord.Attachment,
        prompt: Prompt,
        model: str | None = None,
        shape: str | None = None,
        seconds: Seconds | None = None,
        quality: Literal["fast", "standard"] = "fast",
        camera: str = "",
        seed: Seed | None = None,
    ) -> None:
        """Animate a still."""
        wish = Wish(
            prompt=prompt,
            model_id=model,
            shape_id=shape,
            seconds=seconds,
            preset=quality,
            camera=camera,
            seed=seed,
        )
        await self._intake.animate(interaction, still, wish)

    @animate.autocomplete("model")
    async def _models(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        found = [
            model for model in self._catalog if "animate" in model.tasks and _matches(typed, model.id, model.label)
        ]
        return [app_commands.Choice(name=model.label, value=model.id) for model in found[:CHOICE_LIMIT]]

    @animate.autocomplete("shape")
    async def _shapes(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        chosen = interaction.namespace.model
        model = self._catalog.models.get(chosen, self._catalog.default)
        locale = str(interaction.locale)
        labels = {shape.id: self._shape_label(locale, shape.id, shape.width, shape.height) for shape in model.shapes}
        return [
            app_commands.Choice(name=label, value=shape_id)
            for shape_id, label in labels.items()
            if _matches(typed, shape_id, label)
        ][:CHOICE_LIMIT]

    @animate.autocomplete("camera")
    async def _cameras(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        locale = str(interaction.locale)
        choices = []
        for key in CAMERA_MOVES:
            move = self._words(locale, f"camera-{key}")
            label = self._words(locale, "camera-choice", move=move, effect=self._words(locale, f"camera-{key}-effect"))
            if _matches(typed, label):
                # The models were trained on English, whatever language the label is in.
                choices.append(app_commands.Choice(name=label[:100], value=self._words(FALLBACK, f"camera-{key}")))
        return choices[:CHOICE_LIMIT]

    async def animate_message(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Ask how the message's picture should move."""
        picture = next((a for a in message.attachments if (a.content_type or "").startswith("image/")), None)
        if picture is None:
            raise Refused("no-image")
        await interaction.response.send_modal(AnimateModal(self._intake, picture, self._words, str(interaction.locale)))

    def _shape_label(self, locale: str, shape_id: str, width: int, height: int) -> str:
        return self._words(locale, f"shape-{shape_id}", width=width, height=height)


class AnimateModal(discord.ui.Modal):
    """How should the picture of a message move?"""

    def __init__(self, intake: Intake, picture: discord.Attachment, words: Words, locale: str) -> None:
        super().__init__(title=words(locale, "modal-animate-title"), custom_id="animate-message")
        self._intake = intake
        self._picture = picture
        self._prompt: discord.ui.TextInput[AnimateModal] = discord.ui.TextInput(
            custom_id="prompt",
            style=discord.TextStyle.paragraph,
            placeholder=words(locale, "modal-animate-prompt-hint"),
            max_length=PROMPT_LIMIT,
        )
        self.add_item(discord.ui.Label(text=words(locale, "modal-animate-prompt"), component=self._prompt))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Take the order as the slash command does."""
        await self._intake.animate(interaction, self._picture, Wish(prompt=self._prompt.value))

    async def on_error(self, interaction: discord.Interaction, error: Exception) -> None:  # type: ignore[override] # a modal has no item
        """Answer in the one place that answers errors."""
        await answer_error(interaction, load_words(), error)


def _matches(typed: str, *candidates: str) -> bool:
    return any(typed.casefold() in candidate.casefold() for candidate in candidates)
