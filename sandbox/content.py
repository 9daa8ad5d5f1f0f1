"""The limits on what a message may say, enforced with Discord's 50035 whatever the official document allows."""

from typing import Any, Final

from sandbox import components
from sandbox.errors import ApiError, invalid_form
from sandbox.messages import Flag
from sandbox.wire import Json

# From Discord's references on creating messages and on embeds.
MAX_CONTENT: Final = 2000
MAX_EMBEDS: Final = 10
MAX_EMBED_TOTAL: Final = 6000
MAX_FIELDS: Final = 25
MAX_FILES: Final = 10
MAX_DESCRIPTION: Final = 1024
MAX_NONCE: Final = 25
_EMBED_LIMITS: Final = {"title": 256, "description": 4096}
_NESTED_LIMITS: Final = {("author", "name"): 256, ("footer", "text"): 2048}
_FIELD_LIMITS: Final = {"name": 256, "value": 1024}


def check_message(body: Json, flags: int) -> None:
    """Raise 50035 for the first limit that a message body breaks; `flags` are the flags it will have."""
    v2 = bool(flags & Flag.COMPONENTS_V2)
    if v2:
        for key in ("content", "embeds", "poll", "sticker_ids"):
            if body.get(key):
                message = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                raise invalid_form(key, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)
    _limit("content", body.get("content"), MAX_CONTENT)
    _limit("nonce", body.get("nonce") if isinstance(body.get("nonce"), str) else None, MAX_NONCE)
    _check_embeds(body.get("embeds") or [])
    attachments = body.get("attachments") or []
    if len(attachments) > MAX_FILES:
        raise _too_long("attachments", MAX_FILES)
    for index, attachment in enumerate(attachments):
        _limit(f"attachments.{index}.description", attachment.get("description"), MAX_DESCRIPTION)
    components.check(body.get("components") or [], v2=v2)


def check_not_empty(*parts: Any) -> None:
    """Raise 50006 when a message would have nothing to show."""
    if not any(parts):
        raise ApiError(50006)


def _check_embeds(embeds: list[Json]) -> None:
    if len(embeds) > MAX_EMBEDS:
        raise _too_long("embeds", MAX_EMBEDS)
    total = 0
    for index, embed in enumerate(embeds):
        path = f"embeds.{index}"
        for key, limit in _EMBED_LIMITS.items():
            total += _limit(f"{path}.{key}", embed.get(key), limit)
        for (outer, inner), limit in _NESTED_LIMITS.items():
            total += _limit(f"{path}.{outer}.{inner}", (embed.get(outer) or {}).get(inner), limit)
        total += _check_fields(path, embed.get("fields") or [])
    if total > MAX_EMBED_TOTAL:
        raise invalid_form("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MAX_EMBED_TOTAL}")


def _check_fields(path: str, fields: list[Json]) -> int:
    if len(fields) > MAX_FIELDS:
        raise _too_long(f"{path}.fields", MAX_FIELDS)
    total = 0
    for number, field in enumerate(fields):
        for key, limit in _FIELD_LIMITS.items():
            if not field.get(key):
                raise invalid_form(f"{path}.fields.{number}.{key}", "BASE_TYPE_REQUIRED", "This field is required")
            total += _limit(f"{path}.fields.{number}.{key}", field[key], limit)
    return total


def _limit(path: str, value: object, limit: int) -> int:
    if value is None:
        return 0
    length = len(str(value))
    if length > limit:
        raise _too_long(path, limit)
    return length


def _too_long(path: str, limit: int) -> ApiError:
    return invalid_form(path, "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length.")
