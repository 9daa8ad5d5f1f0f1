"""Channels and threads."""

from typing import Any

from sandbox.accounts import Overwrite
from sandbox.errors import ApiError, invalid_form
from sandbox.http.api import Api, Incoming, Route, channel_of, guild_of, page_body
from sandbox.http.messages import require_posting
from sandbox.messages import Flag, Message, MessageType
from sandbox.model import KINDS, THREAD_KINDS, Channel
from sandbox.permissions import P
from sandbox.posting import Draft
from sandbox.wire import Json, iso8601

_NAMES = {number: name for name, number in KINDS.items()}


def get(api: Api, incoming: Incoming) -> Json:
    """One channel or thread."""
    return channel_of(api, incoming).render()


def edit(api: Api, incoming: Incoming) -> Json:
    """Change a channel or thread."""
    channel = channel_of(api, incoming)
    body = incoming.body.object()
    if channel.thread is not None:
        _edit_thread(api, channel, body)
    else:
        api.world.require(channel, P.MANAGE_CHANNELS)
        channel.topic = body.get("topic", channel.topic)
        channel.position = body.get("position", channel.position)
        channel.tags = body.get("available_tags", channel.tags)
        if "permission_overwrites" in body:
            channel.overwrites = {int(entry["id"]): _overwrite(entry) for entry in body["permission_overwrites"]}
    channel.name = body.get("name", channel.name)
    channel.slowmode_seconds = body.get("rate_limit_per_user", channel.slowmode_seconds) or 0
    api.world.channel_changed(channel)
    return channel.render()


def _edit_thread(api: Api, channel: Channel, body: Json) -> None:
    thread = channel.thread
    assert thread is not None
    if thread.owner_id != api.world.bot.id or "locked" in body:
        api.world.require(channel, P.MANAGE_THREADS)
    if body.get("archived", thread.archived) != thread.archived:
        thread.archived = body["archived"]
        thread.archived_at = api.world.clock.now()
    thread.locked = body.get("locked", thread.locked)
    thread.auto_archive_minutes = body.get("auto_archive_duration", thread.auto_archive_minutes)
    if "applied_tags" in body:
        thread.tag_ids = [int(tag_id) for tag_id in body["applied_tags"]]


def _overwrite(entry: Json) -> Overwrite:
    return Overwrite(int(entry["id"]), int(entry["type"]), int(entry.get("allow") or 0), int(entry.get("deny") or 0))


def delete(api: Api, incoming: Incoming) -> Json:
    """Delete a channel or thread."""
    channel = channel_of(api, incoming)
    api.world.require(channel, P.MANAGE_CHANNELS if channel.thread is None else P.MANAGE_THREADS)
    api.world.delete_channel(channel)
    return channel.render()


def set_overwrite(api: Api, incoming: Incoming) -> None:
    """Set what a channel changes for a role or member."""
    channel = channel_of(api, incoming)
    api.world.require(channel, P.MANAGE_ROLES)
    overwrite = _overwrite(incoming.body.object() | {"id": incoming.params["overwrite_id"]})
    channel.overwrites[overwrite.id] = overwrite
    api.world.channel_changed(channel)


def delete_overwrite(api: Api, incoming: Incoming) -> None:
    """Remove such a change."""
    channel = channel_of(api, incoming)
    api.world.require(channel, P.MANAGE_ROLES)
    channel.overwrites.pop(incoming.id("overwrite_id"), None)
    api.world.channel_changed(channel)


def create_in_guild(api: Api, incoming: Incoming) -> Json:
    """Add a channel to a guild."""
    guild = guild_of(api, incoming)
    if not guild.members[api.world.bot.id].permissions() & P.MANAGE_CHANNELS:
        raise ApiError(50013)
    body = incoming.body.object()
    kind = _NAMES.get(int(body.get("type") or 0))
    if kind is None or KINDS[kind] in THREAD_KINDS:
        raise invalid_form("type", "BASE_TYPE_CHOICES", f"Value must be one of {sorted(_NAMES)}.")
    fields: dict[str, Any] = {"topic": body.get("topic"), "tags": body.get("available_tags") or []}
    fields["overwrites"] = {int(entry["id"]): _overwrite(entry) for entry in body.get("permission_overwrites") or []}
    if body.get("parent_id") is not None:
        fields["parent"] = api.world.channel(int(body["parent_id"]))
    return guild.add_channel(str(body["name"]), kind, **fields).render()


def list_of_guild(api: Api, incoming: Incoming) -> list[Json]:
    """The channels of a guild, without threads."""
    return [channel.render() for channel in guild_of(api, incoming).channels.values()]


def thread_from_message(api: Api, incoming: Incoming) -> Json:
    """Open a thread at a message."""
    channel = channel_of(api, incoming)
    api.world.require(channel, P.CREATE_PUBLIC_THREADS)
    message = api.posting.find(channel, incoming.id("message_id"))
    if message.thread is not None:
        raise ApiError(160004)
    thread = _open(api, channel, incoming.body.object(), KINDS["public_thread"], message.id)
    message.thread = thread
    message.flags |= Flag.HAS_THREAD
    api.posting.changed(message)
    world = api.world
    starter = Message(world.ids.next(), thread, message.author, world.clock.now(), type=MessageType.THREAD_STARTER)
    starter.reference = {"message_id": str(message.id), "channel_id": str(channel.id)}
    starter.referenced = message
    thread.messages.add(starter)
    return thread.render()


