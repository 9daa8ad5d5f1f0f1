"""The report on a class in a reader's words: the message, the table, the picture and what it shows; pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from typing import Literal

from bot.quoting import described
from bot.words import Value, Words, timestamp
from generation.teaching.class_report import ClassReport, PersonReport, Week
from generation.teaching.spreadsheet import Cell, person_cell, time_cell, to_csv
from generation.teaching.usage import UsageBar, UsageDrawing, UsageLine, UsagePanel

COLUMNS = (
    "person",
    "name",
    "progress",
    "clips",
    "failed",
    "ordered",
    "used",
    "sponsored",
    "left",
    "held",
    "runs-out",
    "seen",
    "exercises",
    "challenges",
)

NAMED = {"soon-out": 8, "stuck": 10, "untried": 25}
"""How many people a line of the message mentions, so that all of it stays within Discord's 2000 characters."""

MOST_TICKS = 8

Shown = Callable[[float], str]
"""How a moment, in seconds since the epoch, is written."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a report is about: everybody known, those of a list, or those known with ``role_id``."""

    kind: Literal["known", "list", "role"]
    role_id: int | None = None


class ReportTexts:
    """One report in every form."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def message(self, locale: str, report: ClassReport, scope: Scope) -> str:
        """Sums, who has no clip, how long the credits last, and whom the bot can know at all."""
        say = self._words
        about: dict[str, Value] = {"scope": scope.kind, "role": str(scope.role_id)}
        stuck, untried, soon = report.with_progress("stuck"), report.with_progress("untried"), report.soon_out
        lines = [say(locale, "report-head", people=len(report.people), **about)]
        if report.people:
            lines.append(say(locale, "report-sums", **_sums(report)))
            lines.append(self._verdict(locale, report, partial(timestamp, style="D")))
        when = timestamp(report.next_top_up, "D")
        for key, people in (("soon-out", soon), ("stuck", stuck), ("untried", untried)):
            if people:
                named = self._named(locale, people, NAMED[key])
                lines.append(say(locale, f"report-{key}", count=len(people), people=named, when=when))
        if report.people and not untried:
            lines.append(say(locale, "report-all-tried", **about))
        lines.append(say(locale, "report-who", others=report.others, **about))
        return "\n".join(lines)

    def _named(self, locale: str, people: Sequence[PersonReport], most: int) -> str:
        named = " ".join(person_cell(person.user_id) for person in people[:most])
        more = len(people) - most
        return f"{named} {self._words(locale, 'report-more', more=more)}" if more > 0 else named

    def _verdict(self, locale: str, report: ClassReport, shown: Shown) -> str:
        """How long the class's credits last."""
        lasting, week = report.runway, 7 * report.runway.credits_a_day
        has_allowance = report.allowance.credits > 0
        moment, fate = lasting.runs_out_at, "out" if has_allowance else "end"
        if moment is None:
            moment, fate = lasting.ends_alone_at, "lasts" if has_allowance else "end"
        return self._words(
            locale,
            f"runway-{fate if week else 'idle'}",
            left=_grouped(report.left_credits),
            pace=_grouped(week) if week >= 10 else round(week, 1),
            when="never" if moment is None else shown(moment),
        )

    def table(self, locale: str, report: ClassReport) -> bytes:
        """Everybody, one line each, as CSV."""
        header = [self._words(locale, f"report-column-{column}") for column in COLUMNS]
        return to_csv(header, [self._row(locale, person) for person in report.people])

    def _row(self, locale: str, person: PersonReport) -> list[Cell]:
        totals = person.totals
        return [
            person_cell(person.user_id),
            person.name,
            self._words(locale, "report-progress", progress=person.progress),
            totals.made,
            totals.failed,
            totals.ordered,
            totals.spent_credits,
            totals.sponsored_credits,
            person.left_credits,
            person.held_credits,
            None if person.runs_out_at is None else time_cell(person.runs_out_at),
            None if person.seen_at is None else time_cell(person.seen_at),
            " ".join(person.exercises).upper(),
            person.challenges,
        ]

    def drawing(self, locale: str, report: ClassReport) -> UsageDrawing:
        """The picture; it names nobody, so that a class may see it."""
        say, weeks = self._words, report.weeks
        dates = [self._day(locale, week.began) for week in weeks[:-1]]
        labels = [*dates, say(locale, "usage-this-week")]

        def bars(numbers: Callable[[Week], tuple[int, int]]) -> tuple[UsageBar, ...]:
            return tuple(
                UsageBar(label, numbers(week), is_over=week is not weeks[-1])
                for label, week in zip(labels, weeks, strict=True)
            )

        clips = UsagePanel(
            title=say(locale, "usage-clips"),
            kinds=(say(locale, "usage-made"), say(locale, "usage-failed")),
            bars=bars(lambda week: (week.made, week.failed)),
            note=say(locale, "usage-people"),
            notes=tuple(str(week.people) for week in weeks),
        )
        credits_ = UsagePanel(
            title=say(locale, "usage-credits"),
            kinds=(say(locale, "usage-spent"), say(locale, "usage-sponsored")),
            bars=bars(lambda week: (week.spent_credits, week.sponsored_credits)),
        )
        return UsageDrawing(
            title=say(locale, "usage-title"),
            subtitle=say(
                locale,
                "usage-subtitle",
                people=len(report.people),
                date=self._date(locale, report.at),
                soon=len(report.soon_out),
                when=self._day(locale, report.next_top_up),
            ),
            empty=say(locale, "usage-empty", weeks=len(weeks)),
            panels=(clips, credits_),
            line=self._line(locale, report),
        )

    def _line(self, locale: str, report: ClassReport) -> UsageLine:
        if not report.runway.credits_a_day:
            title = self._words(locale, "usage-left-now")
            return UsageLine(title, self._verdict(locale, report, lambda _: ""))
        points, zone = report.runway.points, report.at.tzinfo

        def date(moment: float) -> str:
            return self._date(locale, datetime.fromtimestamp(moment, zone))

        until = datetime.fromtimestamp(points[-1][0], zone)
        days = max(1, (until.date() - report.at.date()).days)
        apart = ceil(days / MOST_TICKS) if days < 7 * MOST_TICKS else 7 * ceil(days / 7 / MOST_TICKS)
        ticks = [report.at + timedelta(days=number) for number in range(0, days + 1, apart)]
        out_at = report.runway.runs_out_at
        return UsageLine(
            title=self._words(locale, "usage-left"),
            verdict=self._verdict(locale, report, date),
            points=points,
            ticks=tuple((tick.timestamp(), self._day(locale, tick)) for tick in ticks),
            end="" if out_at is None else self._words(locale, "usage-out", date=date(out_at)),
        )

    def alt(self, locale: str, drawing: UsageDrawing) -> str:
        """The picture for people who cannot see it."""
        panels = [
            self._words(
                locale,
                "usage-alt-panel",
                title=panel.title,
                weeks=", ".join(f"{bar.label} {bar.total}" for bar in panel.bars),
            )
            for panel in drawing.panels
        ]
        return described(" ".join([f"{drawing.title}: {drawing.subtitle}.", *panels, drawing.line.verdict]))

    def _day(self, locale: str, moment: datetime) -> str:
        return self._words(locale, "usage-day", month=moment.month, day=moment.day)

    def _date(self, locale: str, moment: datetime) -> str:
        return self._words(locale, "usage-date", day=self._day(locale, moment), year=moment.year)


def _grouped(number: float) -> float:
    """A whole number that is shown with its thousands apart, as fractions are and other whole numbers are not."""
    return float(round(number))


def _sums(report: ClassReport) -> dict[str, Value]:
    totals = [person.totals for person in report.people]
    return {
        "made": len(report.with_progress("made")),
        "clips": sum(one.made for one in totals),
        "failed": sum(one.failed for one in totals),
        "spent": _grouped(sum(one.spent_credits for one in totals)),
        "sponsored": _grouped(sum(one.sponsored_credits for one in totals)),
    }
