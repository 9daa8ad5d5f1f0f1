"""Cards with buttons that are owed to the instructors of a server: clips to approve, and reports.

Functions take an open transaction. A ``bool`` says whether the step was made.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from storage.database import Transaction
from storage.records import changes, to_json

CardPost = Literal["pending", "posting", "posted", "dropped"]

ADD_SQL = """
INSERT INTO staff_cards (guild_id, job_id, report_id) SELECT guild_id, id, :report_id FROM jobs WHERE id = :job_id
"""
_CARD = """
SELECT card.id, card.guild_id, card.job_id, card.report_id, card.post, card.channel_id, card.message_id,
    reports.reporter_id, reports.reason
FROM staff_cards AS card LEFT JOIN reports ON reports.id = card.report_id
"""
BY_ID_SQL = f"{_CARD} WHERE card.id = ?"
TO_APPROVE_BY_SQL = f"{_CARD} WHERE card.job_id = ? AND card.report_id IS NULL"
OWED_SQL = """
SELECT id FROM staff_cards
WHERE post IN ('pending', 'posting') AND guild_id NOT IN (SELECT value FROM json_each(:without_guilds))
ORDER BY id LIMIT :limit
"""
_WAITING = "SELECT id FROM jobs WHERE approval = 'waiting'"
UNDECIDED_SQL = f"{_CARD} WHERE card.report_id IS NULL AND card.job_id IN ({_WAITING})"
BEGIN_SQL = """
UPDATE staff_cards SET post = 'posting', channel_id = :channel_id WHERE id = :card_id AND post = 'pending'
    AND (report_id IS NOT NULL OR EXISTS (SELECT 1 FROM jobs WHERE id = job_id AND approval = 'waiting'))
"""
POSTED_SQL = """
UPDATE staff_cards SET post = 'posted', message_id = :message_id WHERE id = :card_id AND post = 'posting'
"""
AGAIN_SQL = """
UPDATE staff_cards SET post = 'pending', channel_id = NULL, message_id = NULL
WHERE id = :card_id AND post IN ('posting', 'posted')
"""
LOST_SQL = """
UPDATE staff_cards SET post = 'pending', channel_id = NULL, message_id = NULL
WHERE id = :card_id AND post = 'posted' AND message_id = :message_id
    AND EXISTS (SELECT 1 FROM jobs WHERE jobs.id = staff_cards.job_id AND jobs.approval = 'waiting')
"""
DROP_SQL = """
UPDATE staff_cards SET post = 'dropped', channel_id = NULL, message_id = NULL WHERE id = :card_id
"""


@dataclass(frozen=True, slots=True)
class Card:
    """One card as it is now; ``reporter_id`` and ``reason`` are a report's, None where the clip waits for approval."""

    id: int
    guild_id: int
    job_id: int
    report_id: int | None
    post: CardPost
    channel_id: int | None
    message_id: int | None
    reporter_id: int | None
    reason: str | None


def add(tx: Transaction, job_id: int, *, report_id: int | None = None) -> None:
    """Owe the job's server a card: for that report, or to approve the clip by."""
    tx.execute(ADD_SQL, {"job_id": job_id, "report_id": report_id})


def get(tx: Transaction, card_id: int) -> Card | None:
    """The card of that id."""
    return _first(tx, BY_ID_SQL, card_id)


def to_approve_by(tx: Transaction, job_id: int) -> Card | None:
    """The card by which the clip is approved; None for one that needs no approval."""
    return _first(tx, TO_APPROVE_BY_SQL, job_id)


def owed(tx: Transaction, limit: int, *, without_guilds: Collection[int] = ()) -> list[int]:
    """Ids of cards that are still to be posted, oldest first, leaving out servers that cannot be reached."""
    values = {"limit": limit, "without_guilds": to_json(list(without_guilds))}
    return [card_id for (card_id,) in tx.execute(OWED_SQL, values)]


def undecided(tx: Transaction) -> list[Card]:
    """The cards of all clips that wait for approval, wherever they are."""
    return [Card(*row) for row in tx.execute(UNDECIDED_SQL)]


def begin(tx: Transaction, card_id: int, channel_id: int) -> bool:
    """Mark that the card is about to be posted there, so that a restart looks for it first.

    False if it was tried before, or nothing waits for it any more.
    """
    return changes(tx, BEGIN_SQL, {"card_id": card_id, "channel_id": channel_id})


def posted(tx: Transaction, card_id: int, message_id: int) -> bool:
    """Mark the card as posted by that message."""
    return changes(tx, POSTED_SQL, {"card_id": card_id, "message_id": message_id})


def again(tx: Transaction, card_id: int) -> bool:
    """Owe a card once more that was lost with its channel, or is to move to another one."""
    return changes(tx, AGAIN_SQL, {"card_id": card_id})


def lost(tx: Transaction, card_id: int, message_id: int) -> bool:
    """``again`` for a card whose message is gone, if it is that one still and the clip still waits."""
    return changes(tx, LOST_SQL, {"card_id": card_id, "message_id": message_id})


def drop(tx: Transaction, card_id: int) -> bool:
    """Post a card no more, because nothing is left to decide."""
    return changes(tx, DROP_SQL, {"card_id": card_id})


def _first(tx: Transaction, sql: str, value: int) -> Card | None:
    row = tx.execute(sql, (value,)).fetchone()
    return None if row is None else Card(*row)
