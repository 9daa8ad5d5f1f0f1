"""A word to one person, privately where they let us."""

import discord
import structlog

from bot.errors import DISCORD_AWAY

log = structlog.get_logger(__name__)


async def tell_privately(client: discord.Client, user_id: int, text: str) -> bool:
    """Send a direct message; False if the person takes none from us. Never raises: what Discord loses is logged."""
    try:
        await (await client.create_dm(discord.Object(user_id))).send(text)
    except discord.Forbidden:
        return False
    except DISCORD_AWAY as error:
        log.warning("person not told", user=user_id, why=str(error))
    return True
