"""Instructors at work: credits for a list, a request answered once, a pause, rules, and the log of it all."""

import asyncio

import discord
import pytest
from classroom import QUICK, StartBot, clip_of, told

from bot.house import House
from generation.catalog import Catalog
from generation.orders import NewOrder
from generation.pools import NewPool
from generation.request import ClipRequest
from sandbox.messages import Message
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage import erasure, forgetting
from storage.database import Transaction
from storage.staff_acts import NewAct

INES = {"reason": "homework"}


@pytest.fixture
def ines(sandbox: Sandbox) -> Person:
    may = discord.Permissions(manage_guild=True, manage_messages=True)
    role = sandbox.guild.add_role("Manager", permissions=may.value)
    return sandbox.person("Ines", roles=[role])


async def answer(person: Person, command: str, /, **options: object) -> Message:
    message = await (await person.command(command, options)).finished()
    assert message is not None
    assert message.ephemeral
    return message


async def click(person: Person, message: Message, button: str, told: str) -> None:
    """Press a button, and wait until its person reads the words."""
    await person.click(message, button)
    await person.waits_for(lambda one: told in one.content, channel=message.channel)


async def ask(person: Person, refusal: Message, **given: str) -> str:
    """What comes of asking for credits with the form of a refusal."""
    modal = (await person.click(refusal, "Ask the instructors for more")).modal
    assert modal is not None
    message = await (await person.submit(modal, given)).finished()
    assert message is not None
    return message.content


async def credits_of(house: House, person: Person) -> int:
    assert person.home.guild is not None
    return (await house.accounts.balance(person.home.guild.id, person.id)).available


def a_list(*lines: str) -> Upload:
    return Upload("people.csv", "\n".join(lines).encode(), content_type="text/csv")


def forget(tx: Transaction, person: Person) -> None:
    """All that a wish to be forgotten does at once; the messages are removed later, by whoever is woken for it."""
    assert person.home.guild is not None
    wish = forgetting.get(tx, forgetting.begin(tx, person.home.guild.id, person.id, now=1.0))
    assert wish is not None
    erasure.erase(tx, wish, now=1.0)


async def log_of(person: Person, **options: object) -> Message:
    return await answer(person, "class log", **options)


def lines_of(message: Message) -> list[str]:
    return str(message.embeds[0]["description"]).splitlines()


async def test_a_list_is_previewed_granted_once_and_taken_back_to_zero_at_most(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, ines: Person
) -> None:
    async with start_bot() as house:
        bad = a_list("id,credits", f"{ada.id},30", "ben,5", f"{ada.id},1")
        refused = await answer(ines, "class grant", **INES, people=bad)
        assert [
            "line 3: “ben” is no user id",
            f"line 4: “{ada.id}” is in the list twice",
        ] == refused.content.splitlines()[1:]
        good = a_list(f"{ada.id},30", f"{ben.id},")
        preview = await answer(ines, "class grant", **INES, people=good, credits=20)
        assert "Give **50** credits in all to 2 people of the list · “homework”?" in preview.content
        assert "I have never met 2 of them here" in preview.content
        assert (0, 0) == (await credits_of(house, ada), await credits_of(house, ben))
    async with start_bot() as house:
        await click(ines, preview, "Do it", "2 people have 50 more credits")
        assert [] == preview.components
        assert (30, 20) == (await credits_of(house, ada), await credits_of(house, ben))
        take = await answer(
            ines, "class take", reason="a mistake", credits=425, people=a_list(str(ada.id), str(ben.id))
        )
        assert "1 of them has less than that" in take.content
        await asyncio.gather(ines.click(take, "Do it"), ines.click(take, "Do it"))
        await ines.waits_for(lambda one: "nothing was moved a second time" in one.content)
        assert (5, 0) == (await credits_of(house, ada), await credits_of(house, ben))
        shown = lines_of(await log_of(ines))

    assert 2 == len(shown)
    assert (
        f"<@{ines.id}> took 845 credits back from 2 people of a list ({ada.mention} {ben.mention}) · “a mistake”"
        in shown[0]
    )
    assert f"<@{ines.id}> gave 50 credits to 2 people of a list ({ada.mention} {ben.mention}) · “homework”" in shown[1]


