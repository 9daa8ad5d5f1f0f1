"""Threads, forums, pins, edits and roles as people use them on the page, and a challenge entered from two tabs."""

import pytest
import pytest_asyncio
from course_bot import CourseBot
from playwright.async_api import expect
from sample_images import png
from visiting import Visitor

from sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="session")
SKETCH = {"name": "sketch.png", "mimeType": "image/png", "buffer": png(64, 48)}


@pytest_asyncio.fixture(loop_scope="session")
async def course(foreign) -> Sandbox:
    sandbox = await foreign(CourseBot())
    sandbox.page.cast.ensure()
    return sandbox


async def chooses(visitor: Visitor, text: str, entry: str) -> None:
    """Open the menu of a message and pick an entry."""
    await visitor.message(text).last.hover()
    await visitor.message(text).last.get_by_role("button", name="More").click()
    await visitor.page.get_by_role("menuitem", name=entry).click()


async def test_an_own_message_is_changed_in_its_place(classroom, channel, visit) -> None:
    room = channel(classroom)
    ada, ben = await visit(classroom, room=room), await visit(classroom, room=room)
    await ada.says("slow zoom on")
    await chooses(ada, "slow zoom on", "Edit message")
    field = ada.page.get_by_role("textbox", name="Edit message")
    await expect(field).to_be_focused()
    await field.fill("never mind")
    await field.press("Escape")
    await expect(field).to_have_count(0)
    await chooses(ada, "slow zoom on", "Edit message")
    await expect(field).to_have_value("slow zoom on")
    await field.fill("slow zoom in")
    await ada.page.reload()
    await expect(field).to_have_value("slow zoom in")
    await field.press("Enter")
    await expect(ben.message("slow zoom in")).to_contain_text("(edited)")
    await ben.message("slow zoom in").hover()
    await ben.message("slow zoom in").get_by_role("button", name="More").click()
    await expect(ben.page.get_by_role("menuitem", name="Copy text")).to_be_visible()
    await expect(ben.page.get_by_role("menuitem", name="Edit message")).to_have_count(0)


async def test_an_instructor_pins_and_releases_and_a_student_cannot(classroom, channel, visit) -> None:
    classroom.page.cast.ensure()
    room = channel(classroom)
    ada, hopper = await visit(classroom, room=room), await visit(classroom, "Ms. Hopper", room=room)
    await ada.says("the plan")
    await ada.message("the plan").hover()
    await ada.message("the plan").get_by_role("button", name="More").click()
    await expect(ada.page.get_by_role("menuitem", name="Reply")).to_be_visible()
    await expect(ada.page.get_by_role("menuitem", name="Pin message")).to_have_count(0)
    await chooses(hopper, "the plan", "Pin message")
    await expect(ada.message("Ms. Hopper pinned")).to_be_visible()
    await chooses(hopper, "the plan", "Unpin message")
    await hopper.page.get_by_role("button", name="Pinned messages").click()
    await expect(hopper.page.get_by_text("Nothing is pinned here yet.")).to_be_visible()


async def test_a_thread_is_opened_used_closed_and_locked(classroom, channel, visit) -> None:
    classroom.page.cast.ensure()
    room = channel(classroom)
    ada, hopper = await visit(classroom, room=room), await visit(classroom, "Ms. Hopper", room=room)
    await ada.says("Which camera move?")
    await chooses(ada, "Which camera move?", "Create thread")
    await expect(ada.page.get_by_label("Name of the thread")).to_have_value("Which camera move?")
    await ada.page.get_by_label("Name of the thread").fill("Camera moves")
    await ada.page.get_by_role("button", name="Create", exact=True).click()
    await expect(ada.page.locator("header.title h2")).to_have_text("Camera moves")
    await ada.says("a slow pan")
    await hopper.page.get_by_role("button", name="Camera moves Open the thread").click()
    await expect(hopper.message("a slow pan")).to_be_visible()
    for entry in ("Close the thread", "Lock the thread"):
        await hopper.page.get_by_role("button", name="Thread actions").click()
        await hopper.page.get_by_role("menuitem", name=entry).click()
    await expect(ada.page.get_by_text("This thread is locked.")).to_be_visible()
    await expect(ada.page.locator("header.title")).to_contain_text("Closed")
    await ada.page.get_by_role("button", name=f"Back to {room.name}").click()
    await expect(ada.page.get_by_role("button", name="Camera moves Locked")).to_be_visible()


async def test_closed_threads_are_found_and_new_ones_begun_in_the_title(classroom, channel, visit) -> None:
    room = channel(classroom)
    student = classroom.person("Ivo")
    student.keeps(student.opens_thread(room, "Old talk"), archived=True)
    ada = await visit(classroom, room=room)
    await expect(ada.page.locator(".channel-list").get_by_text("Old talk")).to_have_count(0)
    await ada.page.get_by_role("button", name="Threads").click()
    await ada.page.get_by_role("dialog", name="Threads").get_by_role("button", name="Old talk Closed").click()
    await expect(ada.page.locator("header.title h2")).to_have_text("Old talk")
    await ada.page.get_by_role("button", name=f"Back to {room.name}").click()
    await ada.page.get_by_role("button", name="Threads").click()
    await ada.page.get_by_role("button", name="Create thread").click()
    await ada.page.get_by_label("Name of the thread").fill("New talk")
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.locator("header.title h2")).to_have_text("New talk")


