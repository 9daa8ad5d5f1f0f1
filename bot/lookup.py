"""Finds what a button or a command names, where the person who used it may know of it."""

import discord

from bot.errors import Refused
from generation.orders import Orders
from storage.jobs import Job


async def job_here(interaction: discord.Interaction, orders: Orders, job_id: int) -> Job:
    """The job as it is now. Raises Refused for another server's or none."""
    try:
        job = await orders.job(job_id)
    except LookupError as error:
        raise Refused("gone") from error
    if job.guild_id != interaction.guild_id:
        raise Refused("gone")
    return job
