"""Each fault of the workbench, and what the person in front of the real bot then sees."""

import pytest
from playwright.async_api import expect
from visiting import CLIP_MILLISECONDS, plays

pytestmark = pytest.mark.asyncio(loop_scope="session")
PATIENCE = CLIP_MILLISECONDS


@pytest.mark.parametrize("fault", ["Error 500", "Drop the gateway", "Slow uploads"])
async def test_what_the_bot_survives_still_ends_with_a_clip(with_bot, channel, visit, fault: str) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    await ada.breaks(fault)
    if fault == "Drop the gateway":
        await with_bot.bot_ready(30)
    await ada.animates()
    await expect(ada.page.locator("video")).to_be_visible(timeout=PATIENCE)
    await expect(ada.message("your clip")).to_contain_text("1 credit used")


async def test_a_clip_whose_upload_broke_is_posted_again(with_bot, channel, visit, renders_held) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    async with renders_held():
        await ada.animates()
        await expect(ada.message("is animating a still")).to_be_visible()
        await ada.breaks("Break an upload")
    await plays(ada.page.locator("video"))
    await expect(ada.page.locator("video")).to_have_count(1)
    panel = await ada.bench("Requests")
    await expect(panel.get_by_text("cut", exact=True).first).to_be_visible()


async def test_expired_tokens_do_not_keep_the_clip_away(with_bot, channel, visit, renders_held) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    async with renders_held():
        await ada.animates()
        await expect(ada.message("is animating a still")).to_be_visible()
        await ada.breaks("Expire tokens")
    await plays(ada.page.locator("video"))


async def test_too_many_requests_leave_the_person_without_an_answer(with_bot, channel, visit) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    await ada.breaks("Too many requests")
    await ada.runs("credits")
    await expect(ada.message("Sending /credits")).to_be_visible()
    with_bot.clock.advance(3)
    await expect(ada.message("The application did not respond.")).to_contain_text("used /credits")
    await expect(ada.page.get_by_text("Everything works.")).to_be_visible()
    await expect(ada.page.get_by_text("1 fault")).to_have_count(0)


async def test_a_broken_download_is_told_and_not_charged(with_bot, channel, visit) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    await ada.breaks("Break a download")
    await ada.animates()
    await expect(ada.message("did not hand over the picture")).to_contain_text("Not charged")


async def test_a_small_upload_limit_makes_a_smaller_clip(with_bot, channel, visit) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    await ada.breaks("Shrink the upload limit")
    await ada.animates(seconds="2")
    await plays(ada.page.locator("video"))
    size = await ada.page.locator("video").evaluate("v => fetch(v.src).then(got => got.blob()).then(data => data.size)")
    assert 0 < size <= 64 << 10


async def test_a_missing_permission_is_named_before_anything_is_promised(with_bot, channel, visit) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    panel = await ada.bench("Faults")
    await panel.get_by_label("Attach files").uncheck()
    await expect(ada.page.get_by_text("1 fault")).to_be_visible()
    await ada.animates()
    await expect(ada.message("“Attach Files”")).to_contain_text("Only you can see this")
    await panel.get_by_role("button", name="All well again").click()
    await expect(panel.get_by_label("Attach files")).to_be_checked()


async def test_a_bot_that_is_kept_away_does_not_respond(with_bot, channel, visit) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    await ada.breaks("Keep the bot away")
    await expect(ada.page.get_by_text("No bot is connected")).to_be_visible()
    await ada.runs("credits")
    await expect(ada.message("Sending /credits")).to_be_visible()
    with_bot.clock.advance(3)
    await expect(ada.message("The application did not respond.")).to_be_visible()
    await ada.page.get_by_role("button", name="All well again").click()
    await expect(ada.page.get_by_text("No bot is connected")).to_have_count(0, timeout=PATIENCE)


async def test_an_outage_leaves_the_person_without_an_answer_and_passes(with_bot, channel, visit) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    await ada.breaks("Outage")
    await expect(ada.page.get_by_text("No bot is connected")).to_be_visible()
    await ada.runs("credits")
    await expect(ada.message("Sending /credits")).to_be_visible()
    with_bot.clock.advance(3)
    await expect(ada.message("The application did not respond.")).to_be_visible()
    await ada.page.get_by_role("button", name="All well again").click()
    await expect(ada.page.get_by_text("No bot is connected")).to_have_count(0, timeout=PATIENCE)
    await ada.runs("credits")
    await expect(ada.message("Only you can see this").last).to_contain_text("available")


async def test_a_lost_permission_to_send_is_named_and_a_given_one_helps(with_bot, channel, visit) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    panel = await ada.bench("Faults")
    await panel.get_by_label("Send messages", exact=True).uncheck()
    await expect(ada.page.get_by_text("1 fault")).to_be_visible()
    await ada.animates()
    await expect(ada.message("“Send Messages”")).to_contain_text("Only you can see this")
    await panel.get_by_label("Send messages", exact=True).check()
    await expect(ada.page.get_by_text("1 fault")).to_have_count(0)
    await ada.animates()
    await plays(ada.page.locator("video"))


async def test_a_deleted_channel_is_left_for_another(with_bot, channel, visit) -> None:
    ada = await visit(with_bot, room=channel(with_bot))
    panel = await ada.bench("Faults")
    await panel.get_by_role("button", name="Delete the channel I am in").click()
    await expect(ada.page.locator(".toast")).to_contain_text("That channel was deleted.")
    await expect(ada.page.locator("header.title h2")).to_have_text("general")
