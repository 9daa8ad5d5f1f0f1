"""What tests of every room share: a sandbox, and the way to point an unmodified discord.py at it."""

import gc
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import discord
import hypothesis
import pytest
import yarl
from filelock import FileLock

from generation.catalog import Catalog, load_catalog
from sandbox import Sandbox

_OPENAPI = Path(__file__).parents[2] / "shared" / "discord" / "openapi.json"


def pytest_configure() -> None:
    """Let Ctrl-C reach the programs that tests start, also where a shell started the tests in the background.

    No example of a property is timed: how long it takes is the machine's business.
    """
    slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=slow)
    hypothesis.settings.load_profile("untimed")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Nobody need search what was imported for garbage again: for torch and diffusers that takes 0.3 s each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def openapi() -> Path | None:
    """Discord's official document, named by DISCORD_OPENAPI or lying beside the repository, if it is there."""
    named = os.environ.get("DISCORD_OPENAPI")
    path = Path(named) if named else _OPENAPI
    return path if path.is_file() else None


@pytest.fixture
async def sandbox(openapi: Path | None) -> AsyncIterator[Sandbox]:
    """A fresh sandbox, which judges every request where the official document is at hand."""
    async with Sandbox.open(openapi=openapi) as opened:
        yield opened


@pytest.fixture
def point_discord_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sandbox], None]:
    """Make discord.py in this process talk to a sandbox until the test ends."""

    def point(sandbox: Sandbox) -> None:
        monkeypatch.setattr(discord.http.Route, "BASE", f"{sandbox.url}/api/v10")
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(sandbox.gateway_url))
        monkeypatch.setattr(discord.asset.Asset, "BASE", sandbox.url)

    return point


@pytest.fixture(scope="session")
def menu() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def checkpoints(menu: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of repositories with tiny random weights for everything on the menu, one for all test processes."""
    # Imported here, so that tests of other rooms need no torch.
    import torch

    from tests.checkpoints import build_checkpoint

    torch.set_num_threads(1)
    base = tmp_path_factory.getbasetemp()
    root = (base if os.environ.get("PYTEST_XDIST_WORKER") is None else base.parent) / "models"
    # Whoever comes first builds them; the others wait and find everything there.
    with FileLock(f"{root}.lock"):
        for model in menu:
            if model.repository:
                build_checkpoint(model, root)
    return root
