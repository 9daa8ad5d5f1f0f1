"""Finds what a button or a command names, where the person who used it may know of it."""

import discord
import structlog

from bot.errors import DISCORD_AWAY, GONE, Refused
from generation.orders import Orders
from storage.jobs import Job

log = structlog.get_logger(__name__)


async def job_here(interaction: discord.Interaction, orders: Orders, job_id: int) -> Job:
    """The job as it is now. Raises Refused for another server's or none."""
    try:
        job = await orders.job(job_id)
    except LookupError as error:
        raise Refused("gone") from error
    if job.guild_id != interaction.guild_id:
        raise Refused("gone")
    return job


async def can_be_pressed(client: discord.Client, guild_id: int, channel_id: int | None, message_id: int | None) -> bool:
    """Whether the message is still there with its buttons; what Discord cannot say now counts as there."""
    if channel_id is None or message_id is None:
        return False
    channel = client.get_partial_messageable(channel_id, guild_id=guild_id)
    try:
        return bool((await channel.fetch_message(message_id)).components)
    except GONE:
        return False
    except DISCORD_AWAY as error:
        log.warning("message not looked for", message=message_id, why=repr(error))
        return True
