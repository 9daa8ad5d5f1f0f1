"""How the range of a wait is put into words: no time mark that is past before somebody reads it."""

import pytest

from bot.wait_texts import WaitTexts
from bot.words import load_words
from generation.line.prospects import Outlook

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("starts_in", "told"),
    [
        ((0, 2), "likely to begin at once"),
        ((0, 30), "likely to begin at once, <t:1800000030:R> at the latest"),
        ((14, 600), "likely to begin at once, <t:1800000600:R> at the latest"),
        ((60, 600), "likely to begin <t:1800000060:R> to <t:1800000600:R>"),
        ((60, 66), "likely to begin <t:1800000060:R>"),
    ],
)
def test_a_range_is_told_as_what_is_left_of_it(starts_in: tuple[float, float], told: str) -> None:
    outlook = Outlook(1, (NOW + starts_in[0], NOW + starts_in[1]), forecast_at=NOW)

    assert told == WaitTexts(load_words()).begins("en-US", outlook)


@pytest.mark.parametrize(
    ("ready_in", "told"),
    [
        (-5, "ready in a few seconds"),
        (2, "ready in a few seconds"),
        (15, "ready about <t:1800000015:R>"),
        (100, "ready about <t:1800000105:R>"),
    ],
)
def test_what_runs_is_ready_at_a_time_ahead_of_its_reader(ready_in: float, told: str) -> None:
    outlook = Outlook(0, ready_at=NOW + ready_in, forecast_at=NOW)

    assert told == WaitTexts(load_words()).ready("en-US", outlook)


@pytest.mark.parametrize(
    ("starts_in", "told"), [((0, 2), "likely to begin soon"), ((0, 30), "likely to begin by <t:1800000030:R>")]
)
def test_nobody_but_the_next_is_told_that_it_begins_at_once(starts_in: tuple[float, float], told: str) -> None:
    outlook = Outlook(6, (NOW + starts_in[0], NOW + starts_in[1]), forecast_at=NOW)

    assert told == WaitTexts(load_words()).begins("en-US", outlook)


def test_nothing_begins_while_the_class_is_paused() -> None:
    outlook = Outlook(1, (NOW, NOW + 2), forecast_at=NOW, is_paused=True)

    assert "begins when the instructors" in WaitTexts(load_words()).begins("en-US", outlook)


def test_an_unknown_wait_is_told_as_that() -> None:
    assert "start: estimating" == WaitTexts(load_words()).begins("en-US", Outlook(1))
