"""Whom the page reaches: axe-core over its main states, at both widths, dark and light."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from showcase import MODAL, embed, layout, rows, words
from visiting import STILL, Visitor

from sandbox import Upload

pytestmark = pytest.mark.asyncio(loop_scope="session")


# What passes is not listed: writing it down costs axe more than looking.
ALL = {"resultTypes": ["violations"]}
CONTRAST = {"runOnly": ["color-contrast"]} | ALL


async def nothing_serious(visitor: Visitor) -> None:
    """Axe with all its rules in dark; in light only colours are different, so only their contrast is judged again."""
    found = []
    for scheme, options in (("light", CONTRAST), ("dark", ALL)):
        await visitor.page.emulate_media(color_scheme=scheme)
        results = await Axe().run(visitor.page, options=options)
        found += [
            (scheme, one["id"], one["impact"], [node["html"][:160] for node in one["nodes"][:3]])
            for one in results.response["violations"]
            if one["impact"] in ("serious", "critical")
        ]
    assert found == []


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1440, 900)])
async def test_axe_finds_nothing_serious(classroom, channel, visit, width, height) -> None:
    room = channel(classroom)
    message = words(classroom, room)
    classroom.person("Reader").reacts(message, "👍")
    for show in (embed, rows):
        show(classroom, room)
    layout(classroom, room, STILL.read_bytes())
    visitor = await visit(classroom, viewport={"width": width, "height": height})
    if width < 900:
        await visitor.page.get_by_role("button", name="Servers and channels").click()
        await expect(visitor.page.get_by_role("button", name="general", exact=True)).to_be_focused()
        await nothing_serious(visitor)
        await visitor.page.keyboard.press("Escape")
        await expect(visitor.page.get_by_role("button", name="Servers and channels")).to_be_focused()
    await visitor.goes_through_the_menu_to(room)
    await expect(visitor.page.locator(".container")).to_be_visible()
    assert await visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await visitor.messages.last.focus()
    await visitor.messages.last.get_by_role("button", name="More").click()
    await nothing_serious(visitor)
    await visitor.page.keyboard.press("Escape")
    for tab in ("Requests", "Faults"):
        await visitor.bench(tab)
        await nothing_serious(visitor)
    await visitor.page.get_by_role("button", name="Close the workbench").click()
    await visitor.page.evaluate(
        "modal => import('./static/js/store.js').then(store => store.change(s => { s.modal = modal }))", MODAL
    )
    await expect(visitor.page.get_by_role("dialog", name="Enter the challenge")).to_be_visible()
    await nothing_serious(visitor)


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1440, 900)])
async def test_axe_finds_nothing_serious_in_forums_and_threads(classroom, visit, width, height) -> None:
    forum = classroom.guild.add_channel(f"forum-{width}", kind="forum")
    forum.tags = [{"id": "1", "name": "sea", "moderated": False, "emoji_id": None, "emoji_name": "🌊"}]
    ivo = classroom.person(f"Ivo {width}")
    post = ivo.posts(forum, "W" * 100, "**hello** " * 40, [Upload("still.jpg", STILL.read_bytes())], ["sea"])
    closed = ivo.posts(forum, "\u202e<b>closed</b>", "bye")
    ivo.keeps(closed, archived=True)
    size = {"width": width, "height": height}
    visitor = await visit(classroom, ivo.name, viewport=size)
    await visitor.goes_through_the_menu_to(forum)
    await expect(visitor.page.locator(".posts > li")).to_have_count(2)
    await visitor.page.get_by_role("button", name="New post").click()
    await nothing_serious(visitor)
    assert await visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await visitor.page.locator(".posts").get_by_role("button", name=post.name).click()
    await expect(visitor.message("hello")).to_be_visible()
    await visitor.messages.last.focus()
    await visitor.messages.last.get_by_role("button", name="More").click()
    await visitor.page.get_by_role("menuitem", name="Edit message").click()
    await nothing_serious(visitor)
    await visitor.page.keyboard.press("Escape")
    await visitor.page.get_by_role("button", name="Thread actions").click()
    await nothing_serious(visitor)
    assert await visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
