"""The real bot as people see it in a browser."""

import asyncio
import re

import pytest
from contest_on_the_page import closes_the_challenge, enters, sets_a_challenge
from playwright.async_api import expect
from visiting import CLIP_MILLISECONDS, STILL, plays

from sandbox.page.suggestion import Suggestion

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_student_attaches_a_photo_sees_progress_and_the_clip_plays(
    with_bot, channel, visit, renders_held
) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    form = await ada.begins("animate")
    await form.locator("input[type=file]").set_input_files(STILL)
    await expect(form.locator("img.thumb")).to_be_visible()
    await form.get_by_label("prompt").fill("slow zoom in, gentle wind")
    await ada.page.reload()
    await expect(form.locator("img.thumb")).to_be_visible()
    async with renders_held():
        await form.get_by_role("button", name="Send").click()
        await expect(ada.message("is animating a still")).to_be_visible()
    video = ada.page.locator("video")
    await plays(video)
    assert "slow zoom in" in (await video.get_attribute("aria-label") or "")
    await ada.page.get_by_role("button", name="Alt text").click()
    await expect(ada.page.get_by_role("note")).to_contain_text("slow zoom in")
    await expect(ada.message("Finished")).to_be_visible()
    await expect(ada.message("your clip").locator(".mention")).to_have_text(f"@{ada.name}")


async def test_one_click_makes_the_first_clip(with_bot, visit) -> None:
    with_bot.page.suggestion = Suggestion.read(f'/animate still:"@{STILL}" prompt:"pan left" shape:square seconds:1')
    first = await visit(with_bot)
    await expect(first.page.get_by_text("Everything is ready")).to_be_visible()
    await expect(first.page.locator("img.thumb")).to_be_visible()
    await first.page.get_by_role("button", name="Send").click()
    await plays(first.page.locator("video").last)
    await first.page.reload()
    await expect(first.page.locator("#composer-text")).to_be_visible()
    await expect(first.page.locator("form.command")).to_have_count(0)


async def test_credits_are_a_private_answer_that_another_tab_does_not_see(with_bot, channel, visit) -> None:
    room = channel(with_bot)
    ada, ben = await visit(with_bot, room=room), await visit(with_bot, room=room)
    await ada.runs("credits")
    await expect(ada.message("Only you can see this")).to_contain_text("available")
    await ben.says("hello")
    await expect(ada.message("hello")).to_be_visible()
    await expect(ben.message("hello")).to_be_visible()
    await expect(ben.messages).to_have_count(1)
    await ada.page.get_by_role("button", name="Dismiss message").click()
    await expect(ada.message("Only you can see this")).to_have_count(0)


async def test_a_clip_is_cancelled_with_its_button(with_bot, channel, visit, renders_held) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    async with renders_held():
        await ada.animates(seconds="10", shape="still-hd")
        await ada.page.get_by_role("button", name="Cancel").click()
    await expect(ada.message("Not charged").first).to_be_visible()
    await expect(ada.message(re.compile("credit"))).not_to_have_count(0)


async def test_the_menu_of_a_message_animates_its_picture(with_bot, channel, visit) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    await ada.page.locator("input[data-field=message]").set_input_files(STILL)
    await ada.says("look at this")
    await expect(ada.page.locator(".picture img")).to_be_visible()
    await ada.message("look at this").click(button="right", position={"x": 200, "y": 10})
    await ada.page.get_by_role("menuitem", name="Animate this image").click()
    dialog = ada.page.get_by_role("dialog", name="Animate this image")
    await dialog.get_by_role("button", name="Submit").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("required")
    await dialog.locator("textarea, input[type=text]").first.fill("pan right")
    await dialog.get_by_role("button", name="Submit").click()
    await expect(dialog).to_have_count(0)
    await expect(ada.page.locator("video")).to_be_visible(timeout=CLIP_MILLISECONDS)


