"""Everything that is held on one person of one server, table by table; and how much of it there is.

Functions take an open transaction.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from storage.database import Transaction

_PERSON: Final = "guild_id = :guild_id AND user_id = :user_id"
_OWN_JOB: Final = "job_id IN (SELECT id FROM jobs WHERE guild_id = :guild_id AND user_id = :user_id)"
_OWN_ACCOUNTS: Final = "(SELECT id FROM accounts WHERE guild_id = :guild_id AND user_id = :user_id)"
_HERE: Final = "user_id = :user_id AND challenge_id IN (SELECT id FROM challenges WHERE guild_id = :guild_id)"

SECTIONS: Final = {
    "person": ("people", "name, met_at, seen_at", _PERSON),
    "roles": ("people_roles", "role_id", _PERSON),
    "settings": ("person_settings", "shows_coach, updated_at", _PERSON),
    "notice": ("notices", "version, accepted_at", _PERSON),
    "block": ("blocked_people", "reason, since", _PERSON),
    "accounts": ("accounts", "id, pool_id, kind, balance_credits, allowance_period", _PERSON),
    "totals": ("person_totals", "ordered, made, failed, spent_credits, sponsored_credits", _PERSON),
    "transfers": ("transfers", "*", f"debit_account IN {_OWN_ACCOUNTS} OR credit_account IN {_OWN_ACCOUNTS}"),
    "jobs": ("jobs", "*", _PERSON),
    "messages": ("clip_posts", "job_id, channel_id, message_id", _OWN_JOB),
    "deletions": ("withdrawals", "job_id, actor, at", _OWN_JOB),
    "approvals": ("approvals", "job_id, decided_at, reason", _OWN_JOB),
    "hidden": ("hidden_clips", "job_id, reason", _OWN_JOB),
    "marks": ("marks", "job_id, kind, at_seconds, marked_at", _OWN_JOB),
    "exercises": ("exercise_jobs", "job_id, exercise", _PERSON),
    "drafts": ("drafts", "id, channel_id, recipe, exercise, created_at, expires_at", _PERSON),
    "offers": ("proposals", "id, recipes, price_credits, varied, continues, created_at", _PERSON),
    "comparisons": ("comparisons", "id, channel_id, varied, created_at, message_id", _PERSON),
    "comparison_votes": (
        "comparison_votes",
        "comparison_id, position, at",
        "user_id = :user_id AND comparison_id IN (SELECT id FROM comparisons WHERE guild_id = :guild_id)",
    ),
    "challenge_entries": (
        "challenge_entries",
        "challenge_id, number, job_id, at, withdrawn_at, message_id, prize_credits",
        _HERE,
    ),
    "challenge_offers": ("challenge_offers", "challenge_id, recipe, at", _HERE),
    "challenge_votes": ("challenge_votes", "challenge_id, entry_id, at", _HERE),
    "credit_requests": (
        "credit_requests",
        "channel_id, amount_credits, why, asked_at, state, decided_at",
        _PERSON,
    ),
    "reports_made": (
        "reports",
        "job_id, reason, at",
        "reporter_id = :user_id AND job_id IN (SELECT id FROM jobs WHERE guild_id = :guild_id)",
    ),
    "log": (
        "staff_acts",
        "at, actor_id, what, whom_id, details, why, was_refused",
        """guild_id = :guild_id AND (
            whom_id = :user_id OR actor_id = :user_id OR instr(details, '[' || :user_id || ',')
        )""",
    ),
}
"""(table, columns, which rows) for every table that knows the person, by the name that people read."""

FOR_STAFF: Final = {"reports_about": ("reports", "job_id, reason, at", _OWN_JOB)}
"""Nobody learns who reported them, and only instructors that somebody did."""

_JSON: Final = frozenset({"recipe", "recipes", "remarks", "details"})

COUNT_SQL = """
SELECT count(*) FILTER (WHERE clip IS NOT NULL AND visibility <> 'deleted'),
    count(*) FILTER (WHERE visibility <> 'deleted'),
    count(*) FILTER (WHERE finished_at IS NULL),
    count(*) FILTER (WHERE approval = 'waiting'),
    (SELECT count(*) FROM challenge_entries AS entry WHERE entry.user_id = :user_id AND withdrawn_at IS NULL
        AND challenge_id IN (SELECT id FROM challenges WHERE challenges.guild_id = :guild_id)),
    EXISTS (SELECT 1 FROM blocked_people WHERE guild_id = :guild_id AND user_id = :user_id),
    EXISTS (SELECT 1 FROM staff_acts WHERE guild_id = :guild_id AND actor_id = :user_id AND NOT was_refused)
FROM jobs WHERE guild_id = :guild_id AND user_id = :user_id
"""


@dataclass(frozen=True, slots=True)
class Footprint:
    """How much there is of a person: clips and orders not deleted, those not finished, those that wait for approval,
    entries that stand.

    ``has_acted`` says that the log has acts of theirs as an instructor.
    """

    clips: int
    orders: int
    unfinished: int
    waiting: int
    entries: int
    is_blocked: bool
    has_acted: bool


def everything(tx: Transaction, guild_id: int, user_id: int, *, for_staff: bool) -> dict[str, list[dict[str, Any]]]:
    """Every row about the person by section, as plain JSON; reports about their clips only ``for_staff``."""
    sections = SECTIONS | (FOR_STAFF if for_staff else {})
    who = {"guild_id": guild_id, "user_id": user_id}
    return {name: _rows(tx, *section, who) for name, section in sections.items()}


def footprint(tx: Transaction, guild_id: int, user_id: int) -> Footprint:
    """How much there is of the person in this server."""
    row = tx.execute(COUNT_SQL, {"guild_id": guild_id, "user_id": user_id}).fetchone()
    clips, orders, unfinished, waiting, entries, is_blocked, has_acted = row
    return Footprint(clips, orders, unfinished, waiting, entries, bool(is_blocked), bool(has_acted))


def _rows(tx: Transaction, table: str, columns: str, which: str, who: dict[str, int]) -> list[dict[str, Any]]:
    cursor = tx.execute(f"SELECT {columns} FROM {table} WHERE {which} ORDER BY 1", who)  # noqa: S608 - constants
    names = [column[0] for column in cursor.description]
    return [
        {name: json.loads(value) if name in _JSON else value for name, value in zip(names, row, strict=True)}
        for row in cursor
    ]
