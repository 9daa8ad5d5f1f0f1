"""A finished clip once more: in this channel for its owner, privately for others who may see where it was posted."""

import discord

from bot.errors import GONE, Refused
from bot.lookup import job_here
from bot.parcels import PrivateAnswer
from bot.permissions import missing_permissions
from bot.posting import ClipPost
from bot.quoting import quoted
from bot.words import Words
from generation.errors import ClipRefused, RenderFailed
from generation.orders import Orders
from generation.privacy.keeping import Keeping
from generation.teaching.hiding import Hiding
from storage.jobs import Job


class Showing:
    """Posts clips again, to whom they may be shown."""

    def __init__(self, orders: Orders, keeping: Keeping, hiding: Hiding, *, posts: ClipPost, words: Words) -> None:
        self._orders = orders
        self._keeping = keeping
        self._hiding = hiding
        self._posts = posts
        self._words = words

    async def show(self, interaction: discord.Interaction, job_id: int) -> None:
        """Show the clip again: the owner's in this channel, or privately if kept private; others' privately.

        Raises Refused or ClipRefused. A clip whose file is lost is paid back.
        """
        await interaction.response.defer(ephemeral=True, thinking=True)
        job = await self._job(interaction, job_id)
        is_own = job.user_id == interaction.user.id
        if job.state != "succeeded" or job.delivery not in ("posted", "abandoned"):
            raise Refused("show-not-ready")
        if not await self._posts.is_kept(job):
            await self._report_lost(job, is_own=is_own)
        in_public = is_own and job.visibility == "shown"
        if in_public and (missing := missing_permissions(interaction, self._words)):
            raise Refused("permissions", missing=missing)
        try:
            if not in_public:
                await self._posts.post(job, PrivateAnswer(interaction), nonce=None)
                return
            assert isinstance(interaction.channel, discord.abc.Messageable)
            message = await self._posts.post(job, interaction.channel, nonce=None)
        except GONE as error:
            raise Refused("posting") from error
        except RenderFailed as error:
            raise Refused("show-too-big") from error
        await self._keeping.note_post(job.id, message.channel.id, message.id)
        await interaction.delete_original_response()

    async def _job(self, interaction: discord.Interaction, job_id: int) -> Job:
        """The job, if this person may see it."""
        job = await job_here(interaction, self._orders, job_id)
        is_own = job.user_id == interaction.user.id
        if not is_own and not (job.visibility == "shown" and job.delivery == "posted" and _sees(interaction, job)):
            raise Refused("not-your-clip")
        if job.visibility == "deleted":
            raise ClipRefused("deleted")
        if job.visibility == "hidden":
            raise Refused("show-hidden", reason=quoted(await self._hiding.why(job_id) or "–"))
        return job

    async def _report_lost(self, job: Job, *, is_own: bool) -> None:
        if job.delivery == "posted" or not is_own:
            raise Refused("show-gone", job=str(job.id))
        await self._orders.refund(job.id, "lost")
        raise Refused("show-lost", job=str(job.id), price=job.price_credits)


def _sees(interaction: discord.Interaction, job: Job) -> bool:
    """Whether the person can read the channel in which the clip was posted; unknown channels count as unseen."""
    if interaction.channel_id == job.channel_id:
        return True
    if interaction.guild is None or not isinstance(interaction.user, discord.Member):
        return False
    channel = interaction.guild.get_channel_or_thread(job.channel_id)
    if channel is None or (isinstance(channel, discord.Thread) and channel.is_private()):
        return False
    rights = channel.permissions_for(interaction.user)
    return rights.view_channel and rights.read_message_history
