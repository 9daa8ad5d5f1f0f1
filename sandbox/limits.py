"""Rate limits as Discord states them to a bot: buckets with headers, one for the whole bot, a ban after many errors."""

import hashlib
from collections import deque
from dataclasses import dataclass
from typing import Final

from sandbox.clock import Clock


@dataclass(frozen=True, slots=True)
class Rule:
    """So many requests in so many seconds, counted per major parameter."""

    name: str
    requests: int
    seconds: float


# Discord publishes no figures; these are what its servers answered in X-RateLimit headers at the time of writing.
POST_MESSAGE: Final = Rule("post-message", 5, 5.0)
EDIT_MESSAGE: Final = Rule("edit-message", 5, 5.0)
DELETE_MESSAGE: Final = Rule("delete-message", 5, 1.0)
WEBHOOK: Final = Rule("webhook", 5, 2.0)
REACTION: Final = Rule("reaction", 1, 0.25)
ORDINARY: Final = Rule("ordinary", 50, 1.0)
GLOBAL: Final = Rule("global", 50, 1.0)
BAN_AFTER_ERRORS: Final = 10_000
BAN_WINDOW_SECONDS: Final = 600.0
_BAN_STATUSES: Final = frozenset({401, 403, 429})
_KEPT_WINDOWS: Final = 4096


@dataclass(slots=True)
class _Window:
    ends_at: float
    used: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one request may do and the headers that say so; `retry_after_seconds` is set when it may not pass."""

    headers: dict[str, str]
    retry_after_seconds: float | None = None
    everywhere: bool = False


def rule_for(method: str, template: str) -> Rule:
    """The rule of a route, by its template in the official document."""
    if template.startswith("/webhooks/"):
        return WEBHOOK
    if "/reactions/" in template:
        return REACTION
    if template == "/channels/{channel_id}/messages" and method == "POST":
        return POST_MESSAGE
    if template == "/channels/{channel_id}/messages/{message_id}":
        return {"PATCH": EDIT_MESSAGE, "DELETE": DELETE_MESSAGE}.get(method, ORDINARY)
    return ORDINARY


class RateLimits:
    """All windows of a sandbox; `enabled = False` lets everything pass."""

    def __init__(self, clock: Clock) -> None:
        self.enabled = True
        self._clock = clock
        self._windows: dict[tuple[str, str], _Window] = {}
        self._errors: deque[float] = deque()

    def take(self, method: str, template: str, major: str) -> Verdict:
        """Count one request; interaction callbacks and webhooks do not count for the bot's global limit."""
        if not self.enabled or template.startswith("/interactions/"):
            return Verdict({})
        rule = rule_for(method, template)
        if not template.startswith("/webhooks/"):
            whole = self._use(GLOBAL, "")
            if whole.used > GLOBAL.requests:
                return self._refuse(whole, GLOBAL, {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"})
        scope = f"{method} {template} {major}" if rule is ORDINARY else major
        window = self._use(rule, scope)
        bucket = hashlib.sha256(f"{rule.name} {template if rule is ORDINARY else ''} {method}".encode()).hexdigest()[
            :32
        ]
        remaining = max(0, rule.requests - window.used)
        headers = {
            "X-RateLimit-Limit": str(rule.requests),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": f"{window.ends_at:.3f}",
            "X-RateLimit-Reset-After": f"{max(0.0, window.ends_at - self._clock.now()):.3f}",
            "X-RateLimit-Bucket": bucket,
        }
        if window.used > rule.requests:
            return self._refuse(window, rule, headers | {"X-RateLimit-Scope": "user"})
        return Verdict(headers)

    def note(self, status: int) -> None:
        """Count an answer towards the ban for too many invalid requests."""
        if status in _BAN_STATUSES:
            self._errors.append(self._clock.now())

    def banned(self) -> bool:
        """Whether the address is shut out, without a `Via` header and without JSON, as Cloudflare does."""
        oldest = self._clock.now() - BAN_WINDOW_SECONDS
        while self._errors and self._errors[0] < oldest:
            self._errors.popleft()
        return self.enabled and len(self._errors) >= BAN_AFTER_ERRORS

    def _use(self, rule: Rule, major: str) -> _Window:
        now = self._clock.now()
        key = (rule.name, major)
        window = self._windows.get(key)
        if window is None or window.ends_at <= now:
            if len(self._windows) > _KEPT_WINDOWS:
                self._windows = {k: w for k, w in self._windows.items() if w.ends_at > now}
            window = self._windows[key] = _Window(now + rule.seconds, 0)
        window.used += 1
        return window

    def _refuse(self, window: _Window, rule: Rule, headers: dict[str, str]) -> Verdict:
        retry_after = max(0.001, window.ends_at - self._clock.now())
        return Verdict(headers, retry_after, everywhere=rule is GLOBAL)
