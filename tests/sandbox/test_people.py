"""What people can do with a bot, and what they then see."""

import discord
import pytest
from sample_images import png
from workshop_bot import WorkshopBot

from sandbox import ClientRefused, Person, Sandbox, Upload


async def test_a_command_with_a_file_is_deferred_and_then_answered(bot: WorkshopBot, ada: Person) -> None:
    call = await ada.command("weigh", {"file": Upload("photo.png", png(64, 48))})
    assert call.deferred
    message = await call.finished()
    assert message is not None
    assert message.content == f"photo.png image/png {len(png(64, 48))} 64"
    assert ada.reads() == [message]
    assert message.edits == 0


async def test_typed_options_reach_the_bot_with_their_types(bot: WorkshopBot, ada: Person, ben: Person) -> None:
    call = await ada.command("greet", {"whom": "you", "times": 2, "mood": "cold", "ratio": 1, "member": ben})
    assert call.message is not None
    assert call.message.content == "cold 1.0 Ben Ben"
    assert not call.deferred


@pytest.mark.parametrize(
    ("name", "given", "rule"),
    [
        ("nothing", {}, "unknown_command"),
        ("greet", {}, "required"),
        ("greet", {"whom": "you", "colour": "red"}, "unknown_option"),
        ("greet", {"whom": "x"}, "too_short"),
        ("greet", {"whom": "x" * 11}, "too_long"),
        ("greet", {"whom": "you", "times": 0}, "too_small"),
        ("greet", {"whom": "you", "times": 4}, "too_great"),
        ("greet", {"whom": "you", "times": 1.5}, "wrong_type"),
        ("greet", {"whom": "you", "mood": "odd"}, "not_a_choice"),
        ("greet", {"whom": "you", "member": "Ben"}, "wrong_type"),
        ("weigh", {"file": "photo.png"}, "wrong_type"),
        ("weigh", {"file": Upload("large.png", bytes(11 << 20))}, "too_large"),
        ("team", {}, "subcommand_missing"),
        ("team remove", {}, "unknown_subcommand"),
    ],
)
async def test_the_client_refuses_what_the_bot_could_not_understand(
    bot: WorkshopBot, ada: Person, name: str, given: dict[str, object], rule: str
) -> None:
    with pytest.raises(ClientRefused) as refused:
        await ada.command(name, given)
    assert refused.value.rule == rule
    assert bot.seen == []


