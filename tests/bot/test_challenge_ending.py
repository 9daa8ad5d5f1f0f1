"""Votes and the end of a challenge: by hand, by time, while the bot was off; prizes paid once."""

import asyncio

import pytest
from classroom import StartBot
from classroom import told as job_told
from contest import brief_in, close_and_read, credits_of, enter, entry_in, instructor, said, set_challenge, told

from bot.house import House
from generation.challenges.posts import ChallengePosts
from sandbox.messages import Message
from sandbox.model import Channel
from sandbox.person import Person, Upload
from sandbox.server import Sandbox


async def vote(person: Person, entry: Message) -> str:
    return (await said(await person.click(entry, "Vote"))).content


async def test_votes_are_one_each_and_the_end_names_winners_pays_once_and_closes_the_brief(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload
) -> None:
    ines, cleo = instructor(sandbox), sandbox.person("Cleo")
    async with start_bot() as house:
        brief, thread = await set_challenge(sandbox, ines, still=still, pool=20, prize=5, closes="in 3 h")
        for number, (person, prompt) in enumerate(((ada, "pan left"), (ben, "pan right")), 1):
            await enter(person, brief, prompt=prompt)
            await job_told(house, number)
        first, second = [await entry_in(cleo, thread, number) for number in (1, 2)]
        assert "Nobody votes for their own entry" in await vote(ada, first)
        assert "Your vote is on entry 1" in await vote(cleo, first)
        lost = (await cleo.click(brief, "Enter")).modal
        assert lost is not None
    async with start_bot() as house:
        forgotten = (await said(await cleo.submit(lost, {"prompt": "tilt up"}))).content
        assert "Please open it again. **Not charged.**" in forgotten
        assert "Your vote is on entry 2" in await vote(cleo, second)
        assert "taken back from entry 2" in await vote(cleo, second)
        assert "on entry 1" in await vote(cleo, first)
        assert "on entry 2" in await vote(ada, second)
        sandbox.clock.advance(3 * 3600 + 1)
        for late in (await vote(cleo, second), (await enter(cleo, brief, prompt="tilt up")).content):
            assert "This challenge is over" in late
    async with start_bot() as house:
        results = await ada.waits_for(lambda message: "is over" in message.content, thread)
        for number, person in ((1, ada), (2, ben)):
            expected = f"Winner: entry {number}** by <@{person.id}> with 1 vote, who gets 2 credits"
            assert expected in results.content
            assert person.was_notified_by(results)
            assert (402, 0) == await credits_of(house, person)
        assert "**A tie:** they have equally many votes and share the prize of 5" in results.content
        assert f"**1** <@{ada.id}> · 1 vote\n**2** <@{ben.id}> · 1 vote" == results.embeds[0]["description"]
        assert ["challenge-1.png", "challenge-1.mp4"] == [one.filename for one in results.attachments]
        assert "Entries of “Tides”; 1: pan left; 2: pan right" == results.attachments[1].description
        await ada.waits_for(lambda message: "**Closed**" in message.content and not message.buttons)
        assert "is closed" in (await told(ines, "challenge close", challenge=1)).content
    async with start_bot():
        posted = [message for message in ada.reads(thread) if "is over" in message.content]
    assert [results.id] == [message.id for message in posted]


