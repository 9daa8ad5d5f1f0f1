"""/history's pages: five jobs with their thumbnails and buttons, within what one message may hold."""

import asyncio
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Self

import discord
from discord import ui

from bot.buttons import ButtonContext, GuardedButton
from bot.errors import Refused
from bot.keeping_buttons import DeleteButton, PrivateButton, ShareButton, ShowButton, spent
from bot.quoting import described, quoted
from bot.rendering import JobTexts
from bot.words import Words, timestamp
from generation.album import NEWEST, Album, Page
from generation.request import spoken_in
from storage.album import Filter
from storage.jobs import Job

STRIP_SECONDS = 8.0
"""How long a page waits for thumbnails that are made for the first time; those that take longer come next time."""

MODEL_LIMIT = 40
"""Characters of a model's id in the menu; with two ids beside it a button's id stays below Discord's 100."""

PROMPT_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Place:
    """Where in whose history: what a page's button carries, so that it works after any restart.

    ``towards`` "older" and "newer" count from job ``edge``.
    """

    user_id: int
    model_id: str = ""
    only_failed: bool = False
    towards: Literal["older", "newer"] = "older"
    edge: int = NEWEST

    @property
    def custom_id(self) -> str:
        """At most 99 characters."""
        which = "failed" if self.only_failed else "all"
        return f"pages:{self.user_id}:{self.model_id}:{which}:{self.towards}:{self.edge}"


class Histories:
    """Reads a page and makes the message of it."""

    def __init__(self, album: Album, *, texts: JobTexts, words: Words) -> None:
        self._album = album
        self._texts = texts
        self._words = words

    async def page(self, guild_id: int, place: Place, locale: str) -> tuple[ui.LayoutView, list[discord.File]]:
        """The message of that page, and the pictures it shows."""
        which = Filter(guild_id, place.user_id, place.model_id or None, place.only_failed)
        if place.towards == "newer":
            page = await self._album.page_after(which, place.edge)
        else:
            page = await self._album.page(which, before=place.edge)
        strips = await self._strips(page)
        files = [discord.File(path, filename=f"strip-{job_id}.jpg") for job_id, path in strips.items()]
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.TextDisplay(self._head(place, page, locale)))
        for job in page.jobs:
            view.add_item(ui.TextDisplay(self._row(job, locale)))
            if job.id in strips:
                alt = described(self._words(locale, "history-alt", alt=self._texts.alt(job)))
                view.add_item(
                    ui.MediaGallery(discord.MediaGalleryItem(f"attachment://strip-{job.id}.jpg", description=alt))
                )
            if buttons := _buttons(job, locale):
                view.add_item(ui.ActionRow(*buttons))
        view.add_item(ui.ActionRow(*self._turning(place, page, locale)))
        # Every button here is found by its id; a view that nobody waits for would only be remembered for ever.
        view.stop()
        return view, files

    async def _strips(self, page: Page) -> dict[int, Path]:
        making = {job.id: asyncio.create_task(self._album.strip(job)) for job in page.jobs}
        if making:
            await asyncio.wait(making.values(), timeout=STRIP_SECONDS)
        found = {job_id: task.result() for job_id, task in making.items() if task.done()}
        for task in making.values():
            task.cancel()
        return {job_id: path for job_id, path in found.items() if path is not None}

    def _head(self, place: Place, page: Page, locale: str) -> str:
        key = "history-title" if page.jobs else "history-none"
        which = "failed" if place.only_failed else "all"
        model = self._texts.model_label(place.model_id) if place.model_id else ""
        return self._words(locale, key, which=which, model=model, filtered="yes" if model else "no")

    def _row(self, job: Job, locale: str) -> str:
        recipe, when = job.recipe, timestamp(job.created_at)
        if job.visibility == "deleted":
            return self._words(locale, "history-row-deleted", job=str(job.id), when=when, price=spent(job))
        facts = self._words(
            locale,
            "history-row-facts",
            job=str(job.id),
            model=self._texts.model_label(job.model_id),
            seed=str(recipe["seed"]),
            when=when,
            price=spent(job),
            state=job.state,
            visibility=job.visibility,
            approval=job.approval or "none",
        )
        return "\n".join([self._words(locale, "history-row", prompt=quoted(spoken_in(recipe), PROMPT_SHOWN)), facts])

    def _turning(self, place: Place, page: Page, locale: str) -> list[ui.Button[Any]]:
        first, last = (page.jobs[0].id, page.jobs[-1].id) if page.jobs else (0, 0)
        places = {
            "history-newer": (replace(place, towards="newer", edge=first), page.has_newer),
            "history-older": (replace(place, towards="older", edge=last), page.has_older),
            "history-all" if place.only_failed else "history-failed": (
                replace(place, only_failed=not place.only_failed, towards="older", edge=NEWEST),
                True,
            ),
        }
        return [
            ui.Button(label=self._words(locale, key), custom_id=there.custom_id, disabled=not enabled)
            for key, (there, enabled) in places.items()
        ]


class HistoryButton(
    GuardedButton,
    template=r"pages:(?P<user>\d+):(?P<model>[a-z0-9.\-]*):(?P<which>all|failed):(?P<towards>older|newer):(?P<edge>\d+)",
):
    """Turns the pages of one person's history."""

    def __init__(self, place: Place) -> None:
        super().__init__(ui.Button(custom_id=place.custom_id))
        self._place = place

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuilt from the id alone: it says whose history it is and where in it."""
        towards: Literal["older", "newer"] = "older" if match["towards"] == "older" else "newer"
        # No job is numbered beyond what the table can count.
        edge = min(int(match["edge"]), NEWEST)
        return cls(Place(int(match["user"]), match["model"], match["which"] == "failed", towards, edge))

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Show the other page in place of this one."""
        if interaction.user.id != self._place.user_id:
            raise Refused("not-your-history")
        assert interaction.guild_id is not None
        await interaction.response.defer()
        view, files = await context.histories.page(interaction.guild_id, self._place, str(interaction.locale))
        await interaction.edit_original_response(view=view, attachments=files)


def _buttons(job: Job, locale: str) -> list[ui.Button[Any]]:
    """What the owner can do with a finished job; one that waits for approval can only be taken back."""
    if job.approval == "waiting":
        return [DeleteButton(job.id, locale).item]
    if job.visibility == "deleted" or job.delivery not in ("posted", "abandoned"):
        return []
    kinds: list[type[ShowButton | PrivateButton | ShareButton | DeleteButton]] = []
    if job.state == "succeeded" and job.visibility != "hidden":
        kinds += [ShowButton, ShareButton if job.visibility == "private" else PrivateButton]
    return [kind(job.id, locale).item for kind in (*kinds, DeleteButton)]
