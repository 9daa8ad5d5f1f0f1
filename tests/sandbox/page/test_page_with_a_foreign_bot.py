"""The page with a bot that it has never heard of: forms with files, selects, silence, other people's tabs."""

import io

import discord
import pytest
import pytest_asyncio
from playwright.async_api import expect
from sample_images import png
from workshop_bot import WorkshopBot

from sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def workshop(foreign) -> tuple[Sandbox, WorkshopBot]:
    bot = WorkshopBot()
    return await foreign(bot), bot


async def test_a_form_with_a_file_is_filled_in_outlives_a_reload_and_is_sent(workshop, visit, tmp_path) -> None:
    ada = await visit(workshop[0])
    await ada.runs("paint")
    dialog = ada.page.get_by_role("dialog", name="Paint")
    await dialog.get_by_label("Subject").fill("lighthouse")
    (tmp_path / "sketch.png").write_bytes(png())
    await ada.drops(tmp_path / "sketch.png")
    await expect(dialog.locator("img.thumb")).to_be_visible()
    await ada.page.reload()
    await expect(dialog.get_by_label("Subject")).to_have_value("lighthouse")
    await expect(dialog.locator("img.thumb")).to_be_visible()
    await dialog.get_by_role("button", name="Submit").click()
    await expect(ada.message(f"lighthouse with sketches of [{len(png())}] bytes")).to_be_visible()
    await expect(dialog).to_have_count(0)
    await ada.page.reload()
    await expect(ada.page.locator("#composer-text")).to_be_visible()
    await expect(dialog).to_have_count(0)


async def test_a_form_keeps_what_was_typed_when_something_is_missing(workshop, visit) -> None:
    ada = await visit(workshop[0])
    await ada.runs("paint")
    dialog = ada.page.get_by_role("dialog", name="Paint")
    await dialog.get_by_role("button", name="Submit").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Subject is required.")
    await expect(dialog.get_by_label("Subject")).to_be_focused()
    await expect(dialog.get_by_label("Subject")).to_have_attribute("aria-invalid", "true")
    await ada.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


async def test_buttons_and_selects_answer_in_place_and_in_private(workshop, visit) -> None:
    ada, ben = await visit(workshop[0]), await visit(workshop[0])
    await ada.runs("count")
    await expect(ada.message("Ada used").or_(ada.message("used /count"))).to_be_visible()
    await ben.page.get_by_role("button", name="More").click()
    await expect(ada.message("count 1")).to_be_visible()
    await expect(ada.message("(edited)")).to_be_visible()
    await expect(ada.page.get_by_role("button", name="Never")).to_be_disabled()
    await ada.page.locator(".picker").first.click()
    await ada.page.get_by_role("option", name="Red").click()
    await ada.page.get_by_role("option", name="Green").click()
    await ada.page.get_by_role("button", name="Done").click()
    await expect(ada.message("r+g")).to_contain_text("Only you can see this")
    await ada.page.locator(".picker").last.click()
    await ada.page.get_by_role("option", name=ben.name).click()
    await expect(ben.message(f"picked {ben.name}")).to_be_visible()
    await expect(ben.message("r+g")).to_have_count(0)


async def test_who_is_not_answered_reads_that_the_application_did_not_respond(workshop, visit) -> None:
    sandbox, bot = workshop
    ada = await visit(sandbox)
    await ada.runs("slow")
    await expect(ada.message("Sending /slow")).to_be_visible()
    sandbox.clock.advance(3)
    await expect(ada.message("The application did not respond.")).to_be_visible()
    bot.gate.set()
    await ada.runs("count")
    more = ada.page.get_by_role("button", name="More")
    await expect(more).to_be_visible()
    await bot.close()
    await more.click()
    await expect(ada.page.locator(".part-button.pending")).to_be_visible()
    sandbox.clock.advance(3)
    await expect(ada.message("This interaction failed.")).to_be_visible()
    await expect(ada.page.get_by_text("No bot is connected")).to_be_visible()


