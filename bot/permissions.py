"""What the bot must be allowed to do in a channel before a clip is promised there."""

import discord

from bot.words import Words

NEEDED = discord.Permissions(view_channel=True, send_messages=True, attach_files=True, read_message_history=True)
NEEDED_IN_THREADS = discord.Permissions(
    view_channel=True, send_messages_in_threads=True, attach_files=True, read_message_history=True
)


def missing_permissions(interaction: discord.Interaction, words: Words) -> str:
    """What the bot may not do in this channel that posting a clip takes, for people to read; empty if it may."""
    in_thread = isinstance(interaction.channel, discord.Thread)
    needed = NEEDED_IN_THREADS if in_thread else NEEDED
    missing = [name for name, wanted in needed if wanted and not getattr(interaction.app_permissions, name)]
    return ", ".join(words(str(interaction.locale), f"permission-{name}") for name in missing)
