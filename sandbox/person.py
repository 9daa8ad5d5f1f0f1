"""A person in front of a Discord client: types commands, attaches files, clicks, fills in forms, reads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientSession

from sandbox import reactions
from sandbox.accounts import Member, User
from sandbox.calls import Call
from sandbox.commands import Command, CommandKind, CommandRegistry, OptionKind
from sandbox.components import SELECTS, Part, walk
from sandbox.dialogue import Dialogue
from sandbox.errors import ClientRefused, NotAnswered
from sandbox.files import Upload
from sandbox.interactions import ANSWER_SECONDS, Interaction, Kind
from sandbox.messages import Message
from sandbox.modals import Modal, choose
from sandbox.model import Channel
from sandbox.options import Resolved, Typist, descend, fill, nest, refer
from sandbox.permissions import P
from sandbox.posting import Draft, Posting
from sandbox.reader import Reader
from sandbox.state import World
from sandbox.wire import Json

# Discord's help page on file sizes: what a person without and with Nitro may upload.
FREE_UPLOAD_BYTES: Final = 10 << 20
NITRO_UPLOAD_BYTES: Final = 500 << 20
MAX_TYPED: Final = 2000
_MENTIONED: Final = {
    Part.USER_SELECT: OptionKind.USER,
    Part.ROLE_SELECT: OptionKind.ROLE,
    Part.MENTIONABLE_SELECT: OptionKind.MENTIONABLE,
    Part.CHANNEL_SELECT: OptionKind.CHANNEL,
}


@dataclass(frozen=True)
class Surroundings:
    """The parts of a sandbox that a person's client talks to."""

    world: World
    posting: Posting
    dialogue: Dialogue
    commands: CommandRegistry
    session: Callable[[], ClientSession]


