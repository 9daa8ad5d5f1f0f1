"""What the page does without any bot: people, messages, escaping, time, reload, restart, reach, speed."""

import pytest
from playwright.async_api import expect
from showcase import HOSTILE, embed, hostile, layout, post, rows, words
from visiting import STILL, new_page

from sandbox import Sandbox, Upload
from sandbox.posting import Draft

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_two_tabs_are_two_people_who_reply_react_and_see_each_other_type(classroom, channel, visit) -> None:
    room = channel(classroom)
    ada, ben = await visit(classroom, room=room), await visit(classroom, room=room)
    await ada.page.locator("#composer-text").press_sequentially("he")
    await expect(ben.page.locator(".typing")).to_have_text(f"{ada.name} is typing…")
    await ada.says("hello")
    await ben.message("hello").hover()
    await ben.message("hello").get_by_role("button", name="Reply").click()
    await ben.says("hello yourself")
    await expect(ada.message("hello yourself").locator(".above")).to_contain_text(ada.name)
    await expect(ada.message("hello yourself")).to_have_class("message rings")
    await ada.message("hello yourself").hover()
    await ada.message("hello yourself").get_by_role("button", name="Add a reaction").click()
    await ada.page.get_by_role("button", name="heart").click()
    await expect(ben.page.get_by_role("button", name="❤️, 1 reaction")).to_be_visible()
    await ben.page.get_by_role("button", name="❤️, 1 reaction").click()
    await expect(ada.page.get_by_role("button", name="❤️, 2 reactions")).to_be_visible()
    await ada.page.locator("#composer-text").press_sequentially(f"look here, @{ben.name[:-1]}")
    await ada.page.get_by_role("option", name=f"@{ben.name}", exact=True).click()
    await ada.page.keyboard.press("Enter")
    await expect(ben.message("look here").locator(".mention")).to_have_text(f"@{ben.name}")
    await expect(ben.message("look here")).to_have_class("message rings")


async def test_somebody_new_joins_with_a_language(classroom, visit) -> None:
    ada = await visit(classroom)
    await ada.page.get_by_title("Be somebody else").click()
    await ada.page.get_by_role("button", name="Add somebody").click()
    await ada.page.get_by_label("Name").fill("Chloé")
    await ada.page.get_by_label("Language").select_option("fr")
    await ada.page.get_by_role("button", name="Add", exact=True).click()
    link = ada.page.get_by_role("link", name="Chloé", exact=False).first
    await expect(link).to_contain_text("Français")
    await link.click()
    await expect(ada.page.locator(".me")).to_contain_text("Chloé")
    assert ada.page.url.endswith("?as=Chlo%C3%A9")


async def test_a_name_that_nobody_can_see_is_refused(classroom, visit) -> None:
    ada = await visit(classroom)
    await ada.page.get_by_title("Be somebody else").click()
    await ada.page.get_by_role("button", name="Add somebody").click()
    await ada.page.get_by_label("Name").fill("\u200b\u2060\u202e")
    await ada.page.get_by_role("button", name="Add", exact=True).click()
    await expect(ada.page.locator(".toast")).to_contain_text("Name needs 1 to 32 characters.")


