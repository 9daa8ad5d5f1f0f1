"""Reactions to messages, by people and by the bot."""

from sandbox.accounts import User
from sandbox.messages import Message
from sandbox.state import World
from sandbox.wire import Json


def add(world: World, message: Message, user: User, emoji: str) -> None:
    """React once; a second time changes nothing. `emoji` is the character, or `name:id` for a custom one."""
    reacted = message.reactions.setdefault(emoji, {})
    if user.id in reacted:
        return
    reacted[user.id] = None
    payload = _payload(message, emoji) | {"user_id": str(user.id), "type": 0, "burst": False}
    guild = message.channel.guild
    if guild is not None and user.id in guild.members:
        payload["member"] = guild.members[user.id].render()
    payload["message_author_id"] = str(message.author.id)
    world.publish("MESSAGE_REACTION_ADD", payload, guild, message)


def remove(world: World, message: Message, user: User, emoji: str) -> None:
    """Take a reaction back; nothing happens if it is not there."""
    reacted = message.reactions.get(emoji, {})
    if user.id not in reacted:
        return
    del reacted[user.id]
    if not reacted:
        del message.reactions[emoji]
    payload = _payload(message, emoji) | {"user_id": str(user.id), "type": 0, "burst": False}
    world.publish("MESSAGE_REACTION_REMOVE", payload, message.channel.guild, message)


def clear(world: World, message: Message, emoji: str | None) -> None:
    """Remove all reactions, or all with one emoji."""
    if emoji is None:
        message.reactions.clear()
        payload = _payload(message, "")
        del payload["emoji"]
        world.publish("MESSAGE_REACTION_REMOVE_ALL", payload, message.channel.guild, message)
    elif message.reactions.pop(emoji, None) is not None:
        world.publish("MESSAGE_REACTION_REMOVE_EMOJI", _payload(message, emoji), message.channel.guild, message)


def _payload(message: Message, emoji: str) -> Json:
    name, _, emoji_id = emoji.partition(":")
    payload: Json = {
        "channel_id": str(message.channel.id),
        "message_id": str(message.id),
        "emoji": {"id": emoji_id or None, "name": name},
    }
    if message.channel.guild is not None:
        payload["guild_id"] = str(message.channel.guild.id)
    return payload
