"""Threads and forum posts: opened, entered, left, closed and woken, the same way by people and by the bot."""

from typing import Final

from sandbox.accounts import User
from sandbox.errors import ApiError, invalid_form
from sandbox.messages import Flag, Message, MessageType
from sandbox.model import KINDS, Channel, ThreadFacts
from sandbox.permissions import P
from sandbox.posting import Draft, Posting
from sandbox.state import World
from sandbox.wire import Json, iso8601

# From Discord's reference on channels.
MAX_NAME: Final = 100
MAX_TAGS: Final = 20
MAX_TAG_NAME: Final = 20
MAX_APPLIED_TAGS: Final = 5
ARCHIVE_MINUTES: Final = (60, 1440, 4320, 10080)


def open_at(world: World, posting: Posting, message: Message, author: User, name: str) -> Channel:
    """Open a thread at a message, whose id it takes; 160004 if there is one, 50035 for a bad name."""
    if message.thread is not None:
        raise ApiError(160004)
    thread = _open(world, message.channel, author, name, KINDS["public_thread"], message.id)
    message.thread = thread
    message.flags |= Flag.HAS_THREAD
    posting.changed(message)
    starter = Message(world.ids.next(), thread, message.author, world.clock.now(), type=MessageType.THREAD_STARTER)
    starter.reference = {"message_id": str(message.id), "channel_id": str(message.channel.id)}
    starter.referenced = message
    thread.messages.add(starter)
    return thread


def open_in(world: World, posting: Posting, channel: Channel, author: User, name: str, kind: int) -> Channel:
    """Open a thread at no message; a public one is told in the channel. 50035 for a bad name."""
    thread = _open(world, channel, author, name, kind)
    if kind == KINDS["public_thread"] and thread.guild is not None:
        notice = Message(world.ids.next(), channel, author, world.clock.now(), name, MessageType.THREAD_CREATED)
        notice.reference = {"type": 0, "channel_id": str(thread.id), "guild_id": str(thread.guild.id)}
        posting.add(notice)
    return thread


def open_post(
    world: World, posting: Posting, forum: Channel, author: User, name: str, draft: Draft, tag_ids: list[int]
) -> tuple[Channel, Message]:
    """Open a post in a forum with its first message, which has the post's id.

    Raises 50035 for a bad name or tags, and whatever is wrong with the message; then there is no post.
    """
    _check_tags(forum, tag_ids)
    thread = _open(world, forum, author, name, KINDS["public_thread"], tag_ids=tag_ids)
    post = posting.post if author is world.bot else posting.post_as_person
    try:
        return thread, post(thread, author, draft, id=thread.id)
    except ApiError:
        world.delete_channel(thread)
        raise


def _open(
    world: World,
    parent: Channel,
    author: User,
    name: str,
    kind: int,
    thread_id: int | None = None,
    tag_ids: list[int] | None = None,
) -> Channel:
    if not 1 <= len(name) <= MAX_NAME:
        raise invalid_form("name", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MAX_NAME} in length.")
    return world.create_thread(parent, name, kind, author, thread_id, tag_ids)


def change(world: World, thread: Channel, body: Json) -> None:
    """Apply what a thread object may change: archived, locked, pinned, tags, the time until it rests.

    Raises 50083 when an archived thread is changed without waking it, 50035 for bad tags or another time.
    """
    facts = facts_of(thread)
    if facts.archived and body.get("archived") is not False and set(body) - {"archived", "locked"}:
        raise ApiError(50083)
    if "applied_tags" in body:
        tag_ids = [int(tag_id) for tag_id in body["applied_tags"]]
        assert thread.parent is not None
        _check_tags(thread.parent, tag_ids)
        facts.tag_ids = tag_ids
    if body.get("archived", facts.archived) != facts.archived:
        facts.archived, facts.archived_at = body["archived"], world.clock.now()
    facts.locked = body.get("locked", facts.locked)
    facts.auto_archive_minutes = _minutes(body.get("auto_archive_duration") or facts.auto_archive_minutes)
    if "flags" in body:
        facts.pinned = bool(int(body["flags"]) & ThreadFacts.PINNED_FLAG)
    if {"archived", "auto_archive_duration"} & set(body):
        world.rest_later(thread)


