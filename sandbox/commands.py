"""The application's commands: checked and stored as Discord does when a bot registers them, found as a person does."""

import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from sandbox.accounts import Member
from sandbox.errors import ApiError, ClientRefused, invalid_form
from sandbox.model import Channel
from sandbox.permissions import P
from sandbox.snowflakes import Snowflakes
from sandbox.wire import Json


class CommandKind(IntEnum):
    """What a command is started from."""

    CHAT_INPUT = 1
    USER = 2
    MESSAGE = 3


class OptionKind(IntEnum):
    """Option types, from Discord's reference on application commands."""

    SUBCOMMAND = 1
    GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


# Limits from Discord's reference on application commands.
MAX_COMMANDS: Final = {CommandKind.CHAT_INPUT: 100, CommandKind.USER: 15, CommandKind.MESSAGE: 15}
MAX_OPTIONS: Final = 25
MAX_TOTAL_CHARACTERS: Final = 8000
_CHAT_NAME = re.compile(r"[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}")
NESTING: Final = frozenset({OptionKind.SUBCOMMAND, OptionKind.GROUP})
_DEFAULTS: Final[Json] = {
    "type": 1,
    "description": "",
    "name_localizations": None,
    "description_localizations": None,
    "default_member_permissions": None,
    "nsfw": False,
    "contexts": None,
    "integration_types": [0],
}
GUILD_CONTEXT, BOT_DM_CONTEXT = 0, 1


@dataclass(eq=False)
class Command:
    """One registered command; `guild_id` is None for a global one."""

    id: int
    version: int
    application_id: int
    guild_id: int | None
    body: Json
    overwrites: dict[tuple[int, int], bool] = field(default_factory=dict)
    """What an administrator set under Integrations: allowed or not, by guild and by person or role."""

    @property
    def name(self) -> str:
        """The name it was registered under."""
        return str(self.body["name"])

    @property
    def kind(self) -> CommandKind:
        """Chat input, user or message."""
        return CommandKind(self.body["type"])

    def usable_by(self, member: Member | None, channel: Channel) -> bool:
        """Whether a person is offered this command in a channel."""
        if channel.guild is None or member is None:
            contexts = self.body["contexts"]
            allowed = BOT_DM_CONTEXT in contexts if contexts is not None else self.body.get("dm_permission", True)
            return self.guild_id is None and allowed is not False
        if self.guild_id is not None and self.guild_id != channel.guild.id:
            return False
        if self.body["contexts"] is not None and GUILD_CONTEXT not in self.body["contexts"]:
            return False
        needed = self.body["default_member_permissions"]
        have = member.permissions()
        if have & P.ADMINISTRATOR:
            return True
        if (overwritten := self._overwritten(member)) is not None:
            return overwritten
        if needed is None:
            return True
        return int(needed) != 0 and have & int(needed) == int(needed)

    def _overwritten(self, member: Member) -> bool | None:
        own = self.overwrites.get((member.guild.id, member.user.id))
        if own is not None:
            return own
        roles = [self.overwrites.get((member.guild.id, role_id)) for role_id in member.role_ids]
        return any(roles) if any(role is not None for role in roles) else None

    def answers_to(self, name: str, locale: str) -> bool:
        """Whether a person whose client is in `locale` finds it under this name."""
        return name in (self.name, (self.body["name_localizations"] or {}).get(locale))

    def render(self) -> Json:
        """The command object."""
        body = self.body | {
            "id": str(self.id),
            "application_id": str(self.application_id),
            "version": str(self.version),
        }
        return body if self.guild_id is None else body | {"guild_id": str(self.guild_id)}


