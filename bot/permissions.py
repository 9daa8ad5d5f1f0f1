"""What the bot must be allowed to do in a channel before a clip is promised there, and who reads which channel."""

from collections.abc import Sequence
from typing import Final

import discord

from bot.words import Words

NEEDED = discord.Permissions(view_channel=True, send_messages=True, attach_files=True, read_message_history=True)
NEEDED_IN_THREADS = discord.Permissions(
    view_channel=True, send_messages_in_threads=True, attach_files=True, read_message_history=True
)
READ: Final = discord.Permissions(view_channel=True, read_message_history=True)


def missing_permissions(interaction: discord.Interaction, words: Words) -> str:
    """What the bot may not do in this channel that posting a clip takes, for people to read; empty if it may."""
    in_thread = isinstance(interaction.channel, discord.Thread)
    needed = NEEDED_IN_THREADS if in_thread else NEEDED
    missing = [name for name, wanted in needed if wanted and not getattr(interaction.app_permissions, name)]
    return ", ".join(words(str(interaction.locale), f"permission-{name}") for name in missing)


def read_by_all_here(interaction: discord.Interaction) -> frozenset[int]:
    """Ids of the channels and threads whose clips may be shown in this one, because whoever reads this reads those.

    Judged by roles, and with care: a channel that is closed to a single member counts as closed, as do private threads
    and everything that the bot does not know. The channel itself is always among them.
    """
    assert interaction.guild is not None
    assert interaction.channel_id is not None
    here = _parent(interaction.guild.get_channel_or_thread(interaction.channel_id))
    if here is None:
        return frozenset({interaction.channel_id})
    readers = [role for role in here.guild.roles if here.permissions_for(role).view_channel]
    places = [*interaction.guild.channels, *interaction.guild.threads]
    opened = {place.id for place in places if _is_as_open(place, here, readers)}
    return frozenset({interaction.channel_id, *opened})


def _parent(place: discord.abc.GuildChannel | discord.Thread | None) -> discord.abc.GuildChannel | None:
    return place.parent if isinstance(place, discord.Thread) else place


def _is_as_open(
    place: discord.abc.GuildChannel | discord.Thread, here: discord.abc.GuildChannel, readers: Sequence[discord.Role]
) -> bool:
    """Whether everybody who reads ``here``, through these roles or by name, reads ``place`` too."""
    there = _parent(place)
    if there is None or (isinstance(place, discord.Thread) and place.is_private()):
        return False
    if there == here:
        return True
    if _members(there, is_let_in=False) or not all(there.permissions_for(role) >= READ for role in readers):
        return False
    is_for_all = there.permissions_for(there.guild.default_role) >= READ
    return is_for_all or _members(here, is_let_in=True) <= _members(there, is_let_in=True)


def _members(channel: discord.abc.GuildChannel, *, is_let_in: bool) -> set[int]:
    """Members whom the channel names to let them read it, or to keep them from that; the bot does not matter."""
    named = {
        target.id
        for target, rights in channel.overwrites.items()
        if not isinstance(target, discord.Role)
        and (rights.view_channel is is_let_in or (not is_let_in and rights.read_message_history is False))
    }
    return named - {channel.guild.me.id}
