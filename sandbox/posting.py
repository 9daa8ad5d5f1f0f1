"""Posting, editing and deleting messages in the world, with their files, mentions and idempotent nonces."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Final

from sandbox import components, content, mentions
from sandbox.accounts import User
from sandbox.errors import ApiError, invalid_form
from sandbox.files import Upload
from sandbox.messages import Attachment, Flag, Message, MessageType
from sandbox.model import Channel
from sandbox.permissions import P
from sandbox.state import World
from sandbox.wire import Json

# Discord's reference says that `enforce_nonce` looks at "the past few minutes" and names no figure: five are assumed.
NONCE_WINDOW_SECONDS: Final = 300.0
_SETTABLE: Final = int(
    Flag.SUPPRESS_EMBEDS | Flag.EPHEMERAL | Flag.SUPPRESS_NOTIFICATIONS | Flag.COMPONENTS_V2
)  # fmt: skip


@dataclass
class Draft:
    """A message body as it came over the wire, with the files that came with it (`files[n]` under key n)."""

    body: Json
    files: dict[int, Upload] = field(default_factory=dict)

    @property
    def flags(self) -> int:
        """The flags that whoever posts may set."""
        return int(self.body.get("flags") or 0) & _SETTABLE


class Posting:
    """The one place that creates, changes and removes messages."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._nonces: OrderedDict[tuple[int, int, str], tuple[float, Message]] = OrderedDict()

    def post(self, channel: Channel, author: User, draft: Draft, **facts: object) -> Message:
        """Check, post and announce a message; `facts` are further attributes of Message.

        With `enforce_nonce` and a nonce that the author used here within NONCE_WINDOW_SECONDS the earlier message is
        returned and nothing happens. Raises ApiError 50035 or 50006, 40005 for a file over the limit.
        """
        earlier = self._earlier(channel, author, draft.body)
        if earlier is not None:
            return earlier
        flags = draft.flags
        content.check_message(draft.body, flags)
        self.check_files(channel, draft)
        message = Message(self._world.ids.next(), channel, author, self._world.clock.now(), flags=flags)
        for key, value in facts.items():
            setattr(message, key, value)
        if author is self._world.bot:
            message.application_id = author.id
        self._fill(message, draft)
        content.check_not_empty(message.content, message.embeds, message.attachments, message.components)
        self._refer(message, draft.body.get("message_reference"))
        self.notify(message, draft.body.get("allowed_mentions"))
        self._remember(message, draft.body)
        self.add(message)
        return message

    def post_as_person(self, channel: Channel, author: User, draft: Draft, **facts: object) -> Message:
        """Post what a person typed; the file limit is the person's own and was checked by the client."""
        message = Message(self._world.ids.next(), channel, author, self._world.clock.now())
        for key, value in facts.items():
            setattr(message, key, value)
        self._fill(message, draft)
        self._refer(message, draft.body.get("message_reference"))
        self.notify(message, None)
        self.add(message)
        return message

    def placeholder(self, channel: Channel, flags: int, **facts: object) -> Message:
        """Post the "thinking…" message of a deferred answer."""
        world = self._world
        message = Message(world.ids.next(), channel, world.bot, world.clock.now(), flags=flags | Flag.LOADING)
        for key, value in facts.items():
            setattr(message, key, value)
        self.add(message)
        return message

    def add(self, message: Message) -> None:
        """Put a finished message in its channel and announce it."""
        channel = message.channel
        channel.messages.add(message)
        if channel.thread is not None:
            # The message that a forum's post begins with is not counted.
            counted = int(message.id != channel.id)
            channel.thread.message_count += counted
            channel.thread.sent_count += counted
            channel.thread.member_ids.add(message.author.id)
            self._world.rest_later(channel)
        self._announce("MESSAGE_CREATE", message)

    def edit(self, message: Message, draft: Draft, *, fulfil: bool = False) -> Message:
        """Apply a partial body in place and announce it; nobody is notified by an edit.

        `fulfil` replaces a "thinking…" message, which does not count as an edit.
        """
        v2 = (message.flags | draft.flags) & Flag.COMPONENTS_V2
        flags = (message.flags & ~Flag.SUPPRESS_EMBEDS & ~Flag.LOADING) | v2
        if "flags" in draft.body:
            flags |= draft.flags & (Flag.SUPPRESS_EMBEDS | (Flag.EPHEMERAL if fulfil else 0))
        content.check_message(draft.body, flags)
        self.check_files(message.channel, draft)
        before = (message.content, message.embeds, message.attachments, message.components)
        try:
            self._fill(message, draft)
            content.check_not_empty(message.content, message.embeds, message.attachments, message.components)
        except ApiError:
            message.content, message.embeds, message.attachments, message.components = before
            raise
        message.flags = flags
        if not fulfil:
            message.edits += 1
            message.edited_at = self._world.clock.now()
        self._announce("MESSAGE_UPDATE", message)
        return message

    def delete(self, message: Message) -> None:
        """Remove a message and its files, and announce it."""
        self._take_out(message)
        payload = {"id": str(message.id), "channel_id": str(message.channel.id)} | _guild_key(message)
        self._world.publish("MESSAGE_DELETE", payload, message.channel.guild, message, for_bot=not message.ephemeral)

    def delete_many(self, channel: Channel, messages: list[Message]) -> None:
        """Remove messages at once; ids that are already gone are nobody's business."""
        for message in messages:
            self._take_out(message)
        if messages:
            payload: Json = {"ids": [str(message.id) for message in messages], "channel_id": str(channel.id)}
            self._world.publish("MESSAGE_DELETE_BULK", payload | _guild_key(messages[0]), channel.guild, messages)

    def changed(self, message: Message) -> None:
        """Announce a change that is no edit: a pin, a thread, suppressed embeds."""
        self._announce("MESSAGE_UPDATE", message)

    def find(self, channel: Channel, message_id: int, *, ephemeral: bool = False) -> Message:
        """A message by id; 10008 if there is none or if it is ephemeral and may not be reached this way."""
        message = channel.messages.get(message_id)
        if message is None or (message.ephemeral and not ephemeral):
            raise ApiError(10008)
        return message

    def check_files(self, channel: Channel, draft: Draft) -> None:
        """Raise 40005 when one of the files is over the limit of this place."""
        limit = self._world.upload_limit_in(channel.guild)
        if any(len(upload.data) > limit for upload in draft.files.values()):
            raise ApiError(40005)

    def notify(self, message: Message, rules: Json | None) -> None:
        """Work out mentions and who is notified."""
        world, guild = self._world, message.channel.guild
        members = guild.members if guild else {}
        author_rights = world.rights_of(message.author, message.channel)
        outcome = mentions.resolve(message, rules, members, author_rights, world.clock.now())
        message.mentions = outcome.users
        message.mention_role_ids = [role.id for role in outcome.roles]
        message.mention_everyone = outcome.everyone
        message.notified_ids = outcome.notified_ids

    def _take_out(self, message: Message) -> None:
        message.deleted = True
        message.channel.messages.remove(message)
        if message.channel.thread is not None and message.id != message.channel.id:
            message.channel.thread.message_count -= 1
        for attachment in message.attachments:
            self._world.files.forget(attachment)

    def _announce(self, name: str, message: Message) -> None:
        payload = message.render() | _guild_key(message)
        guild = message.channel.guild
        if guild is not None and message.author.id in guild.members:
            payload["member"] = guild.members[message.author.id].render(user=False)
        self._world.publish(name, payload, guild, message, for_bot=not message.ephemeral)

    def _fill(self, message: Message, draft: Draft) -> None:
        body = draft.body
        if "content" in body:
            message.content = str(body["content"] or "").strip()
        if "embeds" in body:
            message.embeds = [{"type": "rich"} | embed for embed in body["embeds"] or []]
        if draft.files or "attachments" in body:
            message.attachments = self._attachments(message, draft)
        if "components" in body:
            message.components = body["components"] or []
            components.number(message.components)
        if draft.files or "components" in body or "embeds" in body:
            _resolve_media(message)

    def _attachments(self, message: Message, draft: Draft) -> list[Attachment]:
        """Existing attachments that are listed stay, new ones follow; entries without a match are refused."""
        listed: list[Json] = draft.body.get("attachments") or []
        existing = {attachment.id: attachment for attachment in message.attachments}
        keep_all = "attachments" not in draft.body
        kept = list(existing.values()) if keep_all else []
        described: dict[int, Json] = {}
        for index, entry in enumerate(listed):
            identifier = int(entry["id"])
            if identifier in existing:
                kept.append(existing[identifier])
            elif identifier in draft.files:
                described[identifier] = entry
            else:
                raise invalid_form(f"attachments.{index}.id", "ATTACHMENT_NOT_FOUND", "Attachment data not found")
        return kept + [
            self._world.files.add(
                _described(upload, described.get(key, {})), message.channel.id, ephemeral=message.ephemeral
            )
            for key, upload in sorted(draft.files.items())
        ]

    def _refer(self, message: Message, reference: Json | None) -> None:
        if reference is None or reference.get("message_id") is None:
            return
        target = message.channel.messages.get(int(reference["message_id"]))
        if target is None and reference.get("fail_if_not_exists", True):
            raise invalid_form("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        if message.author is self._world.bot:
            have = self._world.rights_of(message.author, message.channel)
            if not have & P.READ_MESSAGE_HISTORY:
                raise ApiError(160002)
        message.referenced = target
        message.type = MessageType.REPLY
        message.reference = {
            "type": 0,
            "message_id": str(reference["message_id"]),
            "channel_id": str(message.channel.id),
        } | _guild_key(message)

    def _earlier(self, channel: Channel, author: User, body: Json) -> Message | None:
        if not body.get("enforce_nonce") or body.get("nonce") is None:
            return None
        found = self._nonces.get((channel.id, author.id, str(body["nonce"])))
        if found is None or found[0] < self._world.clock.now() - NONCE_WINDOW_SECONDS:
            return None
        return found[1]

    def _remember(self, message: Message, body: Json) -> None:
        if body.get("nonce") is None:
            return
        message.nonce = body["nonce"]
        now = self._world.clock.now()
        key = (message.channel.id, message.author.id, str(message.nonce))
        self._nonces.pop(key, None)
        self._nonces[key] = (now, message)
        while next(iter(self._nonces.values()))[0] < now - NONCE_WINDOW_SECONDS:
            self._nonces.popitem(last=False)


def _guild_key(message: Message) -> Json:
    guild = message.channel.guild
    return {} if guild is None else {"guild_id": str(guild.id)}


def _described(upload: Upload, entry: Json) -> Upload:
    name = entry.get("filename") or upload.filename
    description = entry.get("description") or upload.description
    spoiler = upload.spoiler or bool(entry.get("is_spoiler"))
    return replace(upload, filename=name, description=description, spoiler=spoiler)


def _resolve_media(message: Message) -> None:
    """Turn `attachment://name` in components and embeds into addresses of the message's own files."""
    by_name = {attachment.filename: attachment for attachment in message.attachments}
    for path, item in components.media(message.components):
        url = str(item.get("url", ""))
        if url.startswith("attachment://"):
            found = by_name.get(url.removeprefix("attachment://"))
            if found is None:
                raise invalid_form(f"{path}.url", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "Not found")
            item |= {"url": found.url, "proxy_url": found.url, "attachment_id": str(found.id), "loading_state": 2}
            item |= {"content_type": found.content_type, "width": found.width, "height": found.height}
        else:
            item.setdefault("proxy_url", url)
    for embed in message.embeds:
        for part, key in (("image", "url"), ("thumbnail", "url"), ("author", "icon_url"), ("footer", "icon_url")):
            picture = embed.get(part) or {}
            name = str(picture.get(key, "")).removeprefix("attachment://")
            if str(picture.get(key, "")) == f"attachment://{name}" and name in by_name:
                picture[key] = picture[f"proxy_{key}"] = by_name[name].url
