"""Permissions as Discord adds them up, and what a bot may not do without them."""

import io
import random

import discord
import pytest
from workshop_bot import WorkshopBot

from sandbox import ClientRefused, Person, Sandbox
from sandbox.accounts import Overwrite
from sandbox.permissions import Permission


def a_file() -> discord.File:
    return discord.File(io.BytesIO(b"x"), "a.txt")


@pytest.mark.parametrize(
    ("denied", "what", "code"),
    [
        ("send_messages", {"content": "a"}, 50013),
        ("view_channel", {"content": "a"}, 50001),
        ("attach_files", {"file": True}, 50013),
        ("embed_links", {"embed": True}, 50013),
    ],
)
async def test_without_a_permission_the_bot_cannot_post(
    bot: WorkshopBot, sandbox: Sandbox, ada: Person, denied: str, what: dict[str, object], code: int
) -> None:
    made = {"file": a_file, "embed": lambda: discord.Embed(title="a")}
    arguments = {key: made[key]() if key in made else value for key, value in what.items()}
    sandbox.deny(denied)
    with pytest.raises(discord.Forbidden) as refused:
        await bot.place(sandbox.channel).send(**arguments)
    assert refused.value.code == code
    assert ada.reads() == []
    sandbox.allow(denied)
    arguments = {key: made[key]() if key in made else value for key, value in what.items()}
    await bot.place(sandbox.channel).send(**arguments)
    assert len(ada.reads()) == 1


async def test_the_bot_is_told_what_it_may_do_where_it_is_asked(
    bot: WorkshopBot, sandbox: Sandbox, ada: Person
) -> None:
    sandbox.deny("attach_files")
    await ada.command("whisper")
    assert not bot.seen[0].app_permissions.attach_files
    assert bot.seen[0].app_permissions.send_messages


