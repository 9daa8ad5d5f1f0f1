"""A moving revision is looked up once, at the first fetch, and from then on its commit is what is loaded."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from generation.__main__ import main
from generation.catalog import SHIPPED_CATALOG, Catalog, load_catalog
from generation.errors import LockDamaged
from generation.locks import LOCK_NAME, RevisionLock
from generation.pipelines.settings import PipelineSettings
from generation.pipelines.weights import weights_folder
from generation.request import compose

MODEL = "ltx-video-0.9.7-distilled"
FIRST, SECOND = "1" * 40, "2" * 40
FILES = {"model_index.json": b"{}", "vae/config.json": b'{"a": 1}', "photo.png": b"not wanted"}


class Hub(ThreadingHTTPServer):
    """Answers as the hub does about one repository whose branch stands for ``commit``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.commit = FIRST
        self.asked: list[str] = []


class Answer(BaseHTTPRequestHandler):
    server: Hub

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, *arguments: object) -> None:
        """Keep quiet: what was asked is in ``asked``."""

    def _answer(self) -> None:
        self.server.asked.append(self.path)
        where = self.path.split("?")[0]
        if "/revision/" in where:
            revision = where.rsplit("/", 1)[-1]
            sha = self.server.commit if revision == "main" else revision
            files = [{"rfilename": name} for name in FILES]
            return self._send(json.dumps({"id": "a/b", "sha": sha, "siblings": files}).encode(), sha)
        if "/tree/" in where:
            entries = [{"type": "file", "path": n, "size": len(b), "oid": f"{len(b)}"} for n, b in FILES.items()]
            return self._send(json.dumps(entries).encode(), where.rsplit("/", 1)[-1])
        if "/resolve/" in where:
            sha, name = where.split("/resolve/")[1].split("/", 1)
            return self._send(FILES[name], sha)
        return self.send_error(404)

    def _send(self, body: bytes, sha: str) -> None:
        self.send_response(200)
        headers = {"ETag": f'"{len(body)}{sha[:8]}"', "X-Repo-Commit": sha, "Content-Length": str(len(body))}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as opened:
        threading.Thread(target=opened.serve_forever, daemon=True).start()
        yield opened
        opened.shutdown()


def fetched(hub: Hub, folder: Path) -> str:
    """What a real ``fetch`` in a process of its own prints, its progress bar included."""
    environment = {**os.environ, "HF_ENDPOINT": f"http://127.0.0.1:{hub.server_port}", "HF_HOME": str(folder / "hf")}
    environment |= {"STILLMOTION_DATA_FOLDER": str(folder / "data"), "NO_PROXY": "127.0.0.1", "HF_HUB_OFFLINE": "0"}
    tool = [sys.executable, "-m", "generation", "fetch", MODEL]
    done = subprocess.run(tool, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_a_fetch_writes_the_commit_down_and_keeps_it_when_the_branch_moves(
    hub: Hub, menu: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = menu[MODEL].repository
    assert repository
    assert menu[MODEL].revision == "main"

    first = fetched(hub, tmp_path)
    hub.commit = SECOND
    again = fetched(hub, tmp_path)

    lock = tmp_path / "data" / LOCK_NAME
    assert json.loads(lock.read_text()) == {f"{repository}@main": FIRST}
    assert f"@ {FIRST}" in first
    assert "Fetching 2 files: 100%" in first
    assert f"@ {FIRST}" in again
    assert not any(SECOND in path for path in hub.asked)
    assert not any(path.endswith(".png") for path in hub.asked)

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hf" / "hub"))
    asked = len(hub.asked)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert main(["--data-folder", str(tmp_path / "data"), "fetch", MODEL]) == 0
    assert str(tmp_path / "hf" / "hub") in capsys.readouterr().out
    assert len(hub.asked) == asked

    pinned = RevisionLock.read(lock).pin(menu)[MODEL]
    folder = weights_folder(pinned, PipelineSettings(device="cpu"))
    assert folder.name == FIRST
    assert json.loads((folder / "vae" / "config.json").read_text()) == {"a": 1}


def test_the_commit_is_in_the_recipe_of_a_clip_and_loras_are_locked_too(menu: Catalog, tmp_path: Path) -> None:
    lora = menu["wan2.2-i2v-a14b"].lora
    assert lora
    lock = RevisionLock.read(tmp_path / LOCK_NAME)
    lock.record(lora.repository, lora.revision, FIRST)
    lock.record(lora.repository, lora.revision, SECOND)

    pinned = RevisionLock.read(tmp_path / LOCK_NAME).pin(menu)
    recipe = compose(pinned["wan2.2-i2v-a14b"], prompt="wind", still="a", still_size=(8, 8)).recipe()

    assert recipe["lora"]["revision"] == FIRST
    assert recipe["revision"] == menu["wan2.2-i2v-a14b"].revision
    assert pinned["draft"] == menu["draft"]
    assert list(pinned.models) == list(menu.models)


def test_only_what_is_named_in_the_lock_differs_from_the_menu(menu: Catalog, tmp_path: Path) -> None:
    assert RevisionLock.read(tmp_path / "none").pin(menu) == menu


@pytest.mark.parametrize("content", ["{", "[]", '{"a/b@main": "v1.0"}'])
def test_a_damaged_lock_stops_the_start_with_its_name(tmp_path: Path, content: str) -> None:
    (tmp_path / LOCK_NAME).write_text(content)

    with pytest.raises(LockDamaged, match=LOCK_NAME):
        RevisionLock.read(tmp_path / LOCK_NAME)


def test_revisions_of_the_shipped_menu_are_commits_or_locked_by_the_first_fetch() -> None:
    moving = {model.id for model in load_catalog(SHIPPED_CATALOG) if model.repository and len(model.revision) != 40}

    assert moving == {MODEL}
