"""From what an instructor typed to a challenge that is set: times read, places checked, its still kept."""

import contextlib
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

import discord

from bot.challenges.forms import Brief
from bot.errors import Refused
from bot.pictures import Pictures
from bot.quoting import quoted
from bot.staff.instructors import act_of
from bot.words import Words, server_locale
from generation.challenges.use_cases import Challenges
from generation.clock import Clock
from generation.moments import read_moment
from generation.pools import NewPool
from generation.teaching.staff import Staff
from storage.challenges import Challenge, NewChallenge, Voting

Place = discord.TextChannel | discord.ForumChannel

LONGEST_AHEAD_SECONDS = 366 * 86400
NEEDED = {
    # By discord.py's own names, which its sets of permissions yield too; "read_messages" is View Channel.
    "text": ("read_messages", "send_messages", "attach_files", "read_message_history"),
    "thread": ("create_public_threads", "send_messages_in_threads"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was chosen with the command; the words come with the form."""

    place: Place
    still: discord.Attachment | None
    model_id: str | None
    opens_at: float
    closes_at: float | None
    entries: int
    pool_credits: int
    cap_credits: int | None
    prize_credits: int
    voting: Voting


class ChallengeSetting:
    """Sets challenges. Raises Refused for what cannot be set; nothing happened then."""

    def __init__(
        self,
        challenges: Challenges,
        staff: Staff,
        *,
        pictures: Pictures,
        words: Words,
        timezone: ZoneInfo,
        clock: Clock,
    ) -> None:
        self._challenges = challenges
        self._staff = staff
        self._pictures = pictures
        self._words = words
        self._timezone = timezone
        self._clock = clock

    async def moment(self, guild_id: int, typed: str | None, which: Literal["opens", "closes"]) -> float | None:
        """When that is, in the server's time zone; None where nothing was typed."""
        if typed is None:
            return None
        name, now = (await self._staff.settings(guild_id)).timezone, self._clock()
        moment = read_moment(typed, now=now, timezone=ZoneInfo(name) if name else self._timezone)
        if moment is None:
            raise Refused("challenge-time", typed=quoted(typed), which=which)
        if not now <= moment <= now + LONGEST_AHEAD_SECONDS:
            raise Refused("challenge-past", typed=quoted(typed), which=which)
        return moment

    def place(self, interaction: discord.Interaction, channel: Place | None) -> Place:
        """Where the challenge is set: the channel given, or the one of the command; where everything can be posted."""
        assert interaction.guild is not None
        chosen = channel or interaction.channel
        if not isinstance(chosen, discord.TextChannel | discord.ForumChannel):
            raise Refused("challenge-channel")
        rights = chosen.permissions_for(interaction.guild.me)
        missing = [name for names in NEEDED.values() for name in names if not getattr(rights, name)]
        if missing:
            locale = str(interaction.locale)
            shown = ", ".join(self._words(locale, f"permission-{name}") for name in missing)
            raise Refused("challenge-permissions", channel=str(chosen.id), missing=shown)
        return chosen

    def check(self, terms: Terms) -> None:
        """Whether the terms agree with each other, and its end is still to come."""
        if terms.closes_at is not None and terms.closes_at <= terms.opens_at:
            raise Refused("challenge-order")
        if terms.closes_at is not None and terms.closes_at <= self._clock():
            raise Refused("challenge-kept-open")
        if terms.prize_credits > terms.pool_credits:
            raise Refused("challenge-prize", prize=terms.prize_credits, pool=terms.pool_credits)

    async def set(self, interaction: discord.Interaction, terms: Terms, brief: Brief) -> Challenge:
        """Keep the still and set the challenge with its pool, as an act of the instructor."""
        assert interaction.guild is not None
        self.check(terms)
        self.place(interaction, terms.place)
        about = {"guild_id": interaction.guild.id, "created_by": interaction.user.id}
        async with contextlib.AsyncExitStack() as temporary:
            picture = None if terms.still is None else await self._pictures.fetch(terms.still, temporary)
            if picture is not None:
                await self._pictures.keep(picture)
            prepared = None if picture is None else picture.prepared
            new = NewChallenge(
                key=str(interaction.id),
                channel_id=terms.place.id,
                title=brief.title,
                brief=brief.brief,
                prompt=brief.prompt,
                required_words=brief.required_words,
                still=None if prepared is None else prepared.name,
                still_width=None if prepared is None else prepared.width,
                still_height=None if prepared is None else prepared.height,
                model_id=terms.model_id,
                opens_at=terms.opens_at,
                closes_at=terms.closes_at,
                entries_per_person=terms.entries,
                prize_credits=terms.prize_credits,
                voting=terms.voting,
                locale=server_locale(interaction),
                size_limit_bytes=interaction.guild.filesize_limit,
                **about,
            )
            pool = NewPool(
                key=f"challenge:{interaction.id}",
                kind="challenge",
                title=brief.title,
                credits=terms.pool_credits,
                cap_credits=terms.cap_credits,
                **about,
            )
            act = act_of(interaction, "challenge-post", title=brief.title, pool=terms.pool_credits)
            return await self._challenges.open(act, new, pool if terms.pool_credits else None)
