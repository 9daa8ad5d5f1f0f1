"""The forms behind the buttons under a clip: the recipe to be changed, and the reason of a report."""

import math
from typing import Any

import discord

from bot.errors import Refused
from bot.forms import Form, choice, line, paragraph
from bot.offering import Offers
from bot.staff.card_courier import StaffCards
from bot.staff.channel import StaffChannel
from bot.words import load_words
from generation.catalog import Catalog, Model, Task, preset_named
from generation.request import PROMPT_LIMIT, SEED_LIMIT, drawn_seed, readable, spoken_in
from generation.teaching.reports import Reports
from generation.variations import recast
from storage.jobs import Job

REASON_LIMIT = 500
NUMBER_LIMIT = 12


class AgainForm(Form):
    """A clip's recipe with its prompt and choices filled in, to be offered as it was changed.

    ``changes`` are fields of the request that the form does not show; ``verb`` names its texts and the offer's.
    """

    def __init__(
        self,
        offers: Offers,
        catalog: Catalog,
        job: Job,
        *,
        locale: str,
        verb: str,
        task: Task,
        seed: str = "",
        continues: int | None = None,
        **changes: Any,
    ) -> None:
        say = load_words()
        super().__init__(verb, say(locale, f"form-{verb}", job=str(job.id)))
        able = {model.id: model for model in catalog if task in model.tasks}
        if not able:
            raise Refused(f"nobody-can-{task}")
        recipe, model = job.recipe, able.get(job.model_id) or next(iter(able.values()))
        self._offers, self._models, self._recipe, self._job_id = offers, able, recipe, job.id
        self._verb, self._continues, self._changes = verb, continues, {"task": task, **changes}
        spoken = spoken_in(recipe)
        self._prompt = paragraph("prompt", spoken, limit=PROMPT_LIMIT, hint=say(locale, "modal-animate-prompt-hint"))
        self._model = choice("model", {one.id: one.label for one in able.values()}, model.id)
        presets = list(dict.fromkeys(preset for one in able.values() for preset in one.presets))
        self._quality = choice("quality", {one: say(locale, f"quality-{one}") for one in presets}, recipe["preset"])
        self._seconds = line("seconds", f"{recipe['frames'] / recipe['fps']:.1f}", limit=NUMBER_LIMIT)
        self._seed = line("seed", seed, limit=NUMBER_LIMIT, required=False, hint=say(locale, "form-seed-hint"))
        self.ask(say(locale, "form-prompt"), self._prompt)
        self.ask(say(locale, "form-model"), self._model)
        self.ask(say(locale, "form-quality"), self._quality)
        self.ask(say(locale, "form-seconds"), self._seconds)
        self.ask(say(locale, "form-seed"), self._seed)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Offer what came out of it."""
        model = self._models[self._model.values[0]]
        quality = self._quality.values[0]
        request = recast(
            self._recipe,
            model,
            # An untouched quality that another model lacks becomes what that one has.
            preset=None if quality == self._recipe["preset"] else preset_named(quality),
            seconds=self._length(model),
            prompt=readable(self._prompt.value),
            camera="",
            seed=seed_in(self._seed.value),
            **self._changes,
        )
        title = load_words()(str(interaction.locale), f"offer-{self._verb}", job=str(self._job_id))
        await self._offers.offer(interaction, [request], title=title, continues=self._continues)

    def _length(self, model: Model) -> float:
        typed = self._seconds.value.strip()
        # An untouched length may be a little longer than another model makes; that one is shortened, not refused.
        longest = model.frames.max / model.fps
        seconds = seconds_in(typed)
        untouched = typed == f"{self._recipe['frames'] / self._recipe['fps']:.1f}"
        return min(seconds, longest) if untouched else seconds


class ReportForm(Form):
    """Why should the instructors look at this clip?"""

    def __init__(self, reports: Reports, cards: StaffCards, staff: StaffChannel, job: Job, *, locale: str) -> None:
        say = load_words()
        super().__init__("report", say(locale, "report-title", job=str(job.id)))
        self._reports, self._cards, self._staff, self._job = reports, cards, staff, job
        self._reason = paragraph("reason", limit=REASON_LIMIT, hint=say(locale, "report-hint"))
        self.ask(say(locale, "report-reason"), self._reason)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Note the report, once; the instructors get a card about it as soon as there is a channel for that."""
        assert interaction.guild is not None
        job, reason = self._job, self._reason.value.strip()
        if not reason:
            raise Refused("report-empty")
        await interaction.response.defer(ephemeral=True, thinking=True)
        if not await self._reports.add(job.id, interaction.user.id, reason):
            raise Refused("reported-before")
        self._cards.wake_for(job.guild_id)
        is_heard = await self._staff.channel_of(interaction.guild) is not None
        text = load_words()(str(interaction.locale), "reported", heard="yes" if is_heard else "no")
        await interaction.followup.send(text, ephemeral=True)


def seed_in(typed: str) -> int:
    """The seed that was typed, or a new one for nothing. Raises Refused."""
    if not typed.strip():
        return drawn_seed()
    try:
        return int(typed)
    except ValueError as error:
        raise Refused("seed", limit=SEED_LIMIT - 1) from error


def seconds_in(typed: str) -> float:
    """The length that was typed, with either decimal mark. Raises Refused."""
    try:
        seconds = float(typed.replace(",", "."))
    except ValueError as error:
        raise Refused("form-seconds") from error
    if not math.isfinite(seconds) or seconds <= 0:
        raise Refused("form-seconds")
    return seconds
