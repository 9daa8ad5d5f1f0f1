"""Accounts, guilds, roles and members."""

from datetime import datetime

from sandbox.accounts import Member, Role
from sandbox.errors import ApiError, invalid_form
from sandbox.http.api import Api, Incoming, Route, guild_of
from sandbox.model import Guild
from sandbox.permissions import P, Permission
from sandbox.wire import Json


def me(api: Api, incoming: Incoming) -> Json:
    """The bot's own account."""
    return api.world.bot.render() | {
        "verified": True,
        "mfa_enabled": False,
        "locale": "en-US",
        "flags": 0,
        "email": None,
    }


def edit_me(api: Api, incoming: Incoming) -> Json:
    """Rename the bot."""
    api.world.bot.name = incoming.body.object().get("username", api.world.bot.name)
    return me(api, incoming)


def user(api: Api, incoming: Incoming) -> Json:
    """Any account; 10013 if there is none."""
    found = api.world.users.get(incoming.id("user_id"))
    if found is None:
        raise ApiError(10013)
    return found.render()


def my_guilds(api: Api, incoming: Incoming) -> list[Json]:
    """The guilds that the bot is in."""
    bot_id = api.world.bot.id
    guilds = [guild for guild in api.world.guilds.values() if bot_id in guild.members]
    return [
        {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(guild.members[bot_id].permissions()),
            "features": [],
            "approximate_member_count": len(guild.members),
            "approximate_presence_count": len(guild.members),
        }
        for guild in guilds
    ]


def leave(api: Api, incoming: Incoming) -> None:
    """Leave a guild."""
    api.world.remove_bot(guild_of(api, incoming))


def open_direct(api: Api, incoming: Incoming) -> Json:
    """The conversation with one person."""
    recipient = api.world.users.get(int(incoming.body.object()["recipient_id"]))
    if recipient is None:
        raise ApiError(10013)
    if recipient.bot:
        raise ApiError(50007)
    return api.world.direct_channel(recipient).render()


def guild(api: Api, incoming: Incoming) -> Json:
    """One guild."""
    found = guild_of(api, incoming)
    count = {"approximate_member_count": len(found.members), "approximate_presence_count": len(found.members)}
    return found.render() | (count if incoming.flag("with_counts") else {})


def _require(api: Api, found: Guild, permission: Permission) -> None:
    if not found.members[api.world.bot.id].permissions() & permission:
        raise ApiError(50013)


def roles(api: Api, incoming: Incoming) -> list[Json]:
    """The roles of a guild."""
    return [role.render() for role in guild_of(api, incoming).roles.values()]


def create_role(api: Api, incoming: Incoming) -> Json:
    """Add a role."""
    found = guild_of(api, incoming)
    _require(api, found, P.MANAGE_ROLES)
    body = incoming.body.object()
    role = found.add_role(str(body.get("name") or "new role"), int(body.get("permissions") or 0))
    role.mentionable = bool(body.get("mentionable"))
    return role.render()


def _role(incoming: Incoming, found: Guild) -> Role:
    role = found.roles.get(incoming.id("role_id"))
    if role is None:
        raise ApiError(10011)
    return role


def _below_bot(api: Api, found: Guild, role: Role) -> None:
    """The bot only touches roles under its own highest one, as the platform's hierarchy demands."""
    own = found.members[api.world.bot.id]
    if role.position >= max(found.roles[role_id].position for role_id in own.role_ids):
        raise ApiError(50013)


def edit_role(api: Api, incoming: Incoming) -> Json:
    """Change a role."""
    found = guild_of(api, incoming)
    _require(api, found, P.MANAGE_ROLES)
    role = _role(incoming, found)
    _below_bot(api, found, role)
    body = incoming.body.object()
    role.name = body.get("name", role.name)
    role.permissions = int(body.get("permissions", role.permissions))
    role.mentionable = bool(body.get("mentionable", role.mentionable))
    api.world.role_changed(found, role)
    return role.render()


def delete_role(api: Api, incoming: Incoming) -> None:
    """Remove a role."""
    found = guild_of(api, incoming)
    _require(api, found, P.MANAGE_ROLES)
    role = _role(incoming, found)
    _below_bot(api, found, role)
    api.world.delete_role(found, role)


def members(api: Api, incoming: Incoming) -> list[Json]:
    """A page of members by rising id."""
    found = guild_of(api, incoming)
    after = incoming.snowflake("after") or 0
    ids = sorted(user_id for user_id in found.members if user_id > after)[: incoming.count("limit", 1, 1000)]
    return [found.members[user_id].render() for user_id in ids]


