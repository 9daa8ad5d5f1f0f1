"""Approval before posting: a card with the clip, one word said once, told honestly, and nothing lost on the way."""

import asyncio
import re
from pathlib import Path

import discord
import pytest
from classroom import StartBot, clips_in, told
from contest import credits_of, enter, entry_in, instructor, said, sandbox_waits, set_challenge, text_of
from contest import told as answered

from bot.house import House
from sandbox.messages import Message
from sandbox.model import Channel
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage import ledger, pools
from storage.errors import DatabaseUnusable

TINY = {"prompt": "slow zoom in", "seconds": 0.5}
WAITS = "An instructor looks at it before it is posted here"


@pytest.fixture(autouse=True)
def no_rate_limits(sandbox: Sandbox) -> None:
    """Several clips in one channel wait for Discord's rates longer than for their frames."""
    sandbox.limits.enabled = False


async def switched_on(sandbox: Sandbox, ines: Person) -> Channel:
    """The instructors' channel of a server whose clips wait for approval."""
    staff = sandbox.guild.add_channel("staff")
    await answered(ines, "class channel", channel=staff)
    assert "each finished clip waits" in (await answered(ines, "class approval", switch="on")).content
    return staff


async def card_of(ines: Person, staff: Channel, job_id: int) -> Message:
    return await ines.waits_for(lambda m: f"**To approve:** #{job_id} " in m.content, staff, 60)


async def declined(ines: Person, card: Message, reason: str) -> None:
    form = (await ines.click(card, "Decline")).modal
    assert form is not None
    await ines.submit(form, {"reason": reason})


def deletions_in(page: Message) -> list[str]:
    return re.findall(r"delete:\d+", str(page.components))


def posts_of(person: Person, job_id: int, channel: Channel | None = None) -> list[Message]:
    return [message for message in person.reads(channel) if f"stillmotion-{job_id}.mp4" in clips_in(message)]


async def ordered(person: Person, still: Upload, **wish: object) -> None:
    """Until the clip is in line: of two that are ordered at once either may be the first."""
    await (await person.command("animate", {"still": still, **TINY, **wish})).finished()


async def test_a_clip_waits_unseen_and_is_posted_once_when_an_instructor_approves_it_also_after_a_restart(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload, small_menu: Path
) -> None:
    ines = instructor(sandbox)
    tutors = sandbox.guild.add_role("Tutors", permissions=discord.Permissions(manage_guild=True).value)
    tina = sandbox.person("Tina", roles=[tutors])
    async with start_bot(catalog=small_menu) as house:
        assert "nobody could approve anything" in (await answered(ines, "class approval", switch="on")).content
        staff = await switched_on(sandbox, ines)
        await ordered(ada, still, prompt="slow *zoom* in")
        status = await ada.waits_for(lambda m: WAITS in m.content)
        card = await card_of(ines, staff, 1)
        assert ["stillmotion-1-to-approve.mp4"] == clips_in(card)
        for piece in (ada.mention, "“slow \\*zoom\\* in”", f"<#{sandbox.channel.id}>"):
            assert piece in card.content
        assert [] == posts_of(ben, 1)
        assert (399, 0) == await credits_of(house, ada)
        for button in ("Approve", "Decline"):
            await ben.click(card, button)
        await sandbox_waits(sandbox, lambda: 2 == sum("Only instructors" in m.content for m in ben.reads(staff)))
        late = (await tina.click(card, "Decline")).modal
        assert late is not None
        sandbox.world.delete_role(sandbox.guild, tutors)
        assert "Only instructors" in (await said(await tina.submit(late, {"reason": "I was one"}))).content
        refused = await house.staff.page(sandbox.guild.id, 9, was_refused=True)
        assert ["decline", "decline", "approve"] == [act.details["tried"] for act in refused]
        assert "not finished, or still on its way" in (await answered(ada, "show", clip=1)).content
        assert "waits for approval" in str((await answered(ada, "history")).components)
        assert "waits for approval" in (await answered(ines, "class hide", clip=1, reason="x")).content
    async with start_bot(catalog=small_menu) as house:
        await asyncio.gather(*(ines.click(card, "Approve") for _ in range(3)))
        job = await told(house)
        await sandbox_waits(
            sandbox, lambda: 2 == sum("has approved this clip already" in m.content for m in ines.reads(staff))
        )
        await sandbox_waits(sandbox, lambda: "Finished: https" in status.content and not card.buttons)
        [clip] = posts_of(ben, 1)
        assert (job.message_id, "While I was away" in clip.content) == (clip.id, False)
        assert ("**Approved** by" in card.content, clips_in(card)) == (True, [])


