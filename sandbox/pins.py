"""Pinned messages of a channel: pinned and released the same way by people and by the bot."""

from typing import Final

from sandbox.accounts import User
from sandbox.errors import ApiError
from sandbox.messages import Message, MessageType
from sandbox.model import Channel
from sandbox.permissions import P
from sandbox.posting import Posting
from sandbox.state import World
from sandbox.threads import require_awake
from sandbox.wire import Json, iso8601

MAX_PINS: Final = 50  # Discord's reference; raised to 250 for `messages/pins`, the lower one is the safe assumption
# Pinning has been moving from one permission to the other; either is accepted.
MAY_PIN: Final = int(P.PIN_MESSAGES | P.MANAGE_MESSAGES)


def pinned(channel: Channel) -> list[Message]:
    """The pinned messages, the newest pin first."""
    return sorted((message for message in channel.messages if message.pinned), key=lambda message: -message.pinned_at)


def pin(world: World, posting: Posting, message: Message, user: User) -> None:
    """Pin a message and say so in the channel; 30003 when too many are, nothing if it is already."""
    require_awake(message.channel)
    if message.pinned:
        return
    if len(pinned(message.channel)) >= MAX_PINS:
        raise ApiError(30003)
    message.pinned = True
    message.pinned_at = world.clock.now()
    _changed(world, posting, message)
    notice = Message(world.ids.next(), message.channel, user, world.clock.now(), type=MessageType.PIN)
    notice.reference = {"message_id": str(message.id), "channel_id": str(message.channel.id)}
    notice.referenced = message
    posting.add(notice)


def unpin(world: World, posting: Posting, message: Message) -> None:
    """Take a pin away; nothing if there is none."""
    require_awake(message.channel)
    if message.pinned:
        message.pinned = False
        _changed(world, posting, message)


def _changed(world: World, posting: Posting, message: Message) -> None:
    channel = message.channel
    channel.last_pin_at = world.clock.now()
    payload: Json = {"channel_id": str(channel.id), "last_pin_timestamp": iso8601(channel.last_pin_at)}
    if channel.guild is not None:
        payload["guild_id"] = str(channel.guild.id)
    world.publish("CHANNEL_PINS_UPDATE", payload, channel.guild, channel)
    posting.changed(message)
