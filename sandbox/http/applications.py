"""The application itself, its commands, and where its gateway is."""

from sandbox.commands import Command
from sandbox.errors import invalid_form
from sandbox.http.api import Api, Incoming, Route
from sandbox.wire import Json

_INTENT_FLAGS = 1 << 13 | 1 << 15 | 1 << 19  # presence, members and message content for bots in under 100 guilds


def application(api: Api, incoming: Incoming) -> Json:
    """The application object."""
    world = api.world
    return {
        "id": str(world.bot.id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "verify_key": "0" * 64,
        "flags": _INTENT_FLAGS,
        "bot_public": False,
        "bot_require_code_grant": False,
        "owner": world.owner.render(),
        "team": None,
        "redirect_uris": [],
        "approximate_guild_count": len(world.guilds),
        "approximate_user_install_count": 0,
        "integration_types_config": {"0": {"oauth2_install_params": {"scopes": ["bot"], "permissions": "0"}}},
    }


def gateway(api: Api, incoming: Incoming) -> Json:
    """Where to connect."""
    return {"url": api.gateway_url}


def gateway_bot(api: Api, incoming: Incoming) -> Json:
    """Where to connect, with how many shards."""
    limit = {"total": 1000, "remaining": 1000, "reset_after": 86_400_000, "max_concurrency": 1}
    return {"url": api.gateway_url, "shards": 1, "session_start_limit": limit}


def _scope(api: Api, incoming: Incoming) -> int | None:
    if "guild_id" not in incoming.params:
        return None
    return api.world.guild(incoming.id("guild_id")).id


def _told(api: Api, commands: list[Command]) -> None:
    api.world.publish("commands_changed", {"names": [command.name for command in commands]}, None, for_bot=False)


def list_commands(api: Api, incoming: Incoming) -> list[Json]:
    """All commands of a scope."""
    return [command.render() for command in api.commands.all(_scope(api, incoming))]


def replace_commands(api: Api, incoming: Incoming) -> list[Json]:
    """Set all commands of a scope."""
    bodies = incoming.body.json
    if not isinstance(bodies, list):
        raise invalid_form("_errors", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    commands = api.commands.replace(_scope(api, incoming), bodies)
    _told(api, commands)
    return [command.render() for command in commands]


def create_command(api: Api, incoming: Incoming) -> Json:
    """Add or replace one command."""
    command = api.commands.upsert(_scope(api, incoming), incoming.body.object())
    _told(api, [command])
    return command.render()


def get_command(api: Api, incoming: Incoming) -> Json:
    """One command."""
    return api.commands.get(_scope(api, incoming), incoming.id("command_id")).render()


def edit_command(api: Api, incoming: Incoming) -> Json:
    """Change one command."""
    command = api.commands.get(_scope(api, incoming), incoming.id("command_id"))
    api.commands.edit(command, incoming.body.object())
    _told(api, [command])
    return command.render()


def delete_command(api: Api, incoming: Incoming) -> None:
    """Remove one command."""
    command = api.commands.get(_scope(api, incoming), incoming.id("command_id"))
    api.commands.delete(command)
    _told(api, [])


_ONE = "/applications/{application_id}"
_SCOPES = (f"{_ONE}/commands", f"{_ONE}/guilds/{{guild_id}}/commands")
ROUTES: list[Route] = [
    ("GET", "/oauth2/applications/@me", application),
    ("GET", "/applications/@me", application),
    ("GET", "/gateway", gateway),
    ("GET", "/gateway/bot", gateway_bot),
    *(("GET", scope, list_commands) for scope in _SCOPES),
    *(("PUT", scope, replace_commands) for scope in _SCOPES),
    *(("POST", scope, create_command) for scope in _SCOPES),
    *(("GET", f"{scope}/{{command_id}}", get_command) for scope in _SCOPES),
    *(("PATCH", f"{scope}/{{command_id}}", edit_command) for scope in _SCOPES),
    *(("DELETE", f"{scope}/{{command_id}}", delete_command) for scope in _SCOPES),
]
