"""``python -m benchmarks [name …]``: runs the benchmarks and prints one table; all of them if none is named."""

import importlib
import sys

from benchmarks.rows import Row, table

NAMES = ("ledger", "draft", "answers", "lag", "pipelines", "fairness", "scale", "guard")


def main() -> None:
    """Run, print, and exit with 1 if a bound was missed."""
    rows: list[Row] = []
    for name in sys.argv[1:] or NAMES:
        rows += importlib.import_module(f"benchmarks.{name}").run()
    print(table(rows))
    sys.exit(any(row.ok is False for row in rows))


if __name__ == "__main__":
    main()
