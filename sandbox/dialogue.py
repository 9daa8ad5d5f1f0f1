"""Interactions from beginning to end: handed to the bot, answered once in time, continued until the token dies."""

from sandbox import modals, threads
from sandbox.accounts import User
from sandbox.command_rules import check_choice
from sandbox.errors import ApiError, invalid_form
from sandbox.interactions import ALLOWED, TOKEN_SECONDS, Callback, Interaction, Kind
from sandbox.messages import Flag, Message, MessageType
from sandbox.model import Channel
from sandbox.posting import Draft, Posting
from sandbox.state import World
from sandbox.wire import Json

MAX_CHOICES = 25


class Dialogue:
    """All interactions of a sandbox."""

    def __init__(self, world: World, posting: Posting) -> None:
        self._world = world
        self._posting = posting
        self._by_id: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}

    def open(self, kind: Kind, user: User, channel: Channel, data: Json, locale: str, **facts: object) -> Interaction:
        """Create an interaction and hand it to the bot; `facts` are further attributes of Interaction."""
        world = self._world
        now = world.clock.now()
        interaction = Interaction(world.ids.next(), kind, user, channel, data, now, locale)
        for key, value in facts.items():
            setattr(interaction, key, value)
        self._by_id[interaction.id] = interaction
        self._by_token[interaction.token] = interaction
        self._forget_old(now)
        bot_rights = world.rights_of(world.bot, channel)
        limit = world.upload_limit_in(channel.guild)
        payload = interaction.render(world.bot.id, bot_rights, limit, now)
        world.publish("INTERACTION_CREATE", payload, channel.guild, interaction)
        return interaction

    def answer(self, interaction_id: int, token: str, callback_type: int, draft: Draft) -> Interaction:
        """Take the bot's first answer.

        Raises 10062 after ANSWER_SECONDS or for an unknown interaction, 40060 for a second answer, 50035 for an
        answer that does not fit the interaction.
        """
        interaction = self._by_id.get(interaction_id)
        if interaction is None or interaction.token != token:
            raise ApiError(10062)
        if interaction.callback is not None:
            raise ApiError(40060)
        now = self._world.clock.now()
        if not interaction.accepts_answer(now):
            raise ApiError(10062)
        callback = _callback(interaction, callback_type)
        self._apply(interaction, callback, draft)
        interaction.callback = callback
        interaction.answered_at = now
        if not interaction.answered.done():
            interaction.answered.set_result(interaction)
        self._world.publish("interaction_answered", {"id": str(interaction.id)}, None, interaction, for_bot=False)
        return interaction

    def _apply(self, interaction: Interaction, callback: Callback, draft: Draft) -> None:
        if callback is Callback.MESSAGE:
            self._check_context(interaction)
            interaction.original = self._post(interaction, draft)
        elif callback is Callback.DEFER:
            flags = draft.flags & Flag.EPHEMERAL
            interaction.original = self._posting.placeholder(
                interaction.channel, flags, **self._facts(interaction, flags), type=_message_type(interaction)
            )
        elif callback in (Callback.DEFER_UPDATE, Callback.UPDATE):
            if interaction.message is None or interaction.message.deleted:
                raise ApiError(10008)
            interaction.original = interaction.message
            if callback is Callback.UPDATE:
                self._check_context(interaction)
                self._posting.edit(interaction.message, draft)
        elif callback is Callback.CHOICES:
            interaction.choices = _choices(draft.body)
        elif callback is Callback.MODAL:
            modals.check(draft.body)
            interaction.modal = draft.body

    def _check_context(self, interaction: Interaction) -> None:
        """An answer needs its channel; in an archived thread it opens the thread again if the person could."""
        channel = interaction.channel
        if channel.deleted:
            raise ApiError(10003)
        if channel.thread is not None and channel.thread.archived:
            may_unlock = threads.may_moderate(self._world, interaction.user, channel)
            threads.wake(self._world, channel, may_unlock=may_unlock)

    def by_token(self, token: str) -> Interaction:
        """The interaction a token belongs to; 50027 when it has expired, 10015 when nothing was answered yet."""
        interaction = self._by_token.get(token)
        if interaction is None or not interaction.token_alive(self._world.clock.now()):
            raise ApiError(50027)
        if interaction.callback is None:
            raise ApiError(10015)
        return interaction

    def get(self, interaction_id: int) -> Interaction:
        """The interaction with an id; KeyError if it is unknown or long over."""
        return self._by_id[interaction_id]

    def peek(self, token: str | None) -> Interaction | None:
        """The interaction a token belongs to, dead or alive, or None."""
        return None if token is None else self._by_token.get(token)

    def message(self, interaction: Interaction, which: str) -> Message:
        """The message that "@original" or an id means for this interaction; 10008 if it is gone or not its own."""
        original = interaction.original
        if which == "@original":
            if original is None or original.deleted:
                raise ApiError(10008)
            return original
        own = [*interaction.followups, *([original] if original is not None else [])]
        found = next((message for message in own if str(message.id) == which and not message.deleted), None)
        if found is None:
            raise ApiError(10008)
        return found

    def edit(self, interaction: Interaction, message: Message, draft: Draft) -> Message:
        """Edit one of the interaction's messages; the placeholder of a deferred answer is fulfilled by it."""
        self._check_context(interaction)
        if message.thinking:
            draft.body.setdefault("content", None)
        return self._posting.edit(message, draft, fulfil=message.thinking)

    def follow_up(self, interaction: Interaction, draft: Draft) -> Message:
        """Post a further message; the first one after a deferral takes the placeholder's place."""
        self._check_context(interaction)
        if interaction.callback is Callback.MODAL:
            raise ApiError(10015)
        original = interaction.original
        if original is not None and original.thinking and not original.deleted:
            return self._posting.edit(original, draft, fulfil=True)
        message = self._post(interaction, draft)
        interaction.followups.append(message)
        return message

    def expire_tokens(self) -> None:
        """Let every token that exists now be over."""
        for interaction in self._by_id.values():
            interaction.token_dead = True

    def _post(self, interaction: Interaction, draft: Draft) -> Message:
        facts = self._facts(interaction, draft.flags)
        if interaction.original is None:
            facts["type"] = _message_type(interaction)
        else:
            facts |= {"type": MessageType.REPLY, "referenced": interaction.original}
            reference = {
                "type": 0,
                "message_id": str(interaction.original.id),
                "channel_id": str(interaction.channel.id),
            }
            facts["reference"] = reference
        return self._posting.post(interaction.channel, self._world.bot, draft, **facts)

    def _facts(self, interaction: Interaction, flags: int) -> Json:
        application_id = self._world.bot.id
        return {
            "interaction": interaction.metadata(application_id),
            "webhook_id": application_id,
            "application_id": application_id,
            "visible_to": interaction.user.id if flags & Flag.EPHEMERAL else None,
        }

    def _forget_old(self, now: float) -> None:
        """Drop interactions whose token is long over; the oldest come first in the dictionaries."""
        while self._by_id:
            oldest = next(iter(self._by_id.values()))
            if now < oldest.created_at + 2 * TOKEN_SECONDS:
                return
            del self._by_id[oldest.id]
            del self._by_token[oldest.token]


def _callback(interaction: Interaction, callback_type: int) -> Callback:
    allowed = ALLOWED[interaction.kind]
    if callback_type not in set(map(int, allowed)):
        message = f"Value must be one of {{{', '.join(str(int(one)) for one in sorted(allowed))}}}."
        raise invalid_form("type", "BASE_TYPE_CHOICES", message)
    return Callback(callback_type)


def _choices(body: Json) -> list[Json]:
    choices: list[Json] = body.get("choices") or []
    if len(choices) > MAX_CHOICES:
        raise invalid_form("data.choices", "BASE_TYPE_BAD_LENGTH", f"Must be between 0 and {MAX_CHOICES} in length.")
    for index, choice in enumerate(choices):
        check_choice(choice, f"data.choices.{index}")
    return choices


def _message_type(interaction: Interaction) -> MessageType:
    if interaction.kind is not Kind.COMMAND:
        return MessageType.REPLY if interaction.kind is Kind.COMPONENT else MessageType.DEFAULT
    return MessageType.COMMAND if interaction.data["type"] == 1 else MessageType.CONTEXT_MENU
