"""A challenge is set and entered: the brief in its thread, entries without names, refusals that hold nothing."""

import asyncio

import pytest
from classroom import QUICK, StartBot, clip_of
from classroom import told as job_told
from contest import TIDES, credits_of, enter, entry_in, instructor, said, set_challenge, told

from sandbox.errors import ClientRefused
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage import pools


async def test_a_blind_challenge_is_posted_entered_and_paid_from_its_pool(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload
) -> None:
    ines = instructor(sandbox)
    async with start_bot() as house:
        options = {"still": still, "closes": "in 2 h", "pool": 12, "cap": 3, "prize": 5, "entries": 2}
        words = {"prompt": "pan left", "words": "pan"}
        brief, thread = await set_challenge(sandbox, ines, words, **options)
        assert "## Tides\nMake the *sea* move." in brief.content
        for expected in ("2 entries per person", "from 7 credits, up to 3 each", "Prize: 5 credits", "contain: pan"):
            assert expected in brief.content
        assert "Starter still of the challenge “Tides”" == brief.attachments[0].description

        lacking = await enter(ada, brief, prompt="zoom in")
        assert "Your prompt lacks what this challenge asks for: pan" in lacking.content
        assert "Not charged" in lacking.content
        answer = await enter(ada, brief)
        assert "**entry 1** of “Tides”" in answer.content
        assert "1 credit of the challenge is held for it, none of yours" in answer.content
        clip = await entry_in(ben, thread, 1)
        await job_told(house, 1)
        again = await enter(ada, brief, prompt="Pan  LEFT")
        assert "You have entered this already" in again.content
        everything = "\n".join(message.content for message in ben.reads(thread))
        assert not any(secret in everything for secret in (str(ada.id), "pan left"))
        assert ["Vote"] == [button.label for button in clip.buttons]
        assert "entry 1 of “Tides”" == clip.attachments[0].description
        assert (400, 0) == await credits_of(house, ada)
        assert 11 == await house.database.read(lambda tx: pools.available(tx, 1))


async def test_what_the_pool_does_not_pay_is_held_only_when_its_person_says_so_once(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload
) -> None:
    ines = instructor(sandbox)
    async with start_bot() as house:
        brief, thread = await set_challenge(sandbox, ines, still=still, pool=5, cap=1, entries=3)
        await enter(ada, brief, prompt="pan left")
        refused = await enter(ada, brief, prompt="pan right")
        assert "“Tides” pays for no more clips of yours" in refused.content
        assert "Not charged" in refused.content
        assert (400, 0) == await credits_of(house, ada)
    async with start_bot() as house:
        calls = await asyncio.gather(*(ada.click(refused, "Use my own credits (1)") for _ in range(2)))
        answers = [(await said(call)).content for call in calls]
        assert all("**entry 2**" in answer and "1 credit of yours" in answer for answer in answers)
        await entry_in(ada, thread, 2)
        await job_told(house, 2)
        assert (399, 0) == await credits_of(house, ada)


async def test_an_earlier_clip_is_entered_for_nothing_and_shown_in_the_thread_once(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload
) -> None:
    ines = instructor(sandbox)
    forum = sandbox.guild.add_channel("challenges", "forum")
    async with start_bot() as house:
        await ada.command("animate", {"still": still, **QUICK, "seconds": 0.5})
        await clip_of(ada)
        await job_told(house)
        brief, thread = await set_challenge(sandbox, ines, channel=forum)
        answer = await enter(ada, brief, clip="1")
        assert "It cost nothing" in answer.content
        await entry_in(ben, thread, 1)
        assert (399, 0) == await credits_of(house, ada)
    async with start_bot():
        late = await enter(ada, brief, clip="1")
    shown = [message for message in ben.reads(thread) if message.attachments]

    assert "which is the most for each person" in late.content
    assert 1 == len(shown)
    assert str(ada.id) not in shown[0].content


async def test_only_what_can_be_set_is_set(sandbox: Sandbox, start_bot: StartBot, ada: Person) -> None:
    ines = instructor(sandbox)
    async with start_bot():
        for options, expected in (
            ({"closes": "soon"}, "I cannot read “soon” as a time"),
            ({"closes": "2001-01-01 10:00"}, "is in the past"),
            ({"opens": "in 3 h", "closes": "in 2 h"}, "would close before it opens"),
            ({"prize": 5}, "does not fit into a pool of 0"),
        ):
            assert expected in (await told(ines, "challenge post", **options)).content
        with pytest.raises(ClientRefused, match="too_small: cap"):
            await ines.command("challenge post", {"pool": 5, "cap": 0})
        kept_open = (await ines.command("challenge post", {"closes": "in 10 min"})).modal
        assert kept_open is not None
        sandbox.clock.advance(601)
        assert "its end is over" in (await said(await ines.submit(kept_open, TIDES))).content
        gone = sandbox.guild.add_channel("gone")
        form = (await ines.command("challenge post", {"channel": gone})).modal
        assert form is not None
        sandbox.delete_channel(gone)
        assert "was called off" in (await said(await ines.submit(form, TIDES))).content
        log = str((await told(ines, "class log")).embeds[0]["description"]).splitlines()
        assert "the bot called off challenge 1" in log[0]
        early, _ = await set_challenge(sandbox, ines, opens="in 2 h")
        assert "not open yet" in (await enter(ada, early)).content
        sandbox.deny("create_public_threads")
        assert "Create Public Threads" in (await told(ines, "challenge post")).content
