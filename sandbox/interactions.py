"""One interaction between a person and the bot: its payload for the gateway and what has become of it."""

import asyncio
import secrets
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from sandbox.accounts import User
from sandbox.command_rules import NESTING
from sandbox.messages import Message
from sandbox.model import Channel
from sandbox.wire import Json

# From Discord's reference on receiving and responding to interactions.
ANSWER_SECONDS: Final = 3.0
TOKEN_SECONDS: Final = 15 * 60.0


class Kind(IntEnum):
    """What started an interaction."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Callback(IntEnum):
    """How a bot may answer first."""

    PONG = 1
    MESSAGE = 4
    DEFER = 5
    DEFER_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


ALLOWED: Final = {
    Kind.COMMAND: {Callback.MESSAGE, Callback.DEFER, Callback.MODAL},
    Kind.COMPONENT: {Callback.MESSAGE, Callback.DEFER, Callback.DEFER_UPDATE, Callback.UPDATE, Callback.MODAL},
    Kind.AUTOCOMPLETE: {Callback.CHOICES},
    Kind.MODAL: {Callback.MESSAGE, Callback.DEFER, Callback.DEFER_UPDATE, Callback.UPDATE},
}


@dataclass(eq=False)
class Interaction:
    """What a person asked and how far the answer is.

    `answered` is done as soon as the first answer arrived. `original` is the message that `@original` means: the
    bot's own first message, or the message of the component for an update. `opened_by` is the interaction that
    showed the modal which this one submits.
    """

    id: int
    kind: Kind
    user: User
    channel: Channel
    data: Json
    created_at: float
    locale: str
    message: Message | None = None
    opened_by: "Interaction | None" = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    answered: "asyncio.Future[Interaction]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    callback: Callback | None = None
    answered_at: float | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)
    dead: bool = False
    token_dead: bool = False

    @property
    def deferred(self) -> bool:
        """Whether the first answer was only a promise."""
        return self.callback in (Callback.DEFER, Callback.DEFER_UPDATE)

    def accepts_answer(self, now: float) -> bool:
        """Whether the first answer still counts."""
        return not self.dead and now < self.created_at + ANSWER_SECONDS

    def token_alive(self, now: float) -> bool:
        """Whether the token can still post and edit."""
        return not self.token_dead and now < self.created_at + TOKEN_SECONDS

    def metadata(self, application_id: int) -> Json:
        """What the messages that answer it say about it."""
        owners = {"0": str(self.channel.guild.id if self.channel.guild else 0)}
        body: Json = {
            "id": str(self.id),
            "type": int(self.kind),
            "user": self.user.render(),
            "authorizing_integration_owners": owners,
        }
        if self.kind is Kind.COMMAND:
            body |= {"name": _whole_name(self.data), "command_type": self.data["type"]}
            if "target_id" in self.data:
                key = "target_message_id" if self.data["type"] == 3 else "target_user_id"
                body[key] = self.data["target_id"]
        if self.kind is Kind.COMPONENT and self.message is not None:
            body["interacted_message_id"] = str(self.message.id)
        if self.kind is Kind.MODAL and self.opened_by is not None:
            body["triggering_interaction_metadata"] = self.opened_by.metadata(application_id)
        return body

    def render(self, application_id: int, app_permissions: int, upload_limit_bytes: int, now: float) -> Json:
        """The payload of INTERACTION_CREATE."""
        guild = self.channel.guild
        member = None if guild is None else guild.members[self.user.id]
        channel = self.channel.render()
        body: Json = {
            "id": str(self.id),
            "application_id": str(application_id),
            "type": int(self.kind),
            "token": self.token,
            "version": 1,
            "data": self.data,
            "channel_id": str(self.channel.id),
            "channel": channel,
            "app_permissions": str(app_permissions),
            "locale": self.locale,
            "entitlements": [],
            "attachment_size_limit": upload_limit_bytes,
            "authorizing_integration_owners": {"0": str(guild.id if guild else 0)},
            "context": 0 if guild else 1,
        }
        if self.message is not None:
            body["message"] = self.message.render()
        if guild is None or member is None:
            return body | {"user": self.user.render()}
        permissions = str(self.channel.permissions_of(member, now))
        channel["permissions"] = permissions
        return body | {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.preferred_locale, "features": []},
            "guild_locale": guild.preferred_locale,
            "member": member.render() | {"permissions": permissions},
        }


def _whole_name(data: Json) -> str:
    """The name of a command with those of its group and subcommand."""
    words, level = [data["name"]], data
    while nested := [one for one in level.get("options") or () if one["type"] in NESTING]:
        level = nested[0]
        words.append(level["name"])
    return " ".join(words)
