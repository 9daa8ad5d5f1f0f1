"""The report on a class: what each person did and has left, what happened week by week, and how long it lasts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import inf
from typing import Literal

from generation.accounts import Accounts, Allowance
from generation.clock import Clock
from generation.teaching.runway import DAY, PACE_DAYS, Prospects, Runway
from storage import exercises, guilds, roster, tallies
from storage.allowance import due
from storage.database import Database, Transaction
from storage.drafts import Exercise
from storage.roster import Acquaintance
from storage.tallies import Ended, Purse, Totals

Progress = Literal["made", "stuck", "untried"]


@dataclass(frozen=True, slots=True)
class PersonReport:
    """What one person did and has; ``name`` is empty and ``seen_at`` None for somebody the bot never met.

    ``left_credits`` are available, with what the current week or month owes them; ``runs_out_at`` is at their own pace.
    """

    user_id: int
    name: str
    seen_at: float | None
    totals: Totals
    left_credits: int
    held_credits: int
    runs_out_at: float | None
    exercises: tuple[Exercise, ...]
    challenges: int

    @property
    def progress(self) -> Progress:
        """Whether they have a clip, have only ordered some, or never tried."""
        return "made" if self.totals.made else "stuck" if self.totals.ordered else "untried"


@dataclass(frozen=True, slots=True)
class Week:
    """What ended from the Monday ``began`` on, by the class's clock, and of how many ``people`` a clip was made."""

    began: datetime
    people: int = 0
    made: int = 0
    failed: int = 0
    spent_credits: int = 0
    sponsored_credits: int = 0


@dataclass(frozen=True, slots=True)
class ClassReport:
    """One class as it is ``at`` a moment. ``weeks`` are oldest first, and the last one is not over.

    ``others`` have ordered and are not on the list that was asked about; without a list there are none.
    """

    at: datetime
    people: tuple[PersonReport, ...]
    weeks: tuple[Week, ...]
    runway: Runway
    allowance: Allowance
    next_top_up: datetime
    others: int

    def with_progress(self, progress: Progress) -> list[PersonReport]:
        """Those who are that far, in the report's order."""
        return [person for person in self.people if person.progress == progress]

    @property
    def left_credits(self) -> int:
        """What the class has together, held credits included."""
        return sum(person.left_credits + person.held_credits for person in self.people)

    @property
    def soon_out(self) -> list[PersonReport]:
        """Those who at their own pace run out before the next top-up."""
        until = self.next_top_up.timestamp()
        return [one for one in self.people if one.runs_out_at is not None and one.runs_out_at < until]


class ClassReports:
    """Reads reports. Each is one snapshot, which waits for no writer."""

    def __init__(self, database: Database, accounts: Accounts, *, clock: Clock) -> None:
        self._database = database
        self._accounts = accounts
        self._clock = clock

    async def read(
        self, guild_id: int, weeks: int, *, listed: Mapping[int, str] | None = None, without: Collection[int] = ()
    ) -> ClassReport:
        """The report on the people ``listed``, by user id with a name to fall back on; else on everybody known.

        Known is whoever used the bot in this server or was given credits. Instructors by the server's role, and those
        ``without``, are no part of that unless they have ordered.
        """

        def work(tx: Transaction) -> ClassReport:
            now, allowance = self._clock(), self._accounts.allowance_of(tx, guild_id)
            facts = _facts(tx, guild_id, allowance, now)
            chosen = _known(tx, guild_id, facts, without) if listed is None else listed
            people = [_person(user_id, name, facts) for user_id, name in chosen.items()]
            people.sort(key=lambda one: (not one.name, one.name.casefold(), one.user_id))
            left = sum(one.left_credits + one.held_credits for one in people)
            used = sum(facts.lately[one.user_id].spent_credits for one in people if one.user_id in facts.lately)
            return ClassReport(
                at=datetime.fromtimestamp(now, allowance.timezone),
                people=tuple(people),
                weeks=tuple(_week(tx, guild_id, *week, chosen) for week in pairwise(mondays(now, allowance, weeks))),
                runway=facts.prospects.runway(left, used, people=len(people)),
                allowance=allowance,
                next_top_up=allowance.next_begins(now),
                others=len(facts.totals.keys() - chosen.keys()),
            )

        return await self._database.read(work)


