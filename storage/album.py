"""A person's history, page by page: by key, never by offset, so that page fifty costs what page one costs.

Functions take an open transaction.
"""

from dataclasses import dataclass

from storage.database import Transaction
from storage.records import Job, read_jobs

_OF_PERSON = "SELECT * FROM jobs WHERE guild_id = :guild_id AND user_id = :user_id"
_OF_MODEL = f"{_OF_PERSON} AND model_id = :model_id"
# A person's failures are few, so their models are looked at one by one.
_FAILED = (
    "SELECT * FROM jobs INDEXED BY jobs_failed_of_person WHERE guild_id = :guild_id AND user_id = :user_id"
    " AND state = 'failed' AND (:model_id IS NULL OR model_id = :model_id)"
)
_OLDER = "AND id < :edge ORDER BY id DESC LIMIT :limit"
_NEWER = "AND id > :edge ORDER BY id LIMIT :limit"

OLDER_SQL, NEWER_SQL = f"{_OF_PERSON} {_OLDER}", f"{_OF_PERSON} {_NEWER}"
OLDER_OF_MODEL_SQL, NEWER_OF_MODEL_SQL = f"{_OF_MODEL} {_OLDER}", f"{_OF_MODEL} {_NEWER}"
OLDER_FAILED_SQL, NEWER_FAILED_SQL = f"{_FAILED} {_OLDER}", f"{_FAILED} {_NEWER}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Whose jobs, and which of them; ``model_id`` None is every model."""

    guild_id: int
    user_id: int
    model_id: str | None = None
    only_failed: bool = False


def older(tx: Transaction, which: Filter, edge: int, limit: int) -> list[Job]:
    """Up to ``limit`` jobs before job ``edge``, newest first."""
    return _read(tx, which, (OLDER_SQL, OLDER_OF_MODEL_SQL, OLDER_FAILED_SQL), edge, limit)


def newer(tx: Transaction, which: Filter, edge: int, limit: int) -> list[Job]:
    """The ``limit`` jobs that come right after job ``edge``, newest first."""
    return _read(tx, which, (NEWER_SQL, NEWER_OF_MODEL_SQL, NEWER_FAILED_SQL), edge, limit)[::-1]


def _read(tx: Transaction, which: Filter, statements: tuple[str, str, str], edge: int, limit: int) -> list[Job]:
    every, of_model, failed = statements
    sql = failed if which.only_failed else every if which.model_id is None else of_model
    values = {"guild_id": which.guild_id, "user_id": which.user_id, "model_id": which.model_id}
    return read_jobs(tx, sql, {**values, "edge": edge, "limit": limit})
