"""Messages and attachments as everybody in the sandbox sees them: one live object each, changed in place by edits."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag

from sandbox import components as parts
from sandbox.accounts import User
from sandbox.components import Button
from sandbox.model import Channel
from sandbox.wire import Json, iso8601

SPOILER_PREFIX = "SPOILER_"


class MessageType(IntEnum):
    """The kinds of message that a bot can cause."""

    DEFAULT = 0
    PIN = 6
    THREAD_CREATED = 18
    REPLY = 19
    COMMAND = 20
    THREAD_STARTER = 21
    CONTEXT_MENU = 23


class Flag(IntFlag):
    """The bits of `Message.flags`, from Discord's reference."""

    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


@dataclass(eq=False)
class Attachment:
    """One uploaded file; `url` is signed afresh every time it is asked for and expires."""

    id: int
    filename: str
    content: bytes = field(repr=False)
    content_type: str | None
    place: str
    sign: Callable[["Attachment"], str] = field(repr=False)
    description: str | None = None
    width: int | None = None
    height: int | None = None
    claimed_bytes: int | None = None
    ephemeral: bool = False

    @property
    def size(self) -> int:
        """Bytes, as the platform states them."""
        return len(self.content) if self.claimed_bytes is None else self.claimed_bytes

    @property
    def url(self) -> str:
        """An address on the sandbox's CDN, valid for a day from now."""
        return self.sign(self)

    @property
    def spoiler(self) -> bool:
        """Whether it is covered until clicked."""
        return self.filename.startswith(SPOILER_PREFIX)

    def render(self) -> Json:
        """The attachment object."""
        url = self.url
        body: Json = {
            "id": str(self.id),
            "filename": self.filename,
            "size": self.size,
            "url": url,
            "proxy_url": url,
            "flags": 0,
        }
        optional = {
            "content_type": self.content_type,
            "description": self.description,
            "width": self.width,
            "height": self.height,
            "ephemeral": self.ephemeral or None,
        }
        return body | {key: value for key, value in optional.items() if value is not None}


