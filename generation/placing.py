"""What is ordered, and what it has become once it is in the table."""

from dataclasses import dataclass

from generation.request import ClipRequest
from generation.teaching.house_rules import Asker
from storage.drafts import Exercise
from storage.jobs import Job, Lane
from storage.ledger import Balance


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """An accepted request: who pays, where the clip goes.

    ``key`` makes a replay harmless: the id of the interaction that asked, for further clips of one offer with a
    number behind it.

    Lane "demo" goes before everybody else; only instructors' commands may ask for it. ``continues`` is the clip
    whose last frame is this one's still. ``exercise`` is the exercise of the course that it is part of. ``asker`` is
    judged by the class's rules; None is not judged.

    ``pool_id`` is the sponsored pool that pays, up to the person's cap; beyond it the order is refused, and may be
    placed again without a pool if the person would rather pay. None is whoever pays at that moment: the class session
    that runs, or else the person; ``at_own_cost`` is the person in any case.
    """

    key: str
    guild_id: int
    channel_id: int
    user_id: int
    locale: str
    size_limit_bytes: int
    request: ClipRequest
    lane: Lane = "class"
    exercise: Exercise | None = None
    continues: int | None = None
    pool_id: int | None = None
    at_own_cost: bool = False
    asker: Asker | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A job in the table with its credits held. ``is_new`` is false for a replay."""

    job: Job
    balance: Balance
    is_new: bool
