"""The application's own emojis."""

from sandbox.http.api import Api, Incoming, Route
from sandbox.wire import Json


def list_all(api: Api, incoming: Incoming) -> Json:
    """Every emoji."""
    return {"items": [emoji.render() for emoji in api.world.emojis.all()]}


def create(api: Api, incoming: Incoming) -> Json:
    """Upload one."""
    body = incoming.body.object()
    return api.world.emojis.add(str(body["name"]), str(body["image"]), api.world.bot).render()


def get(api: Api, incoming: Incoming) -> Json:
    """One emoji."""
    return api.world.emojis.get(incoming.id("emoji_id")).render()


def rename(api: Api, incoming: Incoming) -> Json:
    """Change a name."""
    return api.world.emojis.rename(incoming.id("emoji_id"), str(incoming.body.object()["name"])).render()


def delete(api: Api, incoming: Incoming) -> None:
    """Remove one."""
    api.world.emojis.remove(incoming.id("emoji_id"))


_ALL = "/applications/{application_id}/emojis"
_ONE = f"{_ALL}/{{emoji_id}}"
ROUTES: list[Route] = [
    ("GET", _ALL, list_all),
    ("POST", _ALL, create),
    ("GET", _ONE, get),
    ("PATCH", _ONE, rename),
    ("DELETE", _ONE, delete),
]
