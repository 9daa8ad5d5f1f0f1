"""Forms with every kind of field, options that refer to things, roles, languages; through an unmodified discord.py."""

from collections.abc import AsyncIterator

import pytest
from course_bot import CourseBot
from sample_images import png

from sandbox import ClientRefused, Person, Sandbox, Upload


@pytest.fixture
async def course(connect) -> AsyncIterator[CourseBot]:
    async with connect(CourseBot()) as bot:
        yield bot
        assert bot.errors == []


async def test_a_form_carries_texts_people_roles_and_channels(
    course: CourseBot, sandbox: Sandbox, ada: Person, ben: Person
) -> None:
    forum, role = sandbox.guild.add_channel("challenges", kind="forum"), sandbox.guild.add_role("Red team")
    call = await ada.command("survey")
    assert call.modal is not None
    assert [field.required for field in call.modal.fields] == [True, True, False, True, True]
    given = {"Mood": ["Calm", "s"], "person": [ben], "place": [forum], "Anyone": [role, ada]}
    answer = await ada.submit(call.modal, given)
    assert answer.message is not None
    assert answer.message.content == "c,s | ben |  | challenges | ada,Red team | Member,Role"


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("mood", ["Odd"], "not_a_choice"),
        ("mood", ["c", "s", "c"], "wrong_count"),
        ("person", [], "required"),
        ("place", ["nowhere"], "wrong_type"),
    ],
)
async def test_a_choice_that_the_form_does_not_offer_is_not_sent(
    course: CourseBot, sandbox: Sandbox, ada: Person, field: str, value: list[object], rule: str
) -> None:
    forum = sandbox.guild.add_channel("challenges", kind="forum")
    call = await ada.command("survey")
    assert call.modal is not None
    given = {"mood": ["c"], "person": [ada], "place": [forum], "anyone": [ada]} | {field: value}
    with pytest.raises(ClientRefused) as refused:
        await ada.submit(call.modal, given)
    assert refused.value.rule == rule


async def test_a_select_of_channels_offers_its_kinds_only(course: CourseBot, sandbox: Sandbox, ada: Person) -> None:
    call = await ada.command("survey")
    assert call.modal is not None
    with pytest.raises(ClientRefused) as refused:
        await ada.submit(call.modal, {"mood": ["c"], "person": [ada], "place": [sandbox.channel], "anyone": [ada]})
    assert refused.value.rule == "wrong_channel_type"


async def test_options_bring_the_things_they_refer_to(
    course: CourseBot, sandbox: Sandbox, ada: Person, ben: Person
) -> None:
    role = sandbox.guild.add_role("Red team")
    sandbox.give_role(ben, role)
    thread = ada.opens_thread(sandbox.channel, "Aside")
    given = {"member": ben, "role": role, "anyone": role, "channel": thread}
    call = await ada.command("who", given)
    assert call.message is not None
    assert call.message.content == "Ben (Red team), Red team, Role Red team, Thread Aside"
    call = await ada.command("who", given | {"anyone": ben, "channel": sandbox.channel})
    assert call.message is not None
    assert call.message.content == "Ben (Red team), Red team, Member ben, TextChannel general"


async def test_every_interaction_says_the_roles_and_rights_of_the_moment(
    course: CourseBot, sandbox: Sandbox, ada: Person
) -> None:
    role = sandbox.guild.add_role("Staff", permissions=1 << 13)
    seen = []
    for change in (lambda: None, lambda: sandbox.give_role(ada, role), lambda: sandbox.take_role(ada, role)):
        change()
        call = await ada.command("me")
        assert call.message is not None
        seen.append(call.message.content)
    assert seen == ["en-US [] False", "en-US ['Staff'] True", "en-US [] False"]


async def test_whoever_manages_roles_gives_those_under_their_own(
    course: CourseBot, sandbox: Sandbox, ada: Person
) -> None:
    team = sandbox.guild.add_role("Red team")
    tess = sandbox.person("Tess", roles=[sandbox.guild.add_role("Teacher", permissions=1 << 28)])
    above = sandbox.guild.add_role("Head")
    member = sandbox.guild.members[ada.id]
    tess.assigns(member, team)
    assert member.role_ids == [team.id]
    for person, role, rule in ((ada, team, "missing_permission"), (tess, above, "role_above")):
        with pytest.raises(ClientRefused) as refused:
            person.assigns(member, role)
        assert refused.value.rule == rule


async def test_the_language_of_a_person_reaches_the_bot(course: CourseBot, sandbox: Sandbox) -> None:
    call = await sandbox.person("Chloé", locale="fr").command("me")
    assert call.message is not None
    assert call.message.content.startswith("fr ")


async def test_a_challenge_in_a_forum_is_entered_with_a_file(
    course: CourseBot, sandbox: Sandbox, ada: Person, ben: Person
) -> None:
    forum = sandbox.guild.add_channel("challenges", kind="forum")
    tess = sandbox.person("Tess", roles=[sandbox.guild.add_role("Teacher", permissions=1 << 5)])
    await tess.command("challenge", {"forum": forum, "title": "One breath of wind"})
    (post,) = sandbox.guild.threads.values()
    (card,) = ada.reads(post)
    for person in (ada, ben):
        call = await person.click(card, "Enter")
        assert call.modal is not None
        answer = await person.submit(call.modal, {"title": "Waves", "still": [Upload("s.png", png())]})
        assert answer.ephemeral
        entry = f"{person.mention} enters Waves"
        await person.waits_for(lambda seen, entry=entry: seen.content == entry, post)
    entries = [one.content for one in ben.reads(post) if one.attachments]
    assert entries == [f"{ada.mention} enters Waves", f"{ben.mention} enters Waves"]
