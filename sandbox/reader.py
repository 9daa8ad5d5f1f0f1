"""What a person sees: the reading half of a Discord client."""

from collections.abc import Callable

from aiohttp import ClientSession

from sandbox.accounts import User
from sandbox.errors import DownloadFailed
from sandbox.events import Event
from sandbox.messages import Attachment, Message
from sandbox.model import KINDS, Channel
from sandbox.permissions import P
from sandbox.state import World
from sandbox.waiting import wait_for_event


class Reader:
    """An account's eyes. Every `channel=None` means its home channel, the guild's first text channel."""

    def __init__(self, user: User, home: Channel, world: World, session: Callable[[], ClientSession]) -> None:
        self.user = user
        self.home = home
        self._world = world
        self._session = session

    @property
    def id(self) -> int:
        """The account's id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The account's display name."""
        return self.user.name

    @property
    def mention(self) -> str:
        """The text that mentions this person."""
        return self.user.mention

    @property
    def direct_messages(self) -> Channel:
        """The private conversation with the bot."""
        return self._world.direct_channel(self.user)

    def can_see(self, channel: Channel) -> bool:
        """Whether the channel is in this person's list."""
        if channel.deleted:
            return False
        if channel.guild is None:
            return channel.recipient is self.user
        if channel.kind == KINDS["private_thread"] and channel.thread and self.id not in channel.thread.member_ids:
            return False
        return bool(self._world.rights_of(self.user, channel) & P.VIEW_CHANNEL)

    def sees(self, message: Message) -> bool:
        """Whether a message is there for this person: not deleted, not somebody else's ephemeral one."""
        if message.deleted or not self.can_see(message.channel):
            return False
        return message.visible_to in (None, self.id)

    def reads(self, channel: Channel | None = None) -> list[Message]:
        """What the person sees in a channel, oldest first."""
        place = channel or self.home
        if not self.can_see(place):
            return []
        return [message for message in place.messages if message.visible_to in (None, self.id)]

    async def waits_for(
        self, wanted: Callable[[Message], bool], channel: Channel | None = None, timeout_seconds: float = 30
    ) -> Message:
        """The first message the person sees for which `wanted` holds, already there or posted or edited later.

        Raises TimeoutError after so many seconds of wall time.
        """
        place = channel or self.home

        def find(event: Event | None) -> Message | None:
            if event is None:
                return next((message for message in self.reads(place) if wanted(message)), None)
            message = event.subject
            if not isinstance(message, Message) or message.channel is not place:
                return None
            return message if self.sees(message) and wanted(message) else None

        return await wait_for_event(self._world.events, find, timeout_seconds)

    def was_notified_by(self, message: Message) -> bool:
        """Whether the message made this person's client ring."""
        return self.id in message.notified_ids

    async def download(self, attachment: Attachment) -> bytes:
        """Fetch a file from the CDN over HTTP; DownloadFailed if it does not answer 200."""
        async with self._session().get(attachment.url) as response:
            if response.status != 200:
                raise DownloadFailed(attachment.filename, response.status)
            return await response.read()
