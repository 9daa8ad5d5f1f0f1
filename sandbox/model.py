"""Guilds and channels as plain records that write themselves as Discord's JSON."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final, Protocol

from sandbox import permissions as rights
from sandbox.accounts import Member, Overwrite, Role, User
from sandbox.wire import Json, iso8601

if TYPE_CHECKING:
    from sandbox.clock import Timer
    from sandbox.messages import MessageLog

KINDS: Final[dict[str, int]] = {
    "text": 0,
    "dm": 1,
    "category": 4,
    "announcement": 5,
    "announcement_thread": 10,
    "public_thread": 11,
    "private_thread": 12,
    "forum": 15,
}
THREAD_KINDS: Final = frozenset({10, 11, 12})
# Discord's help page on file sizes: 10 MiB without boosts and at tier 1, 50 MiB at tier 2, 100 MiB at tier 3.
UPLOAD_LIMIT_BYTES: Final = {0: 10 << 20, 1: 10 << 20, 2: 50 << 20, 3: 100 << 20}


class Builder(Protocol):
    """What a guild asks of the world when a test or the page adds to it."""

    def create_channel(self, guild: "Guild", name: str, kind: str, **fields: object) -> "Channel":
        """Add a channel and tell everybody."""

    def create_role(self, guild: "Guild", name: str, permissions: int, color: int = 0) -> "Role":
        """Add a role and tell everybody."""


@dataclass(eq=False, repr=False)
class ThreadFacts:
    """What only a thread has."""

    owner_id: int
    created_at: float
    archived: bool = False
    locked: bool = False
    auto_archive_minutes: int = 1440
    archived_at: float = 0.0
    member_ids: set[int] = field(default_factory=set)
    tag_ids: list[int] = field(default_factory=list)
    message_count: int = 0
    sent_count: int = 0
    pinned: bool = False
    last_activity_at: float = 0.0
    resting: "Timer | None" = field(default=None, repr=False)

    PINNED_FLAG: ClassVar[int] = 1 << 1


@dataclass(eq=False, repr=False)
class Channel:
    """A text channel, a forum, a thread or a direct conversation with its messages."""

    id: int
    kind: int
    name: str
    guild: "Guild | None"
    messages: "MessageLog"
    position: int = 0
    topic: str | None = None
    parent: "Channel | None" = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    tags: list[Json] = field(default_factory=list)
    recipient: User | None = None
    thread: ThreadFacts | None = None
    slowmode_seconds: int = 0
    deleted: bool = False
    last_pin_at: float | None = None

    def __repr__(self) -> str:
        return f"<Channel {self.id} {self.name!r}>"

    @property
    def mention(self) -> str:
        """The text that links to this channel."""
        return f"<#{self.id}>"

    def permissions_of(self, member: Member | None, now: float) -> int:
        """What a member may do here; in a direct conversation `member` is None and everything usual is allowed."""
        if self.guild is None or member is None:
            return rights.DIRECT_MESSAGE
        place = self.parent if self.thread is not None and self.parent is not None else self
        base = rights.apply_overwrites(member.permissions(), place.overwrites_for(member))
        return rights.implied(base, timed_out=member.timed_out_until > now)

    def overwrites_for(self, member: Member) -> Iterable[tuple[int, int]]:
        """The (allow, deny) pairs that concern a member, in the order in which they apply."""
        everyone = self.overwrites.get(member.guild.everyone.id)
        if everyone is not None:
            yield everyone.allow, everyone.deny
        roles = [self.overwrites[role_id] for role_id in member.role_ids if role_id in self.overwrites]
        allow = deny = 0
        for overwrite in roles:
            allow |= overwrite.allow
            deny |= overwrite.deny
        yield allow, deny
        own = self.overwrites.get(member.user.id)
        if own is not None:
            yield own.allow, own.deny

    def render(self) -> Json:
        """The channel object."""
        body: Json = {
            "id": str(self.id),
            "type": self.kind,
            "flags": ThreadFacts.PINNED_FLAG if self.thread is not None and self.thread.pinned else 0,
            "last_message_id": str(self.messages.last_id) if self.messages.last_id else None,
        }
        if self.last_pin_at is not None:
            body["last_pin_timestamp"] = iso8601(self.last_pin_at)
        if self.recipient is not None:
            return body | {"recipients": [self.recipient.render()]}
        assert self.guild is not None
        body |= {"name": self.name, "guild_id": str(self.guild.id), "rate_limit_per_user": self.slowmode_seconds}
        body["parent_id"] = str(self.parent.id) if self.parent is not None else None
        return body | (self._render_thread() if self.thread is not None else self._render_place())

    def _render_place(self) -> Json:
        body: Json = {
            "position": self.position,
            "permission_overwrites": [overwrite.render() for overwrite in self.overwrites.values()],
            "topic": self.topic,
            "nsfw": False,
        }
        if self.kind == KINDS["forum"]:
            body |= {"available_tags": self.tags, "default_reaction_emoji": None, "default_sort_order": None}
            body |= {"default_forum_layout": 0, "default_thread_rate_limit_per_user": 0}
        return body

    def _render_thread(self) -> Json:
        thread = self.thread
        assert thread is not None
        return {
            "owner_id": str(thread.owner_id),
            "message_count": thread.message_count,
            "member_count": len(thread.member_ids),
            "total_message_sent": thread.sent_count,
            "applied_tags": [str(tag_id) for tag_id in thread.tag_ids],
            "thread_metadata": {
                "archived": thread.archived,
                "locked": thread.locked,
                "auto_archive_duration": thread.auto_archive_minutes,
                "archive_timestamp": iso8601(thread.archived_at or thread.created_at),
                "create_timestamp": iso8601(thread.created_at),
                "invitable": True,
            },
        }


@dataclass(eq=False, repr=False)
class Guild:
    """A server: its roles, channels and members."""

    id: int
    name: str
    owner_id: int
    preferred_locale: str
    everyone: Role
    builder: Builder = field(repr=False)
    premium_tier: int = 0
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    threads: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Guild {self.id} {self.name!r}>"

    def add_channel(self, name: str, kind: str = "text", **fields: object) -> Channel:
        """Add a channel (`kind` is a key of KINDS) and announce it."""
        return self.builder.create_channel(self, name, kind, **fields)

    def add_role(self, name: str, permissions: int = 0, color: int = 0) -> Role:
        """Add a role with these permission bits and a colour (0xRRGGBB, 0 for none) and announce it."""
        return self.builder.create_role(self, name, permissions, color)

    def render(self) -> Json:
        """The guild object as `GET /guilds/{id}` answers it."""
        nothing: Json = dict.fromkeys((*_NULL_KEYS, "afk_channel_id", "system_channel_id", "rules_channel_id"))
        return nothing | {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner_id),
            "region": "deprecated",
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "roles": [role.render() for role in self.roles.values()],
            "emojis": [],
            "stickers": [],
            "features": [],
            "mfa_level": 0,
            "nsfw_level": 0,
            "system_channel_flags": 0,
            "premium_tier": self.premium_tier,
            "premium_subscription_count": 0,
            "premium_progress_bar_enabled": False,
            "preferred_locale": self.preferred_locale,
            "max_members": 500_000,
        }


_NULL_KEYS = (
    "icon",
    "splash",
    "discovery_splash",
    "description",
    "banner",
    "application_id",
    "vanity_url_code",
    "public_updates_channel_id",
    "safety_alerts_channel_id",
)