async def test_a_subcommand_is_found_under_its_group(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    role = sandbox.guild.add_role("Red team")
    call = await ada.command("team add", {"person": ada, "role": role})
    assert call.message is not None
    assert call.message.content == "Ada is Red team"


async def test_suggestions_depend_on_what_was_typed_so_far(bot: WorkshopBot, ada: Person) -> None:
    assert await ada.autocomplete("travel", "city", "L", options={"by": "ship"}) == [
        {"name": "Lima by ship", "value": "Lima"},
        {"name": "Lyon by ship", "value": "Lyon"},
    ]


async def test_a_message_menu_carries_the_message_with_its_files(bot: WorkshopBot, ada: Person, ben: Person) -> None:
    said = await ben.say("look", [Upload("a.png", png())])
    call = await ada.menu("Quote", said)
    assert call.message is not None
    assert call.message.content == "> look (1 files)"


async def test_a_member_menu_carries_the_member(bot: WorkshopBot, ada: Person, ben: Person) -> None:
    call = await ada.menu("Inspect", ben)
    assert call.message is not None
    assert call.message.content.startswith("Ben joined 20")


async def test_a_form_is_filled_in_by_label_with_text_and_file(bot: WorkshopBot, ada: Person) -> None:
    call = await ada.command("paint")
    assert call.modal is not None
    assert [field.label for field in call.modal.fields] == ["Subject", "Sketch"]
    answer = await ada.submit(call.modal, {"Subject": "a cat", "sketch": Upload("s.png", b"12345")})
    assert answer.message is not None
    assert answer.message.content == "a cat with sketches of [5] bytes"


@pytest.mark.parametrize(
    ("given", "rule"),
    [({}, "required"), ({"Subject": "x" * 21}, "too_long"), ({"Subject": "a", "Size": "b"}, "unknown_field")],
)
async def test_a_form_is_not_sent_before_it_is_right(
    bot: WorkshopBot, ada: Person, given: dict[str, object], rule: str
) -> None:
    call = await ada.command("paint")
    assert call.modal is not None
    with pytest.raises(ClientRefused) as refused:
        await ada.submit(call.modal, given)
    assert refused.value.rule == rule


async def test_a_button_edits_the_message_it_stands_on(bot: WorkshopBot, ada: Person, ben: Person) -> None:
    message = (await ada.command("count")).message
    assert message is not None
    assert [button.label for button in message.buttons] == ["More", "Never", "Form"]
    assert (await ben.click(message, "More")).message is message
    await ada.click(message, "counter:more")
    assert message.content == "count 2"
    assert message.edits == 2


async def test_a_disabled_or_unknown_button_cannot_be_pressed(bot: WorkshopBot, ada: Person) -> None:
    message = (await ada.command("count")).message
    assert message is not None
    for which, rule in (("Never", "disabled"), ("Less", "unknown_button")):
        with pytest.raises(ClientRefused) as refused:
            await ada.click(message, which)
        assert refused.value.rule == rule


async def test_menus_offer_their_options_and_people(bot: WorkshopBot, ada: Person, ben: Person) -> None:
    message = (await ada.command("count")).message
    assert message is not None
    call = await ada.select(message, "counter:colour", ["Red", "g"])
    assert call.ephemeral
    assert call.message is not None
    assert call.message.content == "r+g"
    call = await ada.select(message, "counter:user", [ben])
    picked = await ada.waits_for(lambda seen: seen.content == "picked Ben")
    assert call.followups == [picked]
    with pytest.raises(ClientRefused):
        await ada.select(message, "counter:colour", ["Blue"])


async def test_a_private_answer_is_seen_by_its_person_only(bot: WorkshopBot, ada: Person, ben: Person) -> None:
    call = await ada.command("whisper")
    assert call.ephemeral
    assert [message.content for message in ada.reads()] == ["psst"]
    assert ben.reads() == []
    with pytest.raises(discord.NotFound) as missing:
        await bot.place(ada.home).fetch_message(ada.reads()[0].id)
    assert missing.value.code == 10008


async def test_a_promise_taken_back_leaves_nothing(bot: WorkshopBot, ada: Person) -> None:
    call = await ada.command("vanish")
    assert await call.finished() is None
    assert ada.reads() == []


async def test_the_first_followup_takes_the_place_of_thinking(bot: WorkshopBot, ada: Person) -> None:
    call = await ada.command("slow", {"first": True})
    assert call.message is not None
    assert call.message.thinking
    bot.gate.set()
    message = await call.finished()
    assert message is call.message
    assert message.content == "at last"
    assert call.followups == []


async def test_a_command_for_managers_is_hidden_from_others(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    teacher = sandbox.person("Tess", roles=[sandbox.guild.add_role("Teacher", permissions=1 << 5)])
    assert "close" not in [command.name for command in ada.offered_commands()]
    with pytest.raises(ClientRefused):
        await ada.command("close")
    assert (await teacher.command("close")).message is not None


async def test_a_server_only_command_is_not_offered_in_private(bot: WorkshopBot, ada: Person) -> None:
    offered = [command.name for command in ada.offered_commands(ada.direct_messages)]
    assert "team" not in offered
    call = await ada.command("travel", {"city": "Rome"}, channel=ada.direct_messages)
    assert call.message is not None
    assert ada.reads(ada.direct_messages) == [call.message]
    assert bot.seen[0].guild is None


async def test_the_payload_says_where_who_and_how_much(bot: WorkshopBot, sandbox: Sandbox) -> None:
    carl = sandbox.person("Carl", locale="de")
    sandbox.set_upload_limit(123_456)
    await carl.command("whisper")
    seen = bot.seen[0]
    assert seen.locale is discord.Locale.german
    assert seen.guild_locale is discord.Locale.american_english
    assert seen.filesize_limit == 123_456
    assert seen.channel is not None
    assert seen.channel.id == sandbox.channel.id
    assert seen.guild_id == sandbox.guild.id
    assert seen.app_permissions.attach_files
    assert seen.user.name == "carl"
    assert seen.is_guild_integration()


async def test_waiting_also_finds_what_an_edit_brings(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    posted = await bot.place(sandbox.channel).send("one")
    await posted.edit(content="two")
    message = await ada.waits_for(lambda seen: seen.content == "two")
    assert message.id == posted.id
    assert message.edits == 1
    with pytest.raises(TimeoutError):
        await ada.waits_for(lambda seen: seen.content == "three", timeout_seconds=0.05)


async def test_files_come_back_as_they_were_sent(bot: WorkshopBot, ada: Person) -> None:
    call = await ada.command("draw", {"size": 7})
    assert call.message is not None
    (attachment,) = call.message.attachments
    assert (attachment.filename, attachment.description, attachment.spoiler) == (
        "SPOILER_drawing.txt",
        "a drawing",
        True,
    )
    assert await ada.download(attachment) == b"x" * 7
