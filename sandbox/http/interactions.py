"""Answering interactions and, through their token, everything that follows."""

from sandbox.errors import ApiError
from sandbox.http.api import Api, Incoming, Route
from sandbox.interactions import Callback, Interaction
from sandbox.messages import Message
from sandbox.wire import Json


def callback(api: Api, incoming: Incoming) -> Json | None:
    """The first answer to an interaction."""
    body = incoming.body.object()
    draft = incoming.body.draft("data")
    interaction = api.dialogue.answer(
        incoming.id("interaction_id"), incoming.params["interaction_token"], body["type"], draft
    )
    return _response(interaction) if incoming.flag("with_response") else None


def _response(interaction: Interaction) -> Json:
    assert interaction.callback is not None
    facts: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
    body: Json = {"interaction": facts}
    message = interaction.original
    if message is None:
        return body
    facts |= {
        "response_message_id": str(message.id),
        "response_message_loading": message.thinking,
        "response_message_ephemeral": message.ephemeral,
    }
    if interaction.callback in (Callback.MESSAGE, Callback.UPDATE, Callback.DEFER):
        body["resource"] = {"type": int(interaction.callback), "message": message.render()}
    return body


def _interaction(api: Api, incoming: Incoming) -> Interaction:
    if incoming.id("webhook_id") != api.world.bot.id:
        raise ApiError(10015)
    return api.dialogue.by_token(incoming.params["webhook_token"])


def _message(api: Api, incoming: Incoming) -> tuple[Interaction, Message]:
    interaction = _interaction(api, incoming)
    return interaction, api.dialogue.message(interaction, incoming.params.get("message_id", "@original"))


def follow_up(api: Api, incoming: Incoming) -> Json:
    """A further message."""
    return api.dialogue.follow_up(_interaction(api, incoming), incoming.body.draft()).render()


def get_message(api: Api, incoming: Incoming) -> Json:
    """One of the interaction's messages."""
    return _message(api, incoming)[1].render()


def edit_message(api: Api, incoming: Incoming) -> Json:
    """Edit one of the interaction's messages."""
    interaction, message = _message(api, incoming)
    return api.dialogue.edit(interaction, message, incoming.body.draft()).render()


def delete_message(api: Api, incoming: Incoming) -> None:
    """Delete one of the interaction's messages."""
    api.posting.delete(_message(api, incoming)[1])


_HOOK = "/webhooks/{webhook_id}/{webhook_token}"
_MESSAGES = (f"{_HOOK}/messages/@original", f"{_HOOK}/messages/{{message_id}}")
ROUTES: list[Route] = [
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", callback),
    ("POST", _HOOK, follow_up),
    *(("GET", template, get_message) for template in _MESSAGES),
    *(("PATCH", template, edit_message) for template in _MESSAGES),
    *(("DELETE", template, delete_message) for template in _MESSAGES),
]
