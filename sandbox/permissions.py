"""Discord's permission bits and how they add up for one member in one place."""

from collections.abc import Iterable
from enum import IntFlag


class Permission(IntFlag):
    """The bits, from Discord's reference on permissions."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    PRIORITY_SPEAKER = 1 << 8
    STREAM = 1 << 9
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    VIEW_GUILD_INSIGHTS = 1 << 19
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    MUTE_MEMBERS = 1 << 22
    DEAFEN_MEMBERS = 1 << 23
    MOVE_MEMBERS = 1 << 24
    USE_VAD = 1 << 25
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    MANAGE_GUILD_EXPRESSIONS = 1 << 30
    USE_APPLICATION_COMMANDS = 1 << 31
    REQUEST_TO_SPEAK = 1 << 32
    MANAGE_EVENTS = 1 << 33
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    USE_EXTERNAL_STICKERS = 1 << 37
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EMBEDDED_ACTIVITIES = 1 << 39
    MODERATE_MEMBERS = 1 << 40
    USE_SOUNDBOARD = 1 << 42
    CREATE_GUILD_EXPRESSIONS = 1 << 43
    CREATE_EVENTS = 1 << 44
    USE_EXTERNAL_SOUNDS = 1 << 45
    SEND_VOICE_MESSAGES = 1 << 46
    SEND_POLLS = 1 << 49
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51
    BYPASS_SLOWMODE = 1 << 52


P = Permission
EVERYTHING = int(sum(P))
# What a new server's @everyone role may do, as far as a text bot can notice it.
EVERYONE_DEFAULT = int(
    P.CREATE_INSTANT_INVITE | P.ADD_REACTIONS | P.STREAM | P.VIEW_CHANNEL | P.SEND_MESSAGES | P.EMBED_LINKS
    | P.ATTACH_FILES | P.READ_MESSAGE_HISTORY | P.MENTION_EVERYONE | P.USE_EXTERNAL_EMOJIS | P.CONNECT | P.SPEAK
    | P.USE_VAD | P.CHANGE_NICKNAME | P.USE_APPLICATION_COMMANDS | P.REQUEST_TO_SPEAK | P.CREATE_PUBLIC_THREADS
    | P.CREATE_PRIVATE_THREADS | P.USE_EXTERNAL_STICKERS | P.SEND_MESSAGES_IN_THREADS | P.USE_EMBEDDED_ACTIVITIES
    | P.USE_SOUNDBOARD | P.SEND_VOICE_MESSAGES | P.SEND_POLLS | P.USE_EXTERNAL_APPS
)  # fmt: skip
# What a bot is commonly invited with on top of that.
INVITED_BOT = int(EVERYONE_DEFAULT | P.PIN_MESSAGES)
DIRECT_MESSAGE = int(
    P.VIEW_CHANNEL | P.SEND_MESSAGES | P.EMBED_LINKS | P.ATTACH_FILES | P.READ_MESSAGE_HISTORY | P.MENTION_EVERYONE
    | P.USE_EXTERNAL_EMOJIS | P.ADD_REACTIONS | P.SEND_POLLS
)  # fmt: skip
_NEED_SENDING = int(P.MENTION_EVERYONE | P.SEND_TTS_MESSAGES | P.ATTACH_FILES | P.EMBED_LINKS)
_TIMED_OUT = int(P.VIEW_CHANNEL | P.READ_MESSAGE_HISTORY)


def bit(name: str) -> int:
    """The bit of a permission by its lower-case name, as discord.py and the page write it; KeyError if unknown."""
    return int(Permission[name.upper()])


def in_guild(everyone: int, roles: Iterable[int], *, owner: bool) -> int:
    """The permissions in a guild before any channel is looked at."""
    if owner:
        return EVERYTHING
    total = everyone
    for permissions in roles:
        total |= permissions
    return EVERYTHING if total & P.ADMINISTRATOR else total


def apply_overwrites(base: int, overwrites: Iterable[tuple[int, int]]) -> int:
    """Lay (allow, deny) pairs over the base, in Discord's order: @everyone, all roles together, the member."""
    if base & P.ADMINISTRATOR:
        return EVERYTHING
    for allow, deny in overwrites:
        base = (base & ~deny) | allow
    return base


def implied(permissions: int, *, timed_out: bool) -> int:
    """Take away what is useless without a more basic permission."""
    if permissions & P.ADMINISTRATOR:
        return permissions
    if timed_out:
        permissions &= _TIMED_OUT
    if not permissions & P.VIEW_CHANNEL:
        return 0
    if not permissions & P.SEND_MESSAGES:
        permissions &= ~_NEED_SENDING
    return permissions
