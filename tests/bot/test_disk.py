"""A disk that is full, a database that is held by another, a second bot: what people see, and that nothing is lost."""

import asyncio
import contextlib
import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from classroom import QUICK, BotProcess, StartBot, clip_of, reached, rendering, told, worker_process

from bot.house import House
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage import database as database_module
from storage.occupancy import LOCK_NAME, occupied
from storage.settings import DATABASE_NAME

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def write_locked(data_folder: Path) -> Iterator[None]:
    """Another program holds the write lock of the database."""
    other = sqlite3.connect(data_folder / DATABASE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_SECONDS", 0.05)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 8 MiB."""
    folder = tmp_path / "data"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a file system is not allowed here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return filler


async def said(capsys: pytest.CaptureFixture[str], *texts: str) -> None:
    """Wait until the log says one of them."""
    log = ""
    async with asyncio.timeout(60):
        while not any(text in log for text in texts):
            await asyncio.sleep(0.05)
            log += capsys.readouterr().out


async def test_a_request_on_a_full_disk_is_refused_with_words_and_the_next_one_works(
    small_disk: Path, start_bot: StartBot, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    async with start_bot() as house:
        filler = fill(small_disk)
        answer = await (await ada.command("animate", {"still": still, **QUICK})).finished()
        filler.unlink()
        assert answer is not None
        assert "disk is full" in answer.content
        assert "Not charged" in answer.content
        await ada.command("animate", {"still": still, **QUICK})
        await clip_of(ada)
        await told(house)
        assert 399 == (await house.accounts.balance(sandbox.guild.id, ada.id)).available


async def test_a_disk_that_fills_up_during_a_render_ends_it_without_a_charge(
    small_disk: Path,
    start_bot: StartBot,
    sandbox: Sandbox,
    ada: Person,
    still: Upload,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with start_bot() as house:
        await ada.command("animate", {"still": still, "prompt": "orbit", "shape": "landscape", "seconds": 8})
        await rendering(house)
        filler = fill(small_disk)
        await said(capsys, "No space left", "database refuses")
        filler.unlink()
        job = await told(house)
        balance = await house.accounts.balance(sandbox.guild.id, ada.id)

    assert (400 - (job.price_credits if job.state == "succeeded" else 0), 0) == (balance.available, balance.held)


@pytest.mark.usefixtures("impatient")
async def test_a_locked_database_refuses_new_orders_with_words_and_the_next_one_works(
    start_bot: StartBot, data_folder: Path, ada: Person, still: Upload
) -> None:
    async with start_bot() as house:
        with write_locked(data_folder):
            answer = await (await ada.command("animate", {"still": still, **QUICK})).finished()
        assert answer is not None
        assert "I cannot write anything down right now" in answer.content
        assert "Not charged" in answer.content
        await ada.command("animate", {"still": still, **QUICK})
        await clip_of(ada)
        await told(house)


@pytest.mark.usefixtures("impatient")
async def test_a_database_that_is_locked_when_a_clip_is_ready_delays_it_and_kills_nobody(
    start_bot: StartBot,
    data_folder: Path,
    sandbox: Sandbox,
    ada: Person,
    still: Upload,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with start_bot() as house:
        worker = await worker_process(house)
        worker.suspend()
        await ada.command("animate", {"still": still, **QUICK})
        await reached(house, "running")
        with write_locked(data_folder):
            worker.resume()
            await said(capsys, "doing=complete")
        await clip_of(ada)
        job = await told(house)
        balance = await house.accounts.balance(sandbox.guild.id, ada.id)

    assert (1, 400 - job.price_credits) == (job.attempts, balance.available)


@pytest.mark.usefixtures("impatient")
async def test_a_database_that_is_locked_when_a_clip_is_posted_delays_it_and_brings_it_once(
    start_bot: StartBot,
    data_folder: Path,
    ada: Person,
    still: Upload,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with start_bot() as house:
        may_post, begin = asyncio.Event(), house.deliveries.begin_posting

        async def wait(job_id: int) -> None:
            await may_post.wait()
            await begin(job_id)

        monkeypatch.setattr(house.deliveries, "begin_posting", wait)
        await ada.command("animate", {"still": still, **QUICK})
        await reached(house, "succeeded")
        with write_locked(data_folder):
            may_post.set()
            await said(capsys, "delivery will be tried again")
        await told(house)

    assert 1 == sum(len(message.attachments) for message in ada.reads() if message.author.bot)


def refused_start(folder: Path) -> str:
    """What a bot says that cannot start on ``folder``."""
    environment = {**os.environ, "STILLMOTION_DATA_FOLDER": str(folder), "DISCORD_TOKEN": "x"}
    ended = subprocess.run(
        [sys.executable, "-m", "bot"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert 1 == ended.returncode
    assert "Traceback" not in ended.stderr
    (sentence,) = [line for line in ended.stderr.splitlines() if "off the menu" not in line]
    return sentence


async def test_a_second_bot_on_the_same_folder_is_refused_in_one_sentence(
    bot_process: BotProcess, data_folder: Path
) -> None:
    async with bot_process() as process:
        sentence = await asyncio.to_thread(refused_start, data_folder)
        assert sentence.startswith(f"Cannot start: {data_folder} is in use by another bot; stop that one first")
        process.kill()
        await process.wait()
        with occupied(data_folder):  # the lock of a killed bot is free at once
            assert (data_folder / LOCK_NAME).exists()


def test_a_read_only_folder_is_refused_in_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(folder)], check=False).returncode:
        pytest.skip("mounting a file system is not allowed here")
    try:
        assert f"Cannot start: {folder}: Read-only file system (setting STILLMOTION_DATA_FOLDER)" == refused_start(
            folder
        )
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_a_disk_that_refuses_to_remove_a_file_does_not_end_the_bot(
    house: House, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_: Path) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(house.blobs, "discard", refuses)
    await ada.command("animate", {"still": still, "prompt": "pan right", "shape": "landscape-hd", "seconds": 6})
    await rendering(house)
    (await worker_process(house)).kill()
    await clip_of(ada)

    assert 2 == (await house.orders.job(1)).attempts
