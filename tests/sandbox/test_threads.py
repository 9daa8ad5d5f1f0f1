"""Threads and forums through an unmodified discord.py: who opens, fills, closes and locks them, and when they rest."""

import discord
import pytest
from sample_images import png
from workshop_bot import WorkshopBot

from sandbox import Channel, ClientRefused, Person, Sandbox, Upload
from sandbox.waiting import wait_for_event

MANAGE_THREADS = 1 << 34


async def forum_of(bot: WorkshopBot, sandbox: Sandbox) -> discord.ForumChannel:
    sandbox.allow("manage_channels")
    guild = await bot.fetch_guild(sandbox.guild.id)
    tags = [discord.ForumTag(name="open", emoji="🌊"), discord.ForumTag(name="staff", moderated=True)]
    return await guild.create_forum("challenges", available_tags=tags)


async def thread_of(bot: WorkshopBot, sandbox: Sandbox, message_id: int, **options: object) -> discord.Thread:
    channel = await bot.fetch_channel(sandbox.channel.id)
    assert isinstance(channel, discord.TextChannel)
    return await (await channel.fetch_message(message_id)).create_thread(name="About it", **options)


async def test_the_first_message_of_a_post_has_the_posts_id_and_is_not_counted(
    bot: WorkshopBot, sandbox: Sandbox, ada: Person
) -> None:
    forum = await forum_of(bot, sandbox)
    post = await forum.create_thread(name="Week 1", content="Go", applied_tags=[forum.available_tags[0]])
    assert post.message.id == post.thread.id
    place = sandbox.world.channel(post.thread.id)
    said = await ada.say("me too", channel=place)
    fetched = await bot.fetch_channel(post.thread.id)
    assert isinstance(fetched, discord.Thread)
    assert (fetched.message_count, fetched.total_message_sent) == (1, 1)
    assert [tag.id for tag in fetched.applied_tags] == [forum.available_tags[0].id]
    ada.deletes(said)
    fetched = await bot.fetch_channel(post.thread.id)
    assert (fetched.message_count, fetched.total_message_sent) == (0, 1)