async def test_a_declined_clip_is_refunded_once_with_its_reason_and_what_waits_is_decided_after_the_switch_too(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload, small_menu: Path
) -> None:
    ines = instructor(sandbox)
    async with start_bot(catalog=small_menu) as house:
        staff = await switched_on(sandbox, ines)
        await ordered(ada, still)
        card = await card_of(ines, staff, 1)
        forms = [(await ines.click(card, "Decline")).modal for _ in range(2)]
        await asyncio.gather(*(ines.submit(form, {"reason": "a *classmate*"}) for form in forms if form is not None))
        word = await ada.waits_for(lambda m: "looked at by an instructor and is not posted" in m.content)
        await told(house, 1)
        assert ada.was_notified_by(word)
        assert "classmate" not in word.content
        assert "a \\*classmate\\*" in (await said(await ada.click(word, "Why?"))).content
        assert "somebody else's" in (await said(await ben.click(word, "Why?"))).content
        await sandbox_waits(sandbox, lambda: not card.buttons)
        assert "**Declined** by" in card.content
        assert (400, 0) == await credits_of(house, ada)
        assert "hidden by an instructor: “a" in (await answered(ada, "show", clip=1)).content
        assert "stays out of sight" in (await answered(ines, "class unhide", clip=1, reason="x")).content
        assert "not approved, refunded" in str((await answered(ada, "history")).components)
        await ines.command("class demo", {"still": still, "prompt": "pan left"})
        await told(house, 2)
        assert [] == posts_of(ben, 1)
        await ordered(ben, still)
        card = await card_of(ines, staff, 3)
        assert "1 clip waits for approval now" in (await answered(ines, "class approval", switch="off")).content
        await ordered(ada, still)
        await told(house, 4)
        assert "1 of before waits for approval" in (await answered(ines, "class rules")).content
        await ines.click(card, "Approve")
        await told(house, 3)
        log = text_of(await answered(ines, "class log"))
        assert f"approved #3 by <@{ben.id}>" in log
        assert f"declined #1 by <@{ada.id}> · “a" in log
        assert 1 == log.count("declined #1")
    assert [1, 1, 1] == [len(posts_of(ben, job_id)) for job_id in (2, 3, 4)]


async def test_a_comparison_waits_for_all_its_clips_and_leaves_a_declined_one_out(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload, small_menu: Path
) -> None:
    ines = instructor(sandbox)
    async with start_bot(catalog=small_menu) as house:
        staff = await switched_on(sandbox, ines)
        form = (await ada.command("compare", {"vary": "prompts", "still": still, "seconds": 0.5})).modal
        assert form is not None
        prompts = {"prompt-a": "pan left", "prompt-b": "tilt up", "prompt-c": "zoom out"}
        offer = await said(await ada.submit(form, prompts))
        await ada.click(offer, "Go · 3 credits")
        cards = [await card_of(ines, staff, job_id) for job_id in (1, 2, 3)]
        await ines.click(cards[0], "Approve")
        await declined(ines, cards[1], "no")
        await told(house, 2)
        assert "pending" == (await house.comparisons.get(1)).comparison.delivery
        await ines.click(cards[2], "Approve")
        picture = await ada.waits_for(lambda m: any("comparison" in name for name in clips_in(m)), timeout_seconds=60)

    assert "not approved by an instructor, refunded" in picture.content
    assert "tilt up" not in picture.content
    assert ["A", "C"] == [button.label[0] for button in picture.buttons]


async def test_an_entry_stands_only_when_approved_and_a_declined_one_gives_its_place_back(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload, small_menu: Path
) -> None:
    ines = instructor(sandbox)
    async with start_bot(catalog=small_menu) as house:
        staff = await switched_on(sandbox, ines)
        brief, thread = await set_challenge(sandbox, ines, still=still, pool=20, cap=1)
        await enter(ada, brief, prompt="pan left")
        card = await card_of(ines, staff, 1)
        assert "**Entry 1**" not in text_of(await answered(ben, "challenges show", challenge=1))
        assert "which is the most" in (await enter(ada, brief, prompt="pan right")).content
        await declined(ines, card, "try again")
        await told(house)
        word = await ada.waits_for(lambda m: "is not posted" in m.content, thread)
        assert "where the class pays from" in word.content
        assert 20 == await house.database.read(lambda tx: pools.available(tx, 1))
        assert "**entry 2**" in (await enter(ada, brief, prompt="pan left")).content
        await ines.click(await card_of(ines, staff, 2), "Approve")
        entry = await entry_in(ben, thread, 2)
        assert str(ada.id) not in entry.content
        await said(await ben.click(entry, "Vote"))
        await enter(ben, brief, prompt="tilt up")
        await card_of(ines, staff, 3)
        refused = (await answered(ines, "challenge close", challenge=1)).content
        assert "entry 3 waits for approval and could not take part" in refused
        assert "open" == (await house.challenges.get(sandbox.guild.id, 1)).state
        await answered(ines, "challenge close", challenge=1, without_waiting=True)
        results = await ada.waits_for(lambda m: "is over" in m.content, thread, 60)
        assert "1 entry" in results.content
        assert "**Winner: entry 2**" in results.content
        assert "1 entry waits for an instructor's approval and could not take part" in results.content
        table = await ines.download((await answered(ines, "challenge entries", challenge=1)).attachments[0])

    assert b",not approved,pan left," in table
    assert b",waits for approval,tilt up," in table


