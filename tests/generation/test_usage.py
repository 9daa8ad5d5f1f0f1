"""The picture of a class's usage: bars as long as their numbers, a line to its end, for one person and for hundreds."""

import io

import numpy as np
import pytest
from PIL import Image, ImageColor

from generation.media import usage
from generation.media.paper import CARD_PAPER, COLOURS, GAP, HEADER_HEIGHT, WIDTH
from generation.media.usage import CHART_LEFT, END_COLOUR, LINE_COLOUR, RIGHT, draw_usage
from generation.teaching.usage import UsageBar, UsageDrawing, UsageLine, UsagePanel

LINE = UsageLine("Credits left", "They end.", ((0.0, 100.0), (10.0, 20.0), (10.0, 40.0), (20.0, 0.0)), (), "out Dec 1")


def drawing(*numbers: tuple[int, int], line: UsageLine = LINE) -> UsageDrawing:
    bars = tuple(UsageBar(f"Oct {at}", both, is_over=at < len(numbers) - 1) for at, both in enumerate(numbers))
    clips = UsagePanel("Clips a week", ("made", "failed"), bars, "people", tuple("7" for _ in bars))
    credits_ = UsagePanel("Credits a week", ("their own", "paid by pools"), bars)
    return UsageDrawing("Usage", "30 people", "Nothing yet.", (clips, credits_), line)


def opened(drawn: UsageDrawing) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(draw_usage(drawn))).convert("RGB"))


def is_colour(picture: np.ndarray, colour: str) -> np.ndarray:
    return (picture == ImageColor.getrgb(colour)).all(axis=-1)


def columns(picture: np.ndarray, colour: str, bars: int, top: int, bottom: int) -> list[int]:
    """Pixels of the colour down the middle of each bar."""
    step = min(usage.WIDEST_STEP, (RIGHT - CHART_LEFT) / bars)
    middles = [round(CHART_LEFT + step * (at + 0.5)) + 10 for at in range(bars)]
    return [int(is_colour(picture[top:bottom, x], colour).sum()) for x in middles]


def test_bars_are_as_high_as_their_numbers_and_stacked_by_kind() -> None:
    top = HEADER_HEIGHT + GAP
    picture = opened(drawing((40, 0), (20, 20), (0, 0), (10, 0), (5, 0)))
    made = columns(picture, COLOURS[0], 5, top + 60, top + 240)
    failed = columns(picture, COLOURS[3], 5, top + 60, top + 240)

    assert (0, 0) == (made[2], failed[2])
    assert made[0] / made[3] == pytest.approx(4, rel=0.15)
    assert (made[1], made[0]) == pytest.approx((failed[1], made[1] + failed[1]), abs=4)
    # The week that is not over is an outline.
    assert 0 < made[4] <= 4


def test_the_line_falls_to_its_end_and_the_end_is_named_above_it() -> None:
    bottom = opened(drawing((1, 0))).shape[0]
    picture = opened(drawing((1, 0)))[bottom - usage.LINE_HEIGHT - 20 :]
    ends = np.flatnonzero(is_colour(picture, END_COLOUR).any(axis=0))
    line = [np.flatnonzero(is_colour(picture[100:, x], LINE_COLOUR)) for x in (CHART_LEFT + 20, CHART_LEFT + 800)]

    assert RIGHT >= ends.max() > CHART_LEFT + (RIGHT - CHART_LEFT) / (1 + usage.ROOM_AFTER_END) - 20
    assert line[0].mean() < line[1].mean()
    assert bottom > opened(drawing((1, 0), line=UsageLine("Credits left", "No pace."))).shape[0]


@pytest.mark.parametrize("weeks", [1, 8, 26])
@pytest.mark.parametrize("most", [0, 1, 99_999])
def test_a_class_of_any_size_and_length_stays_within_its_cards(weeks: int, most: int) -> None:
    points = ((0.0, float(most)), (1e7, most / 3))
    drawn = drawing(*[(most, most // 9)] * weeks, line=UsageLine("Left", "v" * 300, points, ((0.0, "Nov 25"),)))
    picture = opened(drawn)
    margin = np.concatenate([picture[HEADER_HEIGHT + GAP :, :30], picture[HEADER_HEIGHT + GAP :, -30:]])

    assert WIDTH == picture.shape[1]
    assert 1 == len(np.unique(margin.reshape(-1, 3), axis=0))
    assert is_colour(picture, CARD_PAPER).mean() > 0.5


@pytest.mark.parametrize(
    ("least", "apart"), [(0, 1), (0.2, 1), (3, 5), (22, 25), (34, 50), (4000, 5000), (9999, 10_000)]
)
def test_lines_of_a_scale_are_an_even_number_apart(least: float, apart: float) -> None:
    assert apart == usage._apart(least)
