"""Blocked words at every way in: refused kindly, nothing held, a line in the class's log, no prompt in the bot's."""

import pytest
import structlog
from classroom import StartBot, clip_of, told
from contest import TIDES, credits_of, enter, instructor, said, sandbox_waits, set_challenge, text_of
from contest import told as answered

from bot.house import House
from generation.logs import set_up_log
from sandbox.calls import Call
from sandbox.person import Person, Upload
from sandbox.server import Sandbox

TINY = {"prompt": "slow zoom in", "seconds": 0.5}
REFUSED = "this class's instructors do not want in clips here"


async def submitted(person: Person, call: Call, given: dict[str, object]) -> str:
    assert call.modal is not None, call.message
    return (await said(await person.submit(call.modal, given))).content


def heard(person: Person) -> int:
    return sum(REFUSED in message.content for message in person.reads())


async def refused_count(house: House, sandbox: Sandbox) -> int:
    return len(await house.staff.page(sandbox.guild.id, 99, was_refused=True))


async def test_a_blocked_word_is_refused_at_every_way_in_and_costs_nothing(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload, small_menu, capfd: pytest.CaptureFixture[str]
) -> None:
    ines, before = instructor(sandbox), structlog.get_config()
    set_up_log("INFO", "json")
    try:
        async with start_bot(catalog=small_menu) as house:
            await ada.command("animate", {"still": still, **TINY})
            clip = await clip_of(ada)
            await told(house)
            brief, _ = await set_challenge(sandbox, ines, still=still)
            card = await answered(ada, "animate", still=still, **TINY | {"prompt": "zoom in, then pan to the gizmo"})
            offer = await said(await ada.click(clip, "Again"))
            kept = await answered(ines, "class words add", words="gizmo, Slow  Zoom, doohickey*, slow zoom in")
            assert "4 words are blocked from now on: “gizmo”, “Slow Zoom”" in kept.content
            posted = await ada.say("look", uploads=[still])
            secret = {"prompt": "wave at the secret g1zm0"}
            assert REFUSED in (await answered(ada, "animate", still=still, **TINY | secret)).content
            last = await answered(ada, "animate", still=still, **TINY | {"prompt": "pan", "camera": "a g i z m o"})
            assert "“g i z m o”" in last.content
            assert "Not charged" in last.content
            assert REFUSED in await submitted(ada, await ada.menu("Animate this image", posted), secret)
            assert REFUSED in await submitted(ada, await ada.click(clip, "Edit"), {"prompt": "my secret doohickeys"})
            assert REFUSED in await submitted(ada, await ada.click(clip, "Continue"), secret)
            assert REFUSED in (await said(await ada.click(clip, "Again"))).content
            edited = (await ada.click(card, "Edit")).modal
            assert edited is not None
            for press in (
                ada.click(offer, "Go · 1 credit"),
                ada.click(card, "Go · 1 credit"),
                ada.click(card, "Use the rewrite · 1 credit"),
                ada.submit(edited, secret),
            ):
                known = heard(ada)
                await press
                # What is answered in place of a card comes as a message of its own if it is a refusal.
                await sandbox_waits(sandbox, lambda known=known: heard(ada) > known)
            compare = await ada.command("compare", {"vary": "prompts", "still": still, "seconds": 0.5})
            prompts = {"prompt-a": "pan left", "prompt-b": "a gízmo turns"}
            assert REFUSED in await submitted(ada, compare, prompts)
            exercises = [await answered(ada, f"exercise {one}") for one in "ab"]
            for shown, start in zip(exercises, ("Start A", "Start B"), strict=True):
                field = "prompt" if start == "Start A" else "prompt-2"
                given = {"still": still, field: "a secret gizmo"}
                assert REFUSED in await submitted(ada, await ada.click(shown, start), given)
            assert REFUSED in (await enter(ada, brief, prompt="a secret ɢɪᴢᴍᴏ")).content
            assert REFUSED in (await enter(ada, brief, clip="1")).content
            post = await ines.command("challenge post", {})
            assert REFUSED in await submitted(ines, post, TIDES | {"brief": "Show a secret gizzzmo"})
            edit = await ines.command("challenge edit", {"challenge": 1})
            assert REFUSED in await submitted(ines, edit, {"words": "gizmo"})
            assert REFUSED in (await answered(ines, "class demo", still=still, prompt="a gizmo")).content
            assert 18 == await refused_count(house, sandbox)
            assert (399, 0) == await credits_of(house, ada)
            assert [] == await house.orders.unfinished()
            with pytest.raises(LookupError):
                await house.orders.job(2)
            log = text_of(await answered(ines, "class log", refused=True))
            assert f"<@{ines.id}> wrote something with “gizmo” in it (/class demo)" in log
            assert f"<@{ada.id}> wrote something with “Slow Zoom” in it (enter)" in log
            await ada.command("animate", {"still": still, **TINY, "prompt": "pan to the gizmology class"})
            await told(house, 2)
    finally:
        structlog.configure(**before)

    assert "secret" not in capfd.readouterr().err


async def test_the_list_is_kept_shown_and_mended_by_instructors_only(
    sandbox: Sandbox, start_bot: StartBot, ada: Person
) -> None:
    ines = instructor(sandbox)
    async with start_bot():
        assert "No words are blocked" in text_of(await answered(ines, "class words list"))
        for typed, told_so in (
            (" , ;", "There is no word"),
            ("gizmo, x", "“x” has too few"),
            ("*ab*", "too few letters"),
        ):
            assert told_so in (await answered(ines, "class words add", words=typed)).content
        assert "too long" in (await answered(ines, "class words add", words="g" * 61)).content
        await answered(ines, "class words add", words="gizmo, thing um")
        again = (await answered(ines, "class words add", words="gizmo; whatsit")).content
        assert "Blocked from now on: “whatsit”. “gizmo” was blocked before. 3 entries are on the list." in again
    async with start_bot() as house:
        listed = await answered(ines, "class words list")
        assert ["3 entries are blocked here:", "gizmo, thing um, whatsit"] == listed.content.splitlines()
        gone = (await answered(ines, "class words remove", words="GIZMO, gadget")).content
        assert "“GIZMO” may be used again. “gadget” is not on the list. 2 entries" in gone
        many = ", ".join(f"word{number:03}x" for number in range(90))
        for part in range(5):
            await answered(ines, "class words add", words=many.replace("word", "abcde"[part]))
        long = await answered(ines, "class words list")
        assert b"thing um\nwhatsit" in await ines.download(long.attachments[0])
        full = await answered(ines, "class words add", words=many)
        assert "more than 500 entries" in full.content
        rules = (await answered(ines, "class rules")).content
        assert "452 words are blocked" in rules
        log = text_of(await answered(ines, "class log"))
        assert "unblocked a word: GIZMO" in log
        assert [] == await house.staff.page(sandbox.guild.id, 9, was_refused=True)
