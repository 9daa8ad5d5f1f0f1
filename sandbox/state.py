"""The world of one sandbox: the only place that changes guilds, channels, roles and members, and announces it."""

from sandbox import permissions as rights
from sandbox.accounts import Member, Overwrite, Role, User
from sandbox.clock import Clock
from sandbox.emojis import Emojis
from sandbox.errors import ApiError
from sandbox.events import Event, EventHub
from sandbox.files import FileStore
from sandbox.messages import MessageLog
from sandbox.model import KINDS, UPLOAD_LIMIT_BYTES, Channel, Guild, ThreadFacts
from sandbox.snowflakes import Snowflakes
from sandbox.wire import Json


class World:
    """Guilds, channels, accounts and the one application that is being tried out."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.ids = Snowflakes(clock)
        self.events = EventHub()
        self.files = FileStore(clock, self.ids)
        self.emojis = Emojis(self.ids)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.direct: dict[int, Channel] = {}
        self.blocked_direct_ids: set[int] = set()
        self.upload_limit_bytes: int | None = None
        self.bot = self.create_user("Bot", bot=True)
        self.owner = self.create_user("Server owner")

    def publish(
        self, name: str, payload: Json, guild: Guild | None, subject: object = None, *, for_bot: bool = True
    ) -> None:
        """Tell everybody who listens."""
        self.events.publish(Event(name, payload, guild.id if guild else None, subject, for_bot))

    def upload_limit_in(self, guild: Guild | None) -> int:
        """Bytes per file that the bot may upload: the forced limit, else what the guild's boosts give."""
        if self.upload_limit_bytes is not None:
            return self.upload_limit_bytes
        return UPLOAD_LIMIT_BYTES[guild.premium_tier if guild else 0]

    def create_user(self, name: str, *, bot: bool = False, locale: str = "en-US") -> User:
        """A new account."""
        user = User(self.ids.next(), name, bot, locale)
        self.users[user.id] = user
        return user

    def create_guild(self, name: str, preferred_locale: str = "en-US") -> Guild:
        """A new server with its owner and the bot in it, and no channel yet."""
        guild_id = self.ids.next()
        everyone = Role(guild_id, "@everyone", rights.EVERYONE_DEFAULT, 0)
        guild = Guild(guild_id, name, self.owner.id, preferred_locale, everyone, self, roles={guild_id: everyone})
        self.guilds[guild_id] = guild
        self._enter(guild, self.owner, [])
        self.invite_bot(guild)
        return guild

    def invite_bot(self, guild: Guild) -> Member:
        """Put the bot in the guild with the role that Discord makes for it."""
        role = Role(self.ids.next(), self.bot.name, rights.INVITED_BOT, 1, bot_id=self.bot.id)
        guild.roles[role.id] = role
        member = self._enter(guild, self.bot, [role.id])
        self.publish("GUILD_CREATE", self.render_guild(guild), guild, guild)
        return member

    def guild_changed(self, guild: Guild) -> None:
        """Announce a guild whose own facts were changed in place."""
        self.publish("GUILD_UPDATE", guild.render(), guild, guild)

    def remove_bot(self, guild: Guild) -> None:
        """The bot left or was removed."""
        member = guild.members.pop(self.bot.id)
        for role_id in member.role_ids:
            del guild.roles[role_id]
        self.publish("GUILD_DELETE", {"id": str(guild.id)}, guild, guild)

    def render_guild(self, guild: Guild) -> Json:
        """The guild as GUILD_CREATE carries it."""
        return guild.render() | {
            "unavailable": False,
            "large": False,
            "joined_at": guild.members[self.bot.id].render()["joined_at"],
            "member_count": len(guild.members),
            "members": [guild.members[self.bot.id].render()],
            "channels": [channel.render() for channel in guild.channels.values()],
            "threads": [thread.render() for thread in guild.threads.values() if not _archived(thread)],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def join(self, guild: Guild, user: User, role_ids: list[int]) -> Member:
        """A person enters a server."""
        member = self._enter(guild, user, role_ids)
        self.publish("GUILD_MEMBER_ADD", member.render() | {"guild_id": str(guild.id)}, guild, member)
        return member

    def _enter(self, guild: Guild, user: User, role_ids: list[int]) -> Member:
        member = Member(user, guild, self.clock.now(), role_ids)
        guild.members[user.id] = member
        return member

    def leave(self, member: Member) -> None:
        """A person leaves a server or is put out."""
        del member.guild.members[member.user.id]
        payload = {"guild_id": str(member.guild.id), "user": member.user.render()}
        self.publish("GUILD_MEMBER_REMOVE", payload, member.guild, member)

    def member_changed(self, member: Member) -> None:
        """Announce new roles, a nickname or a timeout."""
        self.publish("GUILD_MEMBER_UPDATE", member.render() | {"guild_id": str(member.guild.id)}, member.guild, member)

    def change_role(self, member: Member, role: Role, *, inside: bool) -> None:
        """Give a member a role or take it away, and announce it."""
        if inside and role.id not in member.role_ids:
            member.role_ids.append(role.id)
        elif not inside and role.id in member.role_ids:
            member.role_ids.remove(role.id)
        self.member_changed(member)

    def create_role(self, guild: Guild, name: str, permissions: int, color: int = 0) -> Role:
        """Add a role above all others; 0 is no colour."""
        role = Role(self.ids.next(), name, permissions, len(guild.roles), color=color)
        guild.roles[role.id] = role
        self.publish("GUILD_ROLE_CREATE", {"guild_id": str(guild.id), "role": role.render()}, guild, role)
        return role

    def role_changed(self, guild: Guild, role: Role) -> None:
        """Announce a role that was changed in place."""
        self.publish("GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": role.render()}, guild, role)

    def delete_role(self, guild: Guild, role: Role) -> None:
        """Take a role away from everybody."""
        del guild.roles[role.id]
        for member in guild.members.values():
            if role.id in member.role_ids:
                member.role_ids.remove(role.id)
        self.publish("GUILD_ROLE_DELETE", {"guild_id": str(guild.id), "role_id": str(role.id)}, guild, role)

    def create_channel(self, guild: Guild, name: str, kind: str, **fields: object) -> Channel:
        """Add a channel; `kind` is a key of KINDS, `fields` are attributes of Channel."""
        channel = Channel(self.ids.next(), KINDS[kind], name, guild, MessageLog(), position=len(guild.channels))
        for key, value in fields.items():
            setattr(channel, key, value)
        guild.channels[channel.id] = channel
        self.channels[channel.id] = channel
        self.publish("CHANNEL_CREATE", channel.render(), guild, channel)
        return channel

    def create_thread(
        self,
        parent: Channel,
        name: str,
        kind: int,
        owner: User,
        thread_id: int | None = None,
        tag_ids: list[int] | None = None,
    ) -> Channel:
        """Open a thread; one that starts at a message has that message's id. It rests by itself when nobody writes."""
        assert parent.guild is not None
        now = self.clock.now()
        facts = ThreadFacts(owner.id, now, member_ids={owner.id}, tag_ids=tag_ids or [], last_activity_at=now)
        identifier = self.ids.next() if thread_id is None else thread_id
        thread = Channel(identifier, kind, name, parent.guild, MessageLog(), parent=parent, thread=facts)
        parent.guild.threads[thread.id] = thread
        self.channels[thread.id] = thread
        self.publish("THREAD_CREATE", thread.render() | {"newly_created": True}, parent.guild, thread)
        self.rest_later(thread)
        return thread

    def rest_later(self, thread: Channel) -> None:
        """Archive the thread when nobody has written in it for as long as it waits, as Discord does."""
        facts = thread.thread
        assert facts is not None
        facts.last_activity_at = self.clock.now()
        if facts.resting is not None:
            facts.resting.cancel()
        due = facts.last_activity_at + 60.0 * facts.auto_archive_minutes
        facts.resting = None if facts.archived else self.clock.call_at(due, lambda: self._rest(thread))

    def _rest(self, thread: Channel) -> None:
        facts = thread.thread
        if facts is not None and not thread.deleted and not facts.archived:
            facts.archived, facts.archived_at, facts.resting = True, self.clock.now(), None
            self.channel_changed(thread)

    def channel_changed(self, channel: Channel) -> None:
        """Announce a channel or thread that was changed in place."""
        name = "CHANNEL_UPDATE" if channel.thread is None else "THREAD_UPDATE"
        self.publish(name, channel.render(), channel.guild, channel)

    def delete_channel(self, channel: Channel) -> None:
        """Remove a channel with its threads and messages."""
        guild = channel.guild
        assert guild is not None
        for thread in [thread for thread in guild.threads.values() if thread.parent is channel]:
            self.delete_channel(thread)
        if channel.thread is not None and channel.thread.resting is not None:
            channel.thread.resting.cancel()
        channel.deleted = True
        del self.channels[channel.id]
        del (guild.channels if channel.thread is None else guild.threads)[channel.id]
        for message in channel.messages:
            message.deleted = True
        self.publish("CHANNEL_DELETE" if channel.thread is None else "THREAD_DELETE", channel.render(), guild, channel)

    def direct_channel(self, user: User) -> Channel:
        """The conversation between the bot and one person, made when first needed."""
        channel = self.direct.get(user.id)
        if channel is None:
            channel = Channel(self.ids.next(), KINDS["dm"], "", None, MessageLog(), recipient=user)
            self.direct[user.id] = channel
            self.channels[channel.id] = channel
        return channel

    def rights_of(self, user: User, channel: Channel) -> int:
        """The permission bits of an account in a channel; none for somebody who is not in the guild."""
        if channel.guild is None:
            return rights.DIRECT_MESSAGE
        member = channel.guild.members.get(user.id)
        return 0 if member is None else channel.permissions_of(member, self.clock.now())

    def require(self, channel: Channel, *needed: rights.Permission) -> int:
        """The bot's permissions in a channel; 50001 if it cannot see it, 50013 if one of `needed` is missing."""
        have = self.rights_of(self.bot, channel)
        if not have & rights.P.VIEW_CHANNEL:
            raise ApiError(50001)
        if any(not have & permission for permission in needed):
            raise ApiError(50013)
        return have

    def channel(self, channel_id: int) -> Channel:
        """A channel by id; 10003 if there is none."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise ApiError(10003)
        return channel

    def guild(self, guild_id: int) -> Guild:
        """A guild the bot is in; 10004 for every other."""
        guild = self.guilds.get(guild_id)
        if guild is None or self.bot.id not in guild.members:
            raise ApiError(10004)
        return guild

    def set_bot_permission(self, permission: int, *, allowed: bool) -> None:
        """Grant or deny the bot a permission everywhere: in its own role and by an overwrite in every channel."""
        for guild in self.guilds.values():
            role = next(role for role in guild.roles.values() if role.bot_id == self.bot.id)
            role.permissions = role.permissions | permission if allowed else role.permissions & ~permission
            self.role_changed(guild, role)
            for channel in guild.channels.values():
                overwrite = channel.overwrites.setdefault(self.bot.id, Overwrite(self.bot.id, 1))
                overwrite.deny = overwrite.deny & ~permission if allowed else overwrite.deny | permission
                self.channel_changed(channel)


def _archived(thread: Channel) -> bool:
    return thread.thread is not None and thread.thread.archived
