"""Who a message names and who is really notified by it, after `allowed_mentions` and permissions."""

import re
from dataclasses import dataclass, field

from sandbox.accounts import Member, Role, User
from sandbox.messages import Flag, Message
from sandbox.model import Channel
from sandbox.permissions import Permission
from sandbox.wire import Json

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(everyone|here)\b")


@dataclass
class Mentions:
    """The outcome for one message."""

    users: list[User] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    everyone: bool = False
    notified_ids: set[int] = field(default_factory=set)


def resolve(
    message: Message, rules: Json | None, members: dict[int, Member], author_rights: int, now: float
) -> Mentions:
    """Apply `allowed_mentions` (None: everything is parsed) to what the message says.

    Only those who can see the channel are notified, never the author, nobody when the message is flagged silent.
    Edits do not notify anybody, so this is asked only for new messages.
    """
    outcome = Mentions()
    text = message.spoken
    for user_id in _allowed(_USER.findall(text), rules, "users"):
        if user_id in members and members[user_id].user not in outcome.users:
            outcome.users.append(members[user_id].user)
    replied = message.referenced.author if message.referenced is not None else None
    if replied is not None and (rules or {}).get("replied_user", rules is None) and replied not in outcome.users:
        outcome.users.append(replied)
    outcome.roles = _roles(text, rules, message.channel, author_rights)
    may_ping_all = bool(author_rights & Permission.MENTION_EVERYONE)
    outcome.everyone = may_ping_all and _parses(rules, "everyone") and bool(_EVERYONE.search(text))
    if not message.flags & Flag.SUPPRESS_NOTIFICATIONS:
        outcome.notified_ids = _notified(outcome, message, members, now)
    return outcome


def _parses(rules: Json | None, kind: str) -> bool:
    return rules is None or kind in (rules.get("parse") or ())


def _allowed(found: list[str], rules: Json | None, kind: str) -> list[int]:
    if _parses(rules, kind):
        return [int(text) for text in found]
    listed = {int(identifier) for identifier in (rules or {}).get(kind) or ()}
    return [int(text) for text in found if int(text) in listed]


def _roles(text: str, rules: Json | None, channel: Channel, author_rights: int) -> list[Role]:
    if channel.guild is None:
        return []
    named = [
        channel.guild.roles.get(role_id) for role_id in dict.fromkeys(_allowed(_ROLE.findall(text), rules, "roles"))
    ]
    may_ping_all = author_rights & Permission.MENTION_EVERYONE
    return [role for role in named if role is not None and (role.mentionable or may_ping_all)]


def _notified(outcome: Mentions, message: Message, members: dict[int, Member], now: float) -> set[int]:
    channel = message.channel
    if channel.recipient is not None:
        return {channel.recipient.id} - {message.author.id}
    named = {user.id for user in outcome.users}
    role_ids = {role.id for role in outcome.roles}
    if message.visible_to is not None:
        return named & {message.visible_to}
    if outcome.everyone or role_ids:
        named |= {m.user.id for m in members.values() if outcome.everyone or role_ids.intersection(m.role_ids)}
    return {
        user_id
        for user_id in named - {message.author.id}
        if user_id in members and channel.permissions_of(members[user_id], now) & Permission.VIEW_CHANNEL
    }