class CommandRegistry:
    """All commands of one application, globally and per guild."""

    def __init__(self, ids: Snowflakes, application_id: int) -> None:
        self._ids = ids
        self._application_id = application_id
        self._scopes: dict[int | None, dict[tuple[int, str], Command]] = {None: {}}
        self._by_id: dict[int, Command] = {}
        self.registered = False

    def replace(self, guild_id: int | None, bodies: list[Json]) -> list[Command]:
        """Set all commands of a scope at once; a command that keeps its name and type keeps its id.

        Raises ApiError 50035 or 30032 and changes nothing when one of the bodies breaks a documented limit.
        """
        seen: set[tuple[int, str]] = set()
        for index, body in enumerate(bodies):
            check_command(body, str(index))
            key = _key(body)
            if key in seen:
                message = "Application command names must be unique"
                raise invalid_form(f"{index}.name", "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
            seen.add(key)
        for kind, limit in MAX_COMMANDS.items():
            if sum(key[0] == kind for key in seen) > limit:
                raise ApiError(30032)
        old = self._scopes.get(guild_id, {})
        for key, command in old.items():
            if key not in seen:
                del self._by_id[command.id]
        scope = {_key(body): self._keep(old.get(_key(body)), guild_id, body) for body in bodies}
        self._scopes[guild_id] = scope
        self.registered = True
        return list(scope.values())

    def upsert(self, guild_id: int | None, body: Json) -> Command:
        """Add one command, or replace the one with the same name and type."""
        check_command(body, "")
        scope = self._scopes.setdefault(guild_id, {})
        command = self._keep(scope.get(_key(body)), guild_id, body)
        scope[_key(body)] = command
        return command

    def edit(self, command: Command, changes: Json) -> Command:
        """Apply a partial body to a command."""
        body = command.body | changes
        check_command(body, "")
        scope = self._scopes[command.guild_id]
        del scope[_key(command.body)]
        command.body = body
        command.version = self._ids.next()
        scope[_key(body)] = command
        return command

    def delete(self, command: Command) -> None:
        """Remove a command."""
        del self._scopes[command.guild_id][_key(command.body)]
        del self._by_id[command.id]

    def get(self, guild_id: int | None, command_id: int) -> Command:
        """A command of a scope by id; 10063 if there is none."""
        command = self._by_id.get(command_id)
        if command is None or command.guild_id != guild_id:
            raise ApiError(10063)
        return command

    def all(self, guild_id: int | None) -> list[Command]:
        """The commands of one scope, in the order of registration."""
        return list(self._scopes.get(guild_id, {}).values())

    def offered(
        self, member: Member | None, channel: Channel, kind: CommandKind = CommandKind.CHAT_INPUT
    ) -> list[Command]:
        """What a person's client lists in a channel; a guild's command hides a global one of the same name."""
        guild_id = None if channel.guild is None else channel.guild.id
        merged = dict(self._scopes[None]) | (self._scopes.get(guild_id, {}) if guild_id is not None else {})
        return [command for command in merged.values() if command.kind is kind and command.usable_by(member, channel)]

    def find(self, name: str, member: Member | None, channel: Channel, kind: CommandKind, locale: str) -> Command:
        """The command that a person means; ClientRefused "unknown_command" if none is offered under this name."""
        offered = self.offered(member, channel, kind)
        for command in offered:
            if command.answers_to(name, locale):
                return command
        raise ClientRefused("unknown_command", name, sorted(command.name for command in offered))

    def _keep(self, old: Command | None, guild_id: int | None, body: Json) -> Command:
        full: Json = _DEFAULTS | body
        if full["default_member_permissions"] is not None:
            full["default_member_permissions"] = str(full["default_member_permissions"])
        identifier = self._ids.next()
        if old is not None:
            unchanged = old.body == full
            command = Command(old.id, old.version if unchanged else identifier, self._application_id, guild_id, full)
        else:
            command = Command(identifier, identifier, self._application_id, guild_id, full)
        command.overwrites = {} if old is None else old.overwrites
        self._by_id[command.id] = command
        return command


def _key(body: Json) -> tuple[int, str]:
    return int(body.get("type") or 1), str(body["name"])


def check_command(body: Json, path: str) -> None:
    """Raise 50035 for the first documented limit that a registered command breaks."""
    prefix = f"{path}." if path else ""
    kind = body.get("type") or CommandKind.CHAT_INPUT
    name = body.get("name") or ""
    if kind != CommandKind.CHAT_INPUT:
        if not 1 <= len(name) <= 32:
            raise _bad_length(f"{prefix}name", 1, 32)
        if body.get("options"):
            raise invalid_form(f"{prefix}options", "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS", "No options here")
        return
    _check_names(body, prefix)
    _check_options(body.get("options") or [], f"{prefix}options")
    if _characters(body) > MAX_TOTAL_CHARACTERS:
        message = f"Command exceeds maximum size ({MAX_TOTAL_CHARACTERS})"
        raise invalid_form(f"{prefix}name", "APPLICATION_COMMAND_TOO_LARGE", message)


def _check_names(item: Json, prefix: str) -> None:
    name, description = item.get("name") or "", item.get("description") or ""
    for text in (name, *(item.get("name_localizations") or {}).values()):
        if not _CHAT_NAME.fullmatch(text) or text != text.lower():
            message = "Command name is invalid"
            raise invalid_form(f"{prefix}name", "APPLICATION_COMMAND_INVALID_NAME", message)
    for text in (description, *(item.get("description_localizations") or {}).values()):
        if not 1 <= len(text) <= 100:
            raise _bad_length(f"{prefix}description", 1, 100)


def _check_options(options: list[Json], path: str) -> None:
    if len(options) > MAX_OPTIONS:
        raise _bad_length(path, 0, MAX_OPTIONS)
    names: set[str] = set()
    optional_seen = False
    for index, option in enumerate(options):
        here = f"{path}.{index}"
        _check_names(option, f"{here}.")
        if option["name"] in names:
            raise invalid_form(f"{here}.name", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Duplicate option name")
        names.add(option["name"])
        if option["type"] in NESTING:
            _check_options(option.get("options") or [], f"{here}.options")
            continue
        if option.get("required") and optional_seen:
            message = "Required options must be placed before non-required options"
            raise invalid_form(f"{here}.required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen = optional_seen or not option.get("required")
        _check_choices(option, here)


def _check_choices(option: Json, path: str) -> None:
    choices = option.get("choices") or []
    if len(choices) > MAX_OPTIONS:
        raise _bad_length(f"{path}.choices", 0, MAX_OPTIONS)
    if choices and option.get("autocomplete"):
        message = "Autocomplete options cannot have choices"
        raise invalid_form(f"{path}.choices", "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", message)
    for index, choice in enumerate(choices):
        check_choice(choice, f"{path}.choices.{index}")


def check_choice(choice: Json, path: str) -> None:
    """Raise 50035 when a choice, fixed or suggested, is too long."""
    if not 1 <= len(str(choice.get("name", ""))) <= 100:
        raise _bad_length(f"{path}.name", 1, 100)
    value = choice.get("value")
    if isinstance(value, str) and len(value) > 100:
        raise _bad_length(f"{path}.value", 0, 100)


def _characters(item: Any) -> int:
    """Names, descriptions and values together, which Discord caps; of localisations only the longest counts."""
    total = 0
    for key in ("name", "description"):
        texts = [str(item.get(key) or ""), *(item.get(f"{key}_localizations") or {}).values()]
        total += max(map(len, texts))
    total += sum(len(str(choice["value"])) for choice in item.get("choices") or [] if "value" in choice)
    nested = [*(item.get("options") or []), *(item.get("choices") or [])]
    return total + sum(map(_characters, nested))


def _bad_length(path: str, low: int, high: int) -> ApiError:
    return invalid_form(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
