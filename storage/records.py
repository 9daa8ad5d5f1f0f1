"""Jobs as values: what is ordered, what is kept, and how a row becomes one of them."""

import json
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from storage.database import Transaction

JobState = Literal["queued", "running", "succeeded", "failed", "cancelled"]
Delivery = Literal["pending", "posting", "posted", "abandoned"]
Lane = Literal["class", "demo"]
Visibility = Literal["shown", "private", "hidden", "deleted"]
Approval = Literal["waiting", "approved", "declined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """What a person ordered. ``recipe`` is plain JSON; ``key`` is the caller's, unique per order.

    ``pool_id`` is the sponsored pool that the hold is on, None where the person pays.
    """

    key: str
    guild_id: int
    channel_id: int
    user_id: int
    model_id: str
    recipe: dict[str, Any]
    price_credits: int
    size_limit_bytes: int
    locale: str
    interaction_id: int | None = None
    lane: Lane = "class"
    pool_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One row, as it was when read. Times are seconds since the epoch.

    ``attempts`` counts claims and is the number that fences the running one. ``cause`` is the last trouble, for
    the log. ``delivery`` is None until the job is finished, and became what it is at ``delivery_at``.
    ``load_seconds`` is how long the model took to load before the ``render_seconds`` began. ``strip`` is the name of
    the clip's thumbnails, once made. Of a "deleted" job the recipe has no words and no pictures any more. ``pool_id``
    is the sponsored pool that pays, None where the person does. ``approval`` is None where the clip needs none.
    """

    id: int
    key: str
    hold_id: int
    guild_id: int
    channel_id: int
    user_id: int
    interaction_id: int | None
    locale: str
    model_id: str
    recipe: dict[str, Any]
    price_credits: int
    size_limit_bytes: int
    state: JobState
    attempts: int
    worker: str | None
    created_at: float
    started_at: float | None
    finished_at: float | None
    clip: str | None
    clip_bytes: int | None
    render_seconds: float | None
    remarks: list[Any]
    fault: str | None
    cause: str | None
    status_message_id: int | None
    delivery: Delivery | None
    delivery_at: float | None
    message_id: int | None
    delivery_cause: str | None
    lane: Lane
    load_seconds: float | None
    visibility: Visibility
    strip: str | None
    pool_id: int | None
    approval: Approval | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The little that the queue needs to know of a waiting job."""

    job_id: int
    guild_id: int
    user_id: int
    model_id: str
    created_at: float
    price_credits: int
    lane: Lane
    recipe: dict[str, Any] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a finished job did to the device it ran on; the render and load times are known of a finished clip only."""

    guild_id: int
    user_id: int
    model_id: str
    price_credits: int
    lane: Lane
    started_at: float
    finished_at: float
    render_seconds: float | None
    load_seconds: float | None
    recipe: dict[str, Any]


_REALS = frozenset(field.name for field in fields(Job) if field.type in (float, float | None))


def read_jobs(tx: Transaction, sql: str, values: Any) -> list[Job]:
    """The jobs that a statement over whole rows of ``jobs`` gives."""
    cursor = tx.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [_job(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def first_job(tx: Transaction, sql: str, values: Any) -> Job | None:
    """The first of ``read_jobs``, if any."""
    return next(iter(read_jobs(tx, sql, values)), None)


def changes(tx: Transaction, sql: str, values: dict[str, Any]) -> bool:
    """Whether an UPDATE of one row found it."""
    return tx.execute(sql, values).rowcount == 1


def to_json(value: Any) -> str:
    """Compact JSON; ValueError for what JSON cannot say."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _job(columns: dict[str, Any]) -> Job:
    # RETURNING hands a whole number in a REAL column over as an int.
    reals = {name: float(columns[name]) for name in _REALS if columns[name] is not None}
    parsed = {name: json.loads(columns[name]) for name in ("recipe", "remarks")}
    return Job(**{**columns, **reals, **parsed})
