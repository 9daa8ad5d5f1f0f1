"""A challenge of the bot as people go through it on the page: an instructor sets and closes it, students enter."""

from pathlib import Path

from playwright.async_api import expect
from visiting import CLIP_MILLISECONDS, STILL, Visitor


async def sets_a_challenge(instructor: Visitor, options: dict[str, str]) -> None:
    """Post "One breath of wind" with a starter still in the channel that is open."""
    form = await instructor.begins("challenge post")
    for name, value in options.items():
        await form.get_by_role("button", name=name, exact=True).click()
        await form.get_by_label(name, exact=True).fill(value)
    await form.get_by_role("button", name="still", exact=True).click()
    await form.locator("input[type=file]").set_input_files(STILL)
    await form.get_by_role("button", name="Send").click()
    dialog = instructor.page.get_by_role("dialog", name="The challenge")
    await dialog.get_by_label("Title").fill("One breath of wind")
    await dialog.get_by_label("Brief").fill("Move it *without* moving the camera.")
    await dialog.get_by_role("button", name="Submit").click()
    await expect(instructor.message("is set")).to_contain_text("Only you can see this", timeout=CLIP_MILLISECONDS)


async def enters(student: Visitor, prompt: str, picture: Path | None) -> None:
    """Fill in the form of the newest brief, and follow the answer into the challenge's thread."""
    await student.page.get_by_role("button", name="Enter", exact=True).last.click()
    dialog = student.page.get_by_role("dialog", name="One breath of wind")
    await dialog.get_by_label("How should it move?").fill(prompt)
    if picture:
        await dialog.locator("input[type=file]").set_input_files(picture)
    await dialog.get_by_role("button", name="Submit").click()
    answer = student.message("none of yours")
    await expect(answer).to_contain_text("Only you can see this", timeout=CLIP_MILLISECONDS)
    await answer.get_by_role("link", name="One breath of wind").click()
    await expect(student.page.locator("header.title h2")).to_have_text("One breath of wind")


async def closes_the_challenge(instructor: Visitor) -> None:
    """End it by hand, found by what the bot suggests."""
    form = await instructor.begins("challenge close")
    await form.get_by_role("combobox", name="challenge").fill("one breath")
    await form.get_by_role("option", name="One breath of wind").click()
    await form.get_by_role("button", name="Send").click()
    await expect(instructor.message("is closed")).to_contain_text("used /challenge close", timeout=CLIP_MILLISECONDS)
