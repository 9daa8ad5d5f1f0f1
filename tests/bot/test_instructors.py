"""Who may use the instructors' commands, and that everybody else's attempt is refused and written down."""

import discord
from classroom import StartBot

from bot.house import House
from sandbox.person import Person, Upload
from sandbox.server import Sandbox


async def said(person: Person, command: str, options: dict[str, object] | None = None) -> str:
    """What the person is told after a command, with the words of an embed."""
    message = await (await person.command(command, options or {})).finished()
    assert message is not None
    assert message.ephemeral
    return "\n".join([message.content, *(str(embed.get("description", "")) for embed in message.embeds)])


async def test_a_role_makes_instructors_and_survives_a_restart(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, ines: Person
) -> None:
    tutors = sandbox.guild.add_role("Tutors")
    tom = sandbox.person("Tom", roles=[tutors])
    async with start_bot() as house:
        sandbox.offer_command("class", tutors)
        sandbox.offer_command("class", ada)
        assert "Only instructors" in await said(tom, "class allowance", {"credits": 50})
        assert f"<@&{tutors.id}>" in await said(ines, "class role", {"role": tutors})
        assert "50 credits" in await said(tom, "class allowance", {"credits": 50})
        assert [act.what for act in await house.staff.page(sandbox.guild.id, 9)][-1] == "role"
    async with start_bot() as house:
        for person in (ada, ines):
            assert "Only instructors" in await said(person, "class allowance", {"credits": 60})
        sandbox.world.delete_role(sandbox.guild, tutors)
        assert "70 credits" in await said(ines, "class allowance", {"credits": 70})
        refused = await house.staff.page(sandbox.guild.id, 9, was_refused=True)

    assert [ines.id, ada.id, tom.id] == [act.actor_id for act in refused]
    assert {"/class allowance"} == {act.details["tried"] for act in refused}


async def test_every_command_for_instructors_is_refused_to_a_student_and_written_down(
    house: House, sandbox: Sandbox, ada: Person, still: Upload
) -> None:
    tried = []
    for group in [command for command in house.bot.tree.get_commands() if command.default_permissions is not None]:
        sandbox.offer_command(group.name, ada)
        assert isinstance(group, discord.app_commands.Group)
        for command in group.walk_commands():
            if isinstance(command, discord.app_commands.Command):
                options = {
                    option.name: _any(option, sandbox, still) for option in command.parameters if option.required
                }
                assert "Only instructors" in await said(ada, command.qualified_name, options)
                tried.append(f"/{command.qualified_name}")
    refused = await house.staff.page(sandbox.guild.id, 99, was_refused=True)

    assert len(tried) >= 4
    assert tried == [act.details["tried"] for act in reversed(refused)]
    assert await house.staff.page(sandbox.guild.id, 9) == []


def _any(option: discord.app_commands.Parameter, sandbox: Sandbox, still: Upload) -> object:
    """Something that the client lets a person give."""
    if option.choices:
        return option.choices[0].value
    kinds = discord.AppCommandOptionType
    given = {kinds.integer: 1, kinds.number: 1.0, kinds.boolean: True, kinds.attachment: still}
    given |= {kinds.channel: sandbox.channel, kinds.role: sandbox.guild.everyone, kinds.string: "a reason"}
    given |= {kinds.user: next(iter(sandbox.people.values()))}
    return given[option.type]