async def test_an_instructors_challenge_is_entered_by_two_students_and_won_by_a_vote(with_bot, channel, visit) -> None:
    with_bot.page.cast.ensure()
    room = channel(with_bot)
    ada, ben = await visit(with_bot, room=room), await visit(with_bot, room=room)
    hopper = await visit(with_bot, "Ms. Hopper", room=room)
    await ada.page.locator("#composer-text").fill("/challenge post")
    await expect(ada.page.get_by_text("No command fits.")).to_be_visible()
    await sets_a_challenge(hopper, {"pool": "10", "model": "sketch"})
    for student, prompt, picture in ((ada, "gentle waves", STILL), (ben, "slow zoom in", None)):
        await enters(student, prompt, picture)
    for student in (ada, ben):
        for entry in ("Entry 1", "Entry 2"):
            await expect(student.message(entry).locator("video")).to_be_visible(timeout=CLIP_MILLISECONDS)
        # Who made which is hidden until the end.
        await expect(student.message("Entry").filter(has_text="@")).to_have_count(0)
    await ben.message("Entry 1").get_by_role("button", name="Vote").click()
    await expect(ben.message("Your vote is on entry 1")).to_contain_text("Only you can see this")
    await closes_the_challenge(hopper)
    for student in (ada, ben):
        winner = f"Winner: entry 1 by @{ada.name} with 1 vote"
        await expect(student.message("is over")).to_contain_text(winner, timeout=CLIP_MILLISECONDS)
    await plays(ben.message("is over").locator("video"))
    await expect(ada.message("Your vote")).to_have_count(0)


async def test_choices_come_from_the_bot_while_one_types(with_bot, channel, visit) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    form = await ada.begins("animate")
    await form.get_by_role("button", name="camera", exact=True).click()
    await form.get_by_label("camera", exact=True).fill("zoom")
    option = form.get_by_role("option").first
    await expect(option).to_contain_text("zoom")
    await form.get_by_label("camera", exact=True).press("ArrowDown")
    await form.get_by_label("camera", exact=True).press("Enter")
    await expect(form.get_by_label("camera", exact=True)).to_have_value(re.compile("zoom"))
    await form.get_by_role("button", name="Send").click()
    await expect(form.locator(".option.invalid")).to_have_count(2)


async def test_the_keyboard_alone_makes_a_clip(with_bot, visit) -> None:
    ada = await visit(with_bot)
    keys = ada.page.keyboard
    chooser = asyncio.ensure_future(ada.page.wait_for_event("filechooser"))
    await ada.page.evaluate("document.activeElement?.blur()")
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(ada.page.locator("#composer-text")).to_be_focused()
    await keys.type("/anim")
    await expect(ada.page.get_by_role("option", name="/animate").first).to_be_visible()
    await keys.press("Enter")
    await expect(ada.page.locator("#option-still")).to_be_focused()
    await keys.press("Enter")
    await (await chooser).set_files(STILL)
    await expect(ada.page.locator("img.thumb")).to_be_visible()
    while not await ada.page.locator("#option-prompt").evaluate("field => field === document.activeElement"):
        await keys.press("Tab")
    await keys.type("tilt up")
    await keys.press("Enter")
    await expect(ada.message(re.compile("tilt up.*")).locator("video")).to_be_visible(timeout=CLIP_MILLISECONDS)
    await keys.press("ArrowUp")
    await expect(ada.messages.last).to_be_focused()
    await keys.press("ArrowUp")
    await expect(ada.messages.last).not_to_be_focused()


async def test_every_request_stands_in_the_workbench_with_its_verdict(with_bot, channel, visit) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    panel = await ada.bench("Requests")
    await ada.runs("queue")
    await expect(panel.locator(".entry").first).to_contain_text("callback")
    if with_bot.api.validator is not None:
        await expect(panel.locator(".entry").first).to_contain_text("as documented")
        await expect(panel.locator(".figures div").nth(2)).to_contain_text("0")
    await panel.locator(".entry > button").first.click()
    await expect(panel.locator(".entry-more pre")).to_contain_text('"type"')
    events = await ada.bench("Events")
    await expect(events.locator(".event-name").first).not_to_be_empty()
    await expect(events.locator(".entry").filter(has_text="INTERACTION_CREATE").first).to_contain_text("/queue")