async def test_options_are_checked_before_they_are_sent(workshop, visit) -> None:
    ada = await visit(workshop[0])
    await ada.page.locator("#composer-text").press_sequentially("/greet ")
    form = ada.page.get_by_role("form", name="Command /greet")
    await form.get_by_label("whom").fill("x")
    await form.get_by_role("button", name="times").click()
    await form.get_by_label("times", exact=True).fill("9")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_text("At least 2 characters.")).to_be_visible()
    await expect(form.get_by_text("At most 3.")).to_be_visible()
    await form.get_by_label("whom").fill("Grace")
    await form.get_by_label("times", exact=True).fill("2")
    await form.get_by_role("button", name="mood").click()
    await form.get_by_label("mood", exact=True).select_option("cold")
    await form.get_by_role("button", name="Send").click()
    await expect(ada.message("cold 0.5 Grace Grace")).to_be_visible()


async def test_suggestions_leave_the_form_in_sight_on_a_phone(workshop, visit) -> None:
    ada = await visit(workshop[0], viewport={"width": 360, "height": 740})
    form = await ada.begins("travel")
    await form.get_by_role("combobox", name="city").press_sequentially("Ly")
    offered = ada.page.get_by_role("listbox", name="Suggestions for city")
    await expect(offered.get_by_role("option")).to_have_text(["Lyon by foot"])
    inside, over = await form.bounding_box(), await offered.bounding_box()
    assert over["y"] + over["height"] <= inside["y"]
    assert over["y"] >= 0
    await ada.page.keyboard.press("ArrowDown")
    await ada.page.keyboard.press("Enter")
    await expect(offered).to_be_hidden()
    await expect(form.get_by_role("combobox", name="city")).to_have_value("Lyon by foot")


async def test_faces_emojis_and_the_colours_of_roles_are_drawn(workshop, visit) -> None:
    sandbox, bot = workshop
    sandbox.page.cast.ensure()
    ada, hopper = await visit(sandbox), await visit(sandbox, "Ms. Hopper", color_scheme="dark")
    wave = await bot.create_application_emoji(name="wave", image=png())
    person = bot.user
    embed = discord.Embed(title="card", description="d").set_author(name="Ada", icon_url=person.display_avatar.url)
    embed.set_footer(text="far", icon_url="https://example.org/a.png").set_image(url="attachment://sea.png")
    view = discord.ui.View().add_item(discord.ui.Button(label="Wave", emoji=wave))
    place = bot.place(sandbox.channel)
    await place.send(f"hello {wave} <:gone:1>", embed=embed, view=view, file=discord.File(io.BytesIO(png()), "sea.png"))
    await place.send("🌊" + str(wave))
    row = ada.message("hello")
    for picture in (row.locator(".content img.emoji"), row.locator("button img.emoji"), row.locator("img.embed-mark")):
        assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    await expect(row.locator(".unknown-emoji")).to_have_text(":gone:")
    await expect(row.get_by_title("A picture from elsewhere is not loaded here.")).to_be_visible()
    await expect(row.locator("img")).to_have_count(4)
    await expect(ada.page.locator(".large-emojis img.emoji")).to_be_visible()
    await hopper.says("good morning")
    colours = []
    for visitor in (hopper, ada):
        name = visitor.message("good morning").locator(".author")
        await expect(name).to_be_visible()
        colours.append(await name.evaluate("node => getComputedStyle(node).color"))
    assert colours[0] == "rgb(230, 180, 80)"
    assert colours[1] != colours[0]


async def test_only_an_instructor_is_offered_what_needs_the_right(workshop, visit) -> None:
    sandbox, _ = workshop
    sandbox.page.cast.ensure()
    ada, hopper = await visit(sandbox), await visit(sandbox, "Ms. Hopper")
    for visitor in (ada, hopper):
        await visitor.page.locator("#composer-text").fill("/clo")
    await expect(hopper.page.get_by_role("option", name="/close")).to_be_visible()
    await expect(ada.page.get_by_text("No command fits.")).to_be_visible()


async def test_menus_of_messages_and_people_run_apps(workshop, visit) -> None:
    ada = await visit(workshop[0])
    await ada.says("to be quoted")
    await ada.message("to be quoted").focus()
    await ada.message("to be quoted").get_by_role("button", name="More").click()
    await ada.page.get_by_role("menuitem", name="Quote").click()
    await expect(ada.message("to be quoted (0 files)")).to_be_visible()
    await ada.page.locator(".members").get_by_role("button", name=ada.name).click()
    await ada.page.get_by_role("menuitem", name="Inspect").click()
    await expect(ada.message(f"{ada.name} joined")).to_be_visible()