async def test_whoever_waits_for_approval_may_take_the_clip_back_or_be_forgotten_at_once(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, still: Upload, small_menu: Path
) -> None:
    ines = instructor(sandbox)
    async with start_bot(catalog=small_menu) as house:
        staff = await switched_on(sandbox, ines)
        for person in (ada, ben, ben):
            await ordered(person, still)
        cards = [await card_of(ines, staff, job_id) for job_id in (1, 2, 3)]
        forms = [(await ines.click(card, "Decline")).modal for card in cards]
        status = await ben.waits_for(lambda m: WAITS in m.content and "#2" in m.content)
        posted, may_note = house.cards.posted, asyncio.Event()

        async def noted_late(card_id: int, message_id: int) -> None:
            await may_note.wait()
            await posted(card_id, message_id)

        house.cards.posted = noted_late  # type: ignore[method-assign]
        await ordered(ben, still)
        late = await card_of(ines, staff, 4)
        pages = await answered(ben, "history")
        assert ["delete:4", "delete:3", "delete:2"] == deletions_in(pages)
        for job_id in (2, 4):
            question = await said(await ben.click(pages, f"delete:{job_id}"))
            assert "the credit it cost is refunded to you" in question.content
            await asyncio.gather(*(ben.click(question, "Delete for good") for _ in range(2)))
            await ben.waits_for(lambda m, q=question: m is q and "yours again" in m.content)
        may_note.set()
        await sandbox_waits(sandbox, lambda: not {cards[1], late, status} & set(ines.reads(staff) + ines.reads()))
        assert (399, 0) == await credits_of(house, ben)
        question = await answered(ada, "forget-me")
        assert "The clip of yours that waits for approval is taken back; its credits come back" in question.content
        await ada.click(question, "Forget me")
        await ada.waits_for(lambda m: m is question and "You are forgotten here" in m.content, timeout_seconds=60)
        await sandbox_waits(sandbox, lambda: cards[0] not in ines.reads(staff))
        for form in forms[:2]:
            assert form is not None
            assert "nothing left to decide" in (await said(await ines.submit(form, {"reason": "no"}))).content
        await ines.click(cards[2], "Approve")
        await told(house, 3)
        # The number of her card is given again; Discord must not take the next card for hers.
        cleo = sandbox.person("Cleo")
        await ordered(cleo, still)
        gone = await card_of(ines, staff, 5)
        await noted_down(house, 5)
        question = await answered(cleo, "forget-me")
        await cleo.click(question, "Forget me")
        await sandbox_waits(sandbox, lambda: gone not in ines.reads(staff))
        await ordered(ben, still)
        await ines.click(await card_of(ines, staff, 6), "Approve")
        await told(house, 6)
        assert [] == await house.database.read(ledger.audit)
    assert [0, 0, 1, 0] == [len(posts_of(ben, job_id)) for job_id in (1, 2, 3, 4)]
    assert [] == sandbox.violations


async def test_a_clip_waits_while_the_instructors_cannot_be_reached_and_they_are_told(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload, small_menu: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ines = instructor(sandbox)
    async with start_bot(catalog=small_menu) as house:
        staff = await switched_on(sandbox, ines)
        noted, fails = house.cards.posted, [True]

        async def fail_once(card_id: int, message_id: int) -> None:
            if fails.pop() if fails else False:
                raise DatabaseUnusable(small_menu, "full")
            await noted(card_id, message_id)

        monkeypatch.setattr(house.cards, "posted", fail_once)
        await ordered(ada, still)
        await card_of(ines, staff, 1)
        await sandbox_waits(sandbox, lambda: not fails)
        await noted_down(house)
        assert 1 == sum("To approve" in m.content for m in ines.reads(staff))
        sandbox.delete_channel(staff)
        status = await ada.waits_for(lambda m: "so please tell one of them" in m.content)
        word = await ines.waits_for(
            lambda m: "I cannot reach the instructors' channel" in m.content, ines.direct_messages
        )
        assert "wait for it and are not lost" in word.content
        rules = (await answered(ines, "class rules")).content
        assert "1 waits now" in rules
        assert "I cannot reach the instructors' channel" in rules
        assert "#1 waits for approval" in text_of(await answered(ines, "class log"))
        second = sandbox.guild.add_channel("staff-again")
        await answered(ines, "class channel", channel=second)
        await card_of(ines, second, 1)
        await ada.waits_for(lambda m: m is status and "however long that takes" in m.content)
    sandbox.delete_channel(second)
    third = sandbox.guild.add_channel("staff-once-more")
    async with start_bot(catalog=small_menu) as house:
        await answered(ines, "class channel", channel=third)
        await ines.click(await card_of(ines, third, 1), "Approve")
        await told(house)
        assert [] == await house.database.read(ledger.audit)
    assert 1 == len(posts_of(ada, 1))


async def noted_down(house: House, card_id: int = 1) -> None:
    """Until the card is noted as posted."""
    async with asyncio.timeout(30):
        while (await house.cards.get(card_id)).post != "posted":
            await asyncio.sleep(0.02)
