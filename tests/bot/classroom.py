"""What the tests of the conversation share: a picture to animate, and how to wait for its clip."""

import asyncio
import contextlib
import io
import struct
import zlib
from collections.abc import Callable

import psutil
import pytest
from PIL import Image, ImageDraw

from bot.house import House
from generation.updates import Update
from sandbox.messages import Message
from sandbox.person import Person, Upload
from storage.jobs import Job
from tests.rendering import worker_of

StartBot = Callable[..., contextlib.AbstractAsyncContextManager[House]]

QUICK = {"prompt": "slow zoom in", "shape": "square", "seconds": 1}
"""A wish that takes a second to render."""


async def clip_of(person: Person, timeout_seconds: float = 60) -> Message:
    """The first message with a clip that the person sees."""
    return await person.waits_for(lambda message: bool(clips_in(message)), timeout_seconds=timeout_seconds)


def clips_in(message: Message) -> list[str]:
    """Names of the clips that a message carries."""
    return [attachment.filename for attachment in message.attachments if attachment.filename.endswith(".mp4")]


async def rendering(house: House, attempt: int = 1) -> None:
    """Wait until a frame of any clip was made, by this attempt or a later one."""
    moving = asyncio.Event()

    def listen(update: Update) -> None:
        if update.progress is not None and update.progress.done > 3 and update.job.attempts >= attempt:
            moving.set()

    house.dispatcher.listen(listen)
    await asyncio.wait_for(moving.wait(), 30)


async def reached(house: House, state: str, job_id: int = 1, timeout_seconds: float = 30) -> Job:
    """The job once it exists and is in that state."""
    async with asyncio.timeout(timeout_seconds):
        while True:
            with contextlib.suppress(LookupError):
                if (job := await house.orders.job(job_id)).state == state:
                    return job
            await asyncio.sleep(0.02)


async def told(house: House, job_id: int = 1, timeout_seconds: float = 60) -> Job:
    """The job once its person knows how it ended, and that is noted."""
    async with asyncio.timeout(timeout_seconds):
        while True:
            with contextlib.suppress(LookupError):
                if (job := await house.orders.job(job_id)).delivery in ("posted", "abandoned"):
                    return job
            await asyncio.sleep(0.02)


async def worker_process(house: House) -> psutil.Process:
    """The process of the house's first worker, once it runs; of no process at all psutil would give ours."""
    async with asyncio.timeout(30):
        while (pid := house.workers[0].pid) is None:
            await asyncio.sleep(0.02)
    return psutil.Process(pid)


async def held_back(house: House, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Deliveries wait until the event is set; the render goes on."""
    may_post, begin = asyncio.Event(), house.deliveries.begin_posting

    async def wait(job_id: int) -> None:
        await may_post.wait()
        await begin(job_id)

    monkeypatch.setattr(house.deliveries, "begin_posting", wait)
    return may_post


def picture(width: int = 960, height: int = 640, kind: str = "PNG") -> Upload:
    """A bright, sharp still with enough texture to follow."""
    image = Image.new("RGB", (width, height), (120, 170, 220))
    draw = ImageDraw.Draw(image)
    for index in range(0, width, 40):
        draw.rectangle((index, (index * 7) % height, index + 24, (index * 7) % height + 60), fill=(index % 255, 90, 60))
    target = io.BytesIO()
    image.save(target, kind)
    return Upload(f"still.{kind.lower()}", target.getvalue(), content_type=f"image/{kind.lower()}")


def bomb() -> Upload:
    """A small file that says it holds 400 megapixels."""
    data = bytearray(picture(64, 64).data)
    data[16:24] = struct.pack(">II", 20_000, 20_000)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return Upload("bomb.png", bytes(data), content_type="image/png")


def broken() -> Upload:
    """A picture whose middle was overwritten."""
    data = bytearray(picture().data)
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(40)
    return Upload("broken.png", bytes(data), content_type="image/png")


BotProcess = Callable[..., contextlib.AbstractAsyncContextManager[asyncio.subprocess.Process]]
"""Opens the bot as a process of its own against the sandbox, on the test's data folder."""


async def frozen_in_a_render(process: asyncio.subprocess.Process, person: Person) -> psutil.Process:
    """The bot's worker, frozen while it renders: however fast the machine is, the clip is not finished."""
    await person.waits_for(lambda m: "Getting ready" in m.content or "frame" in m.content, timeout_seconds=30)
    worker = await worker_of(psutil.Process(process.pid))
    worker.suspend()
    return worker
