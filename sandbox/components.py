"""Message components of both generations: walking them, reading them, and the limits that Discord documents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from sandbox.errors import invalid_form
from sandbox.wire import Json


class Part(IntEnum):
    """Component types, from Discord's component reference."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


SELECTS: Final = frozenset(
    {Part.STRING_SELECT, Part.USER_SELECT, Part.ROLE_SELECT, Part.MENTIONABLE_SELECT, Part.CHANNEL_SELECT}
)
_LAYOUT: Final = frozenset(
    {Part.SECTION, Part.TEXT_DISPLAY, Part.THUMBNAIL, Part.MEDIA_GALLERY, Part.FILE, Part.SEPARATOR, Part.CONTAINER}
)
# All from Discord's component reference.
MAX_ROWS: Final = 5
MAX_PARTS_V2: Final = 40
MAX_TEXT_V2: Final = 4000
MAX_CUSTOM_ID: Final = 100
MAX_LABEL: Final = 80
MAX_OPTIONS: Final = 25
MAX_PLACEHOLDER: Final = 150
_LINK_STYLES: Final = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class Button:
    """A button as a person sees it; link buttons have a `url` and no `custom_id`."""

    label: str
    custom_id: str | None
    disabled: bool
    style: int
    url: str | None


def walk(components: Iterable[Json], path: str = "components") -> Iterator[tuple[str, Json]]:
    """Every component with its dotted path, parents before children."""
    for index, component in enumerate(components):
        yield from _walk_one(component, f"{path}.{index}")


def _walk_one(component: Json, path: str) -> Iterator[tuple[str, Json]]:
    yield path, component
    yield from walk(component.get("components") or [], f"{path}.components")
    for key in ("accessory", "component"):
        if isinstance(component.get(key), dict):
            yield from _walk_one(component[key], f"{path}.{key}")


def buttons(components: Iterable[Json]) -> list[Button]:
    """All buttons in reading order."""
    return [
        Button(
            label=str(part.get("label") or (part.get("emoji") or {}).get("name") or ""),
            custom_id=part.get("custom_id"),
            disabled=bool(part.get("disabled")),
            style=int(part.get("style", 2)),
            url=part.get("url"),
        )
        for _, part in walk(components)
        if part["type"] == Part.BUTTON
    ]


def texts(components: Iterable[Json]) -> list[str]:
    """What text displays say, in reading order."""
    return [str(part.get("content", "")) for _, part in walk(components) if part["type"] == Part.TEXT_DISPLAY]


def embed_text(embed: Json) -> str:
    """Everything readable in an embed, one thing per line."""
    fields = [text for field in embed.get("fields") or [] for text in (field.get("name"), field.get("value"))]
    author, footer = embed.get("author") or {}, embed.get("footer") or {}
    lines = [author.get("name"), embed.get("title"), embed.get("description"), *fields, footer.get("text")]
    return "\n".join(str(line) for line in lines if line)


def embed_addresses(embed: Json) -> list[str]:
    """Where the pictures of an embed are."""
    pictures = [(embed.get(part) or {}).get("url") for part in ("image", "thumbnail")]
    icons = [(embed.get(part) or {}).get("icon_url") for part in ("author", "footer")]
    return [str(address) for address in [*pictures, *icons] if address]


def media(components: Iterable[Json]) -> Iterator[tuple[str, Json]]:
    """Every media item (`{"url": …}`) that a component shows, with its path."""
    for path, part in walk(components):
        for key in ("media", "file"):
            if isinstance(part.get(key), dict):
                yield f"{path}.{key}", part[key]
        for index, item in enumerate(part.get("items") or []):
            if isinstance(item.get("media"), dict):
                yield f"{path}.items.{index}.media", item["media"]


def shown_attachment_ids(components: Iterable[Json]) -> set[int]:
    """The attachments that media galleries, files and thumbnails show."""
    return {int(item["attachment_id"]) for _, item in media(components) if "attachment_id" in item}


def _write_emoji_ids_out(part: Json) -> None:
    """Libraries may send them as numbers, which are too large for those of a browser; Discord answers with text."""
    for holder in (part, *(part.get("options") or [])):
        emoji = holder.get("emoji")
        if isinstance(emoji, dict) and emoji.get("id") is not None:
            emoji["id"] = str(emoji["id"])


