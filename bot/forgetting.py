"""/forget-me: asks once, saying what goes and what stays, and sees the wish through, also after a restart."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import ClassVar

import discord
import structlog

from bot.buttons import ButtonContext, GuardedButton, lasting_view
from bot.courier import Courier
from bot.errors import DISCORD_AWAY, Refused
from bot.words import Words, load_words, timestamp
from generation.accounts import Accounts
from generation.deliveries import Deliveries
from generation.dispatch import Dispatcher
from generation.privacy.forgetting import Forgettings
from generation.privacy.keeping import Keeping
from generation.teaching.roster import Roster

log = structlog.get_logger(__name__)

ANSWER_SECONDS = 20.0
"""How long a person waits to read that it is done; it goes on either way."""

SETTLE_SECONDS = 10.0
"""How long one try waits for what is on its way into a channel."""


class Forgetter(Courier):
    """Cancels what is in the making, waits until its person was told, then lets every row of theirs go.

    Every step may be repeated, and a start takes up what was interrupted.
    """

    def __init__(
        self,
        client: discord.Client,
        forgettings: Forgettings,
        accounts: Accounts,
        dispatcher: Dispatcher,
        deliveries: Deliveries,
        keeping: Keeping,
        roster: Roster,
        *,
        words: Words,
    ) -> None:
        super().__init__(client, "forgetting")
        self._forgettings = forgettings
        self._accounts = accounts
        self._dispatcher = dispatcher
        self._roster = roster
        self._words = words
        self._delivered = asyncio.Event()
        deliveries.listen(self._delivered.set)
        keeping.listen(self._delivered.set)

    async def ask(self, interaction: discord.Interaction) -> None:
        """Answer the deferred interaction with what would go and what would stay, and the button that does it."""
        guild_id, user_id, locale = interaction.guild_id, interaction.user.id, str(interaction.locale)
        assert guild_id is not None
        left, credits_ = await self._forgettings.footprint(guild_id, user_id)
        top_up, _ = await self._accounts.next_top_up(guild_id)
        lines = [
            self._words(locale, "forget-goes", clips=left.clips, orders=left.orders, entries=left.entries),
            self._words(locale, "forget-making", count=left.unfinished),
            self._words(locale, "forget-waiting", count=left.waiting),
            self._words(locale, "forget-credits", credits=credits_, when=timestamp(top_up, "D")),
            self._words(locale, "forget-stays"),
        ]
        lines += [self._words(locale, "forget-stays-blocked")] if left.is_blocked else []
        lines += [self._words(locale, "forget-stays-acts")] if left.has_acted else []
        lines.append(self._words(locale, "forget-ask"))
        await interaction.followup.send("\n".join(filter(None, lines)), view=_choice(user_id, locale), ephemeral=True)

    async def forget(self, guild_id: int, user_id: int) -> bool:
        """Write the wish down and see to it; whether it was fulfilled within ANSWER_SECONDS."""
        number = await self._forgettings.begin(guild_id, user_id)

        async def is_fulfilled() -> bool:
            return await self._forgettings.get(number) is None

        return await self._until(is_fulfilled, ANSWER_SECONDS)

    async def _due(self, limit: int) -> Sequence[int]:
        return await self._forgettings.under_way(limit)

    async def _carry(self, item_id: int) -> bool:
        wish = await self._forgettings.get(item_id)
        if wish is None:
            return True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_SECONDS):
                while True:
                    self._delivered.clear()
                    for job in await self._forgettings.outstanding(wish):
                        await self._dispatcher.cancel(job.id, actor=wish.user_id)
                    if await self._forgettings.fulfil(item_id):
                        break
                    await self._delivered.wait()
        if await self._forgettings.get(item_id) is not None:
            return False
        self._roster.forget(wish.guild_id, wish.user_id)
        log.info("person forgotten", number=item_id)
        return True


class _PersonButton(GuardedButton, template=r"never"):
    """A button of one person's own question."""

    verb: ClassVar[str]
    style: ClassVar[discord.ButtonStyle] = discord.ButtonStyle.secondary

    def __init__(self, user_id: int, locale: str) -> None:
        label = load_words()(locale, f"button-{self.verb}")
        super().__init__(discord.ui.Button(label=label, style=self.style, custom_id=f"{self.verb}:{user_id}"))
        self.user_id = user_id

    async def _say(self, interaction: discord.Interaction, key: str) -> None:
        text = load_words()(str(interaction.locale), key)
        with contextlib.suppress(*DISCORD_AWAY):
            await interaction.edit_original_response(content=text, view=None)


class ForgetButton(_PersonButton, template=r"forget-me:(?P<user_id>\d+)"):
    """Forgets the person who pressed it, once however often they do."""

    verb, style = "forget-me", discord.ButtonStyle.danger

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Begin, take the question away, and say how far it came."""
        if interaction.user.id != self.user_id:
            raise Refused("not-your-button")
        assert interaction.guild_id is not None
        await interaction.response.defer()
        is_done = await context.forgetter.forget(interaction.guild_id, interaction.user.id)
        await self._say(interaction, "forget-done" if is_done else "forget-under-way")


class StayButton(_PersonButton, template=r"forget-me-not:(?P<user_id>\d+)"):
    """Closes the question."""

    verb = "forget-me-not"

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Say that everything is as it was."""
        await interaction.response.defer()
        await self._say(interaction, "forget-not")


PERSON_BUTTONS = (ForgetButton, StayButton)


def _choice(user_id: int, locale: str) -> discord.ui.View:
    return lasting_view(ForgetButton(user_id, locale), StayButton(user_id, locale))
