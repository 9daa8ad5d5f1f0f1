"""Modals: the limits a bot's form must keep, and a person's way of filling one in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sandbox import components
from sandbox.command_rules import OptionKind
from sandbox.components import Part
from sandbox.errors import ApiError, ClientRefused, invalid_form
from sandbox.files import Upload
from sandbox.options import Resolved, Typist, refer
from sandbox.wire import Json

# From Discord's references on modals and components.
MAX_TITLE: Final = 45
MAX_TOP_LEVEL: Final = 5
MAX_TEXT_INPUT: Final = 4000
_REFERENCES: Final = {
    Part.USER_SELECT: OptionKind.USER,
    Part.ROLE_SELECT: OptionKind.ROLE,
    Part.MENTIONABLE_SELECT: OptionKind.MENTIONABLE,
    Part.CHANNEL_SELECT: OptionKind.CHANNEL,
}


@dataclass(frozen=True)
class Field:
    """One thing to fill in."""

    label: str
    component: Json

    @property
    def custom_id(self) -> str:
        """The bot's name for it."""
        return str(self.component["custom_id"])

    @property
    def required(self) -> bool:
        """Whether the form cannot be sent without it."""
        return self.component.get("required") is not False


@dataclass(frozen=True)
class Modal:
    """A form that the bot shows; it stays open until it is submitted."""

    custom_id: str
    title: str
    components: list[Json]
    interaction_id: int

    @property
    def fields(self) -> list[Field]:
        """The fields in reading order."""
        found = []
        for top in self.components:
            if top["type"] == Part.LABEL:
                found.append(Field(str(top["label"]), top["component"]))
            elif top["type"] == Part.ACTION_ROW:
                found += [Field(str(child.get("label") or ""), child) for child in top["components"]]
        return found

    def fill(self, given: Mapping[str, object], typist: Typist) -> tuple[Json, Resolved]:
        """Fill fields by custom id or label; unnamed ones keep what the bot put there.

        Returns the interaction's data and the resolved objects; raises ClientRefused as the client would.
        """
        fields = self.fields
        known = {name for one in fields for name in (one.custom_id, one.label)}
        for name in given:
            if name not in known:
                raise ClientRefused("unknown_field", name, sorted(known))
        resolved = Resolved()
        values = {one.custom_id: _value(one, _given(one, given), typist, resolved) for one in fields}
        data = {"custom_id": self.custom_id, "components": [_answer(top, values) for top in self.components]}
        return data, resolved


def check(body: Json) -> None:
    """Raise 50035 for the first documented limit that a modal breaks."""
    if not 1 <= len(body.get("title") or "") <= MAX_TITLE:
        raise _bad_length("data.title", 1, MAX_TITLE)
    if not 1 <= len(body.get("custom_id") or "") <= components.MAX_CUSTOM_ID:
        raise _bad_length("data.custom_id", 1, components.MAX_CUSTOM_ID)
    top = body.get("components") or []
    if not 1 <= len(top) <= MAX_TOP_LEVEL:
        raise _bad_length("data.components", 1, MAX_TOP_LEVEL)
    seen: set[str] = set()
    for path, part in components.walk(top, "data.components"):
        components.check_part(path, part, seen)
        if part["type"] == Part.LABEL and not 1 <= len(part.get("label") or "") <= MAX_TITLE:
            raise _bad_length(f"{path}.label", 1, MAX_TITLE)
        if part["type"] == Part.TEXT_INPUT:
            for key, limit in (("value", MAX_TEXT_INPUT), ("placeholder", 100), ("label", MAX_TITLE)):
                if len(part.get(key) or "") > limit:
                    raise _bad_length(f"{path}.{key}", 0, limit)
    components.number(top)


