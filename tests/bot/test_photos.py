"""Real photographs through the real client: every still with six prompts, looked at as a person would look at it."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from classroom import StartBot
from PIL import Image

from crashtest.bot import SMALL, small_menu
from generation.media.frames import decode_frames
from generation.media.probe import probe
from generation.stills import crop_to, prepare_still
from sandbox.files import Upload
from sandbox.messages import Message
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.motion import Motion, has_black_border, motion_of, psnr

ROOT = Path(__file__).parents[2]
OWN = sorted((ROOT / "sandbox" / "stills").glob("*.jpg"))
PHOTOS = [
    ROOT.parent / "shared" / "stills" / name for name in ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg")
]

PROMPTS: dict[str, Callable[[Motion], bool]] = {
    "static camera": lambda seen: max(abs(seen.right), abs(seen.down)) < 1 and abs(seen.growth) < 0.01,
    "slow zoom in": lambda seen: seen.growth > 0.03,
    "zoom out": lambda seen: seen.growth < -0.03,
    # The camera turns, so the picture's content goes the other way.
    "pan left": lambda seen: seen.right > 5 and abs(seen.down) < 3,
    "pan right": lambda seen: seen.right < -5 and abs(seen.down) < 3,
    "tilt up": lambda seen: seen.down > 5 and abs(seen.right) < 3,
}


SHAPES = ["still", SMALL, SMALL, SMALL, SMALL, SMALL]
"""Of the six clips of a photo: the first one as the menu has it, the others a quarter of its size."""


@pytest.mark.parametrize("photo", OWN + PHOTOS, ids=lambda photo: photo.stem)
async def test_every_prompt_moves_the_photo_as_it_says(
    start_bot: StartBot, sandbox: Sandbox, ada: Person, photo: Path, tmp_path: Path
) -> None:
    if not photo.exists():
        pytest.skip(f"{photo.name} is not beside this checkout")
    still = Upload(photo.name, photo.read_bytes())
    png = prepare_still(photo.read_bytes()).png
    sandbox.limits.enabled = False  # six clips in one channel would wait for each other, which other tests look at
    prices = 0
    async with start_bot(catalog=small_menu(tmp_path / "menu.toml", 416, 240)) as house:
        for number, ((prompt, moves), shape) in enumerate(zip(PROMPTS.items(), SHAPES, strict=True), 1):
            await ada.command("animate", {"still": still, "prompt": prompt, "shape": shape})
            clip = tmp_path / f"{number}.mp4"
            message = await ada.waits_for(_clip_number(number), timeout_seconds=60)
            clip.write_bytes(await ada.download(message.attachments[0]))
            _check_container(clip, photo)
            frames, prepared = list(decode_frames(clip)), _prepared(png, clip)
            assert psnr(frames[0], prepared) >= 30
            assert has_black_border(prepared) or not any(has_black_border(frame) for frame in frames[::10])
            seen = motion_of(frames)
            assert moves(seen), (prompt, seen)
            prices += (await house.orders.job(number)).price_credits
        balance = await house.accounts.balance(sandbox.guild.id, ada.id)
        assert (400 - prices, 0) == (balance.available, balance.held)


def _clip_number(number: int) -> Callable[[Message], bool]:
    return lambda message: any(a.filename == f"stillmotion-{number}.mp4" for a in message.attachments)


def _prepared(png: bytes, clip: Path) -> np.ndarray:
    facts = probe(clip)
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(crop_to(image, facts.width, facts.height))


def _check_container(clip: Path, photo: Path) -> None:
    facts = probe(clip)
    with Image.open(photo) as image:
        assert facts.width / facts.height == pytest.approx(image.width / image.height, rel=0.01)
    assert (81, 16) == (facts.frames, facts.fps)
    assert "avc1" == facts.codec  # H.264
    assert facts.pixel_format == "yuv420p"
    assert facts.faststart
    assert {"bt709"} == set(facts.colours[:3])
    assert 0 == facts.width % 2 == facts.height % 2
