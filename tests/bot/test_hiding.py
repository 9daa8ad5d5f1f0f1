"""Report and Hide: the instructors get a card, take the clip out of sight with a reason, once, and can undo it."""

import asyncio

from classroom import StartBot, clip_of, clips_in, told
from contest import (
    close_and_read,
    credits_of,
    enter,
    entry_in,
    instructor,
    said,
    sandbox_waits,
    set_challenge,
    text_of,
)
from contest import told as answered

from sandbox.messages import Message
from sandbox.person import Person, Upload
from sandbox.server import Sandbox

TINY = {"prompt": "slow *zoom* in", "seconds": 0.5}


async def report(person: Person, clip: Message, reason: str) -> str:
    form = (await person.click(clip, "Report")).modal
    assert form is not None
    return (await said(await person.submit(form, {"reason": reason}))).content


async def test_a_reported_clip_is_hidden_once_everywhere_and_may_be_seen_again(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload, small_menu
) -> None:
    ines, gallery = instructor(sandbox), sandbox.guild.add_channel("gallery")
    async with start_bot(catalog=small_menu) as house:
        await ada.command("animate", {"still": still, **TINY})
        clip = await clip_of(ada)
        await told(house)
        mark = (await ada.click(clip, "Mark where it broke")).modal
        assert mark is not None
        await said(await ada.submit(mark, {"kind": "face", "seconds": "0.2"}))
        assert str(clip.id) in (await limits(ada)).content
        await ada.command("show", {"clip": 1}, gallery)
        again = await ada.waits_for(lambda m: bool(clips_in(m)), gallery)
        unheard = await report(ben, clip, "This shows *somebody* I know")
        assert "no channel is set for the instructors here" in unheard
        async with asyncio.timeout(30):
            while not await house.staff.page(sandbox.guild.id, 1):
                await asyncio.sleep(0.02)
        [noted] = await house.staff.page(sandbox.guild.id, 9)
        assert "unheard" == noted.what
        staff = sandbox.guild.add_channel("staff")
        await answered(ines, "class channel", channel=staff)
        card = await ines.waits_for(lambda m: "**Report:**" in m.content, staff)
        for piece in (ben.mention, ada.mention, "#1 ", "“slow \\*zoom\\* in”", "\\*somebody\\*", f"{clip.id}"):
            assert piece in card.content
        assert "Only instructors" in (await said(await ben.click(card, "Hide"))).content
        [refused] = await house.staff.page(sandbox.guild.id, 9, was_refused=True)
        assert (ben.id, "hide") == (refused.actor_id, refused.details["tried"])
    async with start_bot(catalog=small_menu) as house:
        first, second = (await ines.click(card, "Hide")).modal, (await ines.click(card, "Hide")).modal
        assert first is not None
        assert second is not None
        await ines.submit(first, {"reason": " "})
        await ines.waits_for(lambda m: "say in a few words why" in m.content, staff)
        first = (await ines.click(card, "Hide")).modal
        assert first is not None
        await asyncio.gather(
            ines.submit(first, {"reason": "shows a *classmate*"}), ines.submit(second, {"reason": "me too"})
        )
        await ines.waits_for(lambda m: "hidden by an instructor" in m.content, staff)
        await sandbox_waits(sandbox, lambda: clip not in ada.reads() and again not in ada.reads(gallery))
        await sandbox_waits(sandbox, lambda: not card.buttons)
        assert "**Hidden** by" in card.content
        assert 1 == card.content.count("**Hidden**")
        word = await ada.waits_for(lambda m: "Your clip #1 was hidden" in m.content, ada.direct_messages)
        assert "credits are as they were" in word.content
        assert [] == [message for message in ada.reads() if "Finished" in message.content]
        own = (await answered(ada, "show", clip=1)).content
        assert "hidden by an instructor: “" in own
        assert "belongs to somebody else" in (await answered(ben, "show", clip=1)).content
        assert [] == await ada.autocomplete("show", "clip", "")
        assert str(clip.id) not in (await limits(ada)).content
        assert "no clips here" in (await answered(ada, "portfolio")).content
        history = await answered(ada, "history")
        assert "hidden by an instructor" in str(history.components)
        assert (399, 0) == await credits_of(house, ada)
        assert ("succeeded", "hidden") == ((job := await house.orders.job(1)).state, job.visibility)
        assert "may be seen again" in (await answered(ines, "class unhide", clip=1, reason="a mistake")).content
        assert "not hidden" in (await answered(ines, "class unhide", clip=1, reason="twice")).content
        await ada.command("show", {"clip": 1}, gallery)
        third = await ada.waits_for(lambda m: bool(clips_in(m)) and m is not again, gallery)
        assert "is hidden" in (await answered(ines, "class hide", clip=1, reason="after all")).content
        await sandbox_waits(sandbox, lambda: third not in ada.reads(gallery))
        assert "hidden by an instructor" in (await answered(ines, "class hide", clip=1, reason="x")).content
        assert "no longer known" in (await answered(ines, "class hide", clip=99, reason="x")).content
        log = text_of(await answered(ines, "class log"))
        assert 2 == log.count(f"hid #1 by <@{ada.id}>")
        assert f"let #1 by <@{ada.id}> be seen again · “a mistake”" in log


async def limits(person: Person) -> Message:
    message = await (await person.command("limits")).finished()
    assert message is not None
    return message


async def test_a_hidden_entry_leaves_its_contest_and_its_film(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload, small_menu
) -> None:
    ines = instructor(sandbox)
    async with start_bot(catalog=small_menu) as house:
        brief, thread = await set_challenge(sandbox, ines, still=still, pool=20, prize=5)
        wishes = ((ada, "pan left"), (ben, "pan right"), (sandbox.person("Cleo"), "tilt up"))
        for number, (person, prompt) in enumerate(wishes, 1):
            await enter(person, brief, prompt=prompt)
            await told(house, number)
        bad, good, best = [await entry_in(ines, thread, number) for number in (1, 2, 3)]
        await said(await ben.click(bad, "Vote"))
        await said(await ada.click(best, "Vote"))
        await answered(ines, "class hide", clip=1, reason="not for this class")
        await sandbox_waits(sandbox, lambda: bad not in ines.reads(thread))
        shown = text_of(await answered(ben, "challenges show", challenge=1))
        assert ("**Entry 1**" in shown, "**Entry 2**" in shown) == (False, True)
        results = await close_and_read(ines, thread)
        assert "2 entries" in results.content
        assert "**Winner: entry 3**" in results.content
        assert ["2: pan right; 3: tilt up" in (one.description or "") for one in results.attachments] == [True, True]
        assert not any("pan left" in (one.description or "") for one in results.attachments)
        table = await answered(ines, "challenge entries", challenge=1)
        assert b",hidden,pan left," in await ines.download(table.attachments[0])
        await answered(ines, "class hide", clip=2, reason="nor is this")
        await sandbox_waits(sandbox, lambda: good not in ines.reads(thread) and "1 entry" in results.content)
        assert ["“Tides”; 3: tilt up" in (one.description or "") for one in results.attachments] == [True, True]
        await answered(ines, "class hide", clip=3, reason="nor this")
        await sandbox_waits(sandbox, lambda: best not in ines.reads(thread) and not results.attachments)
        assert "**Winner: entry 3**" in results.content
        assert "tilt up" not in results.content