@dataclass(eq=False, repr=False)
class Message:
    """A message in a channel. `visible_to` is the only person who sees an ephemeral one."""

    id: int
    channel: Channel
    author: User
    created_at: float
    content: str = ""
    type: int = MessageType.DEFAULT
    flags: int = 0
    embeds: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    nonce: str | int | None = None
    edited_at: float | None = None
    edits: int = 0
    deleted: bool = False
    visible_to: int | None = None
    mentions: list[User] = field(default_factory=list)
    mention_role_ids: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    notified_ids: set[int] = field(default_factory=set)
    reference: Json | None = None
    referenced: "Message | None" = None
    reactions: dict[str, dict[int, None]] = field(default_factory=dict)
    pinned: bool = False
    pinned_at: float = 0.0
    interaction: Json | None = None
    webhook_id: int | None = None
    application_id: int | None = None
    thread: Channel | None = None

    def __repr__(self) -> str:
        files = [attachment.filename for attachment in self.attachments]
        state = "thinking" if self.thinking else "deleted" if self.deleted else f"{self.edits} edits"
        return f"<Message {self.id} by {self.author.name!r}: {self.text[:200]!r} files={files} {state}>"

    @property
    def channel_id(self) -> int:
        """The channel it stands in."""
        return self.channel.id

    @property
    def ephemeral(self) -> bool:
        """Whether only one person can see it."""
        return bool(self.flags & Flag.EPHEMERAL)

    @property
    def thinking(self) -> bool:
        """Whether it is still the placeholder of a deferred answer."""
        return bool(self.flags & Flag.LOADING)

    @property
    def buttons(self) -> list[Button]:
        """All buttons, wherever they are nested, in reading order."""
        return parts.buttons(self.components)

    @property
    def spoken(self) -> str:
        """The text in which mentions count: content and text displays, but no embeds."""
        return "\n".join(filter(None, [self.content, *parts.texts(self.components)]))

    @property
    def text(self) -> str:
        """Everything a person reads: content, text displays of components, embeds."""
        return "\n".join(filter(None, [self.spoken, *map(parts.embed_text, self.embeds)]))

    @property
    def shown_attachments(self) -> list[Attachment]:
        """The attachments a person sees beside the text: with Components V2 only those that a component shows, else
        those that no embed shows.
        """
        if not self.flags & Flag.COMPONENTS_V2:
            inside = [address for embed in self.embeds for address in parts.embed_addresses(embed)]
            return [one for one in self.attachments if not any(f"/{one.id}/" in address for address in inside)]
        shown = parts.shown_attachment_ids(self.components)
        return [attachment for attachment in self.attachments if attachment.id in shown]

    def render(self, *, reference: bool = True) -> Json:
        """The message object, without the keys that only gateway events add."""
        body: Json = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.render(),
            "content": self.content,
            "timestamp": iso8601(self.created_at),
            "edited_timestamp": None if self.edited_at is None else iso8601(self.edited_at),
            "tts": False,
            "mention_everyone": self.mention_everyone,
            "mentions": [user.render() for user in self.mentions],
            "mention_roles": [str(role_id) for role_id in self.mention_role_ids],
            "attachments": [attachment.render() for attachment in self.attachments],
            "embeds": self.embeds,
            "components": self.components,
            "pinned": self.pinned,
            "type": int(self.type),
            "flags": self.flags,
        }
        if self.reactions:
            body["reactions"] = [self._render_reaction(emoji) for emoji in self.reactions]
        return body | self._render_links(reference=reference)

    def _render_links(self, *, reference: bool) -> Json:
        body: Json = {}
        if self.nonce is not None:
            body["nonce"] = self.nonce
        if self.webhook_id is not None:
            body["webhook_id"] = str(self.webhook_id)
        if self.application_id is not None:
            body["application_id"] = str(self.application_id)
        if self.interaction is not None:
            body["interaction_metadata"] = self.interaction
        if self.thread is not None:
            body["thread"] = self.thread.render()
        if self.reference is not None:
            body["message_reference"] = self.reference
            if reference:
                gone = self.referenced is None or self.referenced.deleted
                body["referenced_message"] = (
                    None if gone or not self.referenced else self.referenced.render(reference=False)
                )
        return body

    def _render_reaction(self, emoji: str) -> Json:
        name, _, emoji_id = emoji.partition(":")
        count = len(self.reactions[emoji])
        return {
            "emoji": {"id": emoji_id or None, "name": name},
            "count": count,
            "count_details": {"burst": 0, "normal": count},
            "me": any(user_id == self.application_id for user_id in self.reactions[emoji]),
            "me_burst": False,
            "burst_colors": [],
        }


class MessageLog:
    """The messages of one channel, oldest first, found by id in constant time."""

    def __init__(self) -> None:
        self._by_id: dict[int, Message] = {}
        self._ids: list[int] = []
        self.last_id: int | None = None

    def __iter__(self) -> Iterator[Message]:
        return (self._by_id[message_id] for message_id in self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def get(self, message_id: int) -> Message | None:
        """The message, or None when it never existed or was deleted."""
        return self._by_id.get(message_id)

    def add(self, message: Message) -> None:
        """Append; identifiers only ever grow, so this keeps the order."""
        self._by_id[message.id] = message
        insort(self._ids, message.id)
        self.last_id = message.id

    def remove(self, message: Message) -> None:
        """Take out a message that is there."""
        del self._by_id[message.id]
        del self._ids[bisect_left(self._ids, message.id)]

    def page(self, limit: int, *, before: int | None, after: int | None, around: int | None) -> list[Message]:
        """Up to `limit` messages, newest first, as Discord pages through a history."""
        ids = self._ids
        if around is not None:
            middle = bisect_left(ids, around)
            start = max(0, middle - limit // 2)
            chosen = ids[start : start + limit]
        elif after is not None:
            start = bisect_right(ids, after)
            chosen = ids[start : start + limit]
        else:
            end = len(ids) if before is None else bisect_left(ids, before)
            chosen = ids[max(0, end - limit) : end]
        return [self._by_id[message_id] for message_id in reversed(chosen)]