def _minutes(given: int) -> int:
    if given not in ARCHIVE_MINUTES:
        raise invalid_form("auto_archive_duration", "BASE_TYPE_CHOICES", f"Value must be one of {ARCHIVE_MINUTES}.")
    return given


def facts_of(thread: Channel) -> ThreadFacts:
    """What makes the channel a thread; 50024 when it is none."""
    if thread.thread is None:
        raise ApiError(50024)
    return thread.thread


def wake(world: World, channel: Channel, *, may_unlock: bool) -> None:
    """Whoever writes in an archived thread opens it again; 50083 if it is locked for the writer, 160005 unarchived."""
    facts = channel.thread
    if facts is None:
        return
    if facts.locked and not may_unlock:
        raise ApiError(50083 if facts.archived else 160005)
    if facts.archived:
        change(world, channel, {"archived": False})
        world.channel_changed(channel)


def require_awake(channel: Channel) -> None:
    """Raise 50083 for an archived thread, in which nothing may be edited, pinned or reacted to."""
    if channel.thread is not None and channel.thread.archived:
        raise ApiError(50083)


def enter(world: World, thread: Channel, user_id: int, *, inside: bool = True) -> None:
    """Bring somebody into a thread or put them out, and announce it."""
    facts = facts_of(thread)
    assert thread.guild is not None
    (facts.member_ids.add if inside else facts.member_ids.discard)(user_id)
    payload: Json = {"id": str(thread.id), "guild_id": str(thread.guild.id), "member_count": len(facts.member_ids)}
    if inside:
        payload["added_members"] = [member(thread, user_id)]
    else:
        payload["removed_member_ids"] = [str(user_id)]
    world.publish("THREAD_MEMBERS_UPDATE", payload, thread.guild, thread)


def member(thread: Channel, user_id: int) -> Json:
    """The thread member object."""
    joined = iso8601(facts_of(thread).created_at)
    return {"id": str(thread.id), "user_id": str(user_id), "join_timestamp": joined, "flags": 0}


def numbered_tags(world: World, entries: list[Json]) -> list[Json]:
    """The tags of a forum as Discord keeps them: those that are new get an id; 50035 over a documented limit."""
    if len(entries) > MAX_TAGS:
        raise invalid_form("available_tags", "BASE_TYPE_MAX_LENGTH", f"Must be {MAX_TAGS} or fewer in length.")
    for index, entry in enumerate(entries):
        if not 1 <= len(entry.get("name") or "") <= MAX_TAG_NAME:
            message = f"Must be between 1 and {MAX_TAG_NAME} in length."
            raise invalid_form(f"available_tags.{index}.name", "BASE_TYPE_BAD_LENGTH", message)
    return [
        {
            "id": str(entry.get("id") or world.ids.next()),
            "name": entry["name"],
            "moderated": bool(entry.get("moderated")),
            "emoji_id": entry.get("emoji_id"),
            "emoji_name": entry.get("emoji_name"),
        }
        for entry in entries
    ]


def _check_tags(forum: Channel, tag_ids: list[int]) -> None:
    if len(tag_ids) > MAX_APPLIED_TAGS:
        raise invalid_form("applied_tags", "BASE_TYPE_MAX_LENGTH", f"Must be {MAX_APPLIED_TAGS} or fewer in length.")
    known = {int(tag["id"]) for tag in forum.tags}
    for index, tag_id in enumerate(tag_ids):
        if tag_id not in known:
            raise invalid_form(f"applied_tags.{index}", "INVALID_FORUM_TAG", "Unknown tag")


def may_moderate(world: World, user: User, channel: Channel) -> bool:
    """Whether an account may lock threads here and write in locked ones."""
    return bool(world.rights_of(user, channel) & P.MANAGE_THREADS)