async def test_a_role_means_those_whom_the_bot_has_met_and_the_preview_says_so(
    sandbox: Sandbox, house: House, ines: Person, ada: Person
) -> None:
    late = sandbox.guild.add_role("Late group")
    cleo, stranger = sandbox.person("Cleo", roles=[late]), sandbox.person("Stranger", roles=[late])
    nobody = await answer(ines, "class grant", **INES, credits=7, role=late)
    assert "I know nobody with" in nobody.content
    for person in (cleo, ada):
        await (await person.command("credits", {})).finished()
    preview = await answer(ines, "class grant", **INES, credits=7, role=late)
    assert f"the 1 person I know with <@&{late.id}>" in preview.content
    assert "never met" not in preview.content
    assert "Whoever never used me is not among them" in preview.content
    await click(ines, preview, "Do it", "1 person has 7 more credits")

    assert [407, 400, 0] == [await credits_of(house, person) for person in (cleo, ada, stranger)]
    whom = await answer(ines, "class grant", **INES, credits=7)
    assert "Say whom" in whom.content
    one = await answer(ines, "class grant", reason="bonus", credits=3, person=ada)
    await click(ines, one, "Do it", "1 person has 3 more credits")
    newest, before = lines_of(await log_of(ines))
    assert newest.endswith(f"gave 3 credits to {ada.mention} · “bonus”")
    assert before.endswith(f"gave 7 credits to 1 person with <@&{late.id}> · “homework”")


async def test_a_request_reaches_the_instructors_and_is_approved_once(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ines: Person, still: Upload
) -> None:
    staff = sandbox.guild.add_channel("staff")
    async with start_bot() as house:
        poor = NewAct(key="poor", guild_id=sandbox.guild.id, actor_id=ines.id, what="resume")
        await house.staff.set(poor, allowance_credits=0)
        broke = await answer(ada, "animate", still=still, **QUICK)
        assert "If you need more, ask the instructors" in broke.content
        assert "no channel is set" in await ask(ada, broke, why="my final clip")
        await answer(ines, "class channel", channel=staff)
        assert "whole number" in await ask(ada, broke, amount="many", why="x")
        answers = await asyncio.gather(*(ask(ada, broke, amount="25", why="my final clip") for _ in range(2)))
        for expected in ("have your request for 25 credits", "have a request of yours already"):
            assert 1 == sum(expected in told_now for told_now in answers)
        (card,) = [message for message in ines.reads(staff) if "my final clip" in message.content]
        ines.deletes(card)
        assert "have your request" in await ask(ada, broke, amount="25", why="my final clip")
    async with start_bot() as house:
        card = await ines.waits_for(lambda message: "my final clip" in message.content, channel=staff)
        await click(ada, card, "Approve", "Only instructors")
        await asyncio.gather(ines.click(card, "Approve"), ines.click(card, "Decline"), ines.click(card, "Approve"))
        told_so = await ada.waits_for(
            lambda message: "your instructors" in message.content, channel=ada.direct_messages
        )
        left = await credits_of(house, ada)
        shown = lines_of(await log_of(ines))

    assert "**Approved** by" in card.content
    assert (25, True) == (left, "gave you the 25 credits" in told_so.content)
    assert 1 == sum("on request" in line or "asked for" in line for line in shown)


async def test_a_request_of_somebody_who_is_forgotten_at_that_moment_is_told_as_such(
    sandbox: Sandbox, house: House, ada: Person, ines: Person, still: Upload
) -> None:
    staff = sandbox.guild.add_channel("staff")
    await answer(ines, "class channel", channel=staff)
    poor = NewAct(key="poor", guild_id=sandbox.guild.id, actor_id=ines.id, what="resume")
    await house.staff.set(poor, allowance_credits=0)
    await ask(ada, await answer(ada, "animate", still=still, **QUICK), amount="25", why="my final clip")
    card = await ines.waits_for(lambda message: "my final clip" in message.content, channel=staff)
    await house.database.write(lambda tx: forget(tx, ada))

    await click(ines, card, "Approve", "has been forgotten since")


async def test_a_pause_keeps_everybody_waiting_with_its_reason_and_survives_a_restart(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, ines: Person, still: Upload
) -> None:
    async with start_bot() as house:
        await answer(ines, "class pause", reason="fire drill")
        await ada.command("animate", {"still": still, **QUICK})
        await ada.waits_for(lambda message: "Paused by the instructors: fire drill" in message.content)
        card = await answer(ben, "animate", still=still, **QUICK | {"prompt": "zoom in, then pan left"})
        assert "begins when the instructors let the class go on" in card.content
    async with start_bot() as house:
        queue = (await ben.command("queue", {})).message
        assert queue is not None
        assert "The class is paused:** fire drill" in str(queue.embeds[0]["description"])
        assert "queued" == (await house.orders.job(1)).state
        await answer(ines, "class resume")
        await clip_of(ada)
        await told(house)
        await answer(ines, "class drain", reason="end of the hour")
        refused = await answer(ben, "animate", still=still, **QUICK)

    assert "Nothing new is taken at present: “end of the hour" in refused.content
    assert "Not charged" in refused.content


