"""/class why: what happened to a job, step by step, and what it waits for if it does."""

import discord
from discord import app_commands

from bot.errors import Refused
from bot.quoting import FIELD_LIMIT, quoted
from bot.rendering import JobTexts
from bot.staff.instructors import ClassPart
from bot.words import Words, command_text, message_link, payer, timestamp
from generation.charges import Charge
from generation.dispatch import Dispatcher
from generation.orders import Orders
from storage.history import JobEvent
from storage.jobs import Job

CAUSE_SHOWN = 120
MORE_ROOM = 60
"""Characters kept free for saying how many steps came before."""


class WhyPart(ClassPart):
    """One job of the server as the table, the ledger and the line have it."""

    def __init__(self, *, orders: Orders, dispatcher: Dispatcher, texts: JobTexts, words: Words) -> None:
        super().__init__()
        self._orders = orders
        self._dispatcher = dispatcher
        self._texts = texts
        self._words = words

    @app_commands.command(name="why", description=command_text("command-class-why"))
    @app_commands.describe(job=command_text("command-class-why-job"))
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
        facts = [*self._about(locale, found, charge), *self._at_present(locale, found), self._progress(locale, job)]
        embed = discord.Embed(title=say(locale, "why-title", job=str(job)), description="\n".join(facts))
        embed.add_field(name=say(locale, "why-history"), value=self._history(locale, events), inline=False)
        await interaction.followup.send(embed=embed, ephemeral=True)

    def _about(self, locale: str, job: Job, charge: Charge) -> list[str]:
        """Whose it is, how long it took and where it is shown, what became of its credits."""
        say, model = self._words, self._texts.model_label(job.model_id)
        when = timestamp(job.created_at, "f")
        lines = [say(locale, "why-head", user=str(job.user_id), model=model, when=when, attempts=job.attempts)]
        hold, price = str(job.hold_id), charge.price_credits
        lines.append(say(locale, f"why-credits-{charge.state}", hold=hold, price=price, payer=payer(job.pool_id)))
        if job.render_seconds is not None and job.started_at is not None:
            seconds = (job.started_at - job.created_at, job.load_seconds or 0.0, job.render_seconds)
            waited, loaded, rendered = (self._texts.waits.duration(locale, length) for length in seconds)
            lines.append(say(locale, "why-took", waited=waited, loaded=loaded, rendered=rendered))
        if (message_id := job.message_id or job.status_message_id) is not None:
            link = message_link(job.guild_id, job.channel_id, message_id)
            lines.append(say(locale, "why-shown", link=link))
        return lines

    def _at_present(self, locale: str, job: Job) -> list[str]:
        """What a job waits for, or why it failed."""
        say = self._words
        if job.state == "failed":
            fault = job.fault or "internal"
            return [say(locale, "why-failed", fault=fault, words=say(locale, f"fault-{fault}"))]
        if job.state != "queued":
            return []
        closure = self._dispatcher.closures.of(job.guild_id)
        if closure is not None and closure.state == "paused":
            return [say(locale, "class-paused", reason=quoted(closure.reason))]
        if self._dispatcher.is_set_aside(job):
            return [say(locale, "why-rests", model=self._texts.model_label(job.model_id))]
        outlook = self._dispatcher.outlook(job)
        place = 0 if outlook.place is None else outlook.place
        return [say(locale, "why-waits", place=place, begins=self._texts.waits.begins(locale, outlook))]

    def _progress(self, locale: str, job_id: int) -> str:
        progress = self._dispatcher.last_progress(job_id)
        if progress is None:
            return self._words(locale, "why-no-progress")
        about = {"stage": progress.stage, "done": progress.done, "total": progress.total}
        return self._words(locale, "why-progress", **about)

    def _history(self, locale: str, events: list[JobEvent]) -> str:
        """The newest whole lines that an embed's field holds, and how many came before them."""
        lines = [self._event(locale, event) for event in events]
        shown = list(lines)
        while len("\n".join(shown)) > FIELD_LIMIT - MORE_ROOM:
            shown = shown[1:]
        earlier = len(lines) - len(shown)
        return "\n".join([self._words(locale, "why-earlier", count=earlier), *shown] if earlier else shown)

    def _event(self, locale: str, event: JobEvent) -> str:
        trouble = " · ".join(filter(None, (event.fault, event.delivery_cause or event.cause)))
        return self._words(
            locale,
            "why-event",
            when=timestamp(event.at, "T"),
            state=event.state,
            attempts=event.attempts,
            worker=event.worker or "none",
            delivery=event.delivery or "none",
            trouble=quoted(trouble, CAUSE_SHOWN) or "none",
        )
