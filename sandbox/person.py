"""A person in front of a Discord client: types commands, attaches files, clicks, fills in forms, reads."""

from collections.abc import Mapping, Sequence
from typing import Final

from sandbox.accounts import Member
from sandbox.calls import Call
from sandbox.command_rules import CommandKind, OptionKind
from sandbox.commands import Command
from sandbox.components import SELECTS, Part, walk
from sandbox.errors import ClientRefused, NotAnswered
from sandbox.files import Upload as Upload  # what people hand over is imported along with them
from sandbox.interactions import ANSWER_SECONDS, Interaction, Kind
from sandbox.messages import Message
from sandbox.modals import Modal, check_count, choose
from sandbox.model import Channel
from sandbox.options import Resolved, Typist, descend, fill, nest, refer
from sandbox.permissions import P
from sandbox.wire import Json
from sandbox.writer import Writer

_MENTIONED: Final = {
    Part.USER_SELECT: OptionKind.USER,
    Part.ROLE_SELECT: OptionKind.ROLE,
    Part.MENTIONABLE_SELECT: OptionKind.MENTIONABLE,
    Part.CHANNEL_SELECT: OptionKind.CHANNEL,
}


class Person(Writer):
    """A member of a guild with a client. Every `channel=None` means the guild's first text channel."""

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
            check_count(which, part, list(values))
            kinds = part.get("channel_types")
            chosen = [refer(_MENTIONED[kind], which, value, typist, resolved, kinds) for value in values]
        extra: Json = {"values": chosen} | resolved.render()
        return await self._use_component(message, kind, part["custom_id"], extra)

    async def submit(self, modal: Modal, given: Mapping[str, object]) -> Call:
        """Send a form; fields are named by custom id or label, those not named keep what the bot put there."""
        opener = self._around.dialogue.get(modal.interaction_id)
        data, resolved = modal.fill(given, self._typist(opener.channel))
        data |= resolved.render()
        return await self._start(Kind.MODAL, opener.channel, data, message=opener.message, opened_by=opener)

    def _member(self, channel: Channel) -> Member | None:
        return None if channel.guild is None else channel.guild.members.get(self.id)

    def _typist(self, channel: Channel) -> Typist:
        world = self._world
        return Typist(channel, world.files, world.bot.id, self.upload_limit_bytes, world.clock.now())

    def _find(self, name: str, channel: Channel, kind: CommandKind) -> Command:
        self._require(channel, P.USE_APPLICATION_COMMANDS)
        self._require_unlocked(channel)
        return self._around.commands.find(name, self._member(channel), channel, kind, self.user.locale)

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