async def test_files_come_from_the_picker_the_clipboard_and_a_drop(classroom, channel, visit, tmp_path) -> None:
    ada = await visit(classroom, room=channel(classroom))
    await ada.page.locator("input[data-field=message]").set_input_files(STILL)
    await ada.page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(['x'], 'paste.txt', { type: 'text/plain' }));
            document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
        }"""
    )
    (tmp_path / "drop.txt").write_text("x")
    await ada.drops(tmp_path / "drop.txt")
    await expect(ada.page.locator(".tray li")).to_have_count(3)
    await ada.page.get_by_role("button", name="Take out paste.txt").click()
    await ada.says("two files")
    await expect(ada.message("two files").locator(".picture img")).to_be_visible()
    await expect(ada.message("two files").get_by_role("link", name="drop.txt")).to_be_visible()
    await ada.page.locator(".picture").click()
    await expect(ada.page.get_by_role("dialog", name="Picture")).to_be_visible()
    await ada.page.keyboard.press("Escape")
    await expect(ada.page.get_by_role("dialog", name="Picture")).to_have_count(0)


async def test_markdown_becomes_elements_and_nothing_else_does(classroom, channel, visit) -> None:
    room = channel(classroom)
    words(classroom, room)
    ada = await visit(classroom, room=room)
    body = ada.messages.first
    await ada.message("Storyboard").hover()
    await ada.message("Storyboard").get_by_role("button", name="Reply").click()
    await expect(ada.page.locator(".replying")).to_contain_text("The ending: ▇▇▇")
    for selector in (
        "strong",
        "em",
        "s",
        "u",
        "blockquote",
        "ul ul li",
        "ol li",
        "pre",
        "code.inline",
        "small",
        "a.link",
    ):
        await expect(body.locator(selector).first).to_be_visible()
    await expect(body.get_by_role("heading", name="Storyboard review")).to_be_visible()
    await body.get_by_role("button", name="Spoiler").click()
    await expect(body.get_by_text("the keeper was the sea")).to_be_visible()


async def test_moments_tick_by_the_sandbox_clock(classroom, channel, visit) -> None:
    room = channel(classroom)
    post(classroom, room, {"content": f"due <t:{int(classroom.clock.now()) + 7200 + 30}:R>"})
    ada = await visit(classroom, room=room)
    await expect(ada.messages.first).to_contain_text("due in 2 hours")
    panel = await ada.bench("Clock")
    await panel.get_by_role("button", name="1 hour").click()
    await expect(ada.messages.first).to_contain_text("due in 1 hour")
    await panel.get_by_role("button", name="1 day").click()
    await expect(ada.messages.first).to_contain_text("due 23 hours ago")


async def test_hostile_texts_stay_texts(classroom, channel, visit) -> None:
    room = channel(classroom)
    hostile(classroom, room)
    ada = await visit(classroom, viewport={"width": 360, "height": 740})
    await ada.goes_through_the_menu_to(room)
    await expect(ada.page.get_by_text(HOSTILE[0][:30]).first).to_be_visible()
    found = await ada.page.evaluate(
        """() => ({
            title: document.title,
            scripts: document.querySelectorAll('.log script, .log iframe, .log [onerror], .log [onload]').length,
            links: [...document.querySelectorAll('.log a[href]')].map(a => a.protocol)
                .filter(p => !/^https?:$/.test(p)),
            wide: [document.documentElement, document.querySelector('.log'), ...document.querySelectorAll('.message')]
                .filter(one => {
                    one.style.contentVisibility = 'visible';
                    return one.scrollWidth > one.clientWidth;
                }).map(one => one.textContent.slice(0, 60)),
        })"""
    )
    assert found["title"] != "owned"
    assert found == {"title": found["title"], "scripts": 0, "links": [], "wide": []}


async def test_components_of_both_generations_are_shown(classroom, channel, visit) -> None:
    room = channel(classroom)
    embed(classroom, room)
    asked = rows(classroom, room)
    layout(classroom, room, STILL.read_bytes())
    ada = await visit(classroom, room=room)
    await expect(ada.page.locator(".embed .field.inline")).to_have_count(3)
    await expect(ada.page.locator(".embed li").first).to_have_css("list-style-type", "disc")
    await expect(ada.page.get_by_role("link", name="Guide")).to_have_attribute("href", "https://example.org/")
    box = ada.page.locator(".container")
    await expect(box.locator(".section img.thumbnail")).to_be_visible()
    await expect(box.locator(".gallery img")).to_have_attribute("alt", "A lighthouse at dusk")
    await expect(box.locator("hr.separator")).to_have_count(1)
    await expect(box.get_by_role("link", name="rules.txt")).to_be_visible()
    await expect(box.get_by_role("button", name="Enter")).to_be_visible()
    chosen = [{"label": "Calm", "value": "c", "default": True}, {"label": "Stormy", "value": "s"}]
    select = {"type": 3, "custom_id": "stills", "options": chosen}
    classroom.posting.edit(asked, Draft({"components": [{"type": 1, "components": [select]}]}))
    await expect(ada.page.locator(".picker")).to_have_text("Calm")


async def test_a_spoiler_and_a_foreign_picture_are_not_shown_at_once(classroom, channel, visit) -> None:
    room = channel(classroom)
    post(classroom, room, {"content": "guess"}, Upload("end.jpg", STILL.read_bytes(), spoiler=True))
    post(classroom, room, {"embeds": [{"title": "far", "image": {"url": "https://example.org/a.png"}}]})
    ada = await visit(classroom, room=room)
    await expect(ada.page.get_by_text("A picture from elsewhere is not loaded here.")).to_be_visible()
    await ada.message("guess").get_by_role("button", name="Spoiler", exact=True).click()
    await expect(ada.message("guess").locator(".covered")).to_have_count(0)


async def test_threads_and_pins_are_found(classroom, channel, visit) -> None:
    room = channel(classroom)
    message = post(classroom, room, {"content": "start here"})
    message.pinned, message.pinned_at = True, classroom.clock.now()
    message.thread = classroom.world.create_thread(room, "waves", 11, classroom.world.bot, message.id)
    post(classroom, message.thread, {"content": "inside the thread"})
    ada = await visit(classroom, room=room)
    await ada.page.get_by_role("button", name="Pinned messages").click()
    await expect(ada.page.get_by_role("dialog", name="Pinned messages")).to_contain_text("start here")
    await ada.page.keyboard.press("Escape")
    await ada.page.get_by_role("button", name="waves Open the thread").click()
    await expect(ada.message("inside the thread")).to_be_visible()
    await ada.says("me too")
    await expect(ada.message("me too")).to_be_visible()


async def test_a_reload_keeps_who_where_and_what_was_half_written(classroom, channel, visit, tmp_path) -> None:
    room = channel(classroom)
    ada = await visit(classroom, room=room)
    await ada.says("before")
    await ada.message("before").hover()
    await ada.message("before").get_by_role("button", name="Reply").click()
    await ada.page.locator("#composer-text").fill("half a thought")
    (tmp_path / "notes.txt").write_text("not sent")
    picker = ada.page.locator("input[data-field=message]")
    await picker.set_input_files([STILL, tmp_path / "notes.txt"])
    await ada.page.get_by_role("button", name="Take out notes.txt").click()
    await ada.page.reload()
    await expect(ada.page.locator("header.title h2")).to_have_text(room.name)
    await expect(ada.page.locator("#composer-text")).to_have_value("half a thought")
    await expect(ada.page.locator(".me")).to_contain_text(ada.name)
    await expect(ada.message("before")).to_be_visible()
    await expect(ada.page.locator(".tray .file-name")).to_have_text([STILL.name])
    await ada.page.locator("#composer-text").press("Enter")
    await expect(ada.message("half a thought").locator(".picture img")).to_be_visible()
    await expect(ada.message("half a thought").locator(".above")).to_contain_text("before")
    await ada.page.reload()
    await expect(ada.message("half a thought")).to_be_visible()
    await expect(ada.page.locator(".tray")).to_have_count(0)


async def test_the_page_comes_back_when_the_sandbox_is_started_anew(browser) -> None:
    context = await browser.new_context()
    async with Sandbox.open() as first:
        port = int(first.url.rsplit(":", 1)[1])
        ada = await new_page(context, first, "Ada")
        await ada.says("soon forgotten")
        await expect(ada.message("soon forgotten")).to_be_visible()
        await ada.page.locator("#composer-text").fill("half a thought")
    await expect(ada.page.get_by_text("The sandbox is not running.")).to_be_visible()
    async with Sandbox.open(port):
        await expect(ada.page.get_by_text("The sandbox was started anew.")).to_be_visible(timeout=15_000)
        await expect(ada.message("soon forgotten")).to_have_count(0)
        await expect(ada.page.locator("#composer-text")).to_have_value("half a thought")
        await ada.says("still here")
        await expect(ada.message("still here")).to_be_visible()
    await context.close()


async def test_five_hundred_messages_scroll_by_drawing_only_those_in_sight(classroom, channel, visit) -> None:
    room = channel(classroom)
    for number in range(500):
        body = {"content": f"**{number}** " + "words and waves " * (number % 9)}
        if number % 5 == 0:
            body["embeds"] = [{"title": f"Card {number}", "description": "- one\n- two", "color": 0x3355AA}]
        post(classroom, room, body)
    ada = await visit(classroom, room=room)
    await expect(ada.message("499")).to_be_visible()
    await ada.page.evaluate(
        """async () => { const log = document.querySelector('.log');
            while (document.querySelectorAll('.message').length < 500) {
                log.scrollTop = 0; await new Promise(done => setTimeout(done, 50)); } }"""
    )
    await expect(ada.messages).to_have_count(500)
    painted = await ada.page.evaluate(
        """async () => { const log = document.querySelector('.log'); log.scrollTop = log.scrollHeight;
            for (let step = 0; step < 60; step++) { log.scrollTop -= 400; await new Promise(requestAnimationFrame); }
            const drawn = row => row.firstElementChild.checkVisibility({ contentVisibilityAuto: true });
            const skipped = [...document.querySelectorAll('.message')].filter(row => !drawn(row)).length;
            return { skipped }; }"""
    )
    # Work is bounded by what is in sight, whatever the machine's speed: the renderer skips nearly all rows.
    assert painted["skipped"] > 400
