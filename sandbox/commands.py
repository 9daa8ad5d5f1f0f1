"""The application's commands: stored as Discord does when a bot registers them, found as a person does."""

from dataclasses import dataclass, field
from typing import Final

from sandbox.accounts import Member
from sandbox.command_rules import MAX_COMMANDS, CommandKind, check_command
from sandbox.errors import ApiError, ClientRefused, invalid_form
from sandbox.model import Channel
from sandbox.permissions import P
from sandbox.snowflakes import Snowflakes
from sandbox.wire import Json

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
