"""One bot per data folder: whoever works in it holds a lock that ends with the process, however that ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from storage.errors import FolderInUse, FolderUnusable

LOCK_NAME = "stillmotion.lock"


@contextmanager
def occupied(folder: Path) -> Iterator[None]:
    """Hold ``folder``, created if need be, for as long as the block runs.

    Raises FolderInUse at once if another process holds it, FolderUnusable if it cannot be created or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK_NAME, timeout=0)
        lock.acquire()
    except Timeout as error:
        raise FolderInUse(folder) from error
    except OSError as error:
        raise FolderUnusable(folder, error.strerror or str(error)) from error
    try:
        yield
    finally:
        lock.release()
