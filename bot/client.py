"""The Discord client: which commands it has, and where their errors go."""

import asyncio
from collections.abc import Sequence
from typing import Any, Literal

import discord
import structlog
from discord import app_commands
from discord.backoff import ExponentialBackoff
from discord.ext import commands

from bot.buttons import ButtonContext, CancelButton, GuardedButton
from bot.challenges.buttons import EnterButton, KeptEntryButton, OwnCreditsButton, VoteEntryButton
from bot.clip_buttons import CLIP_BUTTONS
from bot.coaching import COACH_BUTTONS
from bot.cogs.class_grants import ConfirmDraft, DiscardDraft
from bot.cogs.class_log import NewerActs, OlderActs
from bot.cogs.class_persons import RetentionButton
from bot.comparisons.buttons import CompareByButton, VoteButton
from bot.consent import AcceptButton
from bot.errors import Refused, answer_error
from bot.exercising import StartButton
from bot.forgetting import PERSON_BUTTONS
from bot.histories import HistoryButton
from bot.in_flight import InFlight
from bot.keeping_buttons import KEEPING_BUTTONS
from bot.limits import BrokeButton
from bot.offer_buttons import GoButton, LeaveButton, RewriteOfferButton
from bot.staff.approving import APPROVAL_BUTTONS
from bot.staff.asking import ApproveRequest, AskButton, DeclineRequest
from bot.staff.hiding import HideButton
from bot.words import CommandTranslator, Words

log = structlog.get_logger(__name__)

LONGEST_RECONNECT_SECONDS = 30.0


class ReconnectBackoff(ExponentialBackoff[Literal[False]]):
    """The library's pauses between two tries to reach the gateway, none longer than LONGEST_RECONNECT_SECONDS."""

    def delay(self) -> float:
        """Seconds until the next try."""
        return min(super().delay(), LONGEST_RECONNECT_SECONDS)


DYNAMIC_ITEMS: tuple[type[GuardedButton], ...] = (
    CancelButton,
    *(*CLIP_BUTTONS, *KEEPING_BUTTONS, HistoryButton),
    *(GoButton, RewriteOfferButton, LeaveButton, CompareByButton, VoteButton),
    *(BrokeButton, StartButton, *COACH_BUTTONS),
    *(OlderActs, NewerActs, ConfirmDraft, DiscardDraft),
    *(EnterButton, OwnCreditsButton, KeptEntryButton, VoteEntryButton),
    *(AskButton, ApproveRequest, DeclineRequest),
    *(AcceptButton, *PERSON_BUTTONS, RetentionButton),
    *(*APPROVAL_BUTTONS, HideButton),
)
"""Every button that outlives the process; discord.py finds the class of a pressed one by its id."""


class StillmotionTree(app_commands.CommandTree["StillmotionBot"]):
    """Slash commands and menus; every error of theirs is answered in one place."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Be counted as under way; suggestions while typing are simply left out during a stop."""
        try:
            self.client.in_flight.begin(interaction)
        except Refused:
            if interaction.type is discord.InteractionType.autocomplete:
                return False
            raise
        return True

    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
        """Tell the person and the log."""
        await answer_error(interaction, self.client.words, error)


class StillmotionBot(commands.Bot):
    """Knows the servers it is in, and nothing privileged: no messages, no members, no presences."""

    def __init__(self, *, words: Words) -> None:
        # Nobody hears this bot; the hints about voice libraries would only worry the operator.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
            tree_cls=StillmotionTree,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.words = words
        self.in_flight = InFlight(words)
        self.buttons: ButtonContext
        self._features: Sequence[commands.Cog] = ()

    def furnish(self, features: Sequence[commands.Cog], buttons: ButtonContext) -> None:
        """Hand over what was built around this client, before it connects."""
        self._features = features
        self.buttons = buttons

    async def button(
        self, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], custom_id: str
    ) -> GuardedButton | None:
        """The lasting button of that id, for an interaction that pressed ``item``; None if there is none."""
        for kind in DYNAMIC_ITEMS:
            if (match := kind.__discord_ui_compiled_template__.fullmatch(custom_id)) is not None:
                return await kind.from_custom_id(interaction, item, match)
        return None

    async def setup_hook(self) -> None:
        """Wire the parts, and tell Discord about the commands."""
        for feature in self._features:
            await self.add_cog(feature)
        self.add_dynamic_items(*DYNAMIC_ITEMS)
        await self.tree.set_translator(CommandTranslator())
        synced = await self.tree.sync()
        log.info("commands registered", commands=[command.name for command in synced])

    async def connect(self, *, reconnect: bool = True) -> None:
        """Stay connected until closed, through outages of any length."""
        # Its own would wait up to 17 minutes more after an outage of ten.
        discord.client.ExponentialBackoff = ReconnectBackoff  # type: ignore[attr-defined, assignment]
        await super().connect(reconnect=reconnect)

    async def close(self) -> None:
        """Disconnect; discord.py would leave behind the task that announces "ready" two seconds after the start."""
        announcement: asyncio.Task[None] | None = self._connection._ready_task
        if announcement is not None:
            announcement.cancel()
        await super().close()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer for a form that nobody remembers: opened before a restart, or longer ago than forms are kept."""
        if interaction.type is not discord.InteractionType.modal_submit or interaction.data is None:
            return
        # discord.py drops such a form without a word; its own table is the one place that knows.
        known = self._connection._view_store._modals
        if interaction.data.get("custom_id") not in known and not interaction.response.is_done():
            await answer_error(interaction, self.words, Refused("form-forgotten"))

    async def on_ready(self) -> None:
        """Log that the gateway is up."""
        assert self.user is not None
        log.info("ready", bot=self.user.name, servers=len(self.guilds))
