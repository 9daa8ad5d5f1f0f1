"""Draws how a class used its credits: bars by week, and the line of what is left from now on."""

import math
from typing import Final

from PIL import Image, ImageColor, ImageDraw

from generation.media.paper import (
    CARD_PAPER,
    COLOURS,
    GAP,
    HEADER_HEIGHT,
    INK,
    MARGIN,
    PAPER,
    QUIET_INK,
    RAIL,
    WIDTH,
    card,
    cut,
    empty_card,
    font,
    sheet,
    swatch,
    swatch_width,
    to_png,
)
from generation.teaching.usage import UsageBar, UsageDrawing, UsageLine, UsagePanel

BARS_HEIGHT: Final = 240
NOTE_HEIGHT: Final = 30
LINE_HEIGHT: Final = 330
VERDICT_HEIGHT: Final = 104
"""Of the last card where there is no line to draw."""

LEFT: Final = MARGIN + 12
RIGHT: Final = WIDTH - MARGIN - 12
CHART_LEFT: Final = LEFT + 100
"""Left of it stand the names of lines and the numbers of the scale."""

WIDEST_STEP: Final = 150
"""Pixels from one bar to the next: few weeks stand at the left and leave the rest free."""

NARROW_STEP: Final = 62
"""From here on the numbers above the bars are as large as they can be read best."""

LABEL_ROOM: Final = 66
"""Pixels that a week's label needs; where steps are narrower, every other one is left out, or more."""

KIND_COLOURS: Final = ((COLOURS[0], COLOURS[3]), (COLOURS[2], COLOURS[1]))
"""By panel and kind: made and failed, own credits and those of pools."""

LINE_COLOUR: Final = COLOURS[2]
END_COLOUR: Final = COLOURS[7]

SCALE_STEPS: Final = (1, 2, 2.5, 5, 10)
"""Times a power of ten: what the lines of a scale may be apart."""

ROOM_AFTER_END: Final = 0.08
"""As a share of the time shown, what follows the moment at which the credits are used up."""

STROKE: Final = 4
OVERSAMPLED: Final = 4
"""The line is drawn this much larger and made smaller, because Pillow draws slanted lines in steps."""


def draw_usage(drawing: UsageDrawing) -> bytes:
    """The picture as a PNG, 1200 pixels wide."""
    heights = [BARS_HEIGHT + NOTE_HEIGHT * bool(panel.notes) for panel in drawing.panels]
    last = LINE_HEIGHT if drawing.line.points else VERDICT_HEIGHT
    top, below = HEADER_HEIGHT + GAP, MARGIN - 16
    image, draw = sheet(top + sum(heights) + GAP * len(heights) + last + below, drawing.title, drawing.subtitle)
    for panel, colours, panel_height in zip(drawing.panels, KIND_COLOURS, heights, strict=True):
        if any(bar.total for bar in panel.bars):
            _draw_panel(draw, panel, colours, top, top + panel_height)
        else:
            empty_card(draw, drawing.empty, top, top + panel_height)
        _draw_title(draw, panel.title, top)
        top += panel_height + GAP
    _draw_outlook(image, draw, drawing.line, top, top + last)
    return to_png(image)


def _draw_title(draw: ImageDraw.ImageDraw, title: str, top: int) -> None:
    draw.text((LEFT, top + 32), cut(title, 24, 700), INK, font(24), anchor="lm")


def _draw_panel(draw: ImageDraw.ImageDraw, panel: UsagePanel, colours: tuple[str, ...], top: int, bottom: int) -> None:
    card(draw, top, bottom)
    _draw_legend(draw, panel, colours, top + 32)
    lines = bottom - 28 - NOTE_HEIGHT * bool(panel.notes)
    base, step = lines - 24, min(WIDEST_STEP, (RIGHT - CHART_LEFT) / len(panel.bars))
    scale = (base - top - 108) / max(bar.total for bar in panel.bars)
    draw.line((CHART_LEFT, base, RIGHT, base), RAIL, 2)
    if panel.notes:
        draw.text((LEFT, lines + NOTE_HEIGHT), cut(panel.note, 18, 96), QUIET_INK, font(18), anchor="lm")
    every = math.ceil(LABEL_ROOM / step)
    for number, bar in enumerate(panel.bars):
        middle = CHART_LEFT + step * (number + 0.5)
        _draw_bar(draw, bar, colours, middle, step, base, scale)
        # Counted from the end, so that the current week always has its label.
        if (len(panel.bars) - 1 - number) % every == 0:
            draw.text((middle, lines), bar.label, QUIET_INK, font(18), anchor="mm")
        if panel.notes:
            draw.text((middle, lines + NOTE_HEIGHT), panel.notes[number], INK, font(18), anchor="mm")


def _draw_legend(draw: ImageDraw.ImageDraw, panel: UsagePanel, colours: tuple[str, ...], middle: int) -> None:
    """At the right, only of what there is."""
    left = float(RIGHT)
    for kind in reversed(range(len(panel.kinds))):
        if any(bar.numbers[kind] for bar in panel.bars):
            left -= swatch_width(panel.kinds[kind])
            swatch(draw, left, middle, colours[kind], panel.kinds[kind])
            left -= 34


