"""Whom the page reaches: axe-core over its main states, at both widths, dark and light."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from showcase import MODAL, embed, layout, rows, words
from visiting import STILL, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def nothing_serious(visitor: Visitor) -> None:
    results = await Axe().run(visitor.page)
    found = [
        (one["id"], one["impact"], [node["html"][:160] for node in one["nodes"][:3]])
        for one in results.response["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert found == []


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize(("width", "height"), [(360, 740), (1440, 900)])
async def test_axe_finds_nothing_serious(classroom, channel, visit, scheme, width, height) -> None:
    room = channel(classroom)
    message = words(classroom, room)
    classroom.person("Reader").reacts(message, "👍")
    for show in (embed, rows):
        show(classroom, room)
    layout(classroom, room, STILL.read_bytes())
    visitor = await visit(classroom, viewport={"width": width, "height": height}, color_scheme=scheme)
    if width < 900:
        await visitor.page.get_by_role("button", name="Servers and channels").click()
        await nothing_serious(visitor)
    await visitor.goes_to(room)
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
