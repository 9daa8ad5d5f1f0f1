"""Accounts, roles and memberships as plain records that write themselves as Discord's JSON."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox import permissions as rights
from sandbox.wire import Json, iso8601

if TYPE_CHECKING:
    from sandbox.model import Guild


@dataclass(eq=False, repr=False)
class User:
    """An account: a person, the bot, or the owner of a guild."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"

    def __repr__(self) -> str:
        return f"<User {self.id} {self.name!r}>"

    @property
    def mention(self) -> str:
        """The text that mentions this account."""
        return f"<@{self.id}>"

    def render(self) -> Json:
        """The user object."""
        return {
            "id": str(self.id),
            "username": self.name if self.bot else self.name.lower().replace(" ", "_"),
            "global_name": None if self.bot else self.name,
            "discriminator": "0000" if self.bot else "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(eq=False, repr=False)
class Role:
    """A role of a guild; `bot_id` marks the one that Discord makes for an invited bot."""

    id: int
    name: str
    permissions: int
    position: int
    bot_id: int | None = None
    mentionable: bool = False
    color: int = 0

    def render(self) -> Json:
        """The role object."""
        body: Json = {
            "id": str(self.id),
            "name": self.name,
            "color": self.color,
            "colors": {"primary_color": self.color, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": self.position,
            "permissions": str(self.permissions),
            "managed": self.bot_id is not None,
            "mentionable": self.mentionable,
            "flags": 0,
        }
        if self.bot_id is not None:
            body["tags"] = {"bot_id": str(self.bot_id)}
        return body


@dataclass(eq=False, repr=False)
class Overwrite:
    """What a channel changes for one role (kind 0) or one member (kind 1)."""

    id: int
    kind: int
    allow: int = 0
    deny: int = 0

    def render(self) -> Json:
        """The overwrite object."""
        return {"id": str(self.id), "type": self.kind, "allow": str(self.allow), "deny": str(self.deny)}


@dataclass(eq=False, repr=False)
class Member:
    """An account in a guild."""

    user: User
    guild: "Guild"
    joined_at: float
    role_ids: list[int] = field(default_factory=list)
    nick: str | None = None
    timed_out_until: float = 0.0

    def __repr__(self) -> str:
        return f"<Member {self.user.id} {self.user.name!r}>"

    def permissions(self) -> int:
        """What this member may do in the guild, before channels."""
        guild = self.guild
        roles = (guild.roles[role_id].permissions for role_id in self.role_ids if role_id in guild.roles)
        return rights.in_guild(guild.everyone.permissions, roles, owner=guild.owner_id == self.user.id)

    def render(self, *, user: bool = True) -> Json:
        """The member object, with or without its user."""
        body: Json = {
            "nick": self.nick,
            "avatar": None,
            "banner": None,
            "roles": [str(role_id) for role_id in self.role_ids],
            "joined_at": iso8601(self.joined_at),
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
            "communication_disabled_until": iso8601(self.timed_out_until) if self.timed_out_until else None,
        }
        if user:
            body["user"] = self.user.render()
        return body
