"""Why nobody pays for an order, in words, and what may be done about it."""

import discord

from bot.errors import Refused
from bot.quoting import quoted
from bot.staff.asking import ask_view
from bot.words import timestamp
from generation.accounts import Accounts
from generation.pools import Pools
from storage.errors import CapReached, InsufficientCredits, PoolClosed, PoolExhausted

Unpaid = InsufficientCredits | CapReached | PoolExhausted | PoolClosed
UNPAID = (InsufficientCredits, CapReached, PoolExhausted, PoolClosed)
"""Why an order is not paid for, by the person or by a pool."""


async def unpaid(interaction: discord.Interaction, error: Unpaid, *, accounts: Accounts, pools: Pools) -> Refused:
    """The refusal to raise; whoever is out of credits gets a button to ask for more."""
    assert interaction.guild_id is not None
    if not isinstance(error, InsufficientCredits):
        found = await pools.get(error.pool_id)
        pool, kind = quoted(found.title), found.kind
        match error:
            case CapReached():
                return Refused("pool-cap", pool=pool, kind=kind, needed=error.needed, left=error.left)
            case PoolExhausted():
                return Refused("pool-exhausted", pool=pool, kind=kind, needed=error.needed, available=error.available)
            case _:
                return Refused("pool-closed", pool=pool, kind=kind)
    top_up, _ = await accounts.next_top_up(interaction.guild_id)
    return Refused(
        "insufficient",
        view=ask_view(error.needed - error.available, str(interaction.locale)),
        needed=error.needed,
        available=error.available,
        cheaper="yes" if 0 < error.available < error.needed else "no",
        when=timestamp(top_up),
    )