def _draw_bar(
    draw: ImageDraw.ImageDraw,
    bar: UsageBar,
    colours: tuple[str, ...],
    middle: float,
    step: float,
    base: int,
    scale: float,
) -> None:
    half, foot = min(34.0, step * 0.36), float(base - 2)
    for number, colour in zip(bar.numbers, colours, strict=True):
        if number:
            head = foot - max(3.0, number * scale - 2)
            box = (round(middle - half), round(head), round(middle + half), round(foot))
            if bar.is_over:
                draw.rounded_rectangle(box, 3, fill=colour)
            else:
                draw.rounded_rectangle(box, 3, fill=_between(CARD_PAPER, colour, 0.35), outline=colour, width=2)
            foot = head - 2
    size = 20 if step >= NARROW_STEP else 16
    main, *more = bar.numbers
    for text, ink in [(_short(main, step), INK)] * bool(bar.total) + [
        (f"+{_short(number, step)}", colour) for number, colour in zip(more, colours[1:], strict=True) if number
    ]:
        draw.text((middle, foot - 13), text, ink, font(size), anchor="mm")
        foot -= size


def _short(number: int, step: float) -> str:
    """In thousands where the bars stand too close for four digits."""
    if number < 1000 or step >= NARROW_STEP:
        return f"{number:,}"
    return f"{number / 1000:.1f}k" if number < 10_000 else f"{number / 1000:.0f}k"


def _draw_outlook(image: Image.Image, draw: ImageDraw.ImageDraw, line: UsageLine, top: int, bottom: int) -> None:
    card(draw, top, bottom)
    _draw_title(draw, line.title, top)
    draw.text((LEFT, top + 66), cut(line.verdict, 20, RIGHT - LEFT), QUIET_INK, font(20), anchor="lm")
    if not line.points:
        return
    begins, ends = line.points[0][0], line.points[-1][0]
    if line.end:
        ends += (ends - begins) * ROOM_AFTER_END
    box = (CHART_LEFT, top + 108, RIGHT, bottom - 52)
    ceiling = _draw_scale(draw, max(left for _, left in line.points), box)
    width, height = box[2] - box[0], box[3] - box[1]
    spots = [((at - begins) / (ends - begins) * width, height - left / ceiling * height) for at, left in line.points]
    image.paste(LINE_COLOUR, (box[0], box[1] - STROKE), _smooth_line(spots, width, height))
    for at, label in line.ticks:
        x = box[0] + (at - begins) / (ends - begins) * width
        draw.line((x, box[3], x, box[3] + 6), RAIL, 2)
        draw.text((x, box[3] + 24), label, QUIET_INK, font(18), anchor="mm")
    if line.end:
        _draw_end(draw, line.end, box[0] + spots[-1][0], box)


def _draw_scale(draw: ImageDraw.ImageDraw, most: float, box: tuple[int, int, int, int]) -> float:
    """Three or four lines with their numbers; returns what the top of the box stands for."""
    left, top, right, bottom = box
    apart = _apart(most / 3)
    ceiling = apart * max(1, math.ceil(most / apart))
    for number in range(round(ceiling / apart) + 1):
        y = round(bottom - number * apart / ceiling * (bottom - top))
        draw.line((left, y, right, y), RAIL, 2 if number == 0 else 1)
        draw.text((left - 12, y), f"{number * apart:,.10g}", QUIET_INK, font(18), anchor="rm")
    return ceiling


def _apart(least: float) -> float:
    """The smallest even distance that is at least ``least``."""
    if least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return max(1.0, next(step * power for step in SCALE_STEPS if step * power >= least * 0.999))


def _smooth_line(spots: list[tuple[float, float]], width: int, height: int) -> Image.Image:
    """How much of the line's colour each pixel gets, with room for its STROKE above: all on it, a little beneath it."""
    large = [(x * OVERSAMPLED, (y + STROKE) * OVERSAMPLED) for x, y in spots]
    mask = Image.new("L", (width * OVERSAMPLED, (height + STROKE) * OVERSAMPLED), 0)
    draw = ImageDraw.Draw(mask)
    draw.polygon([(large[0][0], mask.height), *large, (large[-1][0], mask.height)], fill=48)
    draw.line(large, 255, STROKE * OVERSAMPLED, joint="curve")
    return mask.resize((width, height + STROKE), Image.Resampling.LANCZOS)


def _draw_end(draw: ImageDraw.ImageDraw, label: str, x: float, box: tuple[int, int, int, int]) -> None:
    """A spot where the line meets the ground, and its name above, where the falling line is not."""
    draw.line((x, box[1] + 16, x, box[3]), END_COLOUR, 2)
    draw.ellipse((x - 8, box[3] - 8, x + 8, box[3] + 8), fill=END_COLOUR, outline=CARD_PAPER, width=2)
    text = cut(label, 20, 320)
    width = font(20).getlength(text)
    left = min(max(CHART_LEFT + 10, x - width / 2), RIGHT - width - 10)
    draw.rounded_rectangle((left - 10, box[1] - 16, left + width + 10, box[1] + 16), 6, fill=END_COLOUR)
    draw.text((left, box[1]), text, PAPER, font(20), anchor="lm")


def _between(ground: str, colour: str, share: float) -> tuple[int, ...]:
    """``share`` of the colour on the ground."""
    pairs = zip(ImageColor.getrgb(ground)[:3], ImageColor.getrgb(colour)[:3], strict=True)
    return tuple(round(one + (other - one) * share) for one, other in pairs)
