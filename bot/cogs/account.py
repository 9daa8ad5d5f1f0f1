"""/credits: what a person has, what things cost, and where the credits went."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.quoting import fitting, quoted
from bot.words import Words, command_text, timestamp
from generation.accounts import Accounts, Allowance
from generation.catalog import Catalog
from generation.pools import Pools, Share
from generation.pricing import price_credits, usual_request
from storage.ledger import Balance, Entry

ENTRIES_SHOWN = 10


class AccountCog(commands.Cog):
    """The person's own account; every answer is private."""

    def __init__(self, *, accounts: Accounts, pools: Pools, catalog: Catalog, words: Words) -> None:
        self._accounts = accounts
        self._pools = pools
        self._catalog = catalog
        self._words = words

    @app_commands.command(name="credits", description=command_text("command-credits"))
    @app_commands.guild_only()
    async def credits(self, interaction: discord.Interaction) -> None:
        """Show the account."""
        assert interaction.guild_id is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        balance, entries = await self._accounts.account(
            interaction.guild_id, interaction.user.id, entries=ENTRIES_SHOWN
        )
        top_up, allowance = await self._accounts.next_top_up(interaction.guild_id)
        locale, say = str(interaction.locale), self._words
        embed = discord.Embed(
            title=say(locale, "credits-title"),
            description="\n".join(
                [
                    say(locale, "credits-balance", available=balance.available, held=balance.held),
                    self._next(locale, allowance, timestamp(top_up)),
                ]
            ),
        )
        if shares := await self._pools.shares(interaction.guild_id, interaction.user.id):
            lines = [self._share(locale, share) for share in shares]
            embed.add_field(name=say(locale, "credits-pools"), value=fitting(lines), inline=False)
        embed.add_field(name=say(locale, "credits-prices"), value=self._prices(locale, balance), inline=False)
        embed.add_field(name=say(locale, "credits-history"), value=self._history(locale, entries), inline=False)
        await interaction.followup.send(embed=embed, ephemeral=True)

    def _next(self, locale: str, allowance: Allowance, when: str) -> str:
        cap = allowance.credits if allowance.cap_credits is None else allowance.cap_credits
        kind = "fill" if cap <= allowance.credits else "gift"
        return self._words(locale, "credits-next", kind=kind, allowance=min(allowance.credits, cap), cap=cap, when=when)

    def _share(self, locale: str, share: Share) -> str:
        title = quoted(share.pool.title)
        return self._words(locale, "credits-pool", kind=share.pool.kind, title=title, left=share.left, used=share.used)

    def _prices(self, locale: str, balance: Balance) -> str:
        lines = []
        for model in self._catalog:
            for preset in model.presets:
                usual = usual_request(model, preset)
                price = price_credits(usual)
                line = self._words(
                    locale,
                    "credits-price",
                    model=model.label,
                    preset=self._words(locale, f"quality-{preset}"),
                    price=price,
                    seconds=f"{usual.duration_seconds:.0f}",
                    width=usual.width,
                    height=usual.height,
                    clips=balance.available // price,
                )
                lines.append(line)
        return fitting(lines)

    def _history(self, locale: str, entries: list[Entry]) -> str:
        if not entries:
            return self._words(locale, "credits-none")
        return fitting(
            [
                self._words(
                    locale,
                    "credits-entry",
                    when=timestamp(entry.at),
                    sign="+" if entry.amount_credits >= 0 else "−",
                    amount=entry.moved_credits,
                    clip="" if entry.job_id is None else f" · #{entry.job_id}",
                    kind=entry.kind,
                    reason=self._words(locale, f"reason-{entry.reason}"),
                )
                for entry in entries
            ]
        )
