"""Downloads the weights of models ahead of their first clip, after checking that they fit on the disk."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generation.catalog import Model
from generation.locks import RevisionLock, is_commit

SPARE_BYTES = 5_000_000_000
"""Left free on the disk after a download, for clips, the database and the system."""

PIPELINE_FILES = ("*.json", "*.safetensors", "*.model", "*.txt")
"""All that a pipeline reads: configurations, tokenizers, weights. Pickled weights and examples stay behind."""


class DiskTooSmall(Exception):
    """Not enough free space for what is still to come."""

    def __init__(self, folder: Path, needed_bytes: int, free_bytes: int) -> None:
        super().__init__(folder, needed_bytes, free_bytes)
        self.folder = folder
        self.needed_bytes = needed_bytes
        self.free_bytes = free_bytes


@dataclass(frozen=True, slots=True)
class Download:
    """One repository at one revision; ``files`` are patterns of what is wanted from it."""

    repository: str
    revision: str
    files: tuple[str, ...]


def downloads(model: Model) -> Iterator[Download]:
    """What ``model`` needs from the hub: its pipeline, and the LoRA files of its presets."""
    if model.repository is None:
        return
    yield Download(model.repository, model.revision, PIPELINE_FILES)
    for preset in model.presets.values():
        if preset.lora is not None:
            yield Download(preset.lora.repository, preset.lora.revision, preset.lora.files)


def resolved(download: Download) -> Download:
    """The same at the commit that its revision stands for now. Asks the hub; huggingface_hub's errors pass."""
    planned = _planned(download)
    if not planned:
        raise FileNotFoundError(f"{download.repository} @ {download.revision} has none of {', '.join(download.files)}")
    return replace(download, revision=planned[0].commit_hash)


def pinned(download: Download, lock: RevisionLock) -> Download:
    """The same at the commit in ``lock``, which is asked of the hub and written there the first time."""
    commit = lock.commit(download.repository, download.revision)
    if is_commit(commit):
        return replace(download, revision=commit)
    fixed = resolved(download)
    lock.record(download.repository, download.revision, fixed.revision)
    return fixed


def missing_bytes(download: Download) -> int:
    """Bytes of ``download`` that are not in the hub cache yet. Asks the hub; huggingface_hub's errors pass."""
    return sum(file.file_size or 0 for file in _planned(download) if file.will_download)


def _planned(download: Download) -> list[Any]:
    from huggingface_hub import snapshot_download

    return list(
        snapshot_download(
            download.repository, revision=download.revision, allow_patterns=list(download.files), dry_run=True
        )
    )


def check_disk(folder: Path, needed_bytes: int) -> None:
    """Raise DiskTooSmall unless ``needed_bytes`` and some to spare are free where ``folder`` is or will be."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free_bytes = shutil.disk_usage(existing).free
    if needed_bytes and needed_bytes + SPARE_BYTES > free_bytes:
        raise DiskTooSmall(existing, needed_bytes, free_bytes)


def fetch(download: Download) -> Path:
    """Download what is missing, with huggingface_hub's progress bar; returns the folder. Continues a broken one.

    With HF_HUB_OFFLINE set only the cache is read, and LocalEntryNotFoundError raised if something is missing.
    """
    from huggingface_hub import snapshot_download

    return Path(snapshot_download(download.repository, revision=download.revision, allow_patterns=list(download.files)))


def cache_folder() -> Path:
    """Where huggingface_hub keeps its downloads."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)
