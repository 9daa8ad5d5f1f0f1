"""One measured promise, and the table in which promises are printed."""

import io
from collections.abc import Iterable
from dataclasses import dataclass

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """``ours`` and ``reference`` in ``unit``, from the same run; ``ratio`` is ours over reference.

    ``bound`` is the promise in words; ``ok`` says whether it was kept, None where nothing is promised.
    """

    name: str
    ours: float
    reference: float | None
    ratio: float | None
    unit: str
    bound: str
    ok: bool | None


def table(rows: Iterable[Row]) -> str:
    """All rows as a Markdown table, figures with three significant digits."""
    drawn = Table(box=MARKDOWN)
    drawn.add_column("what")
    for heading in ("ours", "reference", "ratio"):
        drawn.add_column(heading, justify="right")
    for heading in ("unit", "bound", "kept"):
        drawn.add_column(heading)
    for row in rows:
        figures = (_figure(row.ours), _figure(row.reference), _figure(row.ratio))
        drawn.add_row(row.name, *figures, row.unit, row.bound, {True: "yes", False: "NO", None: ""}[row.ok])
    page = io.StringIO()
    Console(file=page, width=200).print(drawn)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines() if line.strip())


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
