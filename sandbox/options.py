"""What a person's client does with the options of a command before sending it: lookup, types, limits, references."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.accounts import Member, Role, User
from sandbox.command_rules import NESTING, OptionKind
from sandbox.commands import Command
from sandbox.errors import ClientRefused
from sandbox.files import FileStore, Upload
from sandbox.messages import Message
from sandbox.model import Channel
from sandbox.wire import Json

MAX_STRING: Final = 6000  # Discord's reference: the greatest max_length of a string option
MAX_INTEGER: Final = 2**53


@dataclass
class Resolved:
    """The objects behind the identifiers in an interaction's data."""

    bodies: Json = field(default_factory=dict)

    def put(self, kind: str, identifier: int, body: Json) -> None:
        """Remember one object under its identifier."""
        self.bodies.setdefault(kind, {})[str(identifier)] = body

    def render(self) -> Json:
        """The `resolved` entry of an interaction's data, absent when there is nothing in it."""
        return {"resolved": self.bodies} if self.bodies else {}

    def put_member(self, member: Member, channel: Channel, now: float) -> None:
        """A user together with what they are in this guild and channel."""
        body = member.render(user=False) | {"permissions": str(channel.permissions_of(member, now))}
        self.put("users", member.user.id, member.user.render())
        self.put("members", member.user.id, body)

    def put_message(self, message: Message) -> None:
        """A message that a context menu was opened on."""
        self.put("messages", message.id, message.render())


@dataclass
class Typist:
    """Where and as whom options are typed."""

    channel: Channel
    files: FileStore
    application_id: int
    upload_limit_bytes: int
    now: float

    def store(self, upload: Upload, subject: str, resolved: Resolved) -> str:
        """Upload a file for an interaction and refer to it; ClientRefused "too_large" over the person's own limit."""
        if len(upload.data) > self.upload_limit_bytes:
            raise ClientRefused("too_large", subject, self.upload_limit_bytes)
        attachment = self.files.add(upload, self.application_id, ephemeral=True)
        resolved.put("attachments", attachment.id, attachment.render())
        return str(attachment.id)


def descend(command: Command, words: list[str]) -> tuple[list[Json], list[Json]]:
    """Follow "group subcommand" words; return the chain of nesting options and the options of the innermost one."""
    options: list[Json] = command.body.get("options") or []
    chain: list[Json] = []
    for word in words:
        found = next((o for o in options if o["name"] == word and o["type"] in NESTING), None)
        if found is None:
            raise ClientRefused("unknown_subcommand", word, [o["name"] for o in options if o["type"] in NESTING])
        chain.append(found)
        options = found.get("options") or []
    if any(option["type"] in NESTING for option in options):
        raise ClientRefused("subcommand_missing", command.name, [option["name"] for option in options])
    return chain, options


def nest(chain: list[Json], filled: list[Json]) -> list[Json]:
    """Wrap filled options in the subcommands they belong to."""
    for level in reversed(chain):
        filled = [{"name": level["name"], "type": level["type"], "options": filled}]
    return filled


def fill(
    options: list[Json], given: Mapping[str, object], typist: Typist, *, partial: bool = False
) -> tuple[list[Json], Resolved]:
    """Check what was typed against the registered options, as the client does.

    Returns the options in registered order and the resolved objects. Raises ClientRefused with the rule
    ("unknown_option", "required", "wrong_type", "not_a_choice", "too_short", "too_long", "too_small", "too_great",
    "too_large"). `partial` allows missing required options, as while typing.
    """
    known = {option["name"] for option in options}
    for name in given:
        if name not in known:
            raise ClientRefused("unknown_option", name, sorted(known))
    resolved = Resolved()
    filled: list[Json] = []
    for option in options:
        name = option["name"]
        if given.get(name) is None:
            if option.get("required") and not partial:
                raise ClientRefused("required", name)
            continue
        value = _convert(option, given[name], typist, resolved)
        filled.append({"name": name, "type": option["type"], "value": value})
    return filled, resolved


def _convert(option: Json, value: object, typist: Typist, resolved: Resolved) -> object:
    kind = OptionKind(option["type"])
    if option.get("choices"):
        return _choose(option, value)
    if kind is OptionKind.STRING:
        return _string(option, value)
    if kind in (OptionKind.INTEGER, OptionKind.NUMBER):
        return _number(option, value, whole=kind is OptionKind.INTEGER)
    if kind is OptionKind.BOOLEAN:
        if not isinstance(value, bool):
            raise ClientRefused("wrong_type", option["name"], "bool")
        return value
    if kind is OptionKind.ATTACHMENT:
        if not isinstance(value, Upload):
            raise ClientRefused("wrong_type", option["name"], "Upload")
        return typist.store(value, option["name"], resolved)
    return refer(kind, option["name"], value, typist, resolved, option.get("channel_types"))


def _choose(option: Json, value: object) -> object:
    for choice in option["choices"]:
        if value in (choice["value"], choice["name"], *(choice.get("name_localizations") or {}).values()):
            return choice["value"]
    raise ClientRefused("not_a_choice", option["name"], [choice["name"] for choice in option["choices"]])


def _string(option: Json, value: object) -> str:
    if not isinstance(value, str):
        raise ClientRefused("wrong_type", option["name"], "str")
    low, high = option.get("min_length") or 0, option.get("max_length") or MAX_STRING
    if not value and option.get("required"):
        raise ClientRefused("required", option["name"])
    if len(value) < low:
        raise ClientRefused("too_short", option["name"], low)
    if len(value) > high:
        raise ClientRefused("too_long", option["name"], high)
    return value


def _number(option: Json, value: object, *, whole: bool) -> int | float:
    wanted: Any = int if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, wanted):
        raise ClientRefused("wrong_type", option["name"], "int" if whole else "float")
    assert isinstance(value, int | float)
    low, high = option.get("min_value"), option.get("max_value")
    if value < (-MAX_INTEGER if low is None else low):
        raise ClientRefused("too_small", option["name"], low)
    if value > (MAX_INTEGER if high is None else high):
        raise ClientRefused("too_great", option["name"], high)
    return value


def refer(
    kind: int, name: str, value: object, typist: Typist, resolved: Resolved, channel_kinds: list[int] | None = None
) -> str:
    """Resolve a user, channel or role that was picked, for an option or a select menu."""
    value = getattr(value, "user", value)
    guild = typist.channel.guild
    if isinstance(value, User) and kind in (OptionKind.USER, OptionKind.MENTIONABLE):
        if guild is not None and value.id in guild.members:
            resolved.put_member(guild.members[value.id], typist.channel, typist.now)
        else:
            resolved.put("users", value.id, value.render())
        return str(value.id)
    if isinstance(value, Role) and kind in (OptionKind.ROLE, OptionKind.MENTIONABLE):
        resolved.put("roles", value.id, value.render())
        return str(value.id)
    if isinstance(value, Channel) and kind == OptionKind.CHANNEL:
        if channel_kinds and value.kind not in channel_kinds:
            raise ClientRefused("wrong_channel_type", name, channel_kinds)
        resolved.put("channels", value.id, value.render() | {"permissions": "0"})
        return str(value.id)
    raise ClientRefused("wrong_type", name, OptionKind(kind).name.lower())
