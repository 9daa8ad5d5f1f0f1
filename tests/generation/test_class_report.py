"""The report on a class: who did what, who never tried, what happened in which week of the class's own clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from generation.accounts import Accounts, Allowance
from generation.teaching.class_report import ClassReport, ClassReports, Week, mondays
from generation.teaching.runway import DAY
from storage import guilds, jobs, ledger, roster
from storage.database import Database, Transaction
from storage.guilds import GuildSettings
from storage.jobs import NewJob

GUILD, ADA, BEN, CLEO, INES, TOM = 1, 11, 12, 13, 14, 15
STAFF = 77
AUCKLAND = ZoneInfo("Pacific/Auckland")
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=AUCKLAND)
"""A Wednesday."""

ALLOWANCE = Allowance(credits=100, timezone=AUCKLAND)


@dataclass
class Term:
    """Orders of a class, written as they would have been at the time."""

    tx: Transaction
    number: int = 0

    def see(self, user_id: int, at: datetime) -> None:
        now = at.timestamp()
        period = ALLOWANCE.period_of(now)
        ledger.see(self.tx, guild_id=GUILD, user_id=user_id, period=period, allowance_credits=100, now=now)

    def order(self, user_id: int, at: datetime, credits_: int = 10, state: str = "succeeded") -> None:
        self.number += 1
        key, now = str(self.number), at.timestamp()
        who: dict[str, Any] = {"guild_id": GUILD, "user_id": user_id}
        about: dict[str, Any] = {"reason": "clip", "actor": "a", "now": now}
        self.see(user_id, at)
        hold_id = ledger.hold(self.tx, key=key, amount_credits=credits_, **who, **about)
        recipe = {"prompt": "pan left"}
        new = NewJob(key=key, channel_id=1, model_id="m", recipe=recipe, price_credits=credits_, locale="en-US",
            size_limit_bytes=9, **who)  # fmt: skip
        job = jobs.add(self.tx, new, hold_id=hold_id, now=now)
        if state == "cancelled":
            jobs.cancel(self.tx, job.id, now=now)
            ledger.release(self.tx, hold_id, **about)
            return
        jobs.claim(self.tx, job.id, worker="w", now=now)
        if state == "succeeded":
            jobs.succeed(self.tx, job.id, 1, clip="c", clip_bytes=1, render_seconds=1.0, remarks=[], now=now)
            ledger.capture(self.tx, hold_id, **about)
        else:
            jobs.fail(self.tx, job.id, 1, fault="crashed", cause="", now=now)
            ledger.release(self.tx, hold_id, **about)


@pytest.fixture
def reports(database: Database) -> ClassReports:
    accounts = Accounts(database, allowance=ALLOWANCE, clock=NOW.timestamp)
    return ClassReports(database, accounts, clock=NOW.timestamp)


def a_term(tx: Transaction) -> None:
    """Ada works from October on, Ben's only clip fails, Cleo and the instructors only look around."""
    term = Term(tx)
    for days_ago, credits_ in ((35, 80), (10, 30), (3, 20), (0, 25)):
        term.order(ADA, NOW - timedelta(days=days_ago), credits_)
    term.order(BEN, NOW - timedelta(days=1), state="failed")
    term.order(BEN, NOW - timedelta(days=1), state="cancelled")
    term.see(CLEO, NOW - timedelta(days=40))
    for user_id, name, roles in ((BEN, "ben", [1]), (ADA, "Ada", [1]), (INES, "Ines", [STAFF]), (TOM, "Tom", [])):
        roster.meet(tx, GUILD, user_id, name=name, role_ids=roles, now=NOW.timestamp() - user_id)
    guilds.set(tx, GUILD, GuildSettings(staff_role_id=STAFF), updated_by=INES, now=1.0)


def person(report: ClassReport, user_id: int) -> Any:
    return next(one for one in report.people if one.user_id == user_id)


