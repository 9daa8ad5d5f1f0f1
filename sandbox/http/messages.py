"""Messages of a channel: history, posting, editing, deleting, pins and reactions."""

from urllib.parse import unquote

from sandbox import pins as pinning
from sandbox import reactions, threads
from sandbox.errors import ApiError
from sandbox.http.api import Api, Incoming, Route, channel_of, page_body
from sandbox.messages import Flag, Message
from sandbox.model import Channel
from sandbox.permissions import P
from sandbox.posting import Draft
from sandbox.wire import Json, iso8601

_TEXT_KINDS = frozenset({0, 1, 5, 10, 11, 12})


def require_posting(api: Api, channel: Channel, draft: Draft) -> None:
    """The bot may post this here, or 50001, 50013, 50007, 50008."""
    if channel.kind not in _TEXT_KINDS:
        raise ApiError(50008)
    if channel.recipient is not None and channel.recipient.id in api.world.blocked_direct_ids:
        raise ApiError(50007)
    require_content(api, channel, draft, P.SEND_MESSAGES if channel.thread is None else P.SEND_MESSAGES_IN_THREADS)


def require_content(api: Api, channel: Channel, draft: Draft, *needed: P) -> None:
    """The bot has these permissions and those for the files and embeds of a draft, or 50001, 50013."""
    files = [P.ATTACH_FILES] if draft.files else []
    embeds = [P.EMBED_LINKS] if draft.body.get("embeds") else []
    api.world.require(channel, *needed, *files, *embeds)


def _find(api: Api, incoming: Incoming) -> Message:
    return api.posting.find(channel_of(api, incoming), incoming.id("message_id"))


def history(api: Api, incoming: Incoming) -> list[Json]:
    """Messages, newest first; without the permission to read history there are none."""
    channel = channel_of(api, incoming)
    if not api.world.rights_of(api.world.bot, channel) & P.READ_MESSAGE_HISTORY:
        return []
    page = channel.messages.page(
        incoming.count("limit", 50, 100),
        before=incoming.snowflake("before"),
        after=incoming.snowflake("after"),
        around=incoming.snowflake("around"),
    )
    return [message.render() for message in page if not message.ephemeral]


def get(api: Api, incoming: Incoming) -> Json:
    """One message."""
    api.world.require(channel_of(api, incoming), P.READ_MESSAGE_HISTORY)
    return _find(api, incoming).render()


def create(api: Api, incoming: Incoming) -> Json:
    """Post a message."""
    channel = channel_of(api, incoming)
    draft = incoming.body.draft()
    require_posting(api, channel, draft)
    threads.wake(api.world, channel, may_unlock=threads.may_moderate(api.world, api.world.bot, channel))
    return api.posting.post(channel, api.world.bot, draft).render()


def edit(api: Api, incoming: Incoming) -> Json:
    """Edit an own message, or hide the embeds of another's."""
    message = _find(api, incoming)
    threads.require_awake(message.channel)
    draft = incoming.body.draft()
    if message.author is not api.world.bot:
        if set(draft.body) != {"flags"}:
            raise ApiError(50005)
        api.world.require(message.channel, P.MANAGE_MESSAGES)
        message.flags = (message.flags & ~Flag.SUPPRESS_EMBEDS) | (draft.flags & Flag.SUPPRESS_EMBEDS)
        api.posting.changed(message)
        return message.render()
    if draft.files:
        api.world.require(message.channel, P.ATTACH_FILES)
    return api.posting.edit(message, draft).render()


def delete(api: Api, incoming: Incoming) -> None:
    """Delete a message; another's needs the permission to manage messages."""
    message = _find(api, incoming)
    if message.author is not api.world.bot:
        api.world.require(message.channel, P.MANAGE_MESSAGES)
    api.posting.delete(message)


def bulk_delete(api: Api, incoming: Incoming) -> None:
    """Delete 2 to 100 messages at once."""
    channel = channel_of(api, incoming)
    api.world.require(channel, P.MANAGE_MESSAGES)
    identifiers = incoming.body.object()["messages"]
    if not 2 <= len(identifiers) <= 100:
        details: Json = {
            "_errors": [{"code": "BASE_TYPE_BAD_LENGTH", "message": "Must be between 2 and 100 in length."}]
        }
        raise ApiError(50035, {"messages": details})
    found = [channel.messages.get(int(identifier)) for identifier in identifiers]
    api.posting.delete_many(channel, [message for message in found if message is not None])


def typing(api: Api, incoming: Incoming) -> None:
    """The bot types."""
    channel = channel_of(api, incoming)
    api.world.require(channel, P.SEND_MESSAGES if channel.thread is None else P.SEND_MESSAGES_IN_THREADS)
    world = api.world
    payload: Json = {"channel_id": str(channel.id), "user_id": str(world.bot.id), "timestamp": int(world.clock.now())}
    if channel.guild is not None:
        payload |= {"guild_id": str(channel.guild.id), "member": channel.guild.members[world.bot.id].render()}
    world.publish("TYPING_START", payload, channel.guild, channel)


