"""“Mark where it broke” under a clip, and the words of the class's board."""

import discord

from bot.buttons import ButtonContext, OwnedButton
from bot.errors import Refused
from bot.exercising import typed_seconds
from bot.forms import Form, choice, line
from bot.quoting import MESSAGE_LIMIT, described, fitting
from bot.rendering import JobTexts
from bot.words import Words, load_words, message_link
from generation.board import BoardBar, BoardDrawing, BoardRow
from generation.limits import Limit, Limits
from storage.blobs import BlobStore
from storage.jobs import Job
from storage.marks import MARK_KINDS, Mark


class BrokeButton(OwnedButton, template=r"broke:(?P<job_id>\d+)"):
    """Lets the owner of a finished clip say where it broke."""

    verb = "broke"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, job: Job) -> None:
        """Open the form."""
        if job.state != "succeeded":
            raise Refused("mark-not-ready")
        await interaction.response.send_modal(BrokeForm(context.shop.limits, job, str(interaction.locale)))


class BrokeForm(Form):
    """What broke, and at which second."""

    def __init__(self, limits: Limits, job: Job, locale: str) -> None:
        words = load_words()
        super().__init__("broke", words(locale, "broke-title"))
        self._limits = limits
        self._job = job
        self._kind = choice("kind", {kind: words(locale, f"broke-{kind}") for kind in MARK_KINDS})
        hint = words(locale, "broke-seconds-hint", length=f"{job.recipe['frames'] / job.recipe['fps']:.1f}")
        self._seconds = line("seconds", limit=6, required=False, hint=hint)
        self.ask(words(locale, "broke-kind"), self._kind)
        self.ask(words(locale, "broke-seconds"), self._seconds)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Keep the mark, and say privately what is marked now."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        kind = next(kind for kind in MARK_KINDS if kind == self._kind.values[0])
        marks = await self._limits.mark(self._job, kind, typed_seconds(self._seconds.value))
        locale, words = str(interaction.locale), load_words()
        if marks:
            shown = ", ".join(_marked(words, locale, mark) for mark in marks)
            text = words(locale, "broke-marked", job=str(self._job.id), marks=shown)
        else:
            text = words(locale, "broke-unmarked", job=str(self._job.id))
        await interaction.followup.send(text, ephemeral=True)


def _marked(words: Words, locale: str, mark: Mark) -> str:
    what = words(locale, f"broke-{mark.kind}")
    return what if mark.at_seconds is None else words(locale, "broke-mark", what=what, seconds=f"{mark.at_seconds:g}")


class LimitsTexts:
    """The board in a reader's words: as a drawing, as alt text, and the links to its examples."""

    def __init__(self, words: Words, texts: JobTexts, blobs: BlobStore) -> None:
        self._words = words
        self._texts = texts
        self._blobs = blobs

    def drawing(self, locale: str, limits: list[Limit]) -> BoardDrawing:
        """Everything that the picture shows."""
        models = list(dict.fromkeys(tally.model_id for limit in limits for tally in limit.tallies))
        marks = sum(tally.marks for limit in limits for tally in limit.tallies)
        return BoardDrawing(
            title=self._words(locale, "limits-title"),
            subtitle=self._words(locale, "limits-subtitle", marks=marks) if limits else "",
            empty=self._words(locale, "limits-empty"),
            models=tuple(map(self._texts.model_label, models)),
            rows=tuple(self._row(locale, limit, models) for limit in limits),
        )

    def _row(self, locale: str, limit: Limit, models: list[str]) -> BoardRow:
        label = self._words(locale, f"broke-{limit.kind}")
        bars = tuple(BoardBar(models.index(tally.model_id), tally.marks) for tally in limit.tallies)
        example = limit.example
        if example is None:
            return BoardRow(label, bars)
        clip, job = self._blobs.path(example.clip), str(example.job_id)
        if example.at_seconds is None:
            return BoardRow(label, bars, clip, 0.0, self._words(locale, "limits-caption-whole", job=job))
        caption = self._words(locale, "limits-caption", job=job, seconds=f"{example.at_seconds:g}")
        return BoardRow(label, bars, clip, example.at_seconds, caption)

    def links(self, locale: str, guild_id: int, limits: list[Limit]) -> str:
        """One line for each example's message; what to do where there are none."""
        if not limits:
            return self._words(locale, "limits-empty")
        lines = [
            self._words(
                locale,
                "limits-example",
                what=self._words(locale, f"broke-{limit.kind}"),
                marks=sum(tally.marks for tally in limit.tallies),
                link=message_link(guild_id, limit.example.channel_id, limit.example.message_id),
            )
            for limit in limits
            if limit.example is not None
        ]
        return fitting(lines, MESSAGE_LIMIT)

    def alt(self, drawing: BoardDrawing, locale: str) -> str:
        """The picture for people who cannot see it."""
        if not drawing.rows:
            return self._words(locale, "limits-empty")
        rows = [
            self._words(
                locale,
                "limits-alt-row",
                what=row.label,
                marks=", ".join(f"{drawing.models[bar.model]} {bar.marks}" for bar in row.bars),
            )
            for row in drawing.rows
        ]
        return described(self._words(locale, "limits-alt", rows="; ".join(rows)))
