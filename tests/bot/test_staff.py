"""What instructors learn: why a job went as it did."""

import re

import discord
import pytest
from classroom import QUICK, clip_of, rendering, told, worker_process

from bot.house import House
from generation.workers.protocol import Failed
from sandbox.errors import ClientRefused
from sandbox.person import Person, Upload
from sandbox.server import Sandbox


@pytest.fixture
def ines(sandbox: Sandbox) -> Person:
    role = sandbox.guild.add_role("Instructor", permissions=discord.Permissions(manage_guild=True).value)
    return sandbox.person("Ines", roles=[role])


def text_of(embed: dict[str, object]) -> str:
    fields = embed["fields"]
    assert isinstance(fields, list)
    return "\n".join([str(embed["title"]), str(embed["description"]), *(str(field["value"]) for field in fields)])


async def test_why_shows_an_instructor_every_step_and_a_student_nothing(
    house: House, ada: Person, ines: Person, still: Upload
) -> None:
    await ada.command("animate", {"still": still, "prompt": "pan right", "shape": "landscape-hd", "seconds": 6})
    await rendering(house)
    (await worker_process(house)).kill()
    await clip_of(ada)
    job = await told(house)
    message = await (await ines.command("class why", {"job": 1})).finished()
    assert message is not None
    shown = text_of(message.embeds[0])

    assert message.ephemeral
    with pytest.raises(ClientRefused):
        await ada.command("class why", {"job": 1})
    steps = [line.split("**")[1] for line in shown.splitlines() if "· attempt" in line]
    assert ["queued", "running", "queued", "running", "succeeded", "succeeded", "succeeded"] == steps
    assert "worker worker-0" in shown
    assert "crashed · signal 9" in shown
    assert "Last progress: decode" in shown
    assert f"{ada.mention} · Draft" in shown
    assert "charged to them" in shown
    assert re.search(r"Waited \d+ s, loaded \d+ s, rendered \d+", shown)
    assert f"/{(await house.orders.job(1)).message_id}" in shown
    assert f"Hold {job.hold_id}: {job.price_credits} charged" in shown
    missing = await (await ines.command("class why", {"job": 99})).finished()
    assert missing is not None
    assert "no longer known" in missing.content


async def test_why_says_what_a_waiting_job_waits_for_why_one_failed_and_how_much_is_left_out(
    house: House, ada: Person, ines: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def why(job_id: int) -> str:
        message = await (await ines.command("class why", {"job": job_id})).finished()
        assert message is not None
        return text_of(message.embeds[0])

    await (await ines.command("class pause", {"reason": "a break"})).finished()
    for seconds in (5, 6):
        await (await ada.command("animate", {"still": still, **QUICK, "seconds": seconds})).finished()
    assert "The class is paused:** a break" in await why(2)
    with monkeypatch.context() as patch:
        patch.setattr(house.closures, "of", lambda _: None)
        assert "**It waits for Draft" in await why(2)
        patch.setattr(house.dispatcher, "is_set_aside", lambda _: False)
        assert "It is next · " in await why(2)
    job = await house.orders.job(2)
    for _ in range(3):
        job = await house.orders.claim(job.id, "worker-9") or job
        job = await house.orders.fail(job, Failed(fault="crashed", cause="x" * 300, retry=True))
    failed = await why(2)

    assert "**Failed (crashed):** The renderer stopped three times." in failed
    assert "returned to them, not charged" in failed
    assert re.search(r"… \d earlier steps?", failed)
    assert "**failed** · attempt 3 · worker worker-9 · delivery pending · crashed · xxx" in failed


async def test_a_job_of_another_server_is_not_explained(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    await ada.command("animate", {"still": still, **QUICK})
    await clip_of(ada)
    elsewhere = sandbox.add_guild("Elsewhere")
    role = elsewhere.add_role("Instructor", permissions=discord.Permissions(manage_guild=True).value)
    otto = sandbox.person("Otto", guild=elsewhere, roles=[role])
    answer = await (await otto.command("class why", {"job": 1})).finished()

    assert answer is not None
    assert "no longer known" in answer.content
