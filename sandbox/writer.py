"""What a person writes: the half of a Discord client that needs no bot, from messages to threads, pins and roles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientSession

from sandbox import pins, reactions, threads
from sandbox.accounts import Member, Role, User
from sandbox.commands import CommandRegistry
from sandbox.dialogue import Dialogue
from sandbox.errors import ClientRefused
from sandbox.files import Upload
from sandbox.messages import Message
from sandbox.model import KINDS, Channel
from sandbox.permissions import P
from sandbox.posting import Draft, Posting
from sandbox.reader import Reader
from sandbox.state import World
from sandbox.wire import Json

# Discord's help page on file sizes: what a person without and with Nitro may upload.
FREE_UPLOAD_BYTES: Final = 10 << 20
NITRO_UPLOAD_BYTES: Final = 500 << 20
MAX_TYPED: Final = 2000


@dataclass(frozen=True)
class Surroundings:
    """The parts of a sandbox that a person's client talks to."""

    world: World
    posting: Posting
    dialogue: Dialogue
    commands: CommandRegistry
    session: Callable[[], ClientSession]


class Writer(Reader):
    """A member of a guild who writes. Every `channel=None` means the guild's first text channel.

    Every method raises ClientRefused where the client would not let the person.
    """

    def __init__(self, user: User, home: Channel, around: Surroundings) -> None:
        super().__init__(user, home, around.world, around.session)
        self.upload_limit_bytes = FREE_UPLOAD_BYTES
        self._around = around

    async def say(
        self,
        text: str = "",
        uploads: Sequence[Upload] = (),
        channel: Channel | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Post a message, perhaps with files, perhaps as a reply; an archived thread is opened again by it."""
        place = channel or self.home
        if place.kind == KINDS["forum"]:
            raise ClientRefused("forum", place.name)
        self._require(place, P.SEND_MESSAGES if place.thread is None else P.SEND_MESSAGES_IN_THREADS)
        self._require_unlocked(place)
        self._check_typed(place, text, uploads)
        threads.wake(self._world, place, may_unlock=True)
        body: Json = {"content": text}
        if reply_to is not None:
            body["message_reference"] = {"message_id": str(reply_to.id)}
        return self._around.posting.post_as_person(place, self.user, Draft(body, dict(enumerate(uploads))))

    def reacts(self, message: Message, emoji: str) -> None:
        """React to a message with a character."""
        self._require_visible(message)
        self._require_awake(message.channel)
        if emoji not in message.reactions:
            self._require(message.channel, P.ADD_REACTIONS)
        reactions.add(self._world, message, self.user, emoji)

    def unreacts(self, message: Message, emoji: str) -> None:
        """Take an own reaction back."""
        reactions.remove(self._world, message, self.user, emoji)

    def deletes(self, message: Message) -> None:
        """Delete an own message, or dismiss an ephemeral one."""
        self._require_visible(message)
        if message.author is not self.user and message.visible_to != self.id:
            self._require(message.channel, P.MANAGE_MESSAGES)
        self._around.posting.delete(message)

    def edits(self, message: Message, text: str) -> None:
        """Change the words of an own message."""
        self._require_visible(message)
        if message.author is not self.user:
            raise ClientRefused("not_yours", str(message.id))
        self._require_awake(message.channel)
        self._check_typed(message.channel, text, message.attachments)
        self._around.posting.edit(message, Draft({"content": text}))

    def pins(self, message: Message) -> None:
        """Pin a message."""
        self._require_pinning(message)
        if len(pins.pinned(message.channel)) >= pins.MAX_PINS:
            raise ClientRefused("too_many_pins", message.channel.name, pins.MAX_PINS)
        pins.pin(self._world, self._around.posting, message, self.user)

    def unpins(self, message: Message) -> None:
        """Take a pin away."""
        self._require_pinning(message)
        pins.unpin(self._world, self._around.posting, message)

    def opens_thread(self, at: Message | Channel, name: str) -> Channel:
        """Open a public thread at a message, or at none in a channel."""
        place = at.channel if isinstance(at, Message) else at
        self._require(place, P.CREATE_PUBLIC_THREADS)
        if place.kind != KINDS["text"]:
            raise ClientRefused("no_threads", place.name)
        self._check_name(name)
        if not isinstance(at, Message):
            kind = KINDS["public_thread"]
            return threads.open_in(self._world, self._around.posting, place, self.user, name, kind)
        self._require_visible(at)
        if at.thread is not None:
            raise ClientRefused("thread_exists", at.thread.name)
        return threads.open_at(self._world, self._around.posting, at, self.user, name)

    def posts(
        self, forum: Channel, name: str, text: str, uploads: Sequence[Upload] = (), tags: Sequence[str] = ()
    ) -> Channel:
        """Open a post in a forum; tags by their names."""
        self._require(forum, P.SEND_MESSAGES)
        if forum.kind != KINDS["forum"]:
            raise ClientRefused("no_forum", forum.name)
        self._check_name(name)
        self._check_typed(forum, text, uploads)
        known = {tag["name"]: int(tag["id"]) for tag in forum.tags if not tag["moderated"] or self._moderates(forum)}
        for tag in tags:
            if tag not in known:
                raise ClientRefused("not_a_choice", tag, sorted(known))
        if len(tags) > threads.MAX_APPLIED_TAGS:
            raise ClientRefused("wrong_count", "tags", (0, threads.MAX_APPLIED_TAGS))
        draft = Draft({"content": text}, dict(enumerate(uploads)))
        tag_ids = [known[tag] for tag in tags]
        return threads.open_post(self._world, self._around.posting, forum, self.user, name, draft, tag_ids)[0]

    def keeps(self, thread: Channel, *, archived: bool | None = None, locked: bool | None = None) -> None:
        """Close or reopen a thread, which its owner may, or lock it, which needs the right to manage threads."""
        facts = threads.facts_of(thread)
        if locked is not None or facts.owner_id != self.id or facts.locked:
            self._require(thread, P.MANAGE_THREADS)
        wanted = {"archived": archived, "locked": locked}
        threads.change(self._world, thread, {key: value for key, value in wanted.items() if value is not None})
        self._world.channel_changed(thread)

    def assigns(self, member: Member, role: Role, *, inside: bool = True) -> None:
        """Give a member a role under one's own highest, or take it away."""
        own = member.guild.members[self.id]
        if not own.permissions() & P.MANAGE_ROLES:
            raise ClientRefused("missing_permission", "manage_roles")
        highest = max((member.guild.roles[role_id].position for role_id in own.role_ids), default=0)
        if role.bot_id is not None or role.position > highest:
            raise ClientRefused("role_above", role.name)
        self._world.change_role(member, role, inside=inside)

    def _moderates(self, channel: Channel) -> bool:
        return threads.may_moderate(self._world, self.user, channel)

    def _check_name(self, name: str) -> None:
        if not 1 <= len(name) <= threads.MAX_NAME:
            raise ClientRefused("wrong_length", "name", (1, threads.MAX_NAME))

    def _check_typed(self, place: Channel, text: str, files: Sequence[object]) -> None:
        uploads = [one for one in files if isinstance(one, Upload)]
        if uploads:
            self._require(place, P.ATTACH_FILES)
        if len(text) > MAX_TYPED:
            raise ClientRefused("too_long", "message", MAX_TYPED)
        for upload in uploads:
            if len(upload.data) > self.upload_limit_bytes:
                raise ClientRefused("too_large", upload.filename, self.upload_limit_bytes)
        if not text.strip() and not files:
            raise ClientRefused("required", "message")

    def _require_unlocked(self, place: Channel) -> None:
        if place.thread is not None and place.thread.locked and not self._moderates(place):
            raise ClientRefused("thread_locked", place.name)

    def _require_awake(self, place: Channel) -> None:
        if place.thread is not None and place.thread.archived:
            raise ClientRefused("thread_archived", place.name)

    def _require_pinning(self, message: Message) -> None:
        self._require_visible(message)
        self._require_awake(message.channel)
        channel = message.channel
        if channel.guild is not None and not self._world.rights_of(self.user, channel) & pins.MAY_PIN:
            raise ClientRefused("missing_permission", "pin_messages")

    def _require(self, channel: Channel, permission: P) -> None:
        if not self.can_see(channel):
            raise ClientRefused("unknown_channel", channel.name)
        if channel.guild is not None and not self._world.rights_of(self.user, channel) & permission:
            raise ClientRefused("missing_permission", str(permission.name).lower())

    def _require_visible(self, message: Message) -> None:
        if not self.sees(message):
            raise ClientRefused("unknown_message", str(message.id))
