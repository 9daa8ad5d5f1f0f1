"""A database of today's schema that holds nothing; to copy it costs a hundredth of what all migrations do."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from storage.database import connect_writer


def copy_empty(path: Path) -> Path:
    """Put one at ``path``, whose folder must exist, and return that."""
    return shutil.copy(_empty(), path)


@functools.cache
def _empty() -> Path:
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    path = Path(folder) / "empty.db"
    connect_writer(path).close()
    return path
