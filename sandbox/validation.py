"""Every request of the bot held against Discord's official OpenAPI document, when there is one."""

import functools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sandbox.wire import Json

if TYPE_CHECKING:
    import jsonschema_rs

_PREFIX: Final = "#/components/schemas/"
_NAME: Final = "urn:discord"
_UNIONS: Final = ("oneOf", "anyOf")


@dataclass(frozen=True)
class Verdict:
    """What the document says about one request.

    `kind` is "valid", "invalid", "unknown" (the document has no such operation) or "unchecked" (no document).
    `problems` says where and why; `warnings` names keys that the document does not know, which is never a failure.
    """

    kind: str
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    operation: str = ""


UNCHECKED: Final = Verdict("unchecked")


@dataclass
class _Template:
    """A path of the document, split for matching; literal parts win over parameters."""

    text: str
    pattern: re.Pattern[str]
    methods: Json
    literals: int


class Validator:
    """The document, read once; schemas are compiled when the first request needs them."""

    def __init__(self, path: Path) -> None:
        # Imported here because only a run with a document needs it.
        import jsonschema_rs

        document = json.loads(path.read_text(encoding="utf-8"))
        self._schemas: Json = document["components"]["schemas"]
        # Discord takes snowflakes as numbers too, and discord.py writes some of them so; the document says text only.
        self._schemas["SnowflakeType"]["type"] = ["string", "integer"]
        self._draft = jsonschema_rs.Draft202012Validator
        self._registry = jsonschema_rs.Registry([(_NAME, document)])
        self._templates: dict[int, list[_Template]] = {}
        for text, methods in document["paths"].items():
            template = _compile(text, methods)
            self._templates.setdefault(text.count("/"), []).append(template)
        for templates in self._templates.values():
            templates.sort(key=lambda template: -template.literals)
        self._compiled: dict[tuple[str, str], jsonschema_rs.Draft202012Validator] = {}

    def judge(self, method: str, path: str, body: object, *, has_body: bool) -> Verdict:
        """Judge one request; `path` is without `/api/v10`, `body` the decoded JSON (of `payload_json` in a form)."""
        template = self._match(method, path)
        if template is None:
            return Verdict("unknown", (f"{method} {path} is not in the document",))
        operation = template.methods[method.lower()]
        name = operation["operationId"]
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            extra = (f"{name} takes no JSON body",) if has_body and body else ()
            return Verdict("valid", warnings=extra, operation=name)
        if not has_body:
            required = operation["requestBody"].get("required", False)
            problems = (f"{name} needs a body",) if required else ()
            return Verdict("invalid" if problems else "valid", problems, operation=name)
        schema = content["schema"]
        errors = list(self._validator(method, template.text).iter_errors(body))
        warnings = tuple(self._unknown_keys(schema, body, ""))
        if not errors:
            return Verdict("valid", (), warnings, name)
        where, message = _most_telling(errors)
        return Verdict("invalid", (f"{name}: {where}: {message[:300]}",), warnings, name)

    def _match(self, method: str, path: str) -> _Template | None:
        for template in self._templates.get(path.count("/"), ()):
            if method.lower() in template.methods and template.pattern.fullmatch(path):
                return template
        return None

    def _validator(self, method: str, text: str) -> "jsonschema_rs.Draft202012Validator":
        key = (method, text)
        if key not in self._compiled:
            steps = ("paths", text, method.lower(), "requestBody", "content", "application/json", "schema")
            pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
            self._compiled[key] = self._draft({"$ref": f"{_NAME}#/{quote(pointer)}"}, registry=self._registry)
        return self._compiled[key]

    def _unknown_keys(self, schema: Json, value: object, path: str) -> Iterator[str]:
        if isinstance(value, list):
            items: Any = next((branch["items"] for branch in self._branches(schema, value) if "items" in branch), None)
            for index, item in enumerate(value if items is not None else ()):
                yield from self._unknown_keys(items, item, f"{path}/{index}")
        if not isinstance(value, dict):
            return
        branches = list(self._branches(schema, value))
        known: Json = {key: sub for branch in branches for key, sub in branch.get("properties", {}).items()}
        free = any(branch.get("additionalProperties") for branch in branches)
        if not known:
            return
        for key, item in value.items():
            if key in known:
                yield from self._unknown_keys(known[key], item, f"{path}/{key}")
            elif not free:
                yield f"{path}/{key} is not in the document"

    def _branches(self, schema: Json, value: object) -> Iterator[Json]:
        """The plain schemas that apply to a value: references followed, unions narrowed by their `type` key."""
        if "$ref" in schema:
            schema = self._schemas[schema["$ref"].removeprefix(_PREFIX)]
        yield schema
        for part in schema.get("allOf", ()):
            yield from self._branches(part, value)
        for union in _UNIONS:
            for part in schema.get(union, ()):
                if self._may_be(part, value):
                    yield from self._branches(part, value)

    def _may_be(self, schema: Json, value: object) -> bool:
        if "$ref" in schema:
            schema = self._schemas[schema["$ref"].removeprefix(_PREFIX)]
        if not isinstance(value, dict):
            return True
        allowed = schema.get("properties", {}).get("type", {}).get("enum")
        return allowed is None or value.get("type") in allowed


def _most_telling(errors: "Sequence[jsonschema_rs.ValidationError]") -> tuple[str, str]:
    """Where and why the deepest error is, such as ("$.embeds[0].color", "…").

    Of a union's branches, the one with the fewest errors is what was meant; its errors say more than the union's own.
    """
    error = max(errors, key=lambda error: len(error.instance_path))
    branches = getattr(error.kind, "context", None)
    if branches:
        return _most_telling(min(branches, key=lambda found: (len(found), -len(found[0].instance_path))))
    return "$" + "".join(
        f"[{key}]" if isinstance(key, int) else f".{key}" for key in error.instance_path
    ), error.message


@functools.cache
def validator_for(path: Path) -> Validator:
    """The validator of a document, built once per process."""
    return Validator(path)


def _compile(text: str, methods: Json) -> _Template:
    parts = [part for part in text.split("/") if part]
    pattern = "".join("/" + ("[^/]+" if part.startswith("{") else re.escape(part)) for part in parts)
    return _Template(text, re.compile(pattern), methods, sum(not part.startswith("{") for part in parts))


@dataclass
class LoggedRequest:
    """One request of the bot and what became of it. `seconds` is wall time, `at` sandbox time, `size` body bytes.

    `handled` is false for what the sandbox does not imitate.
    """

    method: str
    path: str
    status: int
    seconds: float
    verdict: Verdict
    size: int
    at: float
    code: int = 0
    fault: str = ""
    handled: bool = True
    answer_bytes: int = 0
    body: object = field(default=None, repr=False)