async def test_instructors_choose_where_nobody_votes_and_a_form_kept_open_past_the_end_enters_nothing(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload
) -> None:
    ines = instructor(sandbox)
    async with start_bot() as house:
        brief, thread = await set_challenge(sandbox, ines, still=still, pool=9, prize=4, voting="none", closes="in 3 h")
        assert "then the instructors decide" in brief.content
        await enter(ada, brief, prompt="pan left")
        clip = await entry_in(ben, thread, 1)
        await job_told(house)
        assert "Vote" not in [button.label for button in clip.buttons]
        assert "Again" in [button.label for button in clip.buttons]
        assert f"by <@{ada.id}>: “pan left”" in clip.content
        form = (await ben.click(brief, "Enter")).modal
        assert form is not None
        sandbox.offer_command("challenge", ben)
        assert "Only instructors" in (await told(ben, "challenge close", challenge=1)).content
        assert "no finished entry 7" in (await told(ines, "challenge close", challenge=1, winners="7")).content
        await told(ines, "class pause", reason="the bell")
        await enter(ben, brief, prompt="tilt up")
        assert "entry 2 is still being made" in (await told(ines, "challenge close", challenge=1, winners="1")).content
        sandbox.set_upload_limit(40_000)
        sandbox.clock.advance(3 * 3600 + 1)
        assert "This challenge is over" in (await said(await ben.submit(form, {"prompt": "pan right"}))).content
    async with start_bot() as house:
        asked = await ines.waits_for(lambda message: "please choose" in message.content, thread)
        assert ines.was_notified_by(asked)
        results = await close_and_read(ines, thread, winners="1", without_waiting=True)
        assert "1 entry was still being made and could not take part" in results.content
        assert "is over; nothing" in (await told(ines, "challenge close", challenge=1, winners="2")).content
        assert [True, True] == [file.size <= 40_000 for file in results.attachments]
        assert f"**Winner: entry 1** by <@{ada.id}>, who gets 4 credits" in results.content
        assert [(404, 0), (400, 0)] == [await credits_of(house, person) for person in (ada, ben)]
        assert 1 == sum("please choose" in message.content for message in ines.reads(thread))


async def test_an_instructor_who_lost_the_role_while_the_form_was_open_sets_nothing(
    house: House, sandbox: Sandbox, ada: Person
) -> None:
    tutors = sandbox.guild.add_role("Tutors", permissions=0x20)
    tom = sandbox.person("Tom", roles=[tutors])
    form = (await tom.command("challenge post", {"pool": 5})).modal
    assert form is not None
    sandbox.world.delete_role(sandbox.guild, tutors)
    refused = await said(await tom.submit(form, {"title": "Mine", "brief": "All mine"}))

    assert "Only instructors" in refused.content
    assert [] == await house.challenges.newest(sandbox.guild.id, 9)


async def test_brief_and_results_posted_but_not_noted_are_not_posted_again(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    ines = instructor(sandbox)
    forum = sandbox.guild.add_channel("challenges", "forum")

    async def dies(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    for place in (sandbox.channel, forum):
        with monkeypatch.context() as patch:
            async with start_bot():
                patch.setattr(ChallengePosts, "brief_posted", dies)
                known = set(sandbox.guild.threads)
                form = (await ines.command("challenge post", {"channel": place, "still": still})).modal
                assert form is not None
                await ines.submit(form, {"title": place.name, "brief": "b"})
                _, thread = await brief_in(sandbox, ines, place, known)
        sandbox.clock.advance(3600)  # longer than any nonce is remembered
        with monkeypatch.context() as patch:
            async with start_bot() as house:
                await until_noted(house, thread)
                patch.setattr(ChallengePosts, "results_posted", dies)
                number = (await house.challenges.newest(sandbox.guild.id, 1))[0].id
                await told(ines, "challenge close", challenge=number)
                await ines.waits_for(lambda message: "is over" in message.content, thread)
        sandbox.clock.advance(3600)
        async with start_bot() as house:
            await until_told(house, sandbox.guild.id, number)
        assert 1 == sum("is over" in message.content for message in ines.reads(thread))
    briefs = [message for message in ines.reads() if "## general" in message.content]
    assert (1, 2) == (len(briefs), len(sandbox.guild.threads))


async def until_noted(house: House, thread: Channel) -> None:
    async with asyncio.timeout(30):
        while (await house.challenges.newest(thread.guild.id if thread.guild else 0, 1))[0].thread_id != thread.id:
            await asyncio.sleep(0.02)


async def until_told(house: House, guild_id: int, challenge_id: int) -> None:
    async with asyncio.timeout(30):
        while (await house.challenges.get(guild_id, challenge_id)).results != "posted":
            await asyncio.sleep(0.02)