async def test_the_tags_of_a_forum_have_ids_limits_and_owners(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    forum = await forum_of(bot, sandbox)
    assert [(tag.name, tag.moderated, str(tag.emoji)) for tag in forum.available_tags] == [
        ("open", False, "🌊"),
        ("staff", True, "None"),
    ]
    kept = forum.available_tags[0].id
    edited = await forum.edit(available_tags=[forum.available_tags[0], discord.ForumTag(name="late")])
    assert edited is not None
    assert edited.available_tags[0].id == kept
    with pytest.raises(discord.HTTPException) as refused:
        await forum.create_thread(name="x", content="x", applied_tags=[discord.Object(1)])  # type: ignore[list-item]
    assert refused.value.code == 50035
    place = sandbox.world.channel(forum.id)
    assert place.tags[1]["name"] == "late"
    post = ada.posts(place, "mine", "hello", [Upload("a.png", png())], ["late"])
    assert [(one.id, len(one.attachments)) for one in ada.reads(post)] == [(post.id, 1)]


async def test_an_archived_thread_refuses_changes_until_somebody_writes(
    bot: WorkshopBot, sandbox: Sandbox, ada: Person
) -> None:
    sandbox.allow("manage_messages")
    said = await ada.say("topic")
    thread = await thread_of(bot, sandbox, said.id)
    posted = await thread.send("inside")
    await thread.edit(archived=True)
    for attempt in (posted.edit(content="other"), posted.add_reaction("👍"), posted.pin(), thread.edit(name="new")):
        with pytest.raises(discord.HTTPException) as refused:
            await attempt
        assert refused.value.code == 50083
    assert said.thread is not None
    await ada.say("awake", channel=said.thread)
    await posted.edit(content="other")
    assert [message.content for message in ada.reads(said.thread)] == ["", "other", "awake"]


async def test_a_locked_thread_is_for_those_who_manage_threads(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    tess = sandbox.person("Tess", roles=[sandbox.guild.add_role("Teacher", permissions=MANAGE_THREADS)])
    said = await ada.say("topic")
    thread = await thread_of(bot, sandbox, said.id)
    with pytest.raises(discord.Forbidden):
        await thread.edit(locked=True)
    sandbox.allow("manage_threads")
    await thread.edit(locked=True, archived=True)
    place = said.thread
    assert place is not None
    for attempt in (lambda: ada.say("hello", channel=place), lambda: ada.command("whisper", channel=place)):
        with pytest.raises(ClientRefused) as refused:
            await attempt()
        assert refused.value.rule == "thread_locked"
    await tess.say("the end", channel=place)
    await thread.send("indeed")
    sandbox.deny("manage_threads")
    with pytest.raises(discord.Forbidden) as forbidden:
        await thread.send("too late")
    assert forbidden.value.code == 160005


async def test_a_thread_rests_when_nobody_writes_for_as_long_as_it_waits(
    bot: WorkshopBot, sandbox: Sandbox, ada: Person
) -> None:
    said = await ada.say("topic")
    await thread_of(bot, sandbox, said.id, auto_archive_duration=60)
    place = said.thread
    assert place is not None
    assert place.thread is not None
    sandbox.clock.advance(50 * 60)
    await ada.say("still here", channel=place)
    sandbox.clock.advance(50 * 60)
    await ada.say("again", channel=place)
    assert not place.thread.archived
    sandbox.clock.advance(61 * 60)
    await comes_to_rest(sandbox, place)
    channel = await bot.fetch_channel(sandbox.channel.id)
    assert isinstance(channel, discord.TextChannel)
    assert [thread.id async for thread in channel.archived_threads()] == [place.id]


async def comes_to_rest(sandbox: Sandbox, place: Channel) -> None:
    await wait_for_event(sandbox.world.events, lambda event: place.thread.archived or None, 5)


async def test_a_thread_at_no_message_is_told_in_the_channel(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    channel = await bot.fetch_channel(sandbox.channel.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="Aside", type=discord.ChannelType.public_thread)
    told = await channel.fetch_message(ada.reads()[0].id)
    assert told.type is discord.MessageType.thread_created
    assert (told.content, told.reference.channel_id) == ("Aside", thread.id)


async def test_people_open_name_close_and_pin(bot: WorkshopBot, sandbox: Sandbox, ada: Person, ben: Person) -> None:
    said = await ada.say("topic")
    thread = ben.opens_thread(said, "Aside")
    assert (await bot.fetch_channel(thread.id)).name == "Aside"
    with pytest.raises(ClientRefused) as refused:
        ada.keeps(thread, archived=True)
    assert refused.value.rule == "missing_permission"
    ben.keeps(thread, archived=True)
    assert thread.thread is not None
    assert thread.thread.archived
    with pytest.raises(ClientRefused) as refused:
        ada.pins(said)
    assert refused.value.rule == "missing_permission"
    tess = sandbox.person("Tess", roles=[sandbox.guild.add_role("Teacher", permissions=1 << 51)])
    tess.pins(said)
    assert [message.id async for message in bot.place(sandbox.channel).pins()] == [said.id]
    tess.unpins(said)
    assert [message.id async for message in bot.place(sandbox.channel).pins()] == []


async def test_only_ones_own_words_are_changed(bot: WorkshopBot, sandbox: Sandbox, ada: Person, ben: Person) -> None:
    said = await ada.say("one", [Upload("a.png", png())])
    ada.edits(said, "two")
    fetched = await bot.place(sandbox.channel).fetch_message(said.id)
    assert (fetched.content, fetched.edited_at is not None, len(fetched.attachments)) == ("two", True, 1)
    with pytest.raises(ClientRefused) as refused:
        ben.edits(said, "three")
    assert refused.value.rule == "not_yours"
    with pytest.raises(ClientRefused) as refused:
        ada.edits(await ada.say("words"), " ")
    assert refused.value.rule == "required"


async def test_a_pinned_post_stands_first_and_says_so(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    forum = await forum_of(bot, sandbox)
    sandbox.allow("manage_threads")
    post = await forum.create_thread(name="Rules", content="Read me")
    await post.thread.edit(pinned=True)
    fetched = await bot.fetch_channel(post.thread.id)
    assert isinstance(fetched, discord.Thread)
    assert fetched.flags.pinned
