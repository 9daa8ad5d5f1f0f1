"""Channels and threads."""

from typing import Any

from sandbox import threads
from sandbox.accounts import Overwrite
from sandbox.errors import ApiError, invalid_form
from sandbox.http.api import Api, Incoming, Route, channel_of, guild_of, page_body
from sandbox.http.messages import require_content
from sandbox.model import KINDS, THREAD_KINDS, Channel
from sandbox.permissions import P
from sandbox.posting import Draft
from sandbox.wire import Json

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
        if "available_tags" in body:
            channel.tags = threads.numbered_tags(api.world, body["available_tags"])
        if "permission_overwrites" in body:
            channel.overwrites = {int(entry["id"]): _overwrite(entry) for entry in body["permission_overwrites"]}
    channel.name = body.get("name", channel.name)
    channel.slowmode_seconds = body.get("rate_limit_per_user", channel.slowmode_seconds) or 0
    api.world.channel_changed(channel)
    return channel.render()


def _edit_thread(api: Api, channel: Channel, body: Json) -> None:
    facts = threads.facts_of(channel)
    moderates = {"locked", "flags"} & set(body) or (facts.locked and "archived" in body)
    if facts.owner_id != api.world.bot.id or moderates:
        api.world.require(channel, P.MANAGE_THREADS)
    threads.change(api.world, channel, body)


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
    tags = threads.numbered_tags(api.world, body.get("available_tags") or [])
    fields: dict[str, Any] = {"topic": body.get("topic"), "tags": tags}
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
    body = incoming.body.object()
    thread = threads.open_at(api.world, api.posting, message, api.world.bot, str(body.get("name") or ""))
    return _waiting(api, thread, body).render()


def thread_without_message(api: Api, incoming: Incoming) -> Json:
    """Open a thread, or a post with its first message in a forum."""
    channel = channel_of(api, incoming)
    body = incoming.body.object()
    if channel.kind == KINDS["forum"]:
        return _open_post(api, channel, body, incoming)
    kind = int(body.get("type") or KINDS["private_thread"])
    private = kind == KINDS["private_thread"]
    api.world.require(channel, P.CREATE_PRIVATE_THREADS if private else P.CREATE_PUBLIC_THREADS)
    thread = threads.open_in(api.world, api.posting, channel, api.world.bot, str(body.get("name") or ""), kind)
    return _waiting(api, thread, body).render()


def _open_post(api: Api, forum: Channel, body: Json, incoming: Incoming) -> Json:
    draft = Draft(dict(body.get("message") or {}), incoming.body.files)
    require_content(api, forum, draft, P.SEND_MESSAGES)
    name, tag_ids = str(body.get("name") or ""), [int(tag_id) for tag_id in body.get("applied_tags") or []]
    thread, message = threads.open_post(api.world, api.posting, forum, api.world.bot, name, draft, tag_ids)
    return _waiting(api, thread, body).render() | {"message": message.render()}


def _waiting(api: Api, thread: Channel, body: Json) -> Channel:
    """The new thread, which rests after as long as the bot asked for."""
    if body.get("auto_archive_duration"):
        threads.change(api.world, thread, {"auto_archive_duration": int(body["auto_archive_duration"])})
    return thread


def _thread(api: Api, incoming: Incoming) -> Channel:
    channel = channel_of(api, incoming)
    threads.facts_of(channel)
    return channel


def thread_members(api: Api, incoming: Incoming) -> list[Json]:
    """Who is in a thread."""
    thread = _thread(api, incoming)
    return [threads.member(thread, user_id) for user_id in sorted(threads.facts_of(thread).member_ids)]


def add_member(api: Api, incoming: Incoming) -> None:
    """Enter a thread, or bring somebody in."""
    thread = _thread(api, incoming)
    user_id = incoming.id("user_id") if "user_id" in incoming.params else api.world.bot.id
    threads.require_awake(thread)
    threads.enter(api.world, thread, user_id)


def remove_member(api: Api, incoming: Incoming) -> None:
    """Leave a thread, or put somebody out."""
    thread = _thread(api, incoming)
    user_id = api.world.bot.id
    if "user_id" in incoming.params:
        api.world.require(thread, P.MANAGE_THREADS)
        user_id = incoming.id("user_id")
    threads.enter(api.world, thread, user_id, inside=False)


def active_threads(api: Api, incoming: Incoming) -> Json:
    """All threads of a guild that are not archived."""
    active = [one for one in guild_of(api, incoming).threads.values() if one.thread and not one.thread.archived]
    bot_id = api.world.bot.id
    mine = [threads.member(one, bot_id) for one in active if one.thread and bot_id in one.thread.member_ids]
    return {"threads": [one.render() for one in active], "members": mine}


def archived_threads(api: Api, incoming: Incoming) -> Json:
    """The archived threads of a channel, the last archived first."""
    channel = channel_of(api, incoming)
    assert channel.guild is not None
    resting = [
        one for one in channel.guild.threads.values() if one.parent is channel and one.thread and one.thread.archived
    ]
    resting.sort(key=lambda one: -threads.facts_of(one).archived_at)
    return page_body([one.render() for one in resting], "threads", more=False) | {"members": []}


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