def _bad_length(path: str, low: int, high: int) -> ApiError:
    return invalid_form(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")


def _given(one: Field, given: Mapping[str, object]) -> object:
    return given[one.custom_id] if one.custom_id in given else given.get(one.label)


def _answer(top: Json, values: dict[str, Json]) -> Json:
    head: Json = {key: top[key] for key in ("type", "id") if key in top}
    if top["type"] == Part.LABEL:
        return head | {"component": values[top["component"]["custom_id"]]}
    if top["type"] == Part.ACTION_ROW:
        return head | {"components": [values[child["custom_id"]] for child in top["components"]]}
    return head


def _value(one: Field, value: object, typist: Typist, resolved: Resolved) -> Json:
    part = one.component
    kind = Part(part["type"])
    answer: Json = {"type": int(kind), "id": part.get("id", 0), "custom_id": one.custom_id}
    if kind is Part.TEXT_INPUT:
        return answer | {"value": _text(one, value)}
    if kind is Part.CHECKBOX:
        return answer | {"value": bool(part.get("default")) if value is None else bool(value)}
    if kind is Part.RADIO_GROUP:
        chosen = _chosen(one, [] if value is None else [value])
        return answer | {"value": chosen[0] if chosen else None}
    many = list(value) if isinstance(value, list | tuple) else [] if value is None else [value]
    if kind is Part.FILE_UPLOAD:
        check_count(one.label, part, many, required=one.required)
        return answer | {"values": [_store(one, upload, typist, resolved) for upload in many]}
    if kind in _REFERENCES:
        check_count(one.label, part, many, required=one.required)
        return answer | {
            "values": [
                refer(_REFERENCES[kind], one.label, item, typist, resolved, part.get("channel_types")) for item in many
            ]
        }
    return answer | {"values": _chosen(one, many)}


def _text(one: Field, value: object) -> str:
    part = one.component
    text = str(part.get("value") or "") if value is None else value
    if not isinstance(text, str):
        raise ClientRefused("wrong_type", one.label, "str")
    if one.required and not text:
        raise ClientRefused("required", one.label)
    if text and len(text) < (part.get("min_length") or 0):
        raise ClientRefused("too_short", one.label, part["min_length"])
    if len(text) > (part.get("max_length") or MAX_TEXT_INPUT):
        raise ClientRefused("too_long", one.label, part.get("max_length") or MAX_TEXT_INPUT)
    return text


def _store(one: Field, upload: object, typist: Typist, resolved: Resolved) -> str:
    if not isinstance(upload, Upload):
        raise ClientRefused("wrong_type", one.label, "Upload")
    return typist.store(upload, one.label, resolved)


def _chosen(one: Field, many: list[object]) -> list[str]:
    options = one.component.get("options") or []
    if not many:
        many = [option["value"] for option in options if option.get("default")]
    return choose(one.label, options, one.component, many, required=one.required)


def choose(subject: str, options: list[Json], part: Json, many: list[object], *, required: bool = True) -> list[str]:
    """Pick options by value or label within the allowed count; ClientRefused otherwise."""
    low, high = _bounds(part, required=required)
    if not low <= len(many) <= high:
        raise ClientRefused("wrong_count", subject, (low, high))
    by_name = {name: option["value"] for option in options for name in (option["label"], option["value"])}
    for value in many:
        if value not in by_name:
            raise ClientRefused("not_a_choice", subject, sorted(by_name))
    return [str(by_name[str(value)]) for value in many]


def _bounds(part: Json, *, required: bool) -> tuple[int, int]:
    """How many values may be chosen; one by default, in a group of checkboxes as many as there are."""
    low, high = part.get("min_values"), part.get("max_values")
    most = len(part["options"]) if part["type"] == Part.CHECKBOX_GROUP else 1
    return (1 if low is None else low) if required else 0, most if high is None else high


def check_count(subject: str, part: Json, many: list[object], *, required: bool = True) -> None:
    """Refuse too few or too many files or things; ClientRefused "required" or "wrong_count"."""
    low, high = _bounds(part, required=required)
    if not low <= len(many) <= high:
        raise ClientRefused("required" if not many else "wrong_count", subject, (low, high))
