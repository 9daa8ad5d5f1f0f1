"""What was decided in the database and is still to be done outside it, where no job's withdrawal has it.

Functions take an open transaction. Each end is noted in the transaction that decides, done afterwards by whoever can,
repeatable, and tied last.
"""

from collections.abc import Iterable

from storage.database import Transaction

FILE_SQL = "INSERT INTO loose_files (name) VALUES (?) ON CONFLICT (name) DO NOTHING"
FILES_SQL = "SELECT name FROM loose_files ORDER BY name LIMIT ?"
FILE_GONE_SQL = "DELETE FROM loose_files WHERE name = ?"
MESSAGES_SQL = "SELECT guild_id, channel_id, message_id FROM loose_messages ORDER BY message_id LIMIT ?"
MESSAGE_GONE_SQL = "DELETE FROM loose_messages WHERE message_id = ?"
RESULTS_OF_JOB_SQL = """
INSERT INTO stale_results (challenge_id)
SELECT challenges.id FROM challenge_entries AS entry JOIN challenges ON challenges.id = entry.challenge_id
WHERE entry.job_id = ? AND entry.withdrawn_at IS NULL AND challenges.state = 'closed'
ON CONFLICT (challenge_id) DO NOTHING
"""
RESULTS_SQL = """
SELECT stale.challenge_id FROM stale_results AS stale JOIN challenges ON challenges.id = stale.challenge_id
WHERE challenges.results IN ('posted', 'abandoned') ORDER BY stale.challenge_id LIMIT ?
"""
IS_STALE_SQL = "SELECT 1 FROM stale_results WHERE challenge_id = ?"
RESULTS_TOLD_SQL = "DELETE FROM stale_results WHERE challenge_id = ?"


def add_files(tx: Transaction, names: Iterable[str]) -> None:
    """Note files that are to be removed unless something needs them."""
    tx.executemany(FILE_SQL, [(name,) for name in names])


def files(tx: Transaction, limit: int) -> list[str]:
    """Up to ``limit`` files that are to be removed."""
    return [name for (name,) in tx.execute(FILES_SQL, (limit,))]


def file_gone(tx: Transaction, name: str) -> None:
    """Note that the file is removed, or needed by something that removes it in its own time."""
    tx.execute(FILE_GONE_SQL, (name,))


def messages(tx: Transaction, limit: int) -> list[tuple[int, int, int]]:
    """(guild, channel, message) of up to ``limit`` messages that are to be taken out of their channels."""
    return [(guild, channel, message) for guild, channel, message in tx.execute(MESSAGES_SQL, (limit,))]


def message_gone(tx: Transaction, message_id: int) -> None:
    """Note that the message is out of its channel, or out of reach for good."""
    tx.execute(MESSAGE_GONE_SQL, (message_id,))


def outdate_results(tx: Transaction, job_id: int) -> None:
    """Note that the results of the ended challenge in which this clip stands are to be told again without it."""
    tx.execute(RESULTS_OF_JOB_SQL, (job_id,))


def stale_results(tx: Transaction, limit: int) -> list[int]:
    """Ids of challenges whose results were told and are to be told again."""
    return [challenge_id for (challenge_id,) in tx.execute(RESULTS_SQL, (limit,))]


def is_stale(tx: Transaction, challenge_id: int) -> bool:
    """Whether the challenge's results are to be told again."""
    return tx.execute(IS_STALE_SQL, (challenge_id,)).fetchone() is not None


def results_told(tx: Transaction, challenge_id: int) -> None:
    """Note that the results stand as they are now, or are out of reach for good."""
    tx.execute(RESULTS_TOLD_SQL, (challenge_id,))
