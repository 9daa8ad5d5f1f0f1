"""Stills and clips as files named by their content, which appear whole or not at all."""

import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path

from storage.errors import BlobUnknown, FolderUnusable

_INCOMING_NAME = re.compile(r"\w[\w.\-]*")
_NAME = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,8})?")


class BlobStore:
    """Files under ``root``, spread over 256 folders. Every method blocks: call it off the event loop.

    A file is written or rendered in ``root/incoming`` first; what a crash leaves there is cleared at the next start.
    Raises FolderUnusable if its folders cannot be made. Equal content has one file, so before ``delete`` the caller
    makes sure that nothing else refers to it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"
        try:
            _make_folder(self._incoming)
        except OSError as error:
            raise FolderUnusable(root, error.strerror or str(error)) from error

    def put(self, data: bytes, suffix: str) -> str:
        """Keep ``data`` and return its name, the SHA-256 in hex plus ``suffix`` (".png"). Durable and idempotent."""
        name = blob_name(data, suffix)
        target = self.path(name)
        if not target.exists():
            temporary = self.incoming(f"{name}.{os.urandom(8).hex()}")
            temporary.write_bytes(data)
            self._move(temporary, target)
        return name

    def adopt(self, path: Path) -> str:
        """Move a finished file in and return its name, the SHA-256 in hex plus the file's own suffix.

        Durable and atomic; ``path`` must be on the same file system, as every ``incoming`` path is.
        """
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        name = digest + path.suffix
        self._move(path, self.path(name))
        return name

    def path(self, name: str) -> Path:
        """Where the file of that name is kept, or would be. Raises BlobUnknown for what cannot be a name."""
        if not _NAME.fullmatch(name):
            raise BlobUnknown(name)
        return self._root / name[:2] / name

    def holds(self, name: str) -> bool:
        """Whether the file of that name is kept."""
        return self.path(name).is_file()

    def incoming(self, name: str) -> Path:
        """A place to write a file before it is adopted; ``name`` is a bare file name. BlobUnknown if not."""
        if not _INCOMING_NAME.fullmatch(name):
            raise BlobUnknown(name)
        return self._incoming / name

    def clear_incoming(self) -> int:
        """Remove what an earlier process left unfinished, and return how many entries that were.

        Raises FolderUnusable if nothing can be written there.
        """
        try:
            tempfile.TemporaryFile(dir=self._incoming).close()
        except OSError as error:
            raise FolderUnusable(self._incoming, error.strerror or str(error)) from error
        left = list(self._incoming.iterdir())
        for path in left:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        return len(left)

    def discard(self, path: Path) -> None:
        """Remove an ``incoming`` file that will not be adopted, with the working folders named after it."""
        path.unlink(missing_ok=True)
        for folder in self._incoming.glob(f".{path.stem}-*"):
            shutil.rmtree(folder, ignore_errors=True)

    def delete(self, name: str) -> None:
        """Remove a file; one that is gone already is fine."""
        path = self.path(name)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            _sync(path.parent)

    def _move(self, source: Path, target: Path) -> None:
        _sync(source)
        _make_folder(target.parent)
        source.replace(target)
        _sync(target.parent)


def blob_name(data: bytes, suffix: str) -> str:
    """The name under which ``data`` is or would be kept: its SHA-256 in hex plus the suffix."""
    return hashlib.sha256(data).hexdigest() + suffix


def _make_folder(path: Path) -> None:
    """Create a folder, parents included, whose name in its parent survives a power cut."""
    if path.exists():
        return
    _make_folder(path.parent)
    path.mkdir(exist_ok=True)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