def search_members(api: Api, incoming: Incoming) -> list[Json]:
    """Members whose name begins with the query."""
    query = incoming.query.get("query", "").lower()
    found = [
        one for one in guild_of(api, incoming).members.values() if (one.nick or one.user.name).lower().startswith(query)
    ]
    return [member.render() for member in found[: incoming.count("limit", 1, 1000)]]


def _member(api: Api, incoming: Incoming) -> Member:
    member = guild_of(api, incoming).members.get(incoming.id("user_id"))
    if member is None:
        raise ApiError(10007)
    return member


def member(api: Api, incoming: Incoming) -> Json:
    """One member."""
    return _member(api, incoming).render()


def edit_member(api: Api, incoming: Incoming) -> Json:
    """Change nickname, roles or timeout of a member."""
    found = _member(api, incoming)
    body = incoming.body.object()
    if "nick" in body:
        _require(api, found.guild, P.MANAGE_NICKNAMES)
        found.nick = body["nick"]
    if "roles" in body:
        _require(api, found.guild, P.MANAGE_ROLES)
        found.role_ids = [int(role_id) for role_id in body["roles"]]
    if "communication_disabled_until" in body:
        _require(api, found.guild, P.MODERATE_MEMBERS)
        until = body["communication_disabled_until"]
        found.timed_out_until = datetime.fromisoformat(until).timestamp() if until else 0.0
    api.world.member_changed(found)
    return found.render()


def edit_own_member(api: Api, incoming: Incoming) -> Json:
    """Change the bot's own nickname."""
    found = guild_of(api, incoming).members[api.world.bot.id]
    _require(api, found.guild, P.CHANGE_NICKNAME)
    found.nick = incoming.body.object().get("nick")
    api.world.member_changed(found)
    return found.render()


def add_role(api: Api, incoming: Incoming) -> None:
    """Give a member a role."""
    _change_role(api, incoming, inside=True)


def remove_role(api: Api, incoming: Incoming) -> None:
    """Take a role from a member."""
    _change_role(api, incoming, inside=False)


def _change_role(api: Api, incoming: Incoming, *, inside: bool) -> None:
    found = _member(api, incoming)
    _require(api, found.guild, P.MANAGE_ROLES)
    role = _role(incoming, found.guild)
    if role.bot_id is not None:
        raise invalid_form("role_id", "ROLE_MANAGED", "A managed role cannot be given or taken")
    _below_bot(api, found.guild, role)
    api.world.change_role(found, role, inside=inside)


def kick(api: Api, incoming: Incoming) -> None:
    """Put a member out."""
    found = _member(api, incoming)
    _require(api, found.guild, P.KICK_MEMBERS)
    api.world.leave(found)


def nothing(api: Api, incoming: Incoming) -> list[Json]:
    """Emojis, stickers, invites, webhooks, scheduled events: a sandbox's guild has none."""
    guild_of(api, incoming)
    return []


_ONE = "/guilds/{guild_id}"
_MEMBER = f"{_ONE}/members/{{user_id}}"
ROUTES: list[Route] = [
    ("GET", "/users/@me", me),
    ("PATCH", "/users/@me", edit_me),
    ("GET", "/users/@me/guilds", my_guilds),
    ("DELETE", "/users/@me/guilds/{guild_id}", leave),
    ("POST", "/users/@me/channels", open_direct),
    ("GET", "/users/{user_id}", user),
    ("GET", _ONE, guild),
    ("GET", f"{_ONE}/roles", roles),
    ("POST", f"{_ONE}/roles", create_role),
    ("PATCH", f"{_ONE}/roles/{{role_id}}", edit_role),
    ("DELETE", f"{_ONE}/roles/{{role_id}}", delete_role),
    ("GET", f"{_ONE}/members", members),
    ("GET", f"{_ONE}/members/search", search_members),
    ("PATCH", f"{_ONE}/members/@me", edit_own_member),
    ("GET", _MEMBER, member),
    ("PATCH", _MEMBER, edit_member),
    ("DELETE", _MEMBER, kick),
    ("PUT", f"{_MEMBER}/roles/{{role_id}}", add_role),
    ("DELETE", f"{_MEMBER}/roles/{{role_id}}", remove_role),
    *(("GET", f"{_ONE}/{what}", nothing) for what in ("emojis", "stickers", "invites", "webhooks", "scheduled-events")),
]
