"""Whether a class's rules let a person order a clip: pure, and asked wherever an order is accepted."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from generation.errors import GenerationError
from generation.request import ClipRequest
from storage.class_rules import ClassRules, RoleLimits
from storage.sessions import ClassSession

RuleFault = Literal[
    "draining",
    "blocked",
    "model_off",
    "channel",
    "seconds",
    "pixels",
    "session_turn",
    "session_model",
    "session_clips",
    "forgetting",
    "word",
]


class RuleRefused(GenerationError):
    """The class's rules do not allow it; ``fault`` names the text, ``details`` fills its variables."""

    def __init__(self, fault: RuleFault, **details: str | float) -> None:
        super().__init__(fault)
        self.fault = fault
        self.details = details


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who orders, from where. ``channel_ids`` are the channel and, of a thread, its parent; roles include @everyone.

    An instructor is bound by none of the rules; a paused class starts nothing for anybody.
    """

    role_ids: frozenset[int]
    channel_ids: frozenset[int]
    is_instructor: bool = False


def check(rules: ClassRules, asker: Asker, request: ClipRequest) -> None:
    """Raise RuleRefused if this may not be ordered; a paused class takes orders and keeps them waiting."""
    if asker.is_instructor:
        return
    if rules.blocked_because is not None:
        raise RuleRefused("blocked", reason=rules.blocked_because)
    if rules.closure is not None and rules.closure.state == "draining":
        raise RuleRefused("draining", reason=rules.closure.reason)
    if rules.channels and not rules.channels & asker.channel_ids:
        raise RuleRefused("channel", channels=" ".join(f"<#{channel_id}>" for channel_id in sorted(rules.channels)))
    if request.model.id in rules.models_off:
        raise RuleRefused("model_off", model=request.model.label)
    limits = limits_of(rules.limits, asker.role_ids)
    if limits.longest_seconds is not None and request.duration_seconds > limits.longest_seconds + request.frame_seconds:
        raise RuleRefused("seconds", limit=f"{limits.longest_seconds:g}")
    if limits.largest_pixels is not None and request.width * request.height > limits.largest_pixels:
        raise RuleRefused(
            "pixels", limit=f"{limits.largest_pixels / 1e6:.2f}", asked=f"{request.width}×{request.height}"
        )


def check_turn(outstanding: int) -> None:
    """Raise RuleRefused while a session runs and something of the person's is in the making.

    Everybody has one order at a time there. The clips of a comparison are one order, so that the exercise with three
    prompts can be done in class; the line serves others in between.
    """
    if outstanding > 0:
        raise RuleRefused("session_turn")


def check_session(
    session: ClassSession, requests: Sequence[ClipRequest], unusable: Collection[str], taken: int
) -> None:
    """Raise RuleRefused for another model than the session's, and beyond the clips for each person.

    Every model is allowed while the session's own is among the ``unusable`` ones.
    """
    if session.model_id is not None and session.model_id not in unusable:
        for request in requests:
            if request.model.id != session.model_id:
                raise RuleRefused("session_model", asked=request.model.label)
    if session.clips_per_person is not None and taken + len(requests) > session.clips_per_person:
        raise RuleRefused(
            "session_clips",
            limit=session.clips_per_person,
            left=max(0, session.clips_per_person - taken),
            more=len(requests),
            ends_at=session.ends_at,
        )


def outstanding_limit(rules: ClassRules, asker: Asker, default: int) -> int:
    """How many clips the person may have in the making at one time."""
    if asker.is_instructor:
        return default
    own = limits_of(rules.limits, asker.role_ids).outstanding
    return default if own is None else own


def limits_of(limits: Iterable[RoleLimits], role_ids: frozenset[int]) -> RoleLimits:
    """The person's limits: of several roles the most generous number counts, and one left open is no limit set."""
    own = [one for one in limits if one.role_id in role_ids]
    return RoleLimits(
        0,
        max((one.longest_seconds for one in own if one.longest_seconds is not None), default=None),
        max((one.largest_pixels for one in own if one.largest_pixels is not None), default=None),
        max((one.outstanding for one in own if one.outstanding is not None), default=None),
    )
