"""The coach's card: what a person reads before credits move, where the coach found something in the wish."""

import asyncio
import io
from abc import abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import discord
import structlog

from bot.buttons import ButtonContext, GuardedButton, context_of, lasting_view
from bot.errors import DISCORD_AWAY, Refused
from bot.forms import Form, paragraph
from bot.pictures import Picture, advice_lines
from bot.quoting import MESSAGE_LIMIT, quoted, shortened
from bot.remarks import finding_line
from bot.rendering import JobTexts
from bot.staff.instructors import check_instructor
from bot.words import Words, load_words, payer, timestamp
from generation.clock import Clock
from generation.coach.drafts import Coaching, Opinion, opinion, order_key
from generation.dispatch import Dispatcher
from generation.patience import persist
from generation.pricing import price_credits
from generation.request import PROMPT_LIMIT, ClipRequest
from storage.drafts import Draft, Exercise
from storage.jobs import Job

log = structlog.get_logger(__name__)

STILL_NAME = "still.jpg"
PROMPT_ON_CARD = 400
SWEEP_SECONDS = 600.0


class CoachCard:
    """Asks a person before an order, and only where there is something to say. Nothing is held until they agree."""

    def __init__(
        self, coaching: Coaching, dispatcher: Dispatcher, *, texts: JobTexts, words: Words, clock: Clock
    ) -> None:
        self._coaching = coaching
        self._dispatcher = dispatcher
        self._texts = texts
        self._words = words
        self._clock = clock

    async def run(self) -> None:
        """Let drafts expire until cancelled, those first whose time ended while the bot was away."""
        while True:
            await persist(self._coaching.sweep, "let drafts expire")
            await asyncio.sleep(SWEEP_SECONDS)

    async def opinion(self, interaction: discord.Interaction, request: ClipRequest) -> Opinion | None:
        """What the coach found, if the person wants to know."""
        found = opinion(request)
        assert interaction.guild_id is not None
        if not found.findings or not await self._coaching.shows_card(interaction.guild_id, interaction.user.id):
            return None
        return found

    async def ask(
        self,
        interaction: discord.Interaction,
        request: ClipRequest,
        opinion: Opinion,
        still: Picture | None,
        exercise: Exercise | None,
        pool_id: int | None,
    ) -> None:
        """Keep the request as a draft and show the card in place of the deferred answer."""
        draft = await self._open(interaction, request, still, exercise=exercise, pool_id=pool_id)
        shown = None if still is None else still.prepared.shown_jpeg
        files = [] if shown is None else [self._picture(interaction, request, shown)]
        content, view = self.card(str(interaction.locale), draft, request, opinion)
        await interaction.edit_original_response(content=content, attachments=files, view=view)
        log.info("coach asked", user=draft.user_id, draft=draft.id, rules=[one.rule for one in opinion.findings])

    async def keep(
        self, interaction: discord.Interaction, request: ClipRequest, still: Picture | None, **terms: Any
    ) -> str:
        """Keep the request as a draft without a card; returns the id of the button that orders it on these terms."""
        return GoDraftButton.id_of((await self._open(interaction, request, still, **terms)).id)

    async def _open(
        self, interaction: discord.Interaction, request: ClipRequest, still: Picture | None, **terms: Any
    ) -> Draft:
        assert interaction.guild_id is not None
        assert interaction.channel_id is not None
        return await self._coaching.open(
            key=str(interaction.id),
            guild_id=interaction.guild_id,
            channel_id=interaction.channel_id,
            user_id=interaction.user.id,
            request=request,
            advice=still.prepared.advice if still else (),
            **terms,
        )

    def card(self, locale: str, draft: Draft, request: ClipRequest, opinion: Opinion) -> tuple[str, discord.ui.View]:
        """The card's text and buttons as they are now; the still on it stays as it was sent."""
        price = 0 if draft.pool_id is not None else price_credits(request)
        rewrite = () if opinion.rewrite is None else (RewriteDraftButton(draft.id, locale, price),)
        view = lasting_view(
            GoDraftButton(draft.id, locale, price),
            *rewrite,
            EditDraftButton(draft.id, locale),
            WithdrawDraftButton(draft.id, locale),
        )
        return self._content(locale, draft, request, opinion), view

    def _content(self, locale: str, draft: Draft, request: ClipRequest, opinion: Opinion) -> str:
        say = self._words
        outlook = self._dispatcher.prospect(draft.guild_id, draft.user_id, request)
        head = say(
            locale,
            "coach-head",
            task=request.task,
            model=request.model.label,
            width=request.width,
            height=request.height,
            seconds=f"{request.duration_seconds:.1f}",
            price=price_credits(request),
            payer=payer(draft.pool_id),
            wait=self._texts.waits.prospect(locale, outlook),
        )
        lines = [head, *(finding_line(say, locale, one, request) for one in opinion.findings)]
        if not opinion.findings:
            lines.append(say(locale, "coach-nothing-left"))
        lines.append(say(locale, "coach-yours", prompt=quoted(shortened(request.motion_prompt, PROMPT_ON_CARD))))
        if opinion.rewrite is not None:
            lines.append(say(locale, "coach-rewrite", prompt=quoted(opinion.rewrite)))
        lines += [f"-# {line}" for line in advice_lines(say, locale, draft.advice)]
        lines.append(say(locale, "coach-foot", until=timestamp(draft.expires_at)))
        return shortened("\n".join(lines), MESSAGE_LIMIT)

    def _picture(self, interaction: discord.Interaction, request: ClipRequest, jpeg: bytes) -> discord.File:
        alt = self._words(str(interaction.locale), "coach-still-alt", width=request.width, height=request.height)
        return discord.File(io.BytesIO(jpeg), filename=STILL_NAME, description=alt)