async def test_a_forum_shows_its_posts_and_takes_new_ones(classroom, visit) -> None:
    forum = classroom.guild.add_channel("gallery", kind="forum")
    forum.tags = [{"id": "1", "name": "sea", "moderated": False, "emoji_id": None, "emoji_name": "🌊"}]
    ada, ben = await visit(classroom, room=forum), await visit(classroom, room=forum)
    await expect(ada.page.get_by_text("Nothing has been posted here yet.")).to_be_visible()
    await ada.page.get_by_role("button", name="New post").click()
    form = ada.page.get_by_role("form", name="New post")
    await expect(form.get_by_label("Title")).to_be_focused()
    await ada.page.keyboard.type("Evening waves")
    await form.get_by_label("Message").fill("Made from **one** still.")
    await form.get_by_role("button", name="sea").click()
    await form.locator("input[type=file]").set_input_files(SKETCH)
    await form.get_by_role("button", name="Post", exact=True).click()
    await expect(ada.page.locator("header.title h2")).to_have_text("Evening waves")
    await expect(ada.message("Made from one still.").locator(".picture img")).to_be_visible()
    card = ben.page.locator(".posts").get_by_role("button", name="Evening waves")
    await expect(card).to_contain_text("Made from one still.")
    await expect(card.locator("img")).to_be_visible()
    await card.click()
    await ben.says("How long did it take?")
    await expect(ada.message("How long did it take?")).to_be_visible()
    await ben.page.get_by_role("button", name="Back to gallery").click()
    await expect(ben.page.locator(".posts").get_by_role("button", name="Evening waves")).to_contain_text("1 reply")


async def test_a_thread_rests_when_the_clock_is_moved_by_days(classroom, channel, visit) -> None:
    room = channel(classroom)
    ada = await visit(classroom, room=room)
    await ada.says("start")
    await chooses(ada, "start", "Create thread")
    await ada.page.get_by_role("button", name="Create", exact=True).click()
    await expect(ada.page.locator("header.title h2")).to_have_text("start")
    panel = await ada.bench("Clock")
    await panel.get_by_role("button", name="1 day").click()
    await expect(ada.page.locator("header.title")).to_contain_text("Closed")
    await ada.says("good morning")
    await expect(ada.page.locator("header.title")).not_to_contain_text("Closed")


async def test_an_instructors_challenge_is_entered_by_two_students_in_two_tabs(course, visit) -> None:
    course.guild.add_channel("challenges", kind="forum")
    ada, ben, hopper = await visit(course, "Ada"), await visit(course, "Ben"), await visit(course, "Ms. Hopper")
    form = await hopper.begins("challenge")
    await form.get_by_label("forum").select_option("#challenges")
    await form.get_by_label("title").fill("One breath of wind")
    await form.get_by_role("button", name="Send").click()
    await expect(hopper.message("Posted in")).to_contain_text("Only you can see this")
    for student in (ada, ben):
        await student.page.get_by_role("button", name="challenges", exact=True).click()
        await student.page.locator(".posts").get_by_role("button", name="One breath of wind").click()
        await student.page.get_by_role("button", name="Enter", exact=True).click()
        dialog = student.page.get_by_role("dialog", name="Enter the challenge")
        await dialog.get_by_label("Title").fill(f"Waves by {student.name}")
        await dialog.locator("input[type=file]").set_input_files(SKETCH)
        await dialog.get_by_role("button", name="Submit").click()
        await expect(student.page.locator(".message.private")).to_contain_text("You are in.")
    for student in (ada, ben):
        await expect(student.message("enters Waves by Ada").locator(".picture img")).to_be_visible()
        await expect(student.message("enters Waves by Ben").locator(".picture img")).to_be_visible()
        await expect(student.page.locator(".message.private")).to_have_count(1)


async def test_a_form_offers_texts_people_roles_and_channels(course, visit) -> None:
    course.guild.add_channel("challenges", kind="forum")
    ada = await visit(course, "Ada")
    await ada.runs("survey")
    dialog = ada.page.get_by_role("dialog", name="Survey")
    await dialog.get_by_role("group", name="Mood").get_by_label("Stormy").check()
    await dialog.get_by_label("Person").select_option("Ben")
    await expect(dialog.get_by_label("Place").locator("option")).to_have_text(["Choose…", "#challenges"])
    await dialog.get_by_label("Place").select_option("#challenges")
    await dialog.get_by_role("button", name="Submit").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Anyone is required.")
    await dialog.get_by_role("group", name="Anyone").get_by_label("@Instructor").check()
    await dialog.get_by_role("button", name="Submit").click()
    await expect(ada.message("s | ben | | challenges | Instructor | Role")).to_be_visible()


async def test_options_refer_to_people_roles_and_channels(course, visit) -> None:
    course.guild.add_role("Red team")
    ada = await visit(course, "Ada")
    form = await ada.begins("who")
    await form.get_by_label("member").select_option("Ben")
    await form.get_by_label("role").select_option("Red team")
    await form.get_by_label("anyone").select_option("Ada")
    await form.get_by_role("button", name="channel").click()
    await form.get_by_label("channel", exact=True).select_option("#general")
    await form.get_by_role("button", name="Send").click()
    await expect(ada.message("Ben (), Red team, Member ada, TextChannel general")).to_be_visible()


async def test_language_and_roles_reach_the_bot_as_they_are_at_the_moment(course, visit) -> None:
    course.guild.add_role("Red team").position = 1
    ben, hopper = await visit(course, "Ben"), await visit(course, "Ms. Hopper")
    await ben.runs("me")
    await expect(ben.message("de [] False")).to_be_visible()
    await hopper.page.locator(".members").get_by_role("button", name="Ben").click()
    await hopper.page.get_by_role("menuitem", name="Give Red team").click()
    await expect(ben.page.locator(".me")).to_contain_text("Red team")
    await ben.runs("me")
    await expect(ben.message("de ['Red team'] False")).to_be_visible()
