"""How long the bot's event loop keeps others waiting while a clip is decoded, rendered, encoded and posted."""

import asyncio
import contextlib
import statistics
import tempfile
from pathlib import Path

import discord.gateway
import discord.http
import yarl

from benchmarks.rows import Row
from bot.house import open_house
from bot.living import live
from bot.settings import Settings
from sandbox.files import Upload
from sandbox.server import Sandbox

STILL = Path(__file__).parents[1] / "sandbox" / "stills" / "lighthouse.jpg"
TICK_SECONDS = 0.005
BOUND_MILLISECONDS = 20


def run() -> list[Row]:
    """The sandbox shares the loop, so its own work counts as lag too; what is measured is an upper bound."""
    lags = asyncio.run(_run())
    bound = f"under {BOUND_MILLISECONDS} ms"
    p99 = statistics.quantiles(lags, n=100)[98] * 1000
    return [
        Row(
            name="event loop lag while a clip renders, p99",
            ours=p99,
            reference=None,
            ratio=None,
            unit="ms",
            bound=bound,
            ok=p99 < BOUND_MILLISECONDS,
        ),
        Row(
            name="event loop lag while a clip renders, longest",
            ours=max(lags) * 1000,
            reference=None,
            ratio=None,
            unit="ms",
            bound="",
            ok=None,
        ),
    ]


async def _run() -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_folder=Path(folder), log_level="ERROR", notice=False)  # type: ignore[call-arg] # pydantic-settings' own
        async with Sandbox.open() as sandbox, open_house(settings) as house:
            discord.http.Route.BASE = f"{sandbox.url}/api/v10"
            discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway_url)
            living = asyncio.create_task(live(house, "sandbox"))
            await sandbox.bot_ready(timeout_seconds=20)
            ada = sandbox.person("Ada")
            still = Upload(STILL.name, STILL.read_bytes(), content_type="image/jpeg")
            lags: list[float] = []
            watching = asyncio.create_task(_watch(lags))
            await ada.command("animate", {"still": still, "prompt": "pan right, wind", "shape": "still-hd"})
            await ada.waits_for(lambda message: bool(message.attachments), timeout_seconds=60)
            for task in (watching, living):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            return lags


async def _watch(lags: list[float]) -> None:
    clock = asyncio.get_running_loop().time
    while True:
        before = clock()
        await asyncio.sleep(TICK_SECONDS)
        lags.append(clock() - before - TICK_SECONDS)