def mondays(now: float, allowance: Allowance, weeks: int) -> list[datetime]:
    """The midnights at which the last ``weeks`` weeks began by the class's clock, and at which the next one begins."""
    today = datetime.fromtimestamp(now, allowance.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    return [monday + timedelta(days=7 * number) for number in range(1 - weeks, 2)]


@dataclass(frozen=True, slots=True)
class _Facts:
    """Everything about everybody known in the server, by user id; ``lately`` is the window of the pace."""

    prospects: Prospects
    met: dict[int, Acquaintance]
    totals: dict[int, Totals]
    purses: dict[int, Purse]
    lately: dict[int, Ended]
    exercises: dict[int, list[Exercise]]
    challenges: dict[int, int]


def _facts(tx: Transaction, guild_id: int, allowance: Allowance, now: float) -> _Facts:
    done: dict[int, list[Exercise]] = {}
    for one in exercises.exercises_done(tx, guild_id):
        done.setdefault(one.user_id, []).append(one.exercise)
    return _Facts(
        prospects=Prospects(allowance, tallies.first_ended_at(tx, guild_id), now),
        met={person.user_id: person for person in roster.people(tx, guild_id)},
        totals=tallies.totals(tx, guild_id),
        purses=tallies.purses(tx, guild_id),
        lately=tallies.ended(tx, guild_id, now - PACE_DAYS * DAY, inf),
        exercises=done,
        challenges=tallies.challenges_entered(tx, guild_id),
    )


def _known(tx: Transaction, guild_id: int, facts: _Facts, without: Collection[int]) -> dict[int, str]:
    role_id = guilds.get(tx, guild_id).staff_role_id
    staff = {*without, *([] if role_id is None else roster.with_role(tx, guild_id, role_id))}
    idle = (facts.met.keys() | facts.purses.keys()) - staff
    return dict.fromkeys(sorted(facts.totals.keys() | idle), "")


def _person(user_id: int, name: str, facts: _Facts) -> PersonReport:
    met, purse = facts.met.get(user_id), facts.purses.get(user_id, Purse())
    available = purse.available + _owed(purse, facts.prospects)
    used = facts.lately.get(user_id, Ended()).spent_credits
    return PersonReport(
        user_id=user_id,
        name=name if met is None else met.name,
        seen_at=None if met is None else met.seen_at,
        totals=facts.totals.get(user_id, Totals()),
        left_credits=available,
        held_credits=purse.held,
        runs_out_at=facts.prospects.runway(available + purse.held, used, people=1).runs_out_at,
        exercises=tuple(sorted(facts.exercises.get(user_id, ()))),
        challenges=facts.challenges.get(user_id, 0),
    )


def _owed(purse: Purse, prospects: Prospects) -> int:
    """What the person would be topped up by if they came now."""
    allowance = prospects.allowance
    if purse.last_period is not None and allowance.period_of(prospects.now) <= purse.last_period:
        return 0
    return due(
        purse.available + purse.held,
        purse.last_period,
        allowance_credits=allowance.credits,
        cap_credits=allowance.cap_credits,
    )


def _week(tx: Transaction, guild_id: int, began: datetime, ends: datetime, listed: Collection[int]) -> Week:
    ended = tallies.ended(tx, guild_id, began.timestamp(), ends.timestamp())
    counted = [one for user_id, one in ended.items() if user_id in listed]
    return Week(
        began,
        people=sum(one.made > 0 for one in counted),
        made=sum(one.made for one in counted),
        failed=sum(one.failed for one in counted),
        spent_credits=sum(one.spent_credits for one in counted),
        sponsored_credits=sum(one.sponsored_credits for one in counted),
    )