def pins(api: Api, incoming: Incoming) -> list[Json]:
    """Pinned messages, the newest pin first."""
    return [message.render() for message in pinning.pinned(channel_of(api, incoming))]


def pins_page(api: Api, incoming: Incoming) -> Json:
    """Pinned messages with the time of pinning."""
    pinned = pinning.pinned(channel_of(api, incoming))
    limit = incoming.count("limit", 50, 50)
    items = [{"pinned_at": iso8601(message.pinned_at), "message": message.render()} for message in pinned[:limit]]
    return page_body(items, "items", more=len(pinned) > limit)


def pin(api: Api, incoming: Incoming) -> None:
    """Pin a message and say so in the channel."""
    message = _find(api, incoming)
    _require_pinning(api, message.channel)
    pinning.pin(api.world, api.posting, message, api.world.bot)


def unpin(api: Api, incoming: Incoming) -> None:
    """Take a pin away."""
    message = _find(api, incoming)
    _require_pinning(api, message.channel)
    pinning.unpin(api.world, api.posting, message)


def _require_pinning(api: Api, channel: Channel) -> None:
    if not api.world.require(channel) & pinning.MAY_PIN:
        raise ApiError(50013)


def _emoji(incoming: Incoming) -> str:
    return unquote(incoming.params["emoji_name"])


def react(api: Api, incoming: Incoming) -> None:
    """The bot reacts; a new emoji on a message needs its own permission."""
    message, emoji = _find(api, incoming), _emoji(incoming)
    api.world.require(message.channel, P.READ_MESSAGE_HISTORY)
    threads.require_awake(message.channel)
    if emoji.isascii() and ":" not in emoji:
        raise ApiError(10014)
    if emoji not in message.reactions:
        api.world.require(message.channel, P.ADD_REACTIONS)
    reactions.add(api.world, message, api.world.bot, emoji)


def unreact(api: Api, incoming: Incoming) -> None:
    """Take back a reaction: the bot's own, or somebody's with the permission to manage messages."""
    message, emoji = _find(api, incoming), _emoji(incoming)
    user = api.world.bot
    if "user_id" in incoming.params:
        api.world.require(message.channel, P.MANAGE_MESSAGES)
        user = api.world.users[incoming.id("user_id")]
    if user.id not in message.reactions.get(emoji, {}):
        raise ApiError(10014)
    reactions.remove(api.world, message, user, emoji)


def reactors(api: Api, incoming: Incoming) -> list[Json]:
    """Who reacted with an emoji."""
    message = _find(api, incoming)
    after = incoming.snowflake("after") or 0
    ids = [user_id for user_id in message.reactions.get(_emoji(incoming), {}) if user_id > after]
    return [api.world.users[user_id].render() for user_id in sorted(ids)[: incoming.count("limit", 25, 100)]]


def clear_reactions(api: Api, incoming: Incoming) -> None:
    """Remove all reactions, or all with one emoji."""
    message = _find(api, incoming)
    api.world.require(message.channel, P.MANAGE_MESSAGES)
    reactions.clear(api.world, message, _emoji(incoming) if "emoji_name" in incoming.params else None)


_ALL = "/channels/{channel_id}/messages"
_ONE = f"{_ALL}/{{message_id}}"
_EMOJI = f"{_ONE}/reactions/{{emoji_name}}"
ROUTES: list[Route] = [
    ("GET", _ALL, history),
    ("POST", _ALL, create),
    ("POST", f"{_ALL}/bulk-delete", bulk_delete),
    ("GET", f"{_ALL}/pins", pins_page),
    ("PUT", f"{_ALL}/pins/{{message_id}}", pin),
    ("DELETE", f"{_ALL}/pins/{{message_id}}", unpin),
    ("GET", "/channels/{channel_id}/pins", pins),
    ("PUT", "/channels/{channel_id}/pins/{message_id}", pin),
    ("DELETE", "/channels/{channel_id}/pins/{message_id}", unpin),
    ("POST", "/channels/{channel_id}/typing", typing),
    ("GET", _ONE, get),
    ("PATCH", _ONE, edit),
    ("DELETE", _ONE, delete),
    ("DELETE", f"{_ONE}/reactions", clear_reactions),
    ("GET", _EMOJI, reactors),
    ("DELETE", _EMOJI, clear_reactions),
    ("PUT", f"{_EMOJI}/@me", react),
    ("DELETE", f"{_EMOJI}/@me", unreact),
    ("DELETE", f"{_EMOJI}/{{user_id}}", unreact),
]
