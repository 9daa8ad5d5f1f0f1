"""The exercises' start buttons and their forms; a sent form is an order like any other."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Self

import discord

from bot.buttons import ButtonContext, GuardedButton, lasting_view
from bot.comparisons.desk import Comparing
from bot.errors import Refused
from bot.forms import Form, line, paragraph
from bot.intake import Intake
from bot.quoting import shortened
from bot.wishes import Wish
from bot.words import load_words
from generation.catalog import Model
from generation.errors import RequestError
from generation.pricing import price_credits, usual_request
from generation.request import PROMPT_LIMIT, SEED_LIMIT, compose
from storage.drafts import Exercise

COMPARED_PROMPTS: Final = ("static, no movement", "slow zoom in", "gentle wind, leaves swaying")
"""Exercise B of the course."""

DESCRIPTION_LIMIT: Final = 100
"""Characters below a field's label."""

FIRST_PROMPT: Final = "slow zoom in, gentle wind"


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that models are known to break on: a prompt in the models' English, and a length if that is it."""

    prompt: str
    seconds: float | None = None


LIMITS: Final = {
    "run": Limit("the person runs across the picture"),
    "talk": Limit("two people talk to each other and gesture"),
    "text": Limit("the words THE END appear letter by letter"),
    "dance": Limit("the person dances a pirouette"),
    "fall": Limit("the person stumbles and falls to the ground"),
    "long": Limit("the camera moves forward, gentle wind", 12.0),
}
"""Exercise C of the course."""


def start_view(exercise: Exercise, locale: str) -> discord.ui.View:
    """The start buttons of an exercise; C has one for each limit."""
    return lasting_view(*(StartButton(exercise, limit, locale) for limit in (LIMITS if exercise == "c" else (None,))))


class StartButton(GuardedButton, template=r"exercise:(?P<exercise>[abc])(?::(?P<limit>[a-z]+))?"):
    """Opens the form of an exercise; anybody may press it."""

    def __init__(self, exercise: Exercise, limit: str | None, locale: str) -> None:
        label = load_words()(locale, f"exercise-limit-{limit}" if limit else f"exercise-start-{exercise}")
        name = f"exercise:{exercise}:{limit}" if limit else f"exercise:{exercise}"
        style = discord.ButtonStyle.secondary if limit else discord.ButtonStyle.primary
        super().__init__(discord.ui.Button(label=label, style=style, custom_id=name))
        self.exercise = exercise
        self.limit = limit

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuilt by discord.py from the id of a pressed button, also after a restart."""
        if match["limit"] is not None and match["limit"] not in LIMITS:
            raise ValueError(match["limit"])
        return cls(match["exercise"], match["limit"], str(interaction.locale))  # type: ignore[arg-type] # [abc]

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Open the form."""
        locale = str(interaction.locale)
        able = await context.intake.menu.offered(interaction.guild_id, "animate")
        if self.exercise == "b":
            model = context.intake.menu.choose(None, "animate", able)
            await interaction.response.send_modal(ThreePromptsForm(context.comparing, model, locale))
            return
        limit = LIMITS[self.limit] if self.limit else Limit(FIRST_PROMPT)
        await interaction.response.send_modal(ExerciseForm(self.exercise, limit, context.intake, able, locale))


class ExerciseForm(Form):
    """A still, a prompt that is filled in, a model and a length."""

    def __init__(self, exercise: Exercise, limit: Limit, intake: Intake, able: Sequence[Model], locale: str) -> None:
        words = load_words()
        super().__init__(f"exercise-{exercise}", words(locale, f"exercise-modal-{exercise}"))
        self._exercise = exercise
        self._intake = intake
        self._still: discord.ui.FileUpload[Any] = discord.ui.FileUpload(custom_id="still")
        self._prompt = paragraph("prompt", limit.prompt, limit=PROMPT_LIMIT)
        self._model: discord.ui.Select[Any] = discord.ui.Select(
            custom_id="model", options=_model_options(able, locale, limit.seconds)
        )
        filled_in = "" if limit.seconds is None else f"{limit.seconds:g}"
        self._seconds = line("seconds", filled_in, limit=5, required=False)
        for key, field in (
            ("still", self._still),
            ("prompt", self._prompt),
            ("model", self._model),
            ("seconds", self._seconds),
        ):
            self.ask(words(locale, f"exercise-modal-{key}"), field)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Take the order as the slash command does."""
        wish = Wish(
            prompt=self._prompt.value, model_id=self._model.values[0], seconds=typed_seconds(self._seconds.value)
        )
        await self._intake.order(interaction, wish, self._still.values[0], exercise=self._exercise)


class ThreePromptsForm(Form):
    """A still and three prompts, and what all three clips cost."""

    def __init__(self, comparing: Comparing, model: Model, locale: str) -> None:
        words = load_words()
        super().__init__("exercise-b", words(locale, "exercise-modal-b"))
        self._comparing = comparing
        self._still: discord.ui.FileUpload[Any] = discord.ui.FileUpload(custom_id="still")
        price = _price(model, locale, None, len(COMPARED_PROMPTS))
        cost = words(locale, "exercise-modal-b-price", price=price, model=model.label)
        self.ask(words(locale, "exercise-modal-still"), self._still, shortened(cost, DESCRIPTION_LIMIT))
        self._prompts = [
            paragraph(f"prompt-{number}", prompt, limit=PROMPT_LIMIT)
            for number, prompt in enumerate(COMPARED_PROMPTS, 1)
        ]
        for number, field in enumerate(self._prompts, 1):
            self.ask(words(locale, "exercise-modal-prompt-number", number=number), field)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Order all three with one seed and everything else equal, or none; side by side they are shown in the end."""
        seed = interaction.id % SEED_LIMIT
        wishes = [Wish(prompt=field.value, seed=seed) for field in self._prompts]
        await self._comparing.order_prompts(interaction, wishes, self._still.values[0], "b")


def typed_seconds(text: str) -> float | None:
    """A length or a moment as people type it, with comma or point; None for nothing. Raises Refused."""
    plain = text.strip().rstrip("s").strip().replace(",", ".")
    if not plain:
        return None
    if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?", plain):
        raise Refused("seconds-number", given=text[:20])
    return float(plain)


def _model_options(able: Sequence[Model], locale: str, seconds: float | None) -> list[discord.SelectOption]:
    """The models, each with what a clip of that length costs, or of its usual one."""
    if not able:
        raise Refused("nobody-can-animate")
    return [
        discord.SelectOption(
            label=model.label, value=model.id, description=_price(model, locale, seconds, 1), default=model is able[0]
        )
        for model in able[:25]
    ]


def _price(model: Model, locale: str, seconds: float | None, count: int) -> str:
    """What so many clips cost, before the still is known, whose shape may change it a little."""
    usual = usual_request(model, "fast")
    # A length beyond what a model makes is refused when the form is sent; until then its usual clip is a guide.
    with suppress(RequestError):
        usual = usual if seconds is None else compose(model, prompt="usual", still="usual", seconds=seconds, seed=0)
    return load_words()(
        locale,
        "exercise-modal-model-price",
        price=count * price_credits(usual),
        seconds=f"{usual.duration_seconds:.0f}",
        count=count,
    )
