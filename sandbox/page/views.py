"""What one person sees, as JSON for the page: Discord's own objects with the few facts a client adds."""

from typing import Final

from sandbox.accounts import Member, User
from sandbox.command_rules import CommandKind
from sandbox.messages import Message
from sandbox.model import KINDS, Channel, Guild
from sandbox.permissions import P
from sandbox.person import Person
from sandbox.pins import MAY_PIN, pinned
from sandbox.state import World
from sandbox.wire import Json

_ABILITIES: Final = {
    "attach": P.ATTACH_FILES,
    "react": P.ADD_REACTIONS,
    "command": P.USE_APPLICATION_COMMANDS,
    "manage": P.MANAGE_MESSAGES,
    "thread": P.CREATE_PUBLIC_THREADS,
    "moderate": P.MANAGE_THREADS,
    "roles": P.MANAGE_ROLES,
}
_SNIPPET_CHARACTERS: Final = 160


def user_view(user: User) -> Json:
    """An account."""
    return {"id": str(user.id), "name": user.name, "bot": user.bot}


def person_view(person: Person) -> Json:
    """Somebody to be."""
    roles = [guild_role(person, role_id) for role_id in _role_ids(person)]
    return user_view(person.user) | {
        "locale": person.user.locale,
        "roles": [name for name in roles if name],
        "upload_limit_bytes": person.upload_limit_bytes,
    }


def _role_ids(person: Person) -> list[int]:
    guild = person.home.guild
    member = None if guild is None else guild.members.get(person.id)
    return [] if member is None else member.role_ids


def guild_role(person: Person, role_id: int) -> str:
    """The name of a role in the person's home server."""
    guild = person.home.guild
    return guild.roles[role_id].name if guild is not None and role_id in guild.roles else ""


def message_view(message: Message, person: Person) -> Json:
    """A message in somebody's eyes: own reactions, whether it rang, and no quote of what they may not see."""
    body = message.render()
    for reaction in body.get("reactions", ()):
        emoji = reaction["emoji"]
        key = f"{emoji['name']}:{emoji['id']}" if emoji["id"] else emoji["name"]
        reaction["me"] = person.id in message.reactions[key]
    if message.referenced is not None and not person.sees(message.referenced):
        body["referenced_message"] = None
    return body | {"rings": person.was_notified_by(message), "shown": [str(a.id) for a in message.shown_attachments]}


def channel_view(channel: Channel, person: Person, world: World) -> Json:
    """A channel, thread or direct conversation with what the person may do in it."""
    rights = world.rights_of(person.user, channel)
    sending = P.SEND_MESSAGES if channel.thread is None else P.SEND_MESSAGES_IN_THREADS
    can = {name: bool(rights & bit) for name, bit in _ABILITIES.items()}
    can |= {"pin": channel.guild is None or bool(rights & MAY_PIN), "send": bool(rights & sending)}
    if channel.thread is not None and channel.thread.locked and not can["moderate"]:
        can |= {"send": False, "command": False}
    return {
        "id": str(channel.id),
        "name": channel.name or world.bot.name,
        "kind": channel.kind,
        "topic": channel.topic,
        "parent_id": str(channel.parent.id) if channel.parent is not None else None,
        "guild_id": str(channel.guild.id) if channel.guild is not None else None,
        "is_thread": channel.thread is not None,
        "last_message_id": str(channel.messages.last_id or 0),
        "can": can,
    } | (_thread_view(channel, person) if channel.thread is not None else {"tags": channel.tags})


def _thread_view(thread: Channel, person: Person) -> Json:
    """What a list of threads says about one, with how the post of a forum begins."""
    facts = thread.thread
    assert facts is not None
    begin = thread.messages.get(thread.id)
    picture = None if begin is None else next((one for one in begin.shown_attachments if one.width), None)
    return {
        "owner_id": str(facts.owner_id),
        "archived": facts.archived,
        "locked": facts.locked,
        "pinned": facts.pinned,
        "message_count": facts.message_count,
        "active_at": facts.last_activity_at,
        "applied_tags": [str(tag_id) for tag_id in facts.tag_ids],
        "begins": "" if begin is None else begin.text[:_SNIPPET_CHARACTERS],
        "picture": None if picture is None else picture.url,
    }


def guild_view(guild: Guild, person: Person, world: World) -> Json:
    """A server with the channels and threads that the person sees."""
    places = [*guild.channels.values(), *guild.threads.values()]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "roles": [role.render() for role in guild.roles.values()],
        "channels": [
            channel_view(one, person, world) for one in places if one.kind != KINDS["category"] and person.can_see(one)
        ],
        "members": [_member_view(member) for member in guild.members.values()],
    }


def _member_view(member: Member) -> Json:
    return {"id": str(member.user.id), "nick": member.nick, "roles": [str(role_id) for role_id in member.role_ids]}


def places_view(person: Person, world: World) -> Json:
    """Everywhere the person can go and everybody whose name may be needed."""
    mine = [guild for guild in world.guilds.values() if person.id in guild.members]
    return {
        "guilds": [guild_view(guild, person, world) for guild in mine],
        "direct": channel_view(person.direct_messages, person, world),
        "users": {str(user.id): user_view(user) for user in world.users.values()},
        "emojis": [str(emoji.id) for emoji in world.emojis.all()],
    }


def history_view(person: Person, channel: Channel, before: int | None, limit: int) -> Json:
    """The newest `limit` messages that the person sees before an id, oldest first, and whether older ones exist."""
    seen = [message for message in person.reads(channel) if before is None or message.id < before]
    return {
        "messages": [message_view(message, person) for message in seen[-limit:]],
        "more": len(seen) > limit,
    }


def pins_view(person: Person, channel: Channel) -> list[Json]:
    """Pinned messages, the newest pin first."""
    return [message_view(message, person) for message in pinned(channel) if person.sees(message)]


def commands_view(person: Person, channel: Channel) -> list[Json]:
    """Every command of every kind that the person's client offers in a channel."""
    return [command.render() for kind in CommandKind for command in person.offered_commands(channel, kind)]
