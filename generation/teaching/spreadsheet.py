"""Writes tables that spreadsheets open as they are: in UTF-8, and no cell is run as a formula; pure."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

_FORMULA = re.compile(r"\A(?=[=+\-@＝＋－＠\t\r\n])|(?<=[;\t|\r\n])(?=[ \"]*[=+\-@＝＋－＠])")
"""Where spreadsheets see a formula begin, in some languages full-width too (OWASP, CSV injection).

Where the comma is the decimal sign Excel parts cells at semicolons, so what stands behind one begins a cell there.
"""

Cell = str | int | float | None


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table as CSV (RFC 4180) with the mark by which Excel knows UTF-8; texts that look like formulas get a “'”."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([_harmless(cell) for cell in header])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return target.getvalue().encode("utf-8-sig", "replace")


def person_cell(user_id: int) -> str:
    """The person as Discord mentions them: a bare id has more digits than a spreadsheet keeps."""
    return f"<@{user_id}>"


def time_cell(moment: float) -> str:
    """Seconds since the epoch as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _harmless(cell: Cell) -> Cell:
    return _FORMULA.sub("'", cell) if isinstance(cell, str) else cell