class Person(Reader):
    """A member of a guild with a client. Every `channel=None` means the guild's first text channel."""

    def __init__(self, user: User, home: Channel, around: Surroundings) -> None:
        super().__init__(user, home, around.world, around.session)
        self.upload_limit_bytes = FREE_UPLOAD_BYTES
        self._around = around

    def offered_commands(
        self, channel: Channel | None = None, kind: CommandKind = CommandKind.CHAT_INPUT
    ) -> list[Command]:
        """What the client lists after a slash, or in the menu of a message or member."""
        place = channel or self.home
        return self._around.commands.offered(self._member(place), place, kind)

    async def command(
        self, name: str, options: Mapping[str, object] | None = None, channel: Channel | None = None
    ) -> Call:
        """Type a slash command ("credits", or with subcommands "class session start") and wait for the first answer.

        Raises ClientRefused where the client would, NotAnswered after 3 s of sandbox time.
        """
        place = channel or self.home
        words = name.removeprefix("/").split()
        command = self._find(words[0], place, CommandKind.CHAT_INPUT)
        chain, known = descend(command, words[1:])
        filled, resolved = fill(known, options or {}, self._typist(place))
        data = _command_data(command) | {"options": nest(chain, filled)} | resolved.render()
        return await self._start(Kind.COMMAND, place, data)

    async def menu(self, name: str, target: "Message | Person", channel: Channel | None = None) -> Call:
        """Choose an entry of the menu "Apps" on a message or on a member."""
        resolved = Resolved()
        if isinstance(target, Message):
            self._require_visible(target)
            place = target.channel
            command = self._find(name, place, CommandKind.MESSAGE)
            resolved.put_message(target)
        else:
            place = channel or self.home
            command = self._find(name, place, CommandKind.USER)
            assert place.guild is not None
            resolved.put_member(place.guild.members[target.id], place, self._world.clock.now())
        data = _command_data(command) | {"target_id": str(target.id)} | resolved.render()
        return await self._start(Kind.COMMAND, place, data)

    async def autocomplete(
        self,
        name: str,
        option: str,
        typed: str,
        options: Mapping[str, object] | None = None,
        channel: Channel | None = None,
    ) -> list[Json]:
        """What the bot suggests while an option is typed: `{"name": …, "value": …}`, in its order."""
        place = channel or self.home
        words = name.split()
        command = self._find(words[0], place, CommandKind.CHAT_INPUT)
        chain, known = descend(command, words[1:])
        focused = next((one for one in known if one["name"] == option and one.get("autocomplete")), None)
        if focused is None:
            raise ClientRefused("no_autocomplete", option)
        others = [one for one in known if one is not focused]
        filled, resolved = fill(others, options or {}, self._typist(place), partial=True)
        filled.append({"name": option, "type": focused["type"], "value": typed, "focused": True})
        data = _command_data(command) | {"options": nest(chain, filled)} | resolved.render()
        call = await self._start(Kind.AUTOCOMPLETE, place, data)
        return call.interaction.choices

    async def click(self, message: Message, which: str) -> Call:
        """Press a button, named by custom id or label; ClientRefused "unknown_button" or "disabled"."""
        self._require_visible(message)
        candidates = [button for button in message.buttons if button.custom_id is not None]
        button = next((one for one in candidates if which in (one.custom_id, one.label)), None)
        if button is None:
            raise ClientRefused("unknown_button", which, [one.label for one in candidates])
        if button.disabled:
            raise ClientRefused("disabled", which)
        return await self._use_component(message, Part.BUTTON, str(button.custom_id), {})

    async def select(self, message: Message, which: str, values: Sequence[object]) -> Call:
        """Choose in a select menu, named by custom id or placeholder: values or labels, people, roles, channels."""
        self._require_visible(message)
        menus = [part for _, part in walk(message.components) if part["type"] in SELECTS]
        part = next((one for one in menus if which in (one["custom_id"], one.get("placeholder"))), None)
        if part is None:
            raise ClientRefused("unknown_menu", which, [one["custom_id"] for one in menus])
        if part.get("disabled"):
            raise ClientRefused("disabled", which)
        kind, resolved, typist = Part(part["type"]), Resolved(), self._typist(message.channel)
        if kind is Part.STRING_SELECT:
            chosen = choose(which, part["options"], part, list(values))
        else:
            chosen = [refer(_MENTIONED[kind], which, value, typist, resolved) for value in values]
        extra: Json = {"values": chosen} | resolved.render()
        return await self._use_component(message, kind, part["custom_id"], extra)

    async def submit(self, modal: Modal, given: Mapping[str, object]) -> Call:
        """Send a form; fields are named by custom id or label, those not named keep what the bot put there."""
        opener = self._around.dialogue.get(modal.interaction_id)
        data, resolved = modal.fill(given, self._typist(opener.channel))
        data |= resolved.render()
        return await self._start(Kind.MODAL, opener.channel, data, message=opener.message, opened_by=opener)

    async def say(
        self,
        text: str = "",
        uploads: Sequence[Upload] = (),
        channel: Channel | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Post a message; ClientRefused where the client would not let the person."""
        place = channel or self.home
        self._require(place, P.SEND_MESSAGES if place.thread is None else P.SEND_MESSAGES_IN_THREADS)
        if uploads:
            self._require(place, P.ATTACH_FILES)
        if len(text) > MAX_TYPED:
            raise ClientRefused("too_long", "message", MAX_TYPED)
        for upload in uploads:
            if len(upload.data) > self.upload_limit_bytes:
                raise ClientRefused("too_large", upload.filename, self.upload_limit_bytes)
        if not text and not uploads:
            raise ClientRefused("required", "message")
        body: Json = {"content": text}
        if reply_to is not None:
            body["message_reference"] = {"message_id": str(reply_to.id)}
        return self._around.posting.post_as_person(place, self.user, Draft(body, dict(enumerate(uploads))))

    def reacts(self, message: Message, emoji: str) -> None:
        """React to a message with a character."""
        self._require_visible(message)
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

    def _member(self, channel: Channel) -> Member | None:
        return None if channel.guild is None else channel.guild.members.get(self.id)

    def _typist(self, channel: Channel) -> Typist:
        world = self._world
        return Typist(channel, world.files, world.bot.id, self.upload_limit_bytes, world.clock.now())

    def _find(self, name: str, channel: Channel, kind: CommandKind) -> Command:
        self._require(channel, P.USE_APPLICATION_COMMANDS)
        return self._around.commands.find(name, self._member(channel), channel, kind, self.user.locale)

    def _require(self, channel: Channel, permission: P) -> None:
        if not self.can_see(channel):
            raise ClientRefused("unknown_channel", channel.name)
        if channel.guild is not None and not self._world.rights_of(self.user, channel) & permission:
            raise ClientRefused("missing_permission", str(permission.name).lower())

    def _require_visible(self, message: Message) -> None:
        if not self.sees(message):
            raise ClientRefused("unknown_message", str(message.id))

    async def _use_component(self, message: Message, part: Part, custom_id: str, extra: Json) -> Call:
        data = {"component_type": int(part), "custom_id": custom_id} | extra
        return await self._start(Kind.COMPONENT, message.channel, data, message=message)

    async def _start(self, kind: Kind, channel: Channel, data: Json, **facts: object) -> Call:
        world = self._world
        interaction = self._around.dialogue.open(kind, self.user, channel, data, self.user.locale, **facts)
        deadline = interaction.created_at + ANSWER_SECONDS
        timer = world.clock.call_at(deadline, lambda: _give_up(interaction))
        try:
            await interaction.answered
        finally:
            timer.cancel()
        return Call(interaction, world.events)


def _give_up(interaction: Interaction) -> None:
    interaction.dead = True
    if not interaction.answered.done():
        interaction.answered.set_exception(NotAnswered(interaction.id, ANSWER_SECONDS))


def _command_data(command: Command) -> Json:
    data: Json = {"id": str(command.id), "name": command.name, "type": int(command.kind)}
    return data if command.guild_id is None else data | {"guild_id": str(command.guild_id)}