async def test_answers_need_no_permission_to_send(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    sandbox.deny("send_messages")
    call = await ada.command("greet", {"whom": "you"})
    assert call.message is not None


async def test_history_is_empty_without_its_permission(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    await ada.say("old")
    sandbox.deny("read_message_history")
    assert [message async for message in bot.place(sandbox.channel).history()] == []


async def test_the_messages_of_others_are_not_the_bots_to_change(
    bot: WorkshopBot, sandbox: Sandbox, ada: Person
) -> None:
    said = await ada.say("mine")
    sandbox.deny("pin_messages")
    message = bot.place(sandbox.channel).get_partial_message(said.id)
    for attempt, code in ((message.edit(content="yours"), 50005), (message.delete(), 50013), (message.pin(), 50013)):
        with pytest.raises(discord.Forbidden) as refused:
            await attempt
        assert refused.value.code == code
    sandbox.allow("manage_messages")
    await message.pin()
    assert said.pinned
    await message.delete()
    assert said.deleted


async def test_a_deleted_channel_is_unknown(bot: WorkshopBot, sandbox: Sandbox) -> None:
    channel = sandbox.guild.add_channel("short-lived")
    sandbox.delete_channel(channel)
    with pytest.raises(discord.NotFound) as missing:
        await bot.place(channel).send("anybody?")
    assert missing.value.code == 10003


async def test_a_person_without_a_permission_is_stopped_by_the_client(sandbox: Sandbox, ada: Person) -> None:
    closed = sandbox.guild.add_channel(
        "closed", overwrites={sandbox.guild.id: Overwrite(sandbox.guild.id, 0, deny=1 << 11)}
    )
    with pytest.raises(ClientRefused) as refused:
        await ada.say("hello", channel=closed)
    assert refused.value.rule == "missing_permission"
    hidden = sandbox.guild.add_channel(
        "hidden", overwrites={sandbox.guild.id: Overwrite(sandbox.guild.id, 0, deny=1 << 10)}
    )
    assert not ada.can_see(hidden)
    assert ada.reads(hidden) == []


async def test_permissions_add_up_as_discord_py_adds_them(bot: WorkshopBot, sandbox: Sandbox) -> None:
    chance = random.Random(7)
    sandbox.allow("administrator")
    everyone = sandbox.guild.everyone
    for number in range(40):
        roles = [sandbox.guild.add_role(f"role {number}.{one}", _some(chance)) for one in range(2)]
        member = sandbox.person(f"Person {number}", roles=roles)
        places = [(everyone.id, 0), (roles[0].id, 0), (roles[1].id, 0), (member.id, 1)]
        overwrites = {
            key: Overwrite(key, kind, _some(chance), _some(chance)) for key, kind in places if chance.random() < 0.7
        }
        channel = sandbox.guild.add_channel(f"channel-{number}", overwrites=overwrites)
        ours = sandbox.world.rights_of(member.user, channel)
        guild = bot.get_guild(sandbox.guild.id)
        assert guild is not None
        theirs = (await bot.fetch_channel(channel.id)).permissions_for(await guild.fetch_member(member.id))
        # discord.py hides voice permissions in text channels and leaves the server's own alone in hidden ones.
        compared = discord.Permissions.all_channel().value & ~discord.Permissions.voice().value
        assert ours & compared == theirs.value & compared


def _some(chance: random.Random) -> int:
    """A random subset without the administrator, who may do everything."""
    bits = [permission for permission in Permission if permission is not Permission.ADMINISTRATOR]
    return int(sum(chance.sample(bits, k=len(bits) // 2)))


@pytest.mark.parametrize(
    ("mentions", "rings"),
    [
        (discord.AllowedMentions.all(), True),
        (discord.AllowedMentions.none(), False),
        (discord.AllowedMentions(users=False, everyone=True), False),
    ],
)
async def test_only_allowed_mentions_ring(
    bot: WorkshopBot, sandbox: Sandbox, ada: Person, ben: Person, mentions: discord.AllowedMentions, rings: bool
) -> None:
    posted = await bot.place(sandbox.channel).send(f"{ada.mention}!", allowed_mentions=mentions)
    (message,) = ada.reads()
    assert posted.id == message.id
    assert ada.was_notified_by(message) is rings
    assert not ben.was_notified_by(message)


async def test_a_listed_person_rings_and_others_do_not(
    bot: WorkshopBot, sandbox: Sandbox, ada: Person, ben: Person
) -> None:
    only_ada = discord.AllowedMentions(users=[discord.Object(ada.id)], everyone=False)
    await bot.place(sandbox.channel).send(f"{ada.mention} {ben.mention} @everyone", allowed_mentions=only_ada)
    (message,) = ada.reads()
    assert ada.was_notified_by(message)
    assert not ben.was_notified_by(message)


async def test_an_edit_rings_nobody(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    posted = await bot.place(sandbox.channel).send("soon")
    await posted.edit(content=f"{ada.mention} now")
    assert not ada.was_notified_by(ada.reads()[0])


async def test_a_silent_message_rings_nobody(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    await bot.place(sandbox.channel).send(ada.mention, silent=True)
    assert not ada.was_notified_by(ada.reads()[0])


async def test_everyone_rings_only_with_the_permission(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    await bot.place(sandbox.channel).send("@everyone")
    sandbox.deny("mention_everyone")
    await bot.place(sandbox.channel).send("@everyone")
    assert [ada.was_notified_by(message) for message in ada.reads()] == [True, False]


async def test_a_command_for_managers_is_hidden_until_an_administrator_offers_it(
    bot: WorkshopBot, sandbox: Sandbox, ada: Person, ben: Person
) -> None:
    command = next(command for command in ada.offered_commands() if command.name == "greet")
    sandbox.commands.edit(command, {"default_member_permissions": str(int(Permission.MANAGE_GUILD))})
    role = sandbox.guild.add_role("Tutors")
    tutor = sandbox.person("Tom", roles=[role])
    sandbox.offer_command("greet", role)
    sandbox.offer_command("greet", ben)
    offered = [person for person in (ada, ben, tutor) if command in person.offered_commands()]

    assert [ben, tutor] == offered
    sandbox.offer_command("greet", tutor, allowed=False)
    assert command not in tutor.offered_commands()
