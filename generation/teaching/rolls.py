"""A list of people from a spreadsheet: user ids and credits, read whole or refused line by line; pure."""

import csv
import io
import re
from dataclasses import dataclass
from typing import Literal

ROWS_LIMIT = 1000
"""People in one list; more than any class, and few enough for one transaction."""

CREDITS_LIMIT = 100_000
"""Credits for one person at one time, so that a slip of the keyboard stays small."""

LARGEST_ID = 2**63 - 1
"""Discord's ids have 64 bits without a sign; the time in the first 42 of them uses up this half in the year 2084."""

Fault = Literal["not_text", "no_table", "no_rows", "too_many", "id", "id_rounded", "credits", "no_credits", "twice"]

_ID = re.compile(r"(?:<@!?)?([1-9]\d{14,18})>?", re.ASCII)
_CREDITS = re.compile(r"[0-9]{1,9}")
_SCIENTIFIC = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)
_ROUNDED = re.compile(r"\d{15}0{2,5}")
"""What is left of an id in a spreadsheet, which keeps 15 digits; one true id in a thousand looks like this too."""

_HEADER = re.compile(r"[^\d]*[a-z][^\d]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a ``line`` of the file, counted from 1; 0 is the file as a whole."""

    line: int
    fault: Fault
    found: str = ""


@dataclass(frozen=True, slots=True)
class Roll:
    """Who gets how much as (user id, credits), and every line that could not be read; use it only if there is none."""

    shares: tuple[tuple[int, int], ...]
    problems: tuple[Problem, ...]

    @property
    def total_credits(self) -> int:
        """All credits of the list together."""
        return sum(credits_ for _, credits_ in self.shares)


def read_roll(data: bytes, default_credits: int | None) -> Roll:
    """The list in a CSV file: a user id or mention in the first column, credits in the second or ``default_credits``.

    Commas, semicolons and tabs divide; empty lines and a first line of headings are passed over.
    """
    return _read(data, default_credits, columns=2)


def read_people(data: bytes) -> Roll:
    """The people of a list as of ``read_roll``, without credits; what stands beside their ids is not read."""
    return _read(data, 0, columns=1)


def _read(data: bytes, default_credits: int | None, columns: int) -> Roll:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Roll((), (Problem(0, "not_text"),))
    try:
        rows = [(line, cells) for line, cells in _rows(text) if any(cells)]
    except csv.Error:
        return Roll((), (Problem(0, "no_table"),))
    if rows and _HEADER.fullmatch(rows[0][1][0]):
        rows = rows[1:]
    if not rows or len(rows) > ROWS_LIMIT:
        return Roll((), (Problem(0, "too_many" if rows else "no_rows", str(len(rows))),))
    if len(rows) > 1 and all(_ROUNDED.fullmatch(cells[0]) for _, cells in rows):
        return Roll((), tuple(Problem(line, "id_rounded", cells[0]) for line, cells in rows))
    shares: dict[int, int] = {}
    problems = []
    for line, cells in rows:
        problem = _take(cells[:columns], default_credits, shares)
        if problem is not None:
            problems.append(Problem(line, *problem))
    return Roll(tuple(shares.items()), tuple(problems))


def _rows(text: str) -> list[tuple[int, list[str]]]:
    divider = max(",;\t", key=text.count)
    # Without a translation of line ends, so that a line may end with CR alone, as in “CSV (Macintosh)”.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider)
    return [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]


def _take(cells: list[str], default_credits: int | None, shares: dict[int, int]) -> tuple[Fault, str] | None:
    found = _ID.fullmatch(cells[0])
    if _SCIENTIFIC.fullmatch(cells[0]):
        return "id_rounded", cells[0]
    if found is None or int(found[1]) > LARGEST_ID:
        return "id", cells[0]
    user_id, given = int(found[1]), cells[1] if len(cells) > 1 else ""
    if not given and default_credits is None:
        return "no_credits", cells[0]
    if given and not (_CREDITS.fullmatch(given) and 1 <= int(given) <= CREDITS_LIMIT):
        return "credits", given
    if user_id in shares:
        return "twice", cells[0]
    shares[user_id] = int(given) if given else default_credits or 0
    return None
