"""Files by content: whole or absent, once each, whatever a crash leaves behind."""

import hashlib
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from storage.blobs import BlobStore
from storage.errors import BlobUnknown

DATA = b"a still" * 1000


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def files(tmp_path: Path) -> list[str]:
    return sorted(str(path.relative_to(tmp_path / "blobs")) for path in tmp_path.rglob("*") if path.is_file())


def test_data_is_kept_under_its_hash(store, tmp_path):
    name = store.put(DATA, ".png")
    assert name == hashlib.sha256(DATA).hexdigest() + ".png"
    assert store.path(name).read_bytes() == DATA
    assert files(tmp_path) == [f"{name[:2]}/{name}"]


def test_equal_data_is_kept_once(store, tmp_path):
    first = store.put(DATA, ".png")
    written = store.path(first).stat().st_mtime_ns
    assert (store.put(DATA, ".png"), len(files(tmp_path))) == (first, 1)
    assert store.path(first).stat().st_mtime_ns == written


def test_finished_file_is_moved_in_with_its_suffix(store, tmp_path):
    source = store.incoming("job-7-1.mp4")
    source.write_bytes(DATA)
    name = store.adopt(source)
    assert (name, files(tmp_path)) == (hashlib.sha256(DATA).hexdigest() + ".mp4", [f"{name[:2]}/{name}"])


def test_adopting_equal_content_twice_keeps_one_whole_file(store, tmp_path):
    for number in range(2):
        source = store.incoming(f"{number}.mp4")
        source.write_bytes(DATA)
        name = store.adopt(source)
    assert files(tmp_path) == [f"{name[:2]}/{name}"]
    assert store.path(name).read_bytes() == DATA


def test_adopting_a_missing_file_keeps_nothing(store, tmp_path):
    with pytest.raises(FileNotFoundError):
        store.adopt(store.incoming("gone.mp4"))
    assert files(tmp_path) == []


def test_stored_content_survives_a_new_store(store, tmp_path):
    name = store.put(DATA, ".png")
    assert BlobStore(tmp_path / "blobs").path(name).read_bytes() == DATA


@pytest.mark.parametrize(
    "name", ["../etc/passwd", "a.png", "A" * 64 + ".png", "a" * 64 + "/../x", "a" * 64 + ".PNG", ""]
)
def test_name_that_put_never_gave_is_unknown(store, name):
    with pytest.raises(BlobUnknown):
        store.path(name)


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".."])
def test_incoming_name_cannot_leave_its_folder(store, name):
    with pytest.raises(BlobUnknown):
        store.incoming(name)


def test_deleted_file_is_gone_and_may_be_deleted_again(store, tmp_path):
    name = store.put(DATA, ".png")
    store.delete(name)
    store.delete(name)
    assert files(tmp_path) == []
    store.delete("b" * 64 + ".png")


def test_failed_write_leaves_no_file_under_its_name(store, tmp_path, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            store.put(DATA, ".png")
    assert [name for name in files(tmp_path) if not name.startswith("incoming/")] == []
    store.clear_incoming()
    assert store.path(store.put(DATA, ".png")).read_bytes() == DATA


@pytest.mark.parametrize("way", ["put", "adopt"])
def test_file_is_synced_before_it_gets_its_name_and_the_folder_after(store, monkeypatch, way):
    steps: list[str] = []
    sync, replace = os.fsync, Path.replace

    def spy_sync(descriptor: int) -> None:
        steps.append("sync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "sync file")
        sync(descriptor)

    def spy_replace(self: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(self, target)

    store.incoming("x.mp4").write_bytes(DATA)
    monkeypatch.setattr(os, "fsync", spy_sync)
    monkeypatch.setattr(Path, "replace", spy_replace)
    if way == "put":
        store.put(b"other", ".png")
    else:
        store.adopt(store.incoming("x.mp4"))
    assert steps == ["sync file", "sync folder", "rename", "sync folder"]


def test_what_a_killed_process_left_is_cleared_and_what_it_finished_stays(tmp_path):
    script = """
import os, signal, sys
from pathlib import Path
from storage.blobs import BlobStore
store = BlobStore(Path(sys.argv[1]))
print(store.put(b"finished", ".png"), flush=True)
Path.replace = lambda self, target: os.kill(os.getpid(), signal.SIGKILL)
store.put(b"unfinished", ".png")
"""
    root = tmp_path / "blobs"
    killed = subprocess.run([sys.executable, "-c", script, str(root)], capture_output=True, text=True, check=False)
    assert killed.returncode == -9, killed.stderr
    finished = killed.stdout.strip()
    assert len(files(tmp_path)) == 2
    store = BlobStore(root)
    assert store.clear_incoming() == 1
    assert files(tmp_path) == [f"{finished[:2]}/{finished}"]
    assert store.path(finished).read_bytes() == b"finished"


def test_folders_in_incoming_are_cleared_too(store, tmp_path):
    folder = store.incoming("job-7")
    folder.mkdir()
    (folder / "passlog").write_text("x")
    assert store.clear_incoming() == 1
    assert not folder.exists()


def test_threads_that_put_the_same_data_at_once_all_succeed(store, tmp_path):
    names: list[str] = []
    start = threading.Barrier(8)

    def put() -> None:
        start.wait()
        names.append(store.put(DATA, ".png"))

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(names), len(set(names)), len(files(tmp_path))) == (8, 1, 1)
