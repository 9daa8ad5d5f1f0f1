"""/portfolio: a person's clips as one zip with a page that works from a file, in parts that Discord takes."""

import asyncio
import json
import secrets
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import discord
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.errors import Refused
from bot.rendering import JobTexts
from bot.words import Words
from generation.privacy.keeping import Keeping
from generation.request import spoken_in
from storage.blobs import BlobStore
from storage.jobs import Job

TEMPLATE = Path(__file__).with_name("portfolio.html.j2")

PAGE_BYTES = 64_000
"""Set aside for the page itself, the zip's directory and what the request adds; each clip adds CLIP_OVERHEAD_BYTES."""

CLIP_OVERHEAD_BYTES = 12_000
"""A clip's share of the page and its recipe as a file: a prompt of a thousand characters a few times over."""

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a zip can name, for a clip that has none."""


class Portfolio:
    """Packs the clips that a person still has, newest first."""

    def __init__(self, keeping: Keeping, *, blobs: BlobStore, texts: JobTexts, words: Words) -> None:
        self._keeping = keeping
        self._blobs = blobs
        self._texts = texts
        self._words = words

    async def send(self, interaction: discord.Interaction, page: int) -> None:
        """Answer the deferred interaction with part ``page``, and say what is in it and what is not."""
        assert interaction.guild is not None
        limit_bytes = min(interaction.filesize_limit, interaction.guild.filesize_limit)
        jobs = await self._keeping.portfolio(interaction.guild.id, interaction.user.id)
        if not jobs:
            raise Refused("portfolio-empty")
        here = await asyncio.to_thread(lambda: [job for job in jobs if job.clip and self._blobs.holds(job.clip)])
        if not here:
            raise Refused("portfolio-gone", count=len(jobs))
        parts, too_large = in_parts(here, limit_bytes)
        if not 1 <= page <= len(parts):
            raise Refused("portfolio-page", last=len(parts))
        part = parts[page - 1]
        path = self._blobs.incoming(f"portfolio-{secrets.token_hex(8)}.zip")
        locale = str(interaction.locale)
        try:
            await asyncio.to_thread(self._pack, path, part, interaction.user.display_name, locale)
            name = "portfolio.zip" if len(parts) == 1 else f"portfolio-{page}.zip"
            text = self._note(locale, page, parts, missing=len(jobs) - len(here), too_large=too_large)
            await interaction.followup.send(text, file=discord.File(path, filename=name), ephemeral=True)
        except discord.HTTPException as error:
            if error.status != 413:
                raise
            raise Refused("portfolio-refused") from error
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    def _note(
        self, locale: str, page: int, parts: Sequence[Sequence[Job]], *, missing: int, too_large: Sequence[Job]
    ) -> str:
        say = self._words
        lines = [say(locale, "portfolio-done", clips=len(parts[page - 1]), page=page, pages=len(parts))]
        if page < len(parts):
            left = sum(len(part) for part in parts[page:])
            lines.append(say(locale, "portfolio-more", left=left, next=page + 1))
        if too_large:
            named = ", ".join(f"#{job.id}" for job in too_large[:20])
            lines.append(say(locale, "portfolio-too-large", count=len(too_large), clips=named))
        if missing:
            lines.append(say(locale, "portfolio-missing", count=missing))
        return "\n".join(lines)

    def _pack(self, path: Path, jobs: Sequence[Job], person: str, locale: str) -> None:
        page = self.page(jobs, person, locale)
        # Clips are compressed already; storing them is faster and makes their size in the zip known beforehand.
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
            packed.writestr("portfolio/index.html", page, zipfile.ZIP_DEFLATED)
            for job in jobs:
                assert job.clip is not None
                clip = zipfile.ZipInfo(f"portfolio/{file_of(job)}", _moment(job))
                with self._blobs.path(job.clip).open("rb") as source, packed.open(clip, "w") as target:
                    while chunk := source.read(2**20):
                        target.write(chunk)
                recipe = json.dumps(job.recipe, ensure_ascii=False, indent=2)
                packed.writestr(f"portfolio/recipes/{job.id}.json", recipe, zipfile.ZIP_DEFLATED)

    def page(self, jobs: Sequence[Job], person: str, locale: str) -> str:
        """The page over these clips, whole: it refers to nothing but the clips beside it."""
        say = self._words
        return template().render(
            lang=locale if locale in say.locales else "en",
            title=say(locale, "portfolio-title", person=person),
            subtitle=say(locale, "portfolio-subtitle", clips=len(jobs)),
            recipe_title=say(locale, "portfolio-recipe"),
            closing=say(locale, "portfolio-closing"),
            clips=[self._clip(job, locale) for job in jobs],
        )

    def _clip(self, job: Job, locale: str) -> dict[str, Any]:
        recipe = job.recipe
        facts = self._words(
            locale,
            "portfolio-facts",
            job=str(job.id),
            model=self._texts.model_label(job.model_id),
            date=datetime.fromtimestamp(job.finished_at or job.created_at, UTC).strftime("%Y-%m-%d"),
            seconds=f"{recipe['frames'] / recipe['fps']:.1f}",
            width=recipe["width"],
            height=recipe["height"],
            seed=str(recipe["seed"]),
        )
        shown = [(name, str(value)) for name, value in recipe.items() if value not in (None, "", {}, [])]
        prompt, alt = spoken_in(recipe), self._texts.alt(job)
        return {"id": job.id, "file": file_of(job), "alt": alt, "prompt": prompt, "facts": facts, "recipe": shown}


def in_parts(jobs: Sequence[Job], limit_bytes: int) -> tuple[list[list[Job]], list[Job]]:
    """The clips in their order, in parts whose zips stay within the limit; and those too large for any part."""
    room = limit_bytes - PAGE_BYTES
    parts: list[list[Job]] = []
    too_large, used = [], room + 1
    for job in jobs:
        assert job.clip_bytes is not None
        size_bytes = job.clip_bytes + CLIP_OVERHEAD_BYTES
        if size_bytes > room:
            too_large.append(job)
            continue
        if used + size_bytes > room:
            parts.append([])
            used = 0
        parts[-1].append(job)
        used += size_bytes
    return parts, too_large


def file_of(job: Job) -> str:
    """The clip's place in the zip, seen from the page."""
    return f"clips/stillmotion-{job.id}.mp4"


@cache
def template() -> Template:
    """The page's template; everything that is put into it is escaped."""
    found = Environment(loader=FileSystemLoader(TEMPLATE.parent), autoescape=True, undefined=StrictUndefined)
    return found.get_template(TEMPLATE.name)


def _moment(job: Job) -> tuple[int, int, int, int, int, int]:
    at = datetime.fromtimestamp(job.finished_at or 0.0, UTC)
    return max(ZIP_EPOCH, (at.year, at.month, at.day, at.hour, at.minute, at.second))
