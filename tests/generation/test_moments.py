"""Times as people write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from generation.moments import read_moment

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 17, 30, tzinfo=BERLIN).timestamp()


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("in 2 h", 7200),
        ("90 min", 5400),
        ("1 d 12 h", 129600),
        ("1,5 hours and 10 minutes", 6000),
        ("2 weeks", 1209600),
        ("18:00", 1800),
        ("17:00", 84600),
        ("2026-11-20 18:00", 1800),
        ("2026-11-20T18:00+00:00", 5400),
        ("2026-11-21", 23400),
    ],
)
def test_a_length_a_time_of_day_and_a_date_are_read_in_the_servers_time_zone(typed: str, seconds: float) -> None:
    assert seconds == (read_moment(typed, now=NOW, timezone=BERLIN) or 0) - NOW


@pytest.mark.parametrize("typed", ["soon", "25:00", "2026-13-01", "in", "h 2", "-5 min", "31.12.2026"])
def test_what_is_no_time_is_not_guessed(typed: str) -> None:
    assert read_moment(typed, now=NOW, timezone=BERLIN) is None
