"""Channel options that name their kinds themselves: discord.py adds media channels, which nothing here is posted in."""

from typing import Any

import discord
from discord import app_commands


class PlaceTransformer(app_commands.Transformer):
    """Takes channels of the given kinds, as Discord's client offers them."""

    def __init__(self, *kinds: discord.ChannelType) -> None:
        self._kinds = list(kinds)

    @property
    def type(self) -> discord.AppCommandOptionType:
        """The option is a channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """What the client lets people choose."""
        return self._kinds

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> Any:
        """The channel itself, asked for where it is not known."""
        return value.resolve() or await value.fetch()


_KINDS = discord.ChannelType
TextOrForum = app_commands.Transform[
    discord.TextChannel | discord.ForumChannel, PlaceTransformer(_KINDS.text, _KINDS.forum)
]
Anywhere = app_commands.Transform[
    discord.TextChannel | discord.ForumChannel | discord.VoiceChannel | discord.Thread,
    PlaceTransformer(
        _KINDS.text,
        _KINDS.news,
        _KINDS.forum,
        _KINDS.voice,
        _KINDS.news_thread,
        _KINDS.public_thread,
        _KINDS.private_thread,
    ),
]