async def test_rules_bind_students_at_every_way_in_and_survive_a_restart(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ben: Person, ines: Person, still: Upload
) -> None:
    gallery = sandbox.guild.add_channel("gallery")
    async with start_bot():
        await answer(ines, "class block", person=ben, reason="cool down")
        await answer(ines, "class channels allow", channel=gallery)
        await answer(ines, "class models off", model="draft")
        await answer(ines, "class limits", role=sandbox.guild.everyone, seconds=0.5, clips=0)
    async with start_bot() as house:
        wish = {"still": still, "model": "draft", **QUICK}
        assert "let you order clips at present: “cool down" in (await answer(ben, "animate", **wish)).content
        assert f"please use <#{gallery.id}>" in (await answer(ada, "animate", **wish)).content
        await answer(ines, "class channels remove", channel=gallery)
        assert "not on this class's menu" in (await answer(ada, "animate", **wish)).content
        assert [] == await ada.autocomplete("animate", "model", "draft")
        await answer(ines, "class models on", model="draft")
        assert "At most 0.5 seconds are allowed" in (await answer(ada, "animate", **wish)).content
        wish |= {"seconds": 0.5}
        assert "0 clips in the making, which is the most" in (await answer(ada, "animate", **wish)).content
        in_force = (await answer(ines, "class rules")).content
        assert "seconds 0.5, size –, clips in the making 0" in in_force
        assert "are kept until they are deleted" in in_force
        assert f"{ben.mention} cannot order clips: “cool down”" in in_force
        assert "Instructors are whoever has “Manage Server”; no channel tells them" in in_force
        await answer(ines, "class limits", role=sandbox.guild.everyone)
        await answer(ines, "class unblock", person=ben, reason="talked")
        await ben.command("animate", wish)
        await clip_of(ben)
        await told(house)
        first = await log_of(ines)
        newest = lines_of(first)
        await ines.click(first, "Older")
        await ines.waits_for(lambda one: one is first and len(lines_of(one)) == 2)
        older = lines_of(first)
        await ines.click(first, "Newer")
        await ines.waits_for(lambda one: one is first and len(lines_of(one)) == 6)

    assert (6, 2, newest) == (len(newest), len(older), lines_of(first))
    assert f"blocked <@{ben.id}> · “cool down”" in older[1]


async def test_an_allowance_may_come_weekly_up_to_a_cap(house: House, ada: Person, ines: Person) -> None:
    wrong = await answer(ines, "class allowance", credits=50, cap=10)
    await answer(ines, "class allowance", credits=50, every="week", cap=120)
    message = await answer(ada, "credits")
    description = str(message.embeds[0]["description"])

    assert "less than the 50 credits" in wrong.content
    assert "**50** available" in description
    assert "50 more, up to 120 in all, <t:" in description


async def test_a_clip_of_a_pool_says_who_paid_and_credits_show_what_is_left(
    house: House, sandbox: Sandbox, menu: Catalog, ada: Person, still: Upload
) -> None:
    guild_id = sandbox.guild.id
    await ada.command("animate", {"still": still, **QUICK, "seconds": 0.5})
    own = await told(house)
    act = NewAct(key="pool", guild_id=guild_id, actor_id=1, what="resume")
    new = NewPool(key="p", guild_id=guild_id, kind="challenge", title="*Tides*", credits=9, cap_credits=3, created_by=1)
    pool = await house.pools.open(act, new)
    order = NewOrder(
        key="7",
        guild_id=guild_id,
        channel_id=own.channel_id,
        user_id=ada.id,
        locale="en-US",
        size_limit_bytes=own.size_limit_bytes,
        request=ClipRequest.from_recipe(own.recipe, menu),
        pool_id=pool.id,
    )
    await house.dispatcher.enqueue((await house.orders.place(order)).job)
    await ada.waits_for(lambda message: "1 credit paid for you, 2 of that left" in message.content)
    await told(house, 2)
    account = await answer(ada, "credits")

    assert "**399** available, **0** held" in str(account.embeds[0]["description"])
    shown = [field["value"] for field in account.embeds[0]["fields"] if field["name"] == "Paid for you"]
    assert ["**2** left for you in the challenge “\\*Tides\\*” · 1 used"] == shown
