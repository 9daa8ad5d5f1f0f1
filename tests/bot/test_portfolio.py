"""/portfolio: a zip with a page that plays in a browser, straight from a file."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from classroom import QUICK, told
from playwright.async_api import Page

from bot.house import House
from bot.portfolio import CLIP_OVERHEAD_BYTES, PAGE_BYTES, in_parts
from sandbox.person import Person, Upload
from sandbox.server import Sandbox
from storage.jobs import Job
from tests.browsing import browser_or_skip

HOSTILE = "slow zoom in </p><script>document.title='broken'</script> “ü” & \"quotes\""


@pytest.fixture
async def page() -> object:
    async with browser_or_skip() as browser:
        yield await browser.new_page(viewport={"width": 360, "height": 740}, color_scheme="dark")


async def unpacked(person: Person, folder: Path, page: int = 1) -> tuple[str, Path]:
    """What the answer says, and where the page is."""
    answer = await (await person.command("portfolio", {"page": page})).finished()
    assert answer is not None
    assert answer.ephemeral
    [attachment] = answer.attachments
    with zipfile.ZipFile(io.BytesIO(await person.download(attachment))) as packed:
        assert packed.testzip() is None
        packed.extractall(folder)
    return answer.content, folder / "portfolio" / "index.html"


async def test_the_page_plays_from_a_file_and_says_what_each_clip_is(
    house: House, ada: Person, still: Upload, tmp_path: Path, page: Page
) -> None:
    for number, prompt in enumerate((HOSTILE, "pan left"), 1):
        await ada.command("animate", {"still": still, **QUICK, "prompt": prompt, "seed": 40 + number})
        await told(house, number)
    said, index = await unpacked(ada, tmp_path)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    await page.goto(index.as_uri())
    videos = page.locator("video")

    assert "your 2 clips" in said
    assert "Clips by Ada" == await page.title()
    assert ["pan left", HOSTILE] == await page.locator(".prompt").all_inner_texts()
    assert f"Animated still, 1.1 seconds: {HOSTILE}" == await videos.nth(1).get_attribute("aria-label")
    for number in (0, 1):
        await videos.nth(number).evaluate("video => video.play()")
        await page.wait_for_function(
            "n => { const v = document.querySelectorAll('video')[n]; return v.currentTime > 0.2 && v.videoWidth }",
            arg=number,
        )
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.locator("summary").first.click()
    assert "42" in await page.locator("dl").first.inner_text()
    assert all(url.startswith("file://") for url in requests)
    assert {"1.json", "2.json"} == {path.name for path in (index.parent / "recipes").iterdir()}
    await page.screenshot(path=str(tmp_path / "portfolio.png"), full_page=True)


async def test_what_does_not_fit_comes_in_a_second_part_and_is_said(
    house: House, sandbox: Sandbox, ada: Person, ben: Person, still: Upload, tmp_path: Path
) -> None:
    for number in (1, 2):
        await ada.command("animate", {"still": still, **QUICK, "seconds": 0.5, "seed": number})
        await told(house, number)
    largest = max([(await house.orders.job(number)).clip_bytes or 0 for number in (1, 2)])
    sandbox.set_upload_limit(PAGE_BYTES + CLIP_OVERHEAD_BYTES + largest + 1000)
    first, index = await unpacked(ada, tmp_path / "1")
    second, other = await unpacked(ada, tmp_path / "2", page=2)
    beyond = await (await ada.command("portfolio", {"page": 3})).finished()
    nothing = await (await ben.command("portfolio")).finished()

    assert "Part 1 of 2: 1 clip" in first
    assert "/portfolio page:2" in first
    assert "page:3" not in second
    assert ["stillmotion-2.mp4"] == [path.name for path in (index.parent / "clips").iterdir()]
    assert ["stillmotion-1.mp4"] == [path.name for path in (other.parent / "clips").iterdir()]
    assert beyond is not None
    assert "There are 2 parts" in beyond.content
    assert nothing is not None
    assert "no clips here" in nothing.content
    assert [] == list((tmp_path / "data" / "files" / "incoming").glob("*.zip"))


async def test_clips_whose_files_are_lost_are_said_to_be_lost_and_not_to_be_too_large(
    house: House, ada: Person, still: Upload
) -> None:
    await ada.command("animate", {"still": still, **QUICK, "seconds": 0.5})
    await told(house)
    house.blobs.delete((await house.orders.job(1)).clip or "")
    answer = await (await ada.command("portfolio")).finished()

    assert answer is not None
    assert "The file of your clip is no longer there" in answer.content


def test_parts_keep_the_order_stay_within_the_limit_and_name_what_fits_nowhere() -> None:
    sizes = [500_000, 400_000, 2_000_000, 900_000, 10]
    jobs = [replace(A_JOB, id=number, clip_bytes=size) for number, size in enumerate(sizes)]
    parts, too_large = in_parts(jobs, 1_100_000)

    assert [[0, 1], [3, 4]] == [[job.id for job in part] for part in parts]
    assert [2] == [job.id for job in too_large]
    assert ([], []) == in_parts([], 1_100_000)


A_JOB = Job(
    id=1, key="k", hold_id=1, pool_id=None, guild_id=1, channel_id=1, user_id=1, interaction_id=None, locale="en-US",
    model_id="draft", recipe={}, price_credits=1, size_limit_bytes=1, state="succeeded", attempts=1, worker="w",
    created_at=1.0, started_at=1.0, finished_at=1.0, clip="c", clip_bytes=1, render_seconds=1.0, remarks=[],
    fault=None, cause=None, approval=None,
    status_message_id=None, delivery="posted", delivery_at=1.0, message_id=1, delivery_cause=None, lane="class",
    load_seconds=0.0, visibility="shown", strip=None,
)  # fmt: skip
