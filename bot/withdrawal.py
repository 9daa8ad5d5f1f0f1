"""Does what deleting, hiding or keeping private left to do: messages out of their channels, files off the disk."""

import discord
import structlog

from bot.errors import DISCORD_AWAY, GONE
from generation.orders import Orders
from generation.privacy.keeping import Keeping
from storage.errors import DatabaseUnusable
from storage.keeping import Withdrawal

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 20.0
"""Between two tries of what could not be done yet."""


class Withdrawals:
    """Effect first, then the mark; every effect may be repeated, so a crash between the two costs nothing."""

    def __init__(self, client: discord.Client, keeping: Keeping, orders: Orders) -> None:
        self._client = client
        self._keeping = keeping
        self._orders = orders

    async def run(self) -> None:
        """Work until cancelled, beginning with what an earlier process left."""
        while True:
            try:
                done = [await self._see_to(one) for one in await self._keeping.withdrawals()]
                are_tied = await self._tie_loose_ends()
            except (*DISCORD_AWAY, DatabaseUnusable) as error:
                log.warning("withdrawals will be tried again", why=repr(error))
                done, are_tied = [False], False
            if not (done and all(done)):
                await self._keeping.wait(None if are_tied and not done else AGAIN_SECONDS)

    async def _tie_loose_ends(self) -> bool:
        """Whether nothing is left to do that belongs to no clip: pictures of drafts, cards of requests."""
        while messages := await self._keeping.loose_messages():
            for guild_id, channel_id, message_id in messages:
                await self._delete(guild_id, channel_id, message_id)
                await self._keeping.loose_message_gone(message_id)
        return await self._keeping.remove_loose_files()

    async def _delete(self, guild_id: int, channel_id: int, message_id: int) -> None:
        channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        try:
            await channel.get_partial_message(message_id).delete()
        except GONE as error:
            log.info("message not there any more", message=message_id, why=str(error))

    async def _see_to(self, withdrawal: Withdrawal) -> bool:
        """Whether nothing is left to do for it."""
        messages_gone = withdrawal.messages_gone or await self._remove_messages(withdrawal)
        try:
            files_gone = withdrawal.files_gone or await self._keeping.remove_files(withdrawal)
        except OSError as error:
            log.warning("files not removed yet", job=withdrawal.job_id, why=str(error))
            files_gone = False
        return messages_gone and files_gone

    async def _remove_messages(self, withdrawal: Withdrawal) -> bool:
        job = await self._orders.job(withdrawal.job_id)
        try:
            for channel_id, message_id in await self._keeping.posts(job):
                await self._delete(job.guild_id, channel_id, message_id)
        except DISCORD_AWAY as error:
            log.warning("messages not deleted yet", job=job.id, why=repr(error))
            return False
        return await self._keeping.messages_gone(withdrawal)
