"""Turns jobs into the texts that people read; pure."""

from typing import Literal

from bot.challenges.masks import Mask, Masks
from bot.quoting import described, quoted
from bot.wait_texts import WaitTexts, ahead
from bot.words import Value, Words, message_link, payer
from generation.catalog import Catalog
from generation.charges import ChargeState
from generation.line.prospects import Outlook
from generation.request import spoken_in
from generation.updates import Update
from storage.jobs import Job

Why = Literal["posting", "size"]
"""Why a clip cannot be posted: the channel does not take it, or its upload limit does not."""

BAR_CELLS = 12


class JobTexts:
    """The texts about one job, in the job's own locale."""

    def __init__(self, words: Words, catalog: Catalog, masks: Masks | None = None) -> None:
        self._words = words
        self._catalog = catalog
        self._masks = masks or Masks()
        self.waits = WaitTexts(words)

    def model_label(self, model_id: str) -> str:
        """The model's name on the menu, or its id if it is no longer there."""
        return self._catalog[model_id].label if model_id in self._catalog.models else model_id

    def made(self, *jobs: Job) -> str:
        """The label of a clip that an AI model made, or of one that is a computed camera move and nothing else."""
        known = [self._catalog.models.get(job.model_id) for job in jobs]
        is_drafted = all(model is not None and model.family == "draft" for model in known)
        return self._words(jobs[0].locale, "made-draft" if is_drafted else "made-ai")

    def status(
        self,
        update: Update,
        outlook: Outlook | None = None,
        *,
        note: str | None = None,
        charge: ChargeState | None = None,
    ) -> str:
        """The public status message while a job waits or renders, and its last words; ``note`` is one more text key.

        The last words say of the credits what ``charge`` says, and nothing without it.
        """
        job, say, locale = update.job, self._words, update.job.locale
        recipe = job.recipe
        mask = self._masks.of(job.id)
        facts: dict[str, Value] = {"model": self.model_label(job.model_id), "seconds": self._seconds(job)}
        facts |= {"width": recipe["width"], "height": recipe["height"]}
        if mask is not None:
            head = say(locale, "entry-status", number=mask.number, title=quoted(mask.title), **facts)
        else:
            about: dict[str, Value] = {"person": f"<@{job.user_id}>", "task": recipe["task"]}
            about["seed"] = str(recipe["seed"])
            head = say(locale, "status-head", price=job.price_credits, payer=payer(job.pool_id), **about, **facts)
        lines = [head, self._state(update, outlook or Outlook(), charge)]
        if note is not None:
            lines.append(say(locale, note))
        return "\n".join(lines)

    def resting(self, job: Job, next_try_at: float | None) -> str:
        """The status message of a job whose model was taken off the menu: no place, because it has none."""
        first, *_ = self.status(Update(job)).splitlines()
        when = self._words(job.locale, "resting-tried-now")
        if next_try_at is not None:
            when = self._words(job.locale, "resting-tried-at", when=ahead(next_try_at))
        return f"{first}\n{self._words(job.locale, 'status-resting', when=when)}"

    def paused(self, job: Job, reason: str) -> str:
        """The status message of a job whose class is paused: why, and that nothing is lost."""
        first, *_ = self.status(Update(job)).splitlines()
        return f"{first}\n{self._words(job.locale, 'status-paused', reason=quoted(reason))}"

    def _state(self, update: Update, outlook: Outlook, charge: ChargeState | None) -> str:
        job, say, locale = update.job, self._words, update.job.locale
        match job.state:
            case "queued" if job.attempts:
                return say(locale, "status-again", attempt=job.attempts + 1)
            case "queued":
                return self._queued(locale, outlook)
            case "running":
                return self._running(update, outlook)
            case "succeeded":
                return say(locale, "status-posting")
            case "cancelled" if self._masks.of(job.id) is not None:
                return say(locale, "entry-status-cancelled")
            case "cancelled":
                price, person = job.price_credits, f"<@{job.user_id}>"
                about_credits: dict[str, Value] = {
                    "price": price,
                    "payer": payer(job.pool_id),
                    "charge": charge or "unread",
                }
                return say(locale, "status-cancelled", person=person, **about_credits)
            case _:
                return say(locale, "status-failed", charge=charge or "unread")

    def _queued(self, locale: str, outlook: Outlook) -> str:
        say = self._words
        if outlook.place == 0:
            return say(locale, "status-starting")
        if outlook.place is None:
            return say(locale, "status-far")
        place = say(locale, "status-next") if outlook.place == 1 else say(locale, "status-queued", place=outlook.place)
        return f"{place} · {self.waits.prospect(locale, outlook)}"

    def _running(self, update: Update, outlook: Outlook) -> str:
        locale = update.job.locale
        progress = update.progress
        if progress is not None and progress.stage == "decode" and progress.done >= progress.total:
            return f"{self._progress(update)} · {self._words(locale, 'ready-soon')}"
        at = self._words(locale, "status-starting") if progress is None else self._progress(update)
        return f"{at} · {self.waits.ready(locale, outlook)}"

    def _progress(self, update: Update) -> str:
        progress = update.progress
        assert progress is not None
        share = progress.done / max(1, progress.total)
        filled = round(share * BAR_CELLS)
        return self._words(
            update.job.locale,
            f"status-{progress.stage}",
            bar="▰" * filled + "▱" * (BAR_CELLS - filled),
            percent=int(share * 100),
            done=progress.done,
            total=progress.total,
        )

    def finished(self, job: Job, left_credits: int | None, *, made_smaller: bool) -> str:
        """The message that carries the clip: owner, prompt, one line of recipe, what the pipeline remarked."""
        say, locale, recipe = self._words, job.locale, job.recipe
        mask = self._masks.of(job.id)
        if mask is not None:
            return self._entry(job, mask, made_smaller=made_smaller)
        assert job.started_at is not None
        assert job.render_seconds is not None
        lines = [say(locale, "clip-done", user=str(job.user_id), prompt=quoted(spoken_in(recipe)))]
        lines += [say(locale, f"remark-{key}", **_plain(details)) for key, details in job.remarks]
        lines.append(
            say(
                locale,
                "clip-recipe",
                job=str(job.id),
                model=self.model_label(job.model_id),
                made=self.made(job),
                width=recipe["width"],
                height=recipe["height"],
                frames=recipe["frames"],
                fps=recipe["fps"],
                steps=recipe["steps"],
                seed=str(recipe["seed"]),
                waited=self.waits.duration(locale, job.started_at - job.created_at),
                rendered=self.waits.duration(locale, job.render_seconds),
                price=job.price_credits,
                left=left_credits or 0,
                payer="class" if left_credits is None else payer(job.pool_id),
            )
        )
        if made_smaller:
            lines.append(say(locale, "clip-smaller"))
        return "\n".join(lines)

    def continues(self, job: Job, parent_id: int, part: int) -> str:
        """The line of a clip that begins where another one ended."""
        return self._words(job.locale, "clip-continues", parent=str(parent_id), part=part)

    def compared(self, job: Job, comparison_id: int, letter: str) -> str:
        """The line of a clip that is part of a comparison."""
        return self._words(job.locale, "clip-compared", comparison=str(comparison_id), letter=letter)

    def _entry(self, job: Job, mask: Mask, *, made_smaller: bool) -> str:
        """The message that carries an entry; without maker and prompt where both are hidden."""
        say, locale, recipe = self._words, job.locale, job.recipe
        named: dict[str, Value] = {"number": mask.number, "title": quoted(mask.title)}
        if mask.hides_maker:
            lines = [say(locale, "entry-clip-hidden", **named)]
        else:
            lines = [say(locale, "entry-clip", user=str(job.user_id), prompt=quoted(spoken_in(recipe)), **named)]
        size: dict[str, Value] = {"width": recipe["width"], "height": recipe["height"], "seconds": self._seconds(job)}
        about: dict[str, Value] = {"job": str(job.id), "model": self.model_label(job.model_id), "made": self.made(job)}
        lines.append(say(locale, "entry-recipe", **about, **size))
        return "\n".join([*lines, say(locale, "clip-smaller")] if made_smaller else lines)

    def _named(self, job: Job) -> str:
        """The prompt, or the number of an entry whose prompt is hidden."""
        mask = self._masks.of(job.id)
        if mask is not None and mask.hides_maker:
            return self._words(job.locale, "entry-name", number=mask.number, title=quoted(mask.title))
        return quoted(spoken_in(job.recipe))

    def who(self, locale: str, job_id: int, user_id: int, *, viewer_id: int) -> str:
        """Whose job it is, for a line that everybody may read; of an anonymous entry only its maker is told."""
        mask = self._masks.of(job_id)
        if mask is None or not mask.hides_maker:
            return f"<@{user_id}>"
        return self._words(locale, "queue-anonymous", own="yes" if user_id == viewer_id else "no")

    def failed(self, job: Job, charge: ChargeState) -> str:
        """What a person is told about a job without a clip: what happened, what it cost, what to do."""
        say, locale, fault = self._words, job.locale, job.fault or "internal"
        why = {"why": say(locale, f"fault-{fault}"), "todo": say(locale, f"fault-{fault}-todo")}
        return say(locale, "clip-failed", charge=charge, **self._about(job), **why)

    def status_delivered(self, job: Job, message_id: int, charge: ChargeState) -> str:
        """The last words of a status message: where the clip is, or that there is none."""
        if job.state != "succeeded":
            return self._words(job.locale, "status-failed", charge=charge)
        if job.approval == "declined":
            return self._words(job.locale, "status-declined")
        link = message_link(job.guild_id, job.channel_id, message_id)
        return self._words(job.locale, "status-succeeded", link=link)

    def status_undelivered(self, job: Job, charge: ChargeState, why: Why = "posting") -> str:
        """The last words where nothing can be posted in the channel: where the clip is kept, or that there is none."""
        if job.state != "succeeded":
            return self.status(Update(job), charge=charge)
        key = "status-declined" if job.approval == "declined" else "status-kept"
        return self._words(job.locale, key, job=str(job.id), why=why)

    def undelivered(self, job: Job, charge: ChargeState, why: Why) -> str:
        """What a person is told, there or privately, whose clip or word about it cannot be posted in the channel."""
        if job.state != "succeeded":
            return self.failed(job, charge)
        if job.approval == "declined":
            return self.declined(job)
        return self._words(job.locale, "clip-kept", channel=str(job.channel_id), why=why, **self._about(job))

    def last_words(self, job: Job, charge: ChargeState) -> str:
        """The last words in the status message of a job whose person was told, or cannot be."""
        if job.state == "cancelled":
            return self.status(Update(job), charge=charge)
        if job.message_id is None:
            return self.status_undelivered(job, charge)
        return self.status_delivered(job, job.message_id, charge)

    def declined(self, job: Job) -> str:
        """What a person is told whose clip was not let through; why is theirs alone to read."""
        return self._words(job.locale, "clip-declined", **self._about(job))

    def was_away(self, job: Job) -> str:
        """The line above what is posted only after a restart."""
        return self._words(job.locale, "was-away")

    def lost(self, job: Job) -> str:
        """What a person is told whose clip was made but can never be fetched again."""
        return self._words(job.locale, "clip-lost", **self._about(job))

    def _about(self, job: Job) -> dict[str, Value]:
        """What every message about a job without a clip names."""
        who: dict[str, Value] = {"job": str(job.id), "user": str(job.user_id), "prompt": self._named(job)}
        return who | {"price": job.price_credits, "payer": payer(job.pool_id)}

    @staticmethod
    def mark(job: Job) -> str:
        """Stands in every final message of this job and in no other, so that it can be found again."""
        return f"-# #{job.id} ·"

    @staticmethod
    def kept_mark(job: Job) -> str:
        """Stands in the message that says that the clip cannot be posted, and in no other."""
        return f"-# kept-{job.id} ·"

    def alt(self, job: Job) -> str:
        """Alt text of the clip, for people who cannot see it."""
        mask = self._masks.of(job.id)
        if mask is not None and mask.hides_maker:
            return described(self._words(job.locale, "entry-name", number=mask.number, title=mask.title))
        task, prompt = job.recipe["task"], spoken_in(job.recipe)
        return described(self._words(job.locale, "clip-alt", task=task, seconds=self._seconds(job), prompt=prompt))

    @staticmethod
    def _seconds(job: Job) -> str:
        return f"{job.recipe['frames'] / job.recipe['fps']:.1f}"


def _plain(details: dict[str, Value]) -> dict[str, Value]:
    return {name: quoted(value) if isinstance(value, str) else value for name, value in details.items()}
