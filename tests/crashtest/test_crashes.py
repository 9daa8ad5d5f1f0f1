"""A kill at every point and at random moments between, of one seed, in four runs."""

import asyncio
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

import crashtest.__main__ as command
import crashtest.driver as driver_module
from crashtest.bot import Nursery, orphans
from crashtest.driver import Driver
from crashtest.plan import PAUSES_SECONDS, ROUND_KILLS, plan
from crashtest.points import POINTS, Deed
from sandbox import Sandbox
from sandbox.posting import NONCE_WINDOW_SECONDS
from tests.rendering import worker_of

SEED, PARTS = 1, 4


@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
async def test_every_promise_is_kept_after_each_of_these_kills(part: int, tmp_path: Path) -> None:
    kills = plan(SEED, ROUND_KILLS)[part::PARTS]
    async with Driver.open(tmp_path, SEED) as driver:
        tally = await driver.run(kills, print)

    assert len(kills) == tally.kills
    assert [] == tally.missed


async def test_a_bot_that_takes_the_fork_server_with_it_does_not_hinder_the_next(tmp_path: Path) -> None:
    async with Sandbox.open() as sandbox, Nursery.open(sandbox.url, tmp_path / "data", tmp_path / "log") as nursery:
        bot = await nursery.bear(offset_seconds=0.0)
        await sandbox.bot_ready(60)
        [server] = [one for one in nursery.children(recursive=False) if "forkserver" in " ".join(one.cmdline())]
        server.kill()
        await bot.kill()
        await sandbox.bot_gone()
        second = await nursery.bear(offset_seconds=0.0)
        await sandbox.bot_ready(60)

        assert second.returncode is None


async def test_a_worker_that_outlives_its_bot_is_found_and_does_not_hold_up_the_end(tmp_path: Path) -> None:
    async with Sandbox.open() as sandbox, asyncio.timeout(120):
        async with Nursery.open(sandbox.url, tmp_path / "data", tmp_path / "log") as nursery:
            bot = await nursery.bear(offset_seconds=0.0)
            await sandbox.bot_ready(60)
            worker = await worker_of(psutil.Process(nursery.pid))
            worker.suspend()
            await bot.kill()
            while len(found := orphans(tmp_path / "data", bot)) != 1:
                await asyncio.sleep(0.05)
        worker.kill()

    assert found[0].startswith(f"{worker.pid}:")


def test_these_kills_come_to_every_point_and_to_restarts_within_and_after_the_nonce_window() -> None:
    kills = plan(SEED, ROUND_KILLS)

    assert len(kills) >= 60
    assert {kill.point for kill in kills if kill.point} == set(POINTS)
    assert {kill.deed for kill in kills} == set(Deed)
    assert {kill.target for kill in kills} == {"point", "bot", "worker", "both"}
    assert min(PAUSES_SECONDS) < NONCE_WINDOW_SECONDS < max(PAUSES_SECONDS)
    posted = [kill for kill in plan(SEED, 1000) if kill.point and kill.point.name == "posted, not marked"]
    assert {kill.pause_seconds for kill in posted} == set(PAUSES_SECONDS)


def test_a_seed_always_makes_the_same_plan() -> None:
    assert plan(7, 100)[:60] == plan(7, 60)
    assert plan(7, 60) != plan(8, 60)


def test_a_run_that_missed_a_point_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = replace(POINTS[0], name="nowhere")
    monkeypatch.setattr(driver_module, "DEATH_SECONDS", 0.5)
    monkeypatch.setattr(command, "plan", lambda seed, kills: [replace(plan(seed, kills)[0], point=nowhere)])
    monkeypatch.setattr("sys.argv", ["crashtest", "--kills", "1", "--folder", str(tmp_path)])

    assert 1 == command.main()
    assert "“nowhere”" in capsys.readouterr().err
