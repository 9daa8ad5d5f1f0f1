"""Messages, threads, forums, pins, reactions and members through an unmodified discord.py."""

import io

import discord
import pytest
from sample_images import png
from workshop_bot import WorkshopBot

from sandbox import Person, Sandbox


def option(name: str, **more: object) -> dict[str, object]:
    return {"type": 3, "name": name, "description": "x"} | more


async def test_history_is_paged_in_both_directions(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    said = [await ada.say(str(number)) for number in range(7)]
    place = bot.place(sandbox.channel)
    middle = discord.Object(said[3].id)

    async def contents(**options: object) -> list[str]:
        return [message.content async for message in place.history(**options)]

    assert await contents(limit=2) == ["6", "5"]
    assert await contents(limit=2, before=middle) == ["2", "1"]
    assert await contents(limit=2, after=middle) == ["4", "5"]
    assert await contents(limit=3, around=middle) == ["4", "3", "2"]
    assert await contents(limit=None, oldest_first=True) == list("0123456")


async def test_an_edit_keeps_listed_files_and_adds_new_ones(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    files = [discord.File(io.BytesIO(name.encode()), name, description=f"alt {name}") for name in ("a.txt", "b.txt")]
    posted = await bot.place(sandbox.channel).send("two", files=files)
    await posted.edit(attachments=[posted.attachments[1], discord.File(io.BytesIO(b"c"), "c.txt")])
    (message,) = ada.reads()
    assert [file.filename for file in message.attachments] == ["b.txt", "c.txt"]
    assert message.attachments[0].description == "alt b.txt"
    assert message.edited_at is not None


async def test_a_reply_rings_whom_it_answers(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    said = await ada.say("question")
    await (await bot.place(sandbox.channel).fetch_message(said.id)).reply("answer")
    answer = ada.reads()[-1]
    assert answer.referenced is said
    assert ada.was_notified_by(answer)


async def test_a_gallery_shows_the_files_it_names(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay(f"Look, {ada.mention}"))
    view.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://shown.png", description="teal")))
    files = [discord.File(io.BytesIO(png(5, 6)), name) for name in ("shown.png", "kept-back.png")]
    await bot.place(sandbox.channel).send(view=view, files=files)
    (message,) = ada.reads()
    assert len(message.attachments) == 2
    (shown,) = message.shown_attachments
    assert (shown.filename, shown.width, shown.height) == ("shown.png", 5, 6)
    assert ada.was_notified_by(message)
    with pytest.raises(discord.HTTPException):
        await bot.place(sandbox.channel).send(view=view)


async def test_pins_and_reactions(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    sandbox.allow("manage_messages")
    posted = await bot.place(sandbox.channel).send("keep")
    await posted.pin()
    assert [message.id async for message in bot.place(sandbox.channel).pins()] == [posted.id]
    await posted.unpin()
    assert [message.id async for message in bot.place(sandbox.channel).pins()] == []
    await posted.add_reaction("👍")
    message = ada.reads()[0]
    ada.reacts(message, "👍")
    fetched = await posted.fetch()
    assert [(str(reaction), reaction.count, reaction.me) for reaction in fetched.reactions] == [("👍", 2, True)]
    assert {user.id async for user in fetched.reactions[0].users()} == {ada.id, sandbox.world.bot.id}
    await posted.remove_reaction("👍", discord.Object(ada.id))
    await posted.clear_reactions()
    assert message.reactions == {}


async def test_a_thread_starts_at_a_message(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    said = await ada.say("topic")
    channel = await bot.fetch_channel(sandbox.channel.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await (await channel.fetch_message(said.id)).create_thread(name="About it")
    await thread.send("inside")
    assert said.thread is not None
    assert [message.content for message in ada.reads(said.thread)] == ["", "inside"]
    await thread.edit(archived=True)
    await thread.send("awake again")
    assert said.thread.thread is not None
    assert not said.thread.thread.archived


async def test_a_forum_takes_posts_with_files(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    forum = sandbox.guild.add_channel("challenges", kind="forum")
    channel = await bot.fetch_channel(forum.id)
    assert isinstance(channel, discord.ForumChannel)
    post = await channel.create_thread(name="Week 1", content="Go", file=discord.File(io.BytesIO(b"x"), "a.txt"))
    place = sandbox.world.channel(post.thread.id)
    (message,) = ada.reads(place)
    assert (message.content, len(message.attachments)) == ("Go", 1)
    with pytest.raises(discord.HTTPException):
        await bot.place(forum).send("not here")


async def test_a_private_thread_is_hidden_from_others(
    bot: WorkshopBot, sandbox: Sandbox, ada: Person, ben: Person
) -> None:
    channel = await bot.fetch_channel(sandbox.channel.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="Secret", type=discord.ChannelType.private_thread)
    await thread.add_user(discord.Object(ada.id))
    place = sandbox.world.channel(thread.id)
    assert (ada.can_see(place), ben.can_see(place)) == (True, False)


async def test_many_messages_go_at_once(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    said = [await ada.say(str(number)) for number in range(5)]
    sandbox.allow("manage_messages")
    channel = await bot.fetch_channel(sandbox.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.delete_messages([discord.Object(message.id) for message in said[:3]])
    assert [message.content for message in ada.reads()] == ["3", "4"]


async def test_roles_come_and_go_under_the_bots_own(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    sandbox.allow("manage_roles")
    guild = await bot.fetch_guild(sandbox.guild.id)
    member = await guild.fetch_member(ada.id)
    with pytest.raises(discord.Forbidden):
        await member.add_roles(discord.Object(sandbox.guild.add_role("Above").id))
    below = sandbox.guild.add_role("Below")
    below.position = 0
    await member.add_roles(discord.Object(below.id))
    assert sandbox.guild.members[ada.id].role_ids == [below.id]
    await member.remove_roles(discord.Object(below.id))
    assert sandbox.guild.members[ada.id].role_ids == []


async def test_the_bot_writes_to_a_person_in_private(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    user = await bot.fetch_user(ada.id)
    await user.send("just you")
    (message,) = ada.reads(ada.direct_messages)
    assert message.content == "just you"
    assert ada.was_notified_by(message)
    sandbox.world.blocked_direct_ids.add(ada.id)
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("again")
    assert refused.value.code == 50007


async def test_a_typing_bot_is_seen(bot: WorkshopBot, sandbox: Sandbox) -> None:
    seen: list[str] = []
    sandbox.world.events.subscribe(lambda event: seen.append(event.name))
    async with bot.place(sandbox.channel).typing():
        pass
    assert "TYPING_START" in seen


async def test_leaving_and_joining_a_server_is_announced(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    other = sandbox.add_guild("Other", preferred_locale="de")
    person = sandbox.person("Bo", other)
    await person.command("whisper")
    assert bot.get_guild(other.id) is not None
    guild = await bot.fetch_guild(other.id)
    await guild.leave()
    await ada.command("whisper")
    assert bot.get_guild(other.id) is None


async def test_a_command_keeps_its_id_when_registered_again(bot: WorkshopBot, sandbox: Sandbox) -> None:
    before = {command.name: command.id for command in sandbox.commands.all(None)}
    await bot.tree.sync()
    assert {command.name: command.id for command in sandbox.commands.all(None)} == before
    fetched = await bot.tree.fetch_commands()
    assert {command.name: command.id for command in fetched} == before


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Upper", "description": "x"},
        {"name": "a", "description": ""},
        {"name": "a" * 33, "description": "x"},
        {"name": "a", "description": "x", "options": [option(f"o{number}") for number in range(26)]},
        {"name": "a", "description": "x", "options": [option("b"), option("c", required=True)]},
        {"name": "a", "description": "x", "options": [option("b", choices=[{"name": "y", "value": "z"}] * 26)]},
    ],
)
async def test_a_command_beyond_the_limits_is_not_registered(
    bot: WorkshopBot, sandbox: Sandbox, body: dict[str, object]
) -> None:
    before = sandbox.commands.all(None)
    with pytest.raises(discord.HTTPException) as refused:
        await bot.http.bulk_upsert_global_commands(sandbox.world.bot.id, [body])
    assert refused.value.code == 50035
    assert sandbox.commands.all(None) == before


async def test_a_bot_keeps_emojis_of_its_own(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    emoji = await bot.create_application_emoji(name="wave", image=png(8, 8))
    assert await emoji.read() == png(8, 8)
    await emoji.edit(name="big_wave")
    assert [one.name for one in await bot.fetch_application_emojis()] == ["big_wave"]
    for name, image in (("a wave", png()), ("wave", png()[:40])):
        with pytest.raises(discord.HTTPException, match="50035"):
            await bot.create_application_emoji(name=name, image=image)
    await emoji.delete()
    with pytest.raises(discord.NotFound):
        await bot.fetch_application_emoji(emoji.id)
    with pytest.raises(discord.NotFound):
        await emoji.read()


async def test_everybody_has_a_face(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    assert (await (await bot.fetch_user(ada.id)).display_avatar.read()).startswith(b"\x89PNG")


async def test_a_file_that_an_embed_shows_does_not_stand_above_it_too(bot: WorkshopBot, sandbox: Sandbox, ada) -> None:
    embed = discord.Embed(title="card").set_image(url="attachment://a.png")
    embed.set_author(name="Ada", icon_url="attachment://b.png")
    files = [discord.File(io.BytesIO(png()), name) for name in ("a.png", "b.png", "c.png")]
    await bot.place(sandbox.channel).send(embed=embed, files=files)
    (message,) = ada.reads()
    assert [file.filename for file in message.shown_attachments] == ["c.png"]
    assert message.embeds[0]["author"]["icon_url"] == message.attachments[1].url
