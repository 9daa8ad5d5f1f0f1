"""A whole classroom: the sandbox, the real bot connected to it, and people."""

import asyncio
import contextlib
import os
import re
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from classroom import BotProcess, StartBot, picture
from contest import SMALL_MENU, instructor

from bot.house import House, open_house
from bot.living import live
from bot.settings import Settings
from generation.catalog import SHIPPED_CATALOG
from generation.clock import Clock
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage import ledger
from storage.settings import DATABASE_NAME
from tests.connecting import connected
from tests.databases import copy_empty

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def start_bot(sandbox: Sandbox, point_discord_at: Callable[[Sandbox], None], data_folder: Path) -> StartBot:
    """Opens the real bot against the sandbox, on the same data folder each time; the ledger is audited at the end.

    Nobody is asked to accept the notice first, unless a test says ``notice=True``.
    """
    point_discord_at(sandbox)
    data_folder.mkdir(exist_ok=True)
    copy_empty(data_folder / DATABASE_NAME)

    @contextlib.asynccontextmanager
    async def start(clock: Clock = sandbox.clock.now, **settings: object) -> AsyncIterator[House]:
        chosen = Settings(_env_file=None, data_folder=data_folder, **{"notice": False, **settings})  # type: ignore[arg-type, call-arg]
        async with (
            open_house(chosen, clock=clock) as house,
            connected(sandbox, live(house, "sandbox")),
        ):
            yield house
            assert await house.database.read(ledger.audit) == []

    return start


@pytest.fixture
async def house(start_bot: StartBot) -> AsyncIterator[House]:
    async with start_bot() as house:
        yield house


@pytest.fixture
def ada(sandbox: Sandbox) -> Person:
    return sandbox.person("Ada")


@pytest.fixture
def ben(sandbox: Sandbox) -> Person:
    return sandbox.person("Ben")


@pytest.fixture
def ines(sandbox: Sandbox) -> Person:
    """An instructor by the right to manage the server."""
    return instructor(sandbox)


@pytest.fixture
def small_menu(tmp_path: Path) -> Path:
    menu = tmp_path / "menu.toml"
    menu.write_text(SMALL_MENU, encoding="utf-8")
    return menu


@pytest.fixture
def still() -> Upload:
    return picture()


@pytest.fixture
def bot_process(sandbox: Sandbox, data_folder: Path) -> BotProcess:
    @contextlib.asynccontextmanager
    async def start(stderr: int | None = None) -> AsyncIterator[asyncio.subprocess.Process]:
        environment = {**os.environ, "STILLMOTION_DATA_FOLDER": str(data_folder), "STILLMOTION_NOTICE": "false"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "--sandbox", sandbox.url, env=environment, cwd=ROOT, stderr=stderr
        )
        try:
            await sandbox.bot_ready(timeout_seconds=30)
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    return start


@pytest.fixture
def tiny_models(checkpoints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped menu with one tiny shape and nine frames everywhere; its weights are found on this machine."""
    monkeypatch.setenv("STILLMOTION_GPU_DEVICE", "cpu")
    monkeypatch.setenv("STILLMOTION_GPU_PLAN", "resident")
    monkeypatch.setenv("STILLMOTION_GPU_MODELS_FOLDER", str(checkpoints))
    text = SHIPPED_CATALOG.read_text(encoding="utf-8")
    text = re.sub(r"shapes = \[.*?\n\]", 'shapes = [{ id = "square", width = 64, height = 64 }]', text, flags=re.DOTALL)
    text = re.sub(r"frames = \{ default = \d+", "frames = { default = 9", text)
    menu = tmp_path / "menu.toml"
    menu.write_text(text, encoding="utf-8")
    return menu
