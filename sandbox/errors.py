"""Everything that can be refused.

SandboxError
├── ApiError          an answer of the HTTP API with Discord's status, code and message
├── ClientRefused     the person's client would not even send this
├── NotAnswered       the bot did not answer an interaction in time
└── DownloadFailed    the CDN did not give a file
"""

from typing import Final

from sandbox.wire import Json

# Statuses and messages from Discord's reference, "JSON error codes".
CODES: Final[dict[int, tuple[int, str]]] = {
    0: (404, "404: Not Found"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (404, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    30008: (400, "Maximum number of emojis reached (2000)"),
    30003: (400, "Maximum number of pins reached (50)"),
    30032: (400, "Maximum number of application commands reached"),
    40001: (401, "401: Unauthorized"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50021: (403, "Cannot execute action on a system message"),
    50024: (403, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160002: (403, "You cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    160005: (403, "Thread is locked"),
}


class SandboxError(Exception):
    """The root of everything the sandbox raises on purpose."""


class ApiError(SandboxError):
    """A refusal as the HTTP API words it; `details` is the tree of form errors, if any."""

    def __init__(self, code: int, details: Json | None = None) -> None:
        self.status, self.message = CODES[code]
        self.code = code
        self.details = details
        super().__init__(f"{self.status} {self.message} ({code})")

    def body(self) -> Json:
        """The JSON object that goes over the wire."""
        answer: Json = {"message": self.message, "code": 0 if self.code == 40001 else self.code}
        if self.details:
            answer["errors"] = self.details
        return answer


class ClientRefused(SandboxError):
    """The person's own client stops this before anything is sent.

    `rule` names the broken rule ("unknown_command", "required", "too_long", …), `subject` the option, field or
    component it was about, `limit` the number or the values that would have been accepted.
    """

    def __init__(self, rule: str, subject: str, limit: object = None) -> None:
        self.rule = rule
        self.subject = subject
        self.limit = limit
        if rule == "no_such_file":
            super().__init__(f"there is no file {limit} to attach as {subject}")
        else:
            super().__init__(f"{rule}: {subject}" + ("" if limit is None else f" (limit {limit})"))


class NotAnswered(SandboxError):
    """The person saw "The application did not respond"."""

    def __init__(self, interaction_id: int, waited_seconds: float) -> None:
        self.interaction_id = interaction_id
        self.waited_seconds = waited_seconds
        super().__init__(f"interaction {interaction_id} had no answer after {waited_seconds:.1f} s")


class DownloadFailed(SandboxError):
    """The CDN answered a person's download with another status than 200."""

    def __init__(self, filename: str, status: int) -> None:
        self.filename = filename
        self.status = status
        super().__init__(f"{filename}: {status}")


def invalid_form(path: str, code: str, message: str) -> ApiError:
    """A 50035 with one error at a dotted path such as `embeds.0.title`."""
    details: Json = {"_errors": [{"code": code, "message": message}]}
    for key in reversed(path.split(".")):
        details = {key: details}
    return ApiError(50035, details)
