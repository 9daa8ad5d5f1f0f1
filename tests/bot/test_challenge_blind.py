"""While a blind challenge runs nothing tells who made an entry or asked for what; its end tells everything."""

import pytest
from classroom import StartBot
from classroom import told as job_told
from contest import close_and_read, enter, entry_in, instructor, said, set_challenge, told

from bot.challenges.texts import ChallengeTexts
from bot.words import load_words
from generation.challenges.contests import first_place
from generation.challenges.entered import Gallery
from generation.line.prospects import Outlook
from generation.line.standing import Standing
from generation.queue import as_waiting
from sandbox.messages import Message
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage.challenges import Challenge
from storage.entries import Entry
from storage.jobs import Job

WISH = "pan left to a secret wish"


async def file_of(person: Person, message: Message) -> bytes:
    return await person.download(message.attachments[0])


async def line_of(person: Person) -> str:
    message = (await person.command("queue", {})).message
    assert message is not None
    return "\n".join(str(field["value"]) for field in message.embeds[0]["fields"])


async def test_file_line_and_messages_hide_a_maker_until_the_end_names_everybody(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    ines = instructor(sandbox)
    async with start_bot() as house:
        brief, thread = await set_challenge(sandbox, ines, still=still, pool=20)
        await enter(ada, brief, prompt=WISH)
        entry = await entry_in(ben, thread, 1)
        job = await job_told(house)
        assert job.clip is not None
        assert WISH.encode() in house.blobs.path(job.clip).read_bytes()
        for shown in (entry, await told(ben, "show", clip=job.id)):
            assert WISH.encode() not in await file_of(ben, shown)
        # As if it were still running and waiting, however fast this machine is.
        standing = Standing([(job, Outlook())], [(as_waiting(job), Outlook())], 1, 0)
        monkeypatch.setattr(house.dispatcher, "line", lambda _: standing)
        others, own = await line_of(ben), await line_of(ada)
        assert "1. an entry of a challenge · Draft" in others
        assert str(ada.id) not in others
        assert 2 == own.count("an entry of a challenge, yours")
        await said(await ben.click(entry, "Vote"))
        results = await close_and_read(ines, thread)
        assert 2 == (await line_of(ben)).count(f"<@{ada.id}>")
        gallery = str((await told(ben, "challenges show", challenge=1)).embeds[0]["description"])
        after = await told(ben, "show", clip=job.id)

    assert f"**Winner: entry 1** by {ada.mention} with 1 vote: “{WISH}” https://" in results.content
    assert f"by {ada.mention} · 1 vote" in gallery
    assert WISH.encode() in await file_of(ben, after)
    assert [] == sandbox.violations


def test_a_tie_of_a_whole_class_is_told_within_one_message(challenge: Challenge, job: Job) -> None:
    entries = [
        Entry(at, 1, at, 10**18 + at, at, str(at), 1.0, None, None, 10**18 + at, None, "succeeded", "shown", None, 1)
        for at in range(1, 41)
    ]
    place = first_place(entries, 400)
    assert place is not None
    won = tuple(
        Entry(**{name: getattr(entry, name) for name in Entry.__slots__} | {"prize_credits": prize})
        for entry, prize in place.awards
    )
    text = ChallengeTexts(load_words()).results(Gallery(challenge, won, {entry.job_id: job for entry in won}))
    named = sum("**Winner" in line for line in text.splitlines())

    assert len(text) <= 2000
    assert 4 <= named < 40
    assert f"and {40 - named} more winners, as listed below" in text
    assert "share the prize of 400" in text


@pytest.fixture
def challenge() -> Challenge:
    ids = {"id": 1, "guild_id": 10**18, "pool_id": 1, "created_by": 1, "channel_id": 1, "thread_id": 10**18}
    words = {"key": "1", "title": "T" * 90, "brief": "b", "prompt": None, "model_id": None, "locale": "en-US"}
    still = {"still": None, "still_width": None, "still_height": None}
    terms = {"opens_at": 0.0, "closes_at": 9.0, "entries_per_person": 1, "prize_credits": 400, "voting": "blind"}
    state = {"state": "closed", "ended_at": 9.0, "message_id": 1, "results": "pending", "results_message_id": None}
    other = {"required_words": (), "size_limit_bytes": 9, "created_at": 0.0}
    return Challenge(**ids, **words, **still, **terms, **state, **other)  # type: ignore[arg-type] # told apart above


@pytest.fixture
def job() -> Job:
    columns = dict.fromkeys(Job.__slots__)
    return Job(**columns | {"recipe": {"prompt": "*a* " * 90}})  # type: ignore[arg-type] # only the recipe is read