class DraftButton(GuardedButton, template=r"never"):
    """A button on the card: checked against the draft's row, answered through the press's own token."""

    verb: str
    style = discord.ButtonStyle.secondary

    def __init__(self, draft_id: int, locale: str, price_credits: int = 0) -> None:
        label = load_words()(locale, f"coach-button-{self.verb}", price=price_credits)
        super().__init__(discord.ui.Button(label=label, style=self.style, custom_id=self.id_of(draft_id)))
        self.draft_id = draft_id

    @classmethod
    def id_of(cls, draft_id: int) -> str:
        """The custom id of this button for that draft."""
        return f"{cls.verb}:{draft_id}"

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Check the draft's owner and that it is not over, then press."""
        try:
            draft = await context.shop.coaching.draft(self.draft_id)
        except LookupError as error:
            if await self._is_ordered(interaction, context):
                await _close(interaction)
                return
            raise Refused("draft-over") from error
        if (draft.user_id, draft.guild_id) != (interaction.user.id, interaction.guild_id):
            raise Refused("not-your-card")
        await self.press(interaction, context, draft)

    @abstractmethod
    async def press(self, interaction: discord.Interaction, context: ButtonContext, draft: Draft) -> None:
        """What the button does with the person's own draft."""

    async def _is_ordered(self, interaction: discord.Interaction, context: ButtonContext) -> bool:
        """Whether an earlier press of this person has ordered it: then a second one does nothing."""
        job = await context.shop.coaching.ordered(self.draft_id)
        return job is not None and job.user_id == interaction.user.id


class GoDraftButton(DraftButton, template=r"go-draft:(?P<draft_id>\d+)"):
    """Orders what the person typed."""

    verb = "go-draft"
    style = discord.ButtonStyle.primary

    async def press(self, interaction: discord.Interaction, context: ButtonContext, draft: Draft) -> None:
        """Order the draft as it is."""
        await _order(interaction, context, draft, context.shop.coaching.request(draft))


class RewriteDraftButton(DraftButton, template=r"rewrite:(?P<draft_id>\d+)"):
    """Orders with the coach's words in place of the person's."""

    verb = "rewrite"
    style = discord.ButtonStyle.success

    async def press(self, interaction: discord.Interaction, context: ButtonContext, draft: Draft) -> None:
        """Order the draft with the rewrite that the card shows; the coach is deterministic."""
        better = opinion(context.shop.coaching.request(draft)).rewrite
        request = context.shop.coaching.request(draft, better)
        await _order(interaction, context, draft, request)


class EditDraftButton(DraftButton, template=r"edit-draft:(?P<draft_id>\d+)"):
    """Opens the prompt in a form; the card is shown again afterwards."""

    verb = "edit-draft"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, draft: Draft) -> None:
        """Open the form, filled with the prompt."""
        await interaction.response.send_modal(EditDraftForm(draft, str(interaction.locale)))


class WithdrawDraftButton(DraftButton, template=r"withdraw:(?P<draft_id>\d+)"):
    """Forgets the draft and its still."""

    verb = "withdraw"

    async def press(self, interaction: discord.Interaction, context: ButtonContext, draft: Draft) -> None:
        """Close the card; nothing was held."""
        await interaction.response.defer()
        await context.shop.coaching.close(draft)
        text = load_words()(str(interaction.locale), "coach-withdrawn")
        await interaction.edit_original_response(content=text, attachments=[], view=None)


class EditDraftForm(Form):
    """The prompt of a draft, to be changed."""

    def __init__(self, draft: Draft, locale: str) -> None:
        words = load_words()
        super().__init__("edit-draft", words(locale, "coach-edit-title"))
        self._draft_id = draft.id
        self._prompt = paragraph("prompt", draft.recipe["prompt"], limit=PROMPT_LIMIT)
        self.ask(words(locale, "coach-edit-prompt"), self._prompt)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Show the card again with the new prompt; nothing is ordered by editing."""
        context = context_of(interaction)
        await interaction.response.defer()
        try:
            draft = await context.shop.coaching.draft(self._draft_id)
            await context.shop.wording.check(draft.guild_id, context.shop.coaching.request(draft, self._prompt.value))
            draft = await context.shop.coaching.edit(draft, self._prompt.value)
        except LookupError as error:
            raise Refused("draft-over") from error
        request = context.shop.coaching.request(draft)
        content, view = context.card.card(str(interaction.locale), draft, request, opinion(request))
        await interaction.edit_original_response(content=content, view=view)


COACH_BUTTONS: Sequence[type[DraftButton]] = (GoDraftButton, RewriteDraftButton, EditDraftButton, WithdrawDraftButton)


async def _order(interaction: discord.Interaction, context: ButtonContext, draft: Draft, request: ClipRequest) -> None:
    """One job of the draft, however often this is pressed: its key is made of the draft's number."""
    if draft.lane == "demo":
        await check_instructor(interaction)
    await interaction.response.defer()
    terms: dict[str, Any] = {"exercise": draft.exercise, "lane": draft.lane, "pool_id": draft.pool_id}
    jobs = list[Job]()
    try:
        async with context.shop.coaching.taken(draft):
            jobs.append((await context.intake.submit(interaction, request, key=order_key(draft.id), **terms)).job)
    except LookupError as error:
        if await context.shop.coaching.ordered(draft.id) is None:
            raise Refused("draft-over") from error
    await context.shop.coaching.close(draft)
    await context.intake.close_answer(interaction, draft.advice, *jobs)


async def _close(interaction: discord.Interaction) -> None:
    """Take the card away that an earlier press has used up."""
    await interaction.response.defer()
    with suppress(*DISCORD_AWAY):
        await interaction.delete_original_response()
