"""Keyed hashes of who was forgotten: enough to recognise somebody who comes back, not enough to say who left.

Functions take an open transaction. ``now`` is seconds since the epoch.
"""

import os
import secrets
from pathlib import Path

from storage.database import Transaction
from storage.errors import FolderUnusable

KEY_BYTES = 32

SEAL_SQL = """
INSERT INTO seals (seal, until, pool_id) VALUES (:seal, :until, :pool_id)
ON CONFLICT (seal) DO UPDATE SET until = max(until, excluded.until)
"""
IS_SEALED_SQL = "SELECT 1 FROM seals WHERE seal = ? AND (until IS NULL OR until > ?)"
REMOVE_OVER_SQL = "DELETE FROM seals WHERE until <= ?"
REMOVE_CLOSED_SQL = """
DELETE FROM seals WHERE pool_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM pools WHERE pools.id = seals.pool_id AND pools.closed_at IS NOT NULL)
"""


def seal_period(tx: Transaction, seal: str, until: float) -> None:
    """Remember somebody until then, when the next allowance is due. Idempotent."""
    tx.execute(SEAL_SQL, {"seal": seal, "until": until, "pool_id": None})


def seal_share(tx: Transaction, seal: str, pool_id: int) -> None:
    """Remember somebody while that pool is open. Idempotent."""
    tx.execute(SEAL_SQL, {"seal": seal, "until": None, "pool_id": pool_id})


def is_sealed(tx: Transaction, seal: str, now: float) -> bool:
    """Whether that somebody was forgotten and what they had is not over yet."""
    return tx.execute(IS_SEALED_SQL, (seal, now)).fetchone() is not None


def remove_over(tx: Transaction, now: float) -> None:
    """Forget the seals of periods and pools that are over."""
    tx.execute(REMOVE_OVER_SQL, (now,))
    tx.execute(REMOVE_CLOSED_SQL)


def read_key(path: Path) -> bytes:
    """The key at ``path``, made at the first call; only its owner may read the file. Raises FolderUnusable."""
    try:
        if not path.exists():
            unfinished = path.with_name(f"{path.name}.unfinished")
            unfinished.unlink(missing_ok=True)
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        return path.read_bytes()
    except OSError as error:
        raise FolderUnusable(path.parent, error.strerror or str(error)) from error
