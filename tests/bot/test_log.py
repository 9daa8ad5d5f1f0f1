"""What may not be read in the log, whatever breaks, and what happens where it cannot be written."""

import asyncio
import os

import pytest
import structlog
from classroom import QUICK, BotProcess, StartBot, clips_in

from bot.cogs.class_log import page
from bot.words import load_words
from generation.logs import LogFormat, set_up_log
from sandbox.files import Upload
from sandbox.person import Person
from sandbox.server import Sandbox
from storage.staff_acts import Act


@pytest.mark.parametrize("log_format", ["console", "json"])
async def test_an_unforeseen_error_is_logged_without_token_and_prompt(
    sandbox: Sandbox,
    start_bot: StartBot,
    ada: Person,
    still: Upload,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    log_format: LogFormat,
) -> None:
    before = structlog.get_config()
    set_up_log("INFO", log_format)
    try:
        async with start_bot() as house:

            async def breaks(*_: object) -> None:
                await house.bot.http.request("nonsense")  # type: ignore[arg-type]

            monkeypatch.setattr(house.orders, "place_all", breaks)
            call = await ada.command("animate", {"still": still, **QUICK, "prompt": "zoom in on my secret wish"})
            answer = await call.finished()
    finally:
        structlog.configure(**before)
    logged = capfd.readouterr().err

    assert answer is not None
    assert "Something broke" in answer.content
    assert "Traceback" in logged
    assert "interaction failed" in logged
    assert "secret wish" not in logged
    assert "Bot sandbox" not in logged


def test_a_line_of_the_class_log_that_cannot_be_worded_hides_none_of_the_others() -> None:
    about = {"at": 0.0, "actor_id": 0, "whom_id": None, "why": ""}
    acts = [
        Act(id=2, what="challenge-cancel", details={}, **about),  # type: ignore[arg-type] # one dict
        Act(id=1, what="challenge-close", details={"challenge": 7}, **about),  # type: ignore[arg-type] # one dict
    ]

    lines = str(page(load_words(), "en-US", acts, refused=False).description).splitlines()

    assert ["did “challenge-cancel”", "closed challenge 7"] == [line.split("the bot ")[1] for line in lines]


@pytest.mark.parametrize("log", ["full", "unread"])
async def test_a_log_that_cannot_be_written_costs_nobody_their_clip(
    sandbox: Sandbox, bot_process: BotProcess, ada: Person, still: Upload, log: str
) -> None:
    if log == "full":
        stderr = os.open("/dev/full", os.O_WRONLY)
    else:
        unread, stderr = os.pipe()
        os.close(unread)
    async with bot_process(stderr) as process:
        os.close(stderr)
        await ada.command("animate", {"still": still, **QUICK})
        await ada.waits_for(lambda m: bool(clips_in(m)))

        process.terminate()
        assert 0 == await asyncio.wait_for(process.wait(), 30)
