"""A polite stop in the middle of everything: nobody is left without a word, nothing held wrongly, a calm log."""

import asyncio
import signal
from collections.abc import Iterator

import pytest
from classroom import QUICK, BotProcess, StartBot
from contest import TIDES, instructor, said

from bot.client import LONGEST_RECONNECT_SECONDS, ReconnectBackoff
from bot.courier import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS
from bot.house import House
from generation.patience import pauses
from sandbox.calls import Call
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from tests.rendering import held_renders

RUSH = 14
OUTAGE_SECONDS = 600.0


@pytest.fixture
def hangups_count() -> Iterator[None]:
    """Without it a bot that these tests start under nohup would take no notice of a hangup, as it should."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("hangups_count")
async def test_a_terminal_that_is_closed_stops_the_bot_politely(bot_process: BotProcess) -> None:
    async with bot_process() as process:
        process.send_signal(signal.SIGHUP)

        assert 0 == await asyncio.wait_for(process.wait(), 30)


async def test_a_stop_in_a_rush_ends_what_is_under_way_and_refuses_the_rest_in_words(
    sandbox: Sandbox,
    start_bot: StartBot,
    bot_process: BotProcess,
    still: Upload,
    capfd: pytest.CaptureFixture[str],
) -> None:
    people = [sandbox.person(f"Student {number}") for number in range(RUSH)]
    answers: dict[int, str] = {}

    async def ask(person: Person) -> Call:
        call = await person.command("animate", {"still": still, **QUICK})
        if (message := await call.finished()) is not None:
            answers[person.id] = message.content
        return call

    async with bot_process() as process, held_renders(process.pid):
        asking = [asyncio.create_task(ask(person)) for person in people]
        await people[0].waits_for(lambda message: "is animating a still" in message.content)
        process.terminate()
        assert 0 == await asyncio.wait_for(process.wait(), 30)
        log = "".join(capfd.readouterr())
    await sandbox.bot_gone()
    for task in asking:
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    refused = [person for person in people if "restarted at this moment" in answers.get(person.id, "")]
    async with start_bot() as house:
        unfinished = await house.orders.unfinished()
        for job in unfinished:
            await house.dispatcher.cancel(job.id, actor=job.user_id)
        held = [(await house.accounts.balance(sandbox.guild.id, person.id)).held for person in people]

    assert "Traceback" not in log
    assert "never retrieved" not in log
    assert "waiting for answers under way" in log
    assert unfinished
    assert all("ot charged" in answers[person.id] for person in refused)
    assert [0] * RUSH == held


async def test_a_form_that_is_sent_during_a_stop_is_refused_in_words_as_a_button_is(
    sandbox: Sandbox, house: House, ada: Person
) -> None:
    ines = instructor(sandbox)
    form = (await ines.command("challenge post")).modal
    exercise = (await ada.command("exercise a")).message
    assert form is not None
    assert exercise is not None
    await house.bot.in_flight.close()

    for call in (await ines.submit(form, TIDES), await ada.click(exercise, "Start A")):
        assert "restarted at this moment" in (await said(call)).content
    assert [] == await house.challenges.newest(sandbox.guild.id, 9)


def test_the_tries_of_a_delivery_carry_through_an_outage_of_ten_minutes() -> None:
    passed, tries = 0.0, 0
    for pause_seconds in pauses(FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS):
        assert pause_seconds <= LONGEST_PAUSE_SECONDS
        passed, tries = passed + pause_seconds, tries + 1
        if passed > OUTAGE_SECONDS:
            break

    # Few enough to be polite, and the first one after the outage comes within a minute.
    assert 10 <= tries <= 20
    assert passed - OUTAGE_SECONDS <= LONGEST_PAUSE_SECONDS


def test_the_gateway_is_tried_again_within_half_a_minute_however_long_it_was_away() -> None:
    backoff = ReconnectBackoff()

    assert max(backoff.delay() for _ in range(200)) <= LONGEST_RECONNECT_SECONDS