async def test_everybody_known_is_reported_by_name_without_idle_instructors(
    database: Database, reports: ClassReports
) -> None:
    await database.write(a_term)
    report = await reports.read(GUILD, 2, without=[TOM])

    assert [ADA, BEN, CLEO] == [one.user_id for one in report.people]
    assert {"made": [ADA], "stuck": [BEN], "untried": [CLEO]} == {
        progress: [one.user_id for one in report.with_progress(progress)]  # type: ignore[arg-type] # one of the three
        for progress in ("made", "stuck", "untried")
    }
    ada, ben = person(report, ADA), person(report, BEN)
    assert (4, 4, 0, 155) == (ada.totals.ordered, ada.totals.made, ada.totals.failed, ada.totals.spent_credits)
    assert (2, 0, 1, 0) == (ben.totals.ordered, ben.totals.made, ben.totals.failed, ben.totals.spent_credits)
    assert (NOW.timestamp() - ADA, None) == (ada.seen_at, person(report, CLEO).seen_at)
    # Ada had 20 in November and was filled up to 100; Cleo's allowance of November is still owed.
    assert [25, 100, 100] == [one.left_credits for one in report.people]
    assert (225, 0) == (report.left_credits, report.others)


async def test_a_list_is_the_class_with_whoever_never_came_and_counts_others_apart(
    database: Database, reports: ClassReports
) -> None:
    await database.write(a_term)
    stranger = 999
    report = await reports.read(GUILD, 2, listed={BEN: "", INES: "", stranger: "Zoe"})

    assert [("ben", "stuck"), ("Ines", "untried"), ("Zoe", "untried")] == [
        (one.name, one.progress) for one in report.people
    ]
    assert (100, None) == (person(report, stranger).left_credits, person(report, stranger).seen_at)
    assert 1 == report.others
    assert 0 == sum(week.spent_credits for week in report.weeks)


async def test_weeks_begin_on_mondays_of_the_class_and_only_the_last_is_unfinished(
    database: Database, reports: ClassReports
) -> None:
    first_minute = datetime(2026, 11, 16, 0, 0, tzinfo=AUCKLAND)

    def work(tx: Transaction) -> None:
        term = Term(tx)
        term.order(ADA, first_minute - timedelta(seconds=1), 1)
        term.order(ADA, first_minute, 2)
        term.order(BEN, first_minute + timedelta(days=6, hours=23), 4)
        term.order(BEN, first_minute + timedelta(days=6), 8, state="failed")
        term.order(BEN, NOW, 16)

    await database.write(work)
    report = await reports.read(GUILD, 3)

    week = timedelta(days=7)
    assert (
        Week(first_minute - week, people=1, made=1, failed=0, spent_credits=1),
        Week(first_minute, people=2, made=2, failed=1, spent_credits=6),
        Week(first_minute + week, people=1, made=1, failed=0, spent_credits=16),
    ) == report.weeks


def test_mondays_are_midnights_also_where_clocks_are_changed() -> None:
    berlin = Allowance(credits=1, timezone=ZoneInfo("Europe/Berlin"))
    found = mondays(datetime(2026, 10, 28, tzinfo=UTC).timestamp(), berlin, 2)

    assert [(19, 0), (26, 0), (2, 0)] == [(one.day, one.hour) for one in found]
    assert [7 * DAY + 3600, 7 * DAY] == [later.timestamp() - one.timestamp() for one, later in pairwise(found)]


async def test_the_class_and_each_person_run_out_at_their_own_pace(database: Database, reports: ClassReports) -> None:
    await database.write(a_term)
    report = await reports.read(GUILD, 2)
    ada = person(report, ADA)

    # 75 credits in the last 28 days, out of 25 that are left: not until December 1, six days ahead.
    assert 75 / 28 == pytest.approx(report.runway.credits_a_day)
    assert [] == report.soon_out
    assert ada.runs_out_at is None or ada.runs_out_at > report.next_top_up.timestamp()
    await database.write(lambda tx: Term(tx, 99).order(ADA, NOW - timedelta(hours=1), 20))
    report = await reports.read(GUILD, 2)
    assert [ADA] == [one.user_id for one in report.soon_out]
    assert NOW.timestamp() + 5 / (95 / 28) * DAY == pytest.approx(person(report, ADA).runs_out_at)


async def test_a_class_of_nobody_can_be_reported(reports: ClassReports) -> None:
    report = await reports.read(GUILD, 8)

    assert ((), 8, 0, None) == (report.people, len(report.weeks), report.left_credits, report.runway.runs_out_at)
