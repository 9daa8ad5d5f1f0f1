"""Out of credits: a button to ask the instructors for more, and the card with which they answer, once."""

from typing import Literal

import discord
import structlog

from bot.buttons import ButtonContext, GuardedButton, context_of, lasting_view
from bot.errors import DISCORD_AWAY, Refused
from bot.forms import Form, line, paragraph
from bot.lookup import can_be_pressed
from bot.quoting import quoted
from bot.staff.instructors import InstructorButton
from bot.telling import tell_privately
from bot.words import load_words, server_locale
from generation.teaching.asking import MOST_CREDITS, RequestDecided
from storage.credit_requests import CreditRequest

log = structlog.get_logger(__name__)

WHY_LIMIT = 300


class AskButton(GuardedButton, template=r"credits-ask:(?P<missing>\d+)"):
    """Opens the form; the id carries how many credits the person lacks."""

    def __init__(self, missing: int, locale: str) -> None:
        label = load_words()(locale, "ask-button")
        super().__init__(discord.ui.Button(label=label, custom_id=f"credits-ask:{missing}"))
        self.missing = missing

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Whoever sees the button may ask, for themselves."""
        await interaction.response.send_modal(AskForm(self.missing, str(interaction.locale)))


def ask_view(missing: int, locale: str) -> discord.ui.View:
    """The button to ask for ``missing`` credits."""
    return lasting_view(AskButton(missing, locale))


class AskForm(Form):
    """How many credits, and what for."""

    def __init__(self, missing: int, locale: str) -> None:
        words = load_words()
        super().__init__("ask", words(locale, "ask-title"))
        self._amount = line("amount", str(min(missing, MOST_CREDITS)), limit=len(str(MOST_CREDITS)))
        self._why = paragraph("why", limit=WHY_LIMIT)
        self.ask(words(locale, "ask-amount"), self._amount)
        self.ask(words(locale, "ask-why"), self._why)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Write the request down, and let the instructors know."""
        assert interaction.guild_id is not None
        assert interaction.channel_id is not None
        typed, why = self._amount.value.strip(), " ".join(self._why.value.split())
        if not (typed.isascii() and typed.isdecimal() and 1 <= int(typed) <= MOST_CREDITS):
            raise Refused("ask-amount", limit=MOST_CREDITS)
        await interaction.response.defer(ephemeral=True, thinking=True)
        context = context_of(interaction)
        async with context.shop.asking.turn(interaction.guild_id, interaction.user.id):
            request = await context.shop.asking.ask(
                str(interaction.id),
                guild_id=interaction.guild_id,
                user_id=interaction.user.id,
                channel_id=interaction.channel_id,
                amount_credits=int(typed),
                why=why or "–",
            )
            is_known = await can_be_pressed(
                interaction.client, request.guild_id, request.card_channel_id, request.card_message_id
            )
            if not is_known:
                await _post_card(interaction, context, request)
        key = "ask-known" if is_known else "ask-sent"
        text = load_words()(str(interaction.locale), key, credits=request.amount_credits)
        await interaction.followup.send(text, ephemeral=True)


async def _post_card(interaction: discord.Interaction, context: ButtonContext, request: CreditRequest) -> None:
    assert interaction.guild is not None
    locale = server_locale(interaction)
    view = lasting_view(ApproveRequest(request.id, locale), DeclineRequest(request.id, locale))
    card = await context.staff_channel.post(interaction.guild, _card(locale, request), view)
    await context.shop.asking.set_card(request.id, card.channel.id, card.id)


def _card(locale: str, request: CreditRequest) -> str:
    return load_words()(
        locale, "ask-card", user=str(request.user_id), credits=request.amount_credits, why=quoted(request.why)
    )


class _AnswerButton(InstructorButton, template=r"never"):
    """Answers a request, once; the card then says how."""

    verdict: Literal["approved", "declined"]
    style: discord.ButtonStyle

    def __init__(self, request_id: int, locale: str) -> None:
        label = load_words()(locale, f"ask-button-{self.verdict}")
        custom_id = f"credits-{self.verdict}:{request_id}"
        super().__init__(discord.ui.Button(label=label, style=self.style, custom_id=custom_id))
        self.request_id = request_id

    @classmethod
    def language(cls, interaction: discord.Interaction) -> str:
        """The server's: everybody in the channel reads it."""
        return server_locale(interaction)

    async def press(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Decide, put the answer onto the card, and tell the person."""
        assert interaction.guild_id is not None
        await interaction.response.defer()
        locale, actor_id = server_locale(interaction), interaction.user.id
        try:
            request = await context.shop.asking.decide(
                self.request_id, self.verdict, guild_id=interaction.guild_id, actor_id=actor_id
            )
        except LookupError as error:
            raise Refused("ask-gone") from error
        except RequestDecided as error:
            # The card may have kept its buttons if the bot stopped right after the first answer.
            await self._close_card(interaction, locale, error.request, error.request.state, error.request.decided_by)
            raise
        await self._close_card(interaction, locale, request, self.verdict, actor_id)
        await _tell(
            interaction.client,
            request,
            load_words()(
                locale, "ask-answer", verdict=self.verdict, user=str(request.user_id), credits=request.amount_credits
            ),
        )

    async def _close_card(
        self, interaction: discord.Interaction, locale: str, request: CreditRequest, state: str, by: int | None
    ) -> None:
        answer = load_words()(locale, "ask-card-answered", state=state, by=str(by))
        await interaction.edit_original_response(content=f"{_card(locale, request)}\n{answer}", view=None)


class ApproveRequest(_AnswerButton, template=r"credits-approved:(?P<request_id>\d+)"):
    """Gives the credits."""

    verdict, style = "approved", discord.ButtonStyle.success


class DeclineRequest(_AnswerButton, template=r"credits-declined:(?P<request_id>\d+)"):
    """Gives none."""

    verdict, style = "declined", discord.ButtonStyle.secondary


async def _tell(client: discord.Client, request: CreditRequest, text: str) -> None:
    """Privately where the person lets us, else where they asked."""
    if await tell_privately(client, request.user_id, text):
        return
    channel = client.get_partial_messageable(request.channel_id, guild_id=request.guild_id)
    mention = discord.AllowedMentions(users=[discord.Object(request.user_id)])
    try:
        await channel.send(text, allowed_mentions=mention)
    except DISCORD_AWAY as error:
        log.warning("answer not told", request=request.id, why=str(error))