def thread_without_message(api: Api, incoming: Incoming) -> Json:
    """Open a thread, or a post with its first message in a forum."""
    channel = channel_of(api, incoming)
    body = incoming.body.object()
    if channel.kind == KINDS["forum"]:
        return _open_post(api, channel, body, incoming)
    kind = int(body.get("type") or KINDS["private_thread"])
    private = kind == KINDS["private_thread"]
    api.world.require(channel, P.CREATE_PRIVATE_THREADS if private else P.CREATE_PUBLIC_THREADS)
    return _open(api, channel, body, kind, None).render()


def _open_post(api: Api, forum: Channel, body: Json, incoming: Incoming) -> Json:
    draft = Draft(dict(body.get("message") or {}), incoming.body.files)
    api.world.require(forum, P.SEND_MESSAGES)
    thread = _open(api, forum, body, KINDS["public_thread"], None)
    assert thread.thread is not None
    thread.thread.tag_ids = [int(tag_id) for tag_id in body.get("applied_tags") or []]
    try:
        require_posting(api, thread, draft)
        message = api.posting.post(thread, api.world.bot, draft)
    except ApiError:
        api.world.delete_channel(thread)
        raise
    return thread.render() | {"message": message.render()}


def _open(api: Api, parent: Channel, body: Json, kind: int, thread_id: int | None) -> Channel:
    name = str(body.get("name") or "")
    if not 1 <= len(name) <= 100:
        raise invalid_form("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    thread = api.world.create_thread(parent, name, kind, api.world.bot, thread_id)
    assert thread.thread is not None
    thread.thread.auto_archive_minutes = int(body.get("auto_archive_duration") or 1440)
    return thread


def _member(thread: Channel, user_id: int) -> Json:
    assert thread.thread is not None
    joined = iso8601(thread.thread.created_at)
    return {"id": str(thread.id), "user_id": str(user_id), "join_timestamp": joined, "flags": 0}


def _thread(api: Api, incoming: Incoming) -> Channel:
    channel = channel_of(api, incoming)
    if channel.thread is None:
        raise ApiError(50024)
    return channel


def thread_members(api: Api, incoming: Incoming) -> list[Json]:
    """Who is in a thread."""
    thread = _thread(api, incoming)
    assert thread.thread is not None
    return [_member(thread, user_id) for user_id in sorted(thread.thread.member_ids)]


def _change_members(api: Api, thread: Channel, user_id: int, *, inside: bool) -> None:
    facts = thread.thread
    assert facts is not None
    assert thread.guild is not None
    (facts.member_ids.add if inside else facts.member_ids.discard)(user_id)
    payload: Json = {"id": str(thread.id), "guild_id": str(thread.guild.id), "member_count": len(facts.member_ids)}
    payload["added_members" if inside else "removed_member_ids"] = [
        _member(thread, user_id) if inside else str(user_id)
    ]
    api.world.publish("THREAD_MEMBERS_UPDATE", payload, thread.guild, thread)


def add_member(api: Api, incoming: Incoming) -> None:
    """Enter a thread, or bring somebody in."""
    thread = _thread(api, incoming)
    user_id = incoming.id("user_id") if "user_id" in incoming.params else api.world.bot.id
    _change_members(api, thread, user_id, inside=True)


def remove_member(api: Api, incoming: Incoming) -> None:
    """Leave a thread, or put somebody out."""
    thread = _thread(api, incoming)
    user_id = api.world.bot.id
    if "user_id" in incoming.params:
        api.world.require(thread, P.MANAGE_THREADS)
        user_id = incoming.id("user_id")
    _change_members(api, thread, user_id, inside=False)


def active_threads(api: Api, incoming: Incoming) -> Json:
    """All threads of a guild that are not archived."""
    threads = [
        thread for thread in guild_of(api, incoming).threads.values() if thread.thread and not thread.thread.archived
    ]
    bot_id = api.world.bot.id
    mine = [_member(thread, bot_id) for thread in threads if thread.thread and bot_id in thread.thread.member_ids]
    return {"threads": [thread.render() for thread in threads], "members": mine}


def archived_threads(api: Api, incoming: Incoming) -> Json:
    """The archived threads of a channel, the last archived first."""
    channel = channel_of(api, incoming)
    assert channel.guild is not None
    threads = [
        one for one in channel.guild.threads.values() if one.parent is channel and one.thread and one.thread.archived
    ]
    threads.sort(key=lambda one: -(one.thread.archived_at if one.thread else 0))
    return page_body([one.render() for one in threads], "threads", more=False) | {"members": []}


_ONE = "/channels/{channel_id}"
_MEMBERS = f"{_ONE}/thread-members"
ROUTES: list[Route] = [
    ("GET", _ONE, get),
    ("PATCH", _ONE, edit),
    ("DELETE", _ONE, delete),
    ("PUT", f"{_ONE}/permissions/{{overwrite_id}}", set_overwrite),
    ("DELETE", f"{_ONE}/permissions/{{overwrite_id}}", delete_overwrite),
    ("POST", f"{_ONE}/messages/{{message_id}}/threads", thread_from_message),
    ("POST", f"{_ONE}/threads", thread_without_message),
    ("GET", f"{_ONE}/threads/archived/public", archived_threads),
    ("GET", _MEMBERS, thread_members),
    *(("PUT", f"{_MEMBERS}/{who}", add_member) for who in ("@me", "{user_id}")),
    *(("DELETE", f"{_MEMBERS}/{who}", remove_member) for who in ("@me", "{user_id}")),
    ("GET", "/guilds/{guild_id}/channels", list_of_guild),
    ("POST", "/guilds/{guild_id}/channels", create_in_guild),
    ("GET", "/guilds/{guild_id}/threads/active", active_threads),
]
