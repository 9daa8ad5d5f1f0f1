"""What a person holds after starting an interaction: the answer so far, and the wait for the rest."""

from sandbox.events import Event, EventHub
from sandbox.interactions import Callback, Interaction
from sandbox.messages import Message
from sandbox.modals import Modal
from sandbox.waiting import wait_for_event


class Call:
    """An interaction that has been answered for the first time."""

    def __init__(self, interaction: Interaction, events: EventHub) -> None:
        self.interaction = interaction
        self._events = events

    @property
    def id(self) -> int:
        """The interaction's id."""
        return self.interaction.id

    @property
    def token(self) -> str:
        """The token through which the bot goes on answering."""
        return self.interaction.token

    @property
    def answered_after_seconds(self) -> float:
        """Seconds of sandbox time between the person's action and the first answer."""
        assert self.interaction.answered_at is not None
        return self.interaction.answered_at - self.interaction.created_at

    @property
    def deferred(self) -> bool:
        """Whether the first answer was only a promise ("thinking…", or a silent acknowledgement of a click)."""
        return self.interaction.deferred

    @property
    def message(self) -> Message | None:
        """The answer so far, also while it still says "thinking…"; None if there is none or it was deleted."""
        original = self.interaction.original
        return None if original is None or original.deleted else original

    @property
    def ephemeral(self) -> bool:
        """Whether the answer is visible to this person only."""
        return self.interaction.original is not None and self.interaction.original.ephemeral

    @property
    def modal(self) -> Modal | None:
        """The form that the bot showed, if that was its answer."""
        body = self.interaction.modal
        if body is None:
            return None
        return Modal(body["custom_id"], body["title"], body["components"], self.interaction.id)

    @property
    def followups(self) -> list[Message]:
        """Further messages, oldest first, without deleted ones."""
        return [message for message in self.interaction.followups if not message.deleted]

    async def finished(self, timeout_seconds: float = 10) -> Message | None:
        """The answer once "thinking…" was replaced, or None if it was deleted; TimeoutError in wall time."""
        original = self.interaction.original
        if original is None or self.interaction.callback is not Callback.DEFER:
            return self.message

        def settled(event: Event | None) -> Message | None:
            return original if original.deleted or not original.thinking else None

        await wait_for_event(self._events, settled, timeout_seconds)
        return self.message
