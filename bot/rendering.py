"""Turns jobs into the texts that people read; pure."""

import discord

from bot.challenges.masks import Mask, Masks
from bot.words import Value, Words, timestamp
from generation.catalog import Catalog
from generation.dispatch import Update
from generation.queue import Outlook
from storage.jobs import Job

BAR_CELLS = 12
PROMPT_SHOWN = 200
ALT_LIMIT = 1024
FIELD_LIMIT = 1024
"""Characters of one field of an embed."""

TIME_STEP_SECONDS = 15.0
"""Times ahead are shown in steps of this, so that a message is not edited for every second they move."""


class JobTexts:
    """The texts about one job, in the job's own locale."""

    def __init__(self, words: Words, catalog: Catalog, masks: Masks | None = None) -> None:
        self._words = words
        self._catalog = catalog
        self._masks = masks or Masks()

    def model_label(self, model_id: str) -> str:
        """The model's name on the menu, or its id if it is no longer there."""
        return self._catalog[model_id].label if model_id in self._catalog.models else model_id

    def made(self, *jobs: Job) -> str:
        """The label of a clip that an AI model made, or of one that is a computed camera move and nothing else."""
        known = [self._catalog.models.get(job.model_id) for job in jobs]
        is_drafted = all(model is not None and model.family == "draft" for model in known)
        return self._words(jobs[0].locale, "made-draft" if is_drafted else "made-ai")

    def status(self, update: Update, outlook: Outlook | None = None, *, note: str | None = None) -> str:
        """The public status message while a job waits or renders, and its last words; ``note`` is one more text key."""
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
            head = say(locale, "status-head", price=job.price_credits, payer=_payer(job), **about, **facts)
        lines = [head, self._state(update, outlook or Outlook())]
        if note is not None:
            lines.append(say(locale, note))
        return "\n".join(lines)

    def resting(self, job: Job, next_try_at: float | None) -> str:
        """The status message of a job whose model was taken off the menu: no place, because it has none."""
        first, *_ = self.status(Update(job)).splitlines()
        when = self._words(job.locale, "resting-tried-now")
        if next_try_at is not None:
            when = self._words(job.locale, "resting-tried-at", when=_ahead(next_try_at))
        return f"{first}\n{self._words(job.locale, 'status-resting', when=when)}"

    def paused(self, job: Job, reason: str) -> str:
        """The status message of a job whose class is paused: why, and that nothing is lost."""
        first, *_ = self.status(Update(job)).splitlines()
        return f"{first}\n{self._words(job.locale, 'status-paused', reason=quoted(reason))}"

    def _state(self, update: Update, outlook: Outlook) -> str:
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
                return say(locale, "status-cancelled", price=price, person=person, payer=_payer(job))
            case _:
                return say(locale, "status-failed")

    def _queued(self, locale: str, outlook: Outlook) -> str:
        say = self._words
        if outlook.place == 0:
            return say(locale, "status-starting")
        if outlook.place is None:
            return say(locale, "status-far")
        place = say(locale, "status-next") if outlook.place == 1 else say(locale, "status-queued", place=outlook.place)
        return f"{place} · {self.prospect(locale, outlook)}"

    def prospect(self, locale: str, outlook: Outlook) -> str:
        """When a request would begin and how long it would render, if it were ordered now."""
        return f"{self.begins(locale, outlook)} · {self.renders(locale, outlook)}"

    def begins(self, locale: str, outlook: Outlook) -> str:
        """When a waiting job is likely to begin, as a range, or that this is not known yet."""
        if outlook.starts is None:
            return self._words(locale, "begins-unknown")
        say = self._words
        # A time that is hardly ahead is past by the time somebody reads of it.
        match [_ahead(moment) for moment in outlook.starts if moment - outlook.forecast_at >= TIME_STEP_SECONDS]:
            case []:
                return say(locale, "begins-now")
            case [latest]:
                return say(locale, "begins-from-now", latest=latest)
            case [earliest, latest] if earliest != latest:
                return say(locale, "begins", earliest=earliest, latest=latest)
            case marks:
                return say(locale, "begins-at", moment=marks[-1])

    def renders(self, locale: str, outlook: Outlook) -> str:
        """How long the render will take once it begins, or that this is not known yet."""
        if outlook.render_seconds is None:
            return self._words(locale, "renders-unknown")
        return self._words(locale, "renders", duration=self.duration(locale, outlook.render_seconds))

    def _running(self, update: Update, outlook: Outlook) -> str:
        locale = update.job.locale
        at = self._words(locale, "status-starting") if update.progress is None else self._progress(update)
        return f"{at} · {self.ready(locale, outlook)}"

    def ready(self, locale: str, outlook: Outlook) -> str:
        """When a running job is likely to be done, or that this is not known yet."""
        if outlook.ready_at is None:
            return self._words(locale, "ready-unknown")
        return self._words(locale, "ready", when=_ahead(outlook.ready_at))

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
        lines = [say(locale, "clip-done", user=str(job.user_id), prompt=quoted(recipe["prompt"]))]
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
                waited=self.duration(locale, job.started_at - job.created_at),
                rendered=self.duration(locale, job.render_seconds),
                price=job.price_credits,
                left=left_credits or 0,
                payer="class" if left_credits is None else _payer(job),
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
            lines = [say(locale, "entry-clip", user=str(job.user_id), prompt=quoted(recipe["prompt"]), **named)]
        size: dict[str, Value] = {"width": recipe["width"], "height": recipe["height"], "seconds": self._seconds(job)}
        about: dict[str, Value] = {"job": str(job.id), "model": self.model_label(job.model_id), "made": self.made(job)}
        lines.append(say(locale, "entry-recipe", **about, **size))
        return "\n".join([*lines, say(locale, "clip-smaller")] if made_smaller else lines)

    def _named(self, job: Job) -> str:
        """The prompt, or the number of an entry whose prompt is hidden."""
        mask = self._masks.of(job.id)
        if mask is not None and mask.hides_maker:
            return self._words(job.locale, "entry-name", number=mask.number, title=quoted(mask.title))
        return quoted(job.recipe["prompt"])

    def who(self, locale: str, job_id: int, user_id: int, *, viewer_id: int) -> str:
        """Whose job it is, for a line that everybody may read; of an anonymous entry only its maker is told."""
        mask = self._masks.of(job_id)
        if mask is None or not mask.hides_maker:
            return f"<@{user_id}>"
        return self._words(locale, "queue-anonymous", own="yes" if user_id == viewer_id else "no")

    def failed(self, job: Job) -> str:
        """What a person is told about a job without a clip: what happened, that it cost nothing, what to do."""
        say, locale, fault = self._words, job.locale, job.fault or "internal"
        why = {"why": say(locale, f"fault-{fault}"), "todo": say(locale, f"fault-{fault}-todo")}
        return say(locale, "clip-failed", **self._about(job), **why)

    def status_delivered(self, job: Job, message_id: int) -> str:
        """The last words of a status message: where the clip is, or that there is none."""
        if job.state != "succeeded":
            return self._words(job.locale, "status-failed")
        if job.approval == "declined":
            return self._words(job.locale, "status-declined")
        link = f"https://discord.com/channels/{job.guild_id}/{job.channel_id}/{message_id}"
        return self._words(job.locale, "status-succeeded", link=link)

    def status_undelivered(self, job: Job) -> str:
        """The last words where nothing can be posted in the channel: where the clip is kept, or that there is none."""
        if job.state != "succeeded":
            return self.status(Update(job))
        key = "status-declined" if job.approval == "declined" else "status-kept"
        return self._words(job.locale, key, job=str(job.id))

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
        return who | {"price": job.price_credits, "payer": _payer(job)}

    @staticmethod
    def mark(job: Job) -> str:
        """Stands in every final message of this job and in no other, so that it can be found again."""
        return f"-# #{job.id} ·"

    def alt(self, job: Job) -> str:
        """Alt text of the clip, for people who cannot see it."""
        mask = self._masks.of(job.id)
        if mask is not None and mask.hides_maker:
            return self._words(job.locale, "entry-name", number=mask.number, title=mask.title)[:ALT_LIMIT]
        return self._words(
            job.locale, "clip-alt", task=job.recipe["task"], seconds=self._seconds(job), prompt=job.recipe["prompt"]
        )[:ALT_LIMIT]

    def duration(self, locale: str, seconds: float) -> str:
        """A length of time in words."""
        whole = max(0, round(seconds))
        if whole < 60:
            return self._words(locale, "duration-seconds", seconds=whole)
        return self._words(locale, "duration-minutes", minutes=whole // 60, seconds=whole % 60)

    @staticmethod
    def _seconds(job: Job) -> str:
        return f"{job.recipe['frames'] / job.recipe['fps']:.1f}"


def _payer(job: Job) -> str:
    return "person" if job.pool_id is None else "pool"


def quoted(prompt: str, limit: int = PROMPT_SHOWN) -> str:
    """A person's words inside the bot's own: shortened, and without any markdown, link or mark of ours in effect."""
    return discord.utils.escape_markdown(shortened(prompt, limit)).replace("[", "\\[").replace("-#", "\\-#")


def _plain(details: dict[str, Value]) -> dict[str, Value]:
    return {name: quoted(value) if isinstance(value, str) else value for name, value in details.items()}


def _ahead(moment: float) -> str:
    return timestamp(round(moment / TIME_STEP_SECONDS) * TIME_STEP_SECONDS)


def shortened(text: str, limit: int = PROMPT_SHOWN) -> str:
    """At most ``limit`` characters, the cut marked."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def fitting(lines: list[str], limit: int = FIELD_LIMIT) -> str:
    """As many whole lines as an embed field holds."""
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(kept) + len(line) > limit:
            break
        kept.append(line)
    return "\n".join(kept)
