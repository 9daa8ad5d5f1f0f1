"""What a visitor does as a person: each action of the page turned into one of a person's client."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from sandbox.calls import Call
from sandbox.command_rules import OptionKind
from sandbox.components import Part
from sandbox.errors import ClientRefused
from sandbox.messages import Message
from sandbox.modals import Modal
from sandbox.model import Channel
from sandbox.options import descend
from sandbox.page.forms import Form
from sandbox.page.views import message_view
from sandbox.person import Person
from sandbox.wire import Json

if TYPE_CHECKING:
    from sandbox.server import Sandbox

Action = Callable[["Acting", Person, Form], Awaitable[Json]]
_BY_REFERENCE: Final = (OptionKind.USER, OptionKind.CHANNEL, OptionKind.ROLE, OptionKind.MENTIONABLE)


class Acting:
    """Finds what the page names by id and lets the person act on it.

    Every action raises ClientRefused where a client would not send it, and NotAnswered where the bot stayed silent.
    """

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    def channel(self, person: Person, channel_id: object) -> Channel:
        """A channel by id that the person sees; ClientRefused "unknown_channel"."""
        channel = self._sandbox.world.channels.get(_number(channel_id))
        if channel is None or not person.can_see(channel):
            raise ClientRefused("unknown_channel", str(channel_id))
        return channel

    def message(self, person: Person, form: Form) -> Message:
        """The message that the form names; ClientRefused "unknown_message"."""
        channel = self.channel(person, form.body.get("channel"))
        message = channel.messages.get(_number(form.body.get("message")))
        if message is None or not person.sees(message):
            raise ClientRefused("unknown_message", form.text("message"))
        return message

    def thing(self, identifier: object) -> object:
        """A person, channel or role by id; the id itself when there is none, for the client to refuse."""
        world, number = self._sandbox.world, _number(identifier)
        roles = {role.id: role for guild in world.guilds.values() for role in guild.roles.values()}
        return world.users.get(number) or world.channels.get(number) or roles.get(number) or identifier

    async def command(self, person: Person, form: Form) -> Json:
        """Send a slash command."""
        channel = self.channel(person, form.body.get("channel"))
        call = await person.command(form.text("name"), self._options(person, channel, form), channel)
        return _outcome(call)

    async def complete(self, person: Person, form: Form) -> Json:
        """Ask the bot for suggestions while an option is typed."""
        channel = self.channel(person, form.body.get("channel"))
        options = self._options(person, channel, form)
        name = form.text("option")
        choices = await person.autocomplete(form.text("name"), name, form.text("typed"), options, channel)
        return {"choices": choices}

    async def menu(self, person: Person, form: Form) -> Json:
        """Choose an entry of the menu "Apps" on a message or a member."""
        if "message" in form.body:
            return _outcome(await person.menu(form.text("name"), self.message(person, form)))
        channel = self.channel(person, form.body.get("channel"))
        target = self._sandbox.people.get(_number(form.body.get("member")))
        if target is None:
            raise ClientRefused("unknown_user", form.text("member"))
        return _outcome(await person.menu(form.text("name"), target, channel))

    async def click(self, person: Person, form: Form) -> Json:
        """Press a button."""
        return _outcome(await person.click(self.message(person, form), form.text("custom_id")))

    async def select(self, person: Person, form: Form) -> Json:
        """Choose in a select menu."""
        message, values = self.message(person, form), list(form.body.get("values") or [])
        if form.body.get("kind") != Part.STRING_SELECT:
            values = [self.thing(value) for value in values]
        return _outcome(await person.select(message, form.text("custom_id"), values))

    async def submit(self, person: Person, form: Form) -> Json:
        """Send a modal."""
        try:
            opener = self._sandbox.dialogue.get(_number(form.body.get("interaction")))
        except KeyError:
            raise ClientRefused("unknown_modal", form.text("interaction")) from None
        modal = Call(opener, self._sandbox.world.events).modal
        if modal is None or opener.user is not person.user:
            raise ClientRefused("unknown_modal", form.text("interaction"))
        return _outcome(await person.submit(modal, self._fields(modal, form)))

    async def say(self, person: Person, form: Form) -> Json:
        """Post a message, perhaps with files, perhaps as a reply."""
        channel = self.channel(person, form.body.get("channel"))
        replied = channel.messages.get(_number(form.body.get("reply_to")))
        uploads = [upload for many in form.files.values() for upload in many]
        message = await person.say(form.text("text"), uploads, channel, replied)
        return {"message": message_view(message, person)}

    async def react(self, person: Person, form: Form) -> Json:
        """Add a reaction, or take it back when it is there."""
        message, emoji = self.message(person, form), form.text("emoji")
        if person.id in message.reactions.get(emoji, {}):
            person.unreacts(message, emoji)
        else:
            person.reacts(message, emoji)
        return {}

    async def edit(self, person: Person, form: Form) -> Json:
        """Change the words of an own message."""
        person.edits(self.message(person, form), form.text("text"))
        return {}

    async def pin(self, person: Person, form: Form) -> Json:
        """Pin a message, or release it when it is pinned."""
        message = self.message(person, form)
        if message.pinned:
            person.unpins(message)
        else:
            person.pins(message)
        return {}

    async def thread(self, person: Person, form: Form) -> Json:
        """Open a thread at a message, or at none in a channel."""
        channel = self.channel(person, form.body.get("channel"))
        at = self.message(person, form) if "message" in form.body else channel
        return {"channel": str(person.opens_thread(at, form.text("name").strip()).id)}

    async def post(self, person: Person, form: Form) -> Json:
        """Open a post in a forum."""
        forum = self.channel(person, form.body.get("channel"))
        uploads = [upload for many in form.files.values() for upload in many]
        tags = [str(tag) for tag in form.body.get("tags") or []]
        post = person.posts(forum, form.text("name").strip(), form.text("text"), uploads, tags)
        return {"channel": str(post.id)}

    async def keep(self, person: Person, form: Form) -> Json:
        """Close, reopen, lock or unlock a thread."""
        thread = self.channel(person, form.body.get("channel"))
        given = {key: bool(form.body[key]) for key in ("archived", "locked") if key in form.body}
        person.keeps(thread, **given)
        return {}

    async def role(self, person: Person, form: Form) -> Json:
        """Give a member a role, or take it away when the member has it."""
        channel = self.channel(person, form.body.get("channel"))
        guild = channel.guild or person.home.guild
        assert guild is not None
        member = guild.members.get(_number(form.body.get("member")))
        role = guild.roles.get(_number(form.body.get("role")))
        if member is None or role is None:
            raise ClientRefused("unknown_user", form.text("member"))
        person.assigns(member, role, inside=role.id not in member.role_ids)
        return {}

    async def delete(self, person: Person, form: Form) -> Json:
        """Delete an own message or dismiss an ephemeral one."""
        person.deletes(self.message(person, form))
        return {}

    async def typing(self, person: Person, form: Form) -> Json:
        """Let the others see that the person types."""
        channel, world = self.channel(person, form.body.get("channel")), self._sandbox.world
        payload = {"channel_id": str(channel.id), "user_id": str(person.id), "timestamp": int(world.clock.now())}
        if channel.guild is not None:
            payload |= {"guild_id": str(channel.guild.id), "member": channel.guild.members[person.id].render()}
        world.publish("TYPING_START", payload, channel.guild, channel)
        return {}

    def _options(self, person: Person, channel: Channel, form: Form) -> dict[str, object]:
        words = form.text("name").split()
        offered = person.offered_commands(channel)
        command = next((one for one in offered if words and one.answers_to(words[0], person.user.locale)), None)
        known = {} if command is None else {one["name"]: one for one in descend(command, words[1:])[1]}
        given: dict[str, object] = dict(form.body.get("options") or {})
        for name, value in given.items():
            if name in known and known[name]["type"] in _BY_REFERENCE:
                given[name] = self.thing(value)
        return given | {name: uploads[0] for name, uploads in form.files.items()}

    def _fields(self, modal: Modal, form: Form) -> dict[str, object]:
        given: dict[str, object] = dict(form.body.get("values") or {})
        plain = (Part.TEXT_INPUT, Part.STRING_SELECT, Part.RADIO_GROUP, Part.CHECKBOX_GROUP, Part.CHECKBOX)
        for one in modal.fields:
            value = given.get(one.custom_id)
            if isinstance(value, list) and one.component["type"] not in plain:
                given[one.custom_id] = [self.thing(item) for item in value]
        return given | dict(form.files)


def _outcome(call: Call) -> Json:
    modal = call.modal
    if modal is None:
        return {"modal": None}
    return {"modal": {"interaction": str(modal.interaction_id), "title": modal.title, "components": modal.components}}


def _number(text: object) -> int:
    return int(str(text)) if str(text).isdecimal() else 0


ACTIONS: Final[dict[str, Action]] = {
    "command": Acting.command,
    "complete": Acting.complete,
    "menu": Acting.menu,
    "click": Acting.click,
    "select": Acting.select,
    "submit": Acting.submit,
    "say": Acting.say,
    "react": Acting.react,
    "edit": Acting.edit,
    "pin": Acting.pin,
    "thread": Acting.thread,
    "post": Acting.post,
    "keep": Acting.keep,
    "role": Acting.role,
    "delete": Acting.delete,
    "typing": Acting.typing,
}
