"""The forms of challenges: entering, posting, editing."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.forms import Form, choice, line, paragraph
from bot.quoting import shortened
from bot.staff.instructors import check_instructor
from bot.words import load_words
from generation.request import PROMPT_LIMIT, spoken_in
from storage.challenges import Challenge
from storage.jobs import Job

TITLE_LENGTH = 90
BRIEF_LENGTH = 1000
WORDS_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Given:
    """What a person enters with: a prompt with a picture of their own or the starter still, or a finished clip."""

    prompt: str
    picture: discord.Attachment | None
    clip_id: int | None


class EnterForm(Form):
    """A motion prompt with a picture, or one of one's own clips."""

    def __init__(
        self,
        challenge: Challenge,
        clips: Sequence[Job],
        locale: str,
        enter: Callable[[discord.Interaction, Given], Awaitable[None]],
    ) -> None:
        say = load_words()
        super().__init__("enter", say(locale, "enter-title", title=challenge.title))
        self._enter = enter
        required = ", ".join(challenge.required_words)
        hint = say(locale, "enter-words", words=shortened(required, 80)) if required else None
        self._prompt = paragraph("prompt", challenge.prompt or "", limit=PROMPT_LIMIT)
        self._prompt.required = not clips
        self.ask(say(locale, "enter-prompt"), self._prompt, hint)
        self._picture = discord.ui.FileUpload[Any](custom_id="picture", required=False, min_values=0, max_values=1)
        has_still = "yes" if challenge.still else "no"
        self.ask(say(locale, "enter-picture"), self._picture, say(locale, "enter-picture-hint", still=has_still))
        self._clip: discord.ui.Select[Any] | None = None
        if clips:
            shown = {str(job.id): f"#{job.id} · {shortened(spoken_in(job.recipe), 80)}" for job in clips}
            self._clip = choice("clip", shown, least=0)
            self._clip.required = False
            self.ask(say(locale, "enter-clip"), self._clip, say(locale, "enter-clip-hint"))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Enter with what was given; every rule is checked again, however long the form was open."""
        picture = self._picture.values[0] if self._picture.values else None
        clip_id = int(self._clip.values[0]) if self._clip is not None and self._clip.values else None
        await self._enter(interaction, Given(self._prompt.value, picture, clip_id))


@dataclass(frozen=True, slots=True)
class Brief:
    """The words of a challenge as an instructor typed them."""

    title: str
    brief: str
    prompt: str | None
    required_words: tuple[str, ...]


class BriefForm(Form):
    """Title, brief, prompt and required words; for instructors, checked again when it is sent."""

    def __init__(
        self,
        locale: str,
        submit: Callable[[discord.Interaction, Brief], Awaitable[None]],
        known: Challenge | None = None,
    ) -> None:
        say = load_words()
        super().__init__("brief", say(locale, "brief-form"))
        self._submit = submit
        self._title = line("title", known.title if known else "", limit=TITLE_LENGTH)
        self._brief = paragraph("brief", known.brief if known else "", limit=BRIEF_LENGTH)
        self._prompt = paragraph("prompt", (known.prompt or "") if known else "", limit=PROMPT_LIMIT)
        self._prompt.required = False
        words = ", ".join(known.required_words) if known else ""
        self._words = line("words", words, limit=WORDS_LENGTH, required=False)
        self.ask(say(locale, "brief-form-title"), self._title)
        self.ask(say(locale, "brief-form-brief"), self._brief)
        self.ask(say(locale, "brief-form-prompt"), self._prompt, say(locale, "brief-form-prompt-hint"))
        self.ask(say(locale, "brief-form-words"), self._words, say(locale, "brief-form-words-hint"))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Check who sends it, then go on."""
        await check_instructor(interaction)
        words = tuple(word for one in self._words.value.split(",") if (word := " ".join(one.split())))
        title, prompt = " ".join(self._title.value.split()), " ".join(self._prompt.value.split())
        await self._submit(interaction, Brief(title or "–", self._brief.value.strip() or "–", prompt or None, words))