def number(components: list[Json]) -> None:
    """Give every component without an id the next free one, in reading order, and write ids out, as Discord does."""
    taken = {part["id"] for _, part in walk(components) if part.get("id")}
    following = 1
    for _, part in walk(components):
        _write_emoji_ids_out(part)
        if not part.get("id"):
            while following in taken:
                following += 1
            part["id"] = following
            taken.add(following)


def check(components: list[Json], *, v2: bool) -> None:
    """Raise a 50035 for the first documented limit that a message's components break."""
    parts = list(walk(components))
    if v2:
        if len(parts) > MAX_PARTS_V2:
            raise _too_long("components", MAX_PARTS_V2, "components")
        if sum(map(len, texts(components))) > MAX_TEXT_V2:
            raise _too_long("components", MAX_TEXT_V2, "characters of text")
    elif len(components) > MAX_ROWS:
        raise _too_long("components", MAX_ROWS, "rows")
    seen: set[str] = set()
    for path, part in parts:
        if not v2 and part.get("type") in _LAYOUT:
            raise invalid_form(f"{path}.type", "UNION_TYPE_CHOICES", "Value of field must be one of (1,).")
        check_part(path, part, seen)


def check_part(path: str, part: Json, seen: set[str]) -> None:
    """Check one component, of a message or a modal; `seen` collects custom ids, which may not repeat."""
    kind = part.get("type")
    custom_id = part.get("custom_id")
    if custom_id is not None:
        if not 1 <= len(custom_id) <= MAX_CUSTOM_ID:
            raise _too_long(f"{path}.custom_id", MAX_CUSTOM_ID, "in length")
        if custom_id in seen:
            message = "Component custom id cannot be duplicated"
            raise invalid_form(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", message)
        seen.add(custom_id)
    if kind == Part.ACTION_ROW:
        _check_row(path, part)
    elif kind == Part.BUTTON:
        _check_button(path, part)
    elif kind in SELECTS:
        _check_select(path, part)
    elif kind == Part.TEXT_DISPLAY and not part.get("content"):
        raise invalid_form(f"{path}.content", "BASE_TYPE_REQUIRED", "This field is required")


def _check_row(path: str, row: Json) -> None:
    children = row.get("components") or []
    if not 1 <= len(children) <= MAX_ROWS:
        raise invalid_form(f"{path}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    if any(child.get("type") in SELECTS for child in children) and len(children) > 1:
        raise invalid_form(f"{path}.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The row is too wide")


def _check_button(path: str, part: Json) -> None:
    if len(part.get("label") or "") > MAX_LABEL:
        raise _too_long(f"{path}.label", MAX_LABEL, "in length")
    if not part.get("label") and not part.get("emoji") and part.get("style") != 6:
        raise invalid_form(f"{path}.label", "BUTTON_COMPONENT_LABEL_REQUIRED", "A button needs a label or an emoji")
    if part.get("style") in _LINK_STYLES:
        if part.get("custom_id"):
            message = "A custom id and url cannot both be specified"
            raise invalid_form(f"{path}.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message)
    elif not part.get("custom_id"):
        message = "A custom id is required for this button"
        raise invalid_form(f"{path}.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", message)


def _check_select(path: str, part: Json) -> None:
    options = part.get("options") or []
    if part["type"] == Part.STRING_SELECT and not 1 <= len(options) <= MAX_OPTIONS:
        raise invalid_form(f"{path}.options", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
    if len(part.get("placeholder") or "") > MAX_PLACEHOLDER:
        raise _too_long(f"{path}.placeholder", MAX_PLACEHOLDER, "in length")
    values: set[str] = set()
    for index, option in enumerate(options):
        for key in ("label", "value", "description"):
            if len(str(option.get(key) or "")) > 100:
                raise _too_long(f"{path}.options.{index}.{key}", 100, "in length")
        if option["value"] in values:
            message = "The specified option value is already used"
            raise invalid_form(f"{path}.options.{index}.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
        values.add(option["value"])


def _too_long(path: str, limit: int, what: str) -> Exception:
    return invalid_form(path, "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer {what}.")
