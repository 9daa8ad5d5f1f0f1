"""A challenge is looked at, edited, withdrawn from, called off and taken away as a table."""

import csv
import io

from classroom import StartBot
from classroom import told as job_told
from contest import credits_of, enter, entry_in, instructor, said, set_challenge, told

from sandbox.messages import Message
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage import pools

LONG = "pan left " + "very " * 20 + "slowly"


def shown(message: Message) -> str:
    return str(message.embeds[0]["description"])


async def table(ines: Person) -> list[dict[str, str]]:
    message = await told(ines, "challenge entries", challenge=1)
    data = (await ines.download(message.attachments[0])).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(data, newline="")))


async def test_entries_are_shown_without_names_withdrawn_edited_around_and_taken_away_as_csv(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload
) -> None:
    ines = instructor(sandbox)
    async with start_bot() as house:
        brief, thread = await set_challenge(sandbox, ines, still=still, pool=20, entries=2)
        for number, (person, prompt) in enumerate(((ada, "=pan left"), (ben, "pan right")), 1):
            await enter(person, brief, prompt=prompt)
            await job_told(house, number)
        first = await entry_in(ben, thread, 1)
        await said(await ben.click(first, "Vote"))
        assert f"**1** · Tides · <#{thread.id}> · open" in shown(await told(ada, "challenges list"))
        gallery = shown(await told(ben, "challenges show", challenge=1))
        assert (
            f"**Entry 1** https://discord.com/channels/{sandbox.guild.id}/{thread.id}/{first.id} · **your vote**"
            in gallery
        )
        assert str(ada.id) not in gallery
        assert ["1 · Tides"] == [one["name"] for one in await ada.autocomplete("challenges withdraw", "entry", "tid")]
        assert "belongs to somebody else" in (await told(ben, "challenges withdraw", entry=1)).content
        assert "Its clip stays yours: /show 1" in (await told(ada, "challenges withdraw", entry=1)).content
        assert first not in ada.reads(thread)
    async with start_bot() as house:
        form = (await ines.command("challenge edit", {"challenge": 1, "closes": "in 1 h", "entries": 3})).modal
        assert form is not None
        assert "is changed" in (await said(await ines.submit(form, {"title": "Ebb", "words": "pan, wind"}))).content
        await ada.waits_for(lambda m: "## Ebb" in m.content and "contain: pan, wind" in m.content)
        assert "3 entries per person" in brief.content
        rows = await table(ines)
        assert ("", "") == (rows[0]["votes"], rows[1]["votes"])
        await told(ines, "challenge close", challenge=1)
        await ada.waits_for(lambda m: "is over" in m.content, thread)
        rows = await table(ines)
        assert "took the entries of challenge 1 away as a table" in shown(await told(ines, "class log"))
    told_of = [(row["person"], row["name"], row["state"], row["prompt"], row["votes"], row["credits"]) for row in rows]
    assert [
        (f"<@{ada.id}>", "Ada", "taken back", "'=pan left", "0", "1"),
        (f"<@{ben.id}>", "Ben", "finished", "pan right", "0", "1"),
    ] == told_of
    assert all(row["time (UTC)"].endswith("Z") and row["paid by"] == "pool" for row in rows)


async def test_a_challenge_called_off_releases_every_hold_and_returns_its_pool(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload
) -> None:
    ines = instructor(sandbox)
    async with start_bot() as house:
        brief, thread = await set_challenge(sandbox, ines, still=still, pool=20, cap=1, entries=3)
        await told(ines, "class pause", reason="a pause")
        await enter(ada, brief, prompt="pan left")
        refused = await enter(ada, brief, prompt="pan right")
        await said(await ada.click(refused, "Use my own credits (1)"))
        await enter(ben, brief, prompt="pan left")
        assert (399, 1) == await credits_of(house, ada)
        assert "Not charged" in (await told(ben, "challenges withdraw", entry=3)).content
        status = [message.content for message in ben.reads(thread) if "Entry" in message.content]
        assert not any(str(person.id) in line for line in status for person in (ada, ben))
        answer = await told(ines, "challenge cancel", challenge=1, reason="rain")
        assert "Every hold is released" in answer.content
        await ada.waits_for(lambda message: "was called off" in message.content, thread)
        assert (400, 0) == await credits_of(house, ada)
        assert 0 == await house.database.read(lambda tx: pools.available(tx, 1))
        assert "over" in (await told(ines, "challenge close", challenge=1)).content
        await ada.waits_for(lambda message: "**Called off**" in message.content and not message.buttons)
        log = shown(await told(ines, "class log"))
        assert "called off challenge 1 · “rain”" in log
        assert "set challenge 1 “Tides” with a pool of 20" in log
    async with start_bot() as house:
        jobs = [await house.orders.job(number) for number in (1, 2, 3)]
    assert {"cancelled"} == {job.state for job in jobs}
