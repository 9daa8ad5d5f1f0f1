"""Finding one's way in a long channel: its end, links to messages and places, pictures whose addresses have ended."""

import pytest
from playwright.async_api import Locator, expect
from showcase import post
from visiting import STILL

from sandbox import Channel, Sandbox, Upload

pytestmark = pytest.mark.asyncio(loop_scope="session")


def fill(sandbox: Sandbox, room: Channel, messages: int) -> None:
    for number in range(messages):
        post(sandbox, room, {"content": f"message {number}\n\n\nof many"})


async def is_loaded(picture: Locator) -> None:
    await picture.evaluate(
        "image => image.decode().catch(() => {}).then(() => { if (!image.naturalWidth) throw new Error('no picture') })"
    )


async def test_links_and_mentions_lead_to_messages_and_places(classroom, channel, visit) -> None:
    room, other = channel(classroom), channel(classroom)
    old = post(classroom, room, {"content": "the oldest of all"})
    fill(classroom, room, 120)
    address = f"https://discord.com/channels/{classroom.guild.id}/{room.id}"
    link = {"type": 2, "style": 5, "label": "The oldest", "url": f"{address}/{old.id}"}
    text = f"see {address}/{old.id} in <#{room.id}>, not {address}/1, and then </tides show:1>"
    post(classroom, other, {"content": text, "components": [{"type": 1, "components": [link]}]})
    ada = await visit(classroom, room=other)
    title = ada.page.locator("header.title h2")
    for role, name in (("link", f"#{room.name} › message"), ("button", "The oldest")):
        await ada.message("not").get_by_role(role, name=name).first.click()
        await expect(title).to_have_text(room.name)
        await expect(ada.message("the oldest of all")).to_be_focused()
        await expect(ada.message("the oldest of all")).to_be_in_viewport()
        await ada.goes_to(other)
    await ada.message("not").get_by_role("link", name=f"#{room.name}", exact=True).click()
    await expect(title).to_have_text(room.name)
    await ada.goes_to(other)
    await ada.message("not").get_by_role("button", name="/tides show").click()
    await expect(ada.page.locator(".toast")).to_contain_text("There is no command /tides show here.")
    await ada.message("not").get_by_role("link", name="message").nth(1).click()
    await expect(ada.page.locator(".toast").last).to_contain_text("That message is gone")


async def test_who_reads_at_the_end_stays_there_and_who_reads_above_is_told(classroom, channel, visit) -> None:
    room = channel(classroom)
    fill(classroom, room, 30)
    ada = await visit(classroom, room=room)
    await expect(ada.messages.last).to_be_in_viewport(ratio=1)
    post(classroom, room, {"content": "a picture"}, Upload("still.jpg", STILL.read_bytes()))
    await expect(ada.message("a picture").locator("img")).to_be_in_viewport(ratio=1)
    await ada.page.locator(".log").hover()
    await ada.page.mouse.wheel(0, -600)
    await expect(ada.messages.last).not_to_be_in_viewport()
    post(classroom, room, {"content": "and a word"})
    await ada.page.get_by_role("button", name="New messages below").click()
    await expect(ada.message("and a word")).to_be_in_viewport(ratio=1)
    await expect(ada.page.locator(".newest")).to_have_count(0)


async def test_pictures_outlive_their_addresses_and_another_name_of_the_machine(classroom, channel, visit) -> None:
    room = channel(classroom)
    post(classroom, room, {"content": "a picture"}, Upload("still.jpg", STILL.read_bytes()))
    fill(classroom, room, 40)
    ada = await visit(classroom, room=room)
    picture = ada.message("a picture").locator("img")
    panel = await ada.bench("Clock")
    before = await picture.get_attribute("src")
    await panel.get_by_role("button", name="1 month").click()
    await expect(picture).not_to_have_attribute("src", before or "")
    await picture.scroll_into_view_if_needed()
    await is_loaded(picture)
    await ada.page.goto(ada.page.url.replace("127.0.0.1", "localhost"))
    await ada.goes_to(room)
    await picture.scroll_into_view_if_needed()
    await is_loaded(picture)
