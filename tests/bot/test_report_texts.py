"""The words of a report, for classes of no person, one and three hundred, and for every fate of their credits."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.staff.report_texts import NAMED, ReportTexts, Scope
from bot.words import FALLBACK, load_words
from generation.accounts import Allowance
from generation.media.paper import font
from generation.teaching.class_report import ClassReport, PersonReport, Week
from generation.teaching.runway import DAY, Prospects
from storage.tallies import Totals

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 15, 30, tzinfo=BERLIN)
FIRST = 9 * 10**18
"""As long as an id of Discord can be for the next decades."""

TEXTS = ReportTexts(load_words())


def class_of(count: int, *, used: int = 0, left: int = 40, allowance: int = 10, tried: int = 0) -> ClassReport:
    """``count`` people of whom every third has a clip; nobody but ``tried`` others has ordered one."""
    terms = Prospects(Allowance(credits=allowance, timezone=BERLIN), None, NOW.timestamp())
    done = [Totals(2, 1, 1, used), Totals(ordered=1 if tried else 0), Totals()]
    people = [
        PersonReport(FIRST + at, f"Person {at}", None, done[at % 3], left, 0, NOW.timestamp() + 5, (), 0)
        for at in range(count)
    ]
    monday = datetime(2026, 11, 23, tzinfo=BERLIN)
    return ClassReport(
        at=NOW,
        people=tuple(people),
        weeks=tuple(Week(monday - timedelta(days=7 * ago), 1, 2, 1, used, 3) for ago in range(51, -1, -1)),
        runway=terms.runway(left * count, used, people=count),
        allowance=terms.allowance,
        next_top_up=terms.allowance.next_begins(NOW.timestamp()),
        others=2,
    )


def message(report: ClassReport, scope: Scope | None = None) -> str:
    return TEXTS.message(FALLBACK, report, scope or Scope("known"))


def test_three_hundred_people_fit_into_a_message_that_names_some_and_counts_the_others() -> None:
    text = message(class_of(300, used=99_999, tried=1))
    lines = {line.split(",")[0]: line for line in text.splitlines()}

    assert len(text) <= 2000
    assert f"… and {100 - NAMED['untried']} more, all in the table" in lines["**Not tried yet"]
    assert f"100: {' '.join(f'<@{FIRST + 1 + 3 * at}>' for at in range(NAMED['stuck']))} …" in lines["**Ordered"]
    assert text.startswith("**Everybody I know here: 300 people**")


def test_nobody_at_all_is_said_plainly_and_so_is_a_class_that_has_tried() -> None:
    assert message(class_of(0)).startswith("**Everybody I know here: nobody yet**\n-# Discord does not tell me")
    alone = message(class_of(1), Scope("list"))
    assert "**Your list: 1 person**\n1 of them has clips" in alone
    assert "Everybody on your list has ordered a clip." in alone
    assert "2 people who are not on your list have ordered clips here." in alone


IDLE = "No credits of their own were used in the last four weeks, so there is no pace to go by; 120 are left."
LASTS = "At 7 a week, the 120 credits left outlast half a year with the allowance"
FOREVER = "At 7 a week, the 12,000 credits left outlast half a year with the allowance."


@pytest.mark.parametrize(
    ("used", "left", "allowance", "expected"),
    [
        (0, 40, 10, IDLE),
        (280, 40, 10, "At 70 a week, the 120 credits left are used up about Dec 7, 2026, the allowance included."),
        (28, 40, 40, f"{LASTS}; without it they end about Mar 25, 2027."),
        (28, 4000, 10, FOREVER),
        (280, 40, 0, "At 70 a week, the 120 credits left are used up about Dec 7, 2026; there is no allowance."),
        (28, 4000, 0, "At 7 a week, the 12,000 credits left last for years."),
    ],
)
def test_how_long_the_credits_last_is_said_with_the_pace(used: int, left: int, allowance: int, expected: str) -> None:
    drawn = TEXTS.drawing(FALLBACK, class_of(3, used=used, left=left, allowance=allowance))

    assert expected == drawn.line.verdict
    assert (bool(used), "Dec 7, 2026" in expected) == (bool(drawn.line.points), bool(drawn.line.end))
    assert len(TEXTS.alt(FALLBACK, drawn)) <= 1024


def test_ticks_are_days_of_the_class_and_never_too_many() -> None:
    long = TEXTS.drawing(FALLBACK, class_of(3, used=28)).line
    short = TEXTS.drawing(FALLBACK, class_of(3, used=2800)).line

    assert ["Nov 25", "Nov 26"] == [label for _, label in short.ticks][:2]
    assert 4 <= len(long.ticks) <= 9
    apart = [later - one for (one, _), (later, _) in pairwise(long.ticks)]
    assert {0.0} == {round(distance / DAY) % 7 for distance in apart}


def test_the_picture_has_only_letters_that_its_font_knows() -> None:
    classes = ((0, 0, 0, 0), (1, 0, 40, 10), (3, 280, 40, 10), (3, 28, 40, 40), (9, 280, 40, 0))
    drawings = [
        TEXTS.drawing(FALLBACK, class_of(count, used=used, left=left, allowance=allowance))
        for count, used, left, allowance in classes
    ]
    missing = bytes(font(24).getmask("\uffff"))
    letters = {letter for drawn in drawings for text in _texts(drawn) for letter in text} | set("0123456789,.+k")

    assert [] == sorted(letter for letter in letters - {" "} if bytes(font(24).getmask(letter)) == missing)


def _texts(drawn: object) -> list[str]:
    """Every text anywhere in a drawing."""
    if isinstance(drawn, str):
        return [drawn]
    if isinstance(drawn, tuple):
        return [text for one in drawn for text in _texts(one)]
    fields = getattr(drawn, "__dataclass_fields__", {})
    return [text for name in fields for text in _texts(getattr(drawn, name))]
