"""Draft clips: their size, direction, smoothness and effects, seen in the frames themselves."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from generation.catalog import load_catalog
from generation.errors import RenderFailed
from generation.guard import remarks_on
from generation.media.encoder import Metadata, encode
from generation.media.frames import decode_frames
from generation.media.motion import MotionWatch
from generation.media.probe import probe
from generation.pipelines.base import Frame, JobCancelled, Remark, Rendering
from generation.pipelines.draft import DraftPipeline
from generation.request import ClipRequest, compose
from generation.stills import crop_to
from tests.motion import has_black_border

ROOT = Path(__file__).parents[2]
OURS = [ROOT / "sandbox" / "stills" / name for name in ("lighthouse.jpg", "sailing.jpg")]
PHOTOS = [
    ROOT.parent / "shared" / "stills" / name for name in ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg")
]
MODEL = load_catalog()["draft"]
WIDTH, HEIGHT = 416, 240


def silent(*_: object) -> None:
    pass


def picture(path: Path) -> Image.Image:
    return Image.open(path).convert("RGB")


def clip_request(prompt: str, size: tuple[int, int], frames: int = 81, seed: int = 11) -> ClipRequest:
    return ClipRequest(
        model=MODEL, task="animate", preset="fast", prompt=prompt, width=size[0], height=size[1], frames=frames,
        seed=seed, still="hash",
    )  # fmt: skip


@cache
def small_still(path: Path) -> Image.Image:
    return crop_to(picture(path), WIDTH, HEIGHT)


def render(prompt: str, path: Path = OURS[0], frames: int = 81, seed: int = 11) -> list[Frame]:
    request = clip_request(prompt, (WIDTH, HEIGHT), frames, seed)
    return list(DraftPipeline().render(request, small_still(path), None, silent).frames)


def motion(before: Frame, after: Frame) -> dict[str, float]:
    """A least-squares similarity fitted to the optical flow, in pixels: how the content moves, grows and turns."""
    one, other = (cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (before, after))
    flow = cv2.calcOpticalFlowFarneback(one, other, None, 0.5, 4, 25, 4, 7, 1.5, 0)
    height, width = one.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    x, y = x - width / 2, y - height / 2
    detail = cv2.GaussianBlur(np.abs(cv2.Laplacian(one, cv2.CV_64F)), (0, 0), 3)
    seen = detail > np.percentile(detail, 50)
    x, y, u, v = x[seen], y[seen], flow[..., 0][seen], flow[..., 1][seen]
    ones, zeros = np.ones_like(x), np.zeros_like(x)
    left = np.vstack([np.column_stack([ones, zeros, x, -y]), np.column_stack([zeros, ones, y, x])])
    right, down, grow, turn = np.linalg.lstsq(left, np.concatenate([u, v]), rcond=None)[0]
    return {
        "right": float(right),
        "down": float(down),
        "grow": float(grow * width / 2),
        "turn": float(turn * width / 2),
    }


EXPECTED = {
    "static shot": {},
    "slow zoom in": {"grow": 1},
    "zoom out": {"grow": -1},
    "pan right": {"right": -1},
    "pan left, gentle wind": {"right": 1},
    "tilt up": {"down": 1},
}


@pytest.mark.parametrize("prompt", EXPECTED)
def test_a_clip_in_the_menus_size_is_what_was_asked(prompt: str, tmp_path: Path) -> None:
    image = picture(OURS[0])
    request = compose(MODEL, prompt=prompt, still="hash", still_size=image.size, seed=3)
    still = crop_to(image, request.width, request.height)
    rendering = DraftPipeline().render(request, still, None, silent)
    clip = tmp_path / "clip.mp4"
    encode(
        rendering.frames, width=request.width, height=request.height, fps=MODEL.fps, path=clip, sound=None,
        metadata=Metadata(), size_limit_bytes=10**7,
    )  # fmt: skip
    facts, frames = probe(clip), list(decode_frames(clip))
    assert (facts.frames, len(frames), facts.fps) == (81, 81, 16)
    assert facts.width / facts.height == pytest.approx(image.width / image.height, rel=0.01)
    assert 10 * np.log10(255**2 / np.mean((frames[0].astype(float) - np.asarray(still)) ** 2)) >= 30
    assert not any(has_black_border(frame) for frame in frames[::10] if not has_black_border(np.asarray(still)))
    halves = [cv2.resize(frames[index], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for index in (36, 44)]
    found = motion(*halves)
    for axis, sign in EXPECTED[prompt].items():
        assert found[axis] * sign > 0.5, found
    if not EXPECTED[prompt]:
        assert max(map(abs, found.values())) < 0.05, found


@pytest.mark.parametrize(
    ("prompt", "axis", "sign"),
    [
        ("zoom in", "grow", 1),
        ("zoom out", "grow", -1),
        ("dolly in", "grow", 1),
        ("dolly out", "grow", -1),
        ("pan right", "right", -1),
        ("pan left", "right", 1),
        ("truck right", "right", -1),
        ("truck left", "right", 1),
        ("tilt up", "down", 1),
        ("tilt down", "down", -1),
        ("crane up", "down", 1),
        ("crane down", "down", -1),
        ("camera rolls clockwise", "turn", -1),
        ("camera rolls counterclockwise", "turn", 1),
    ],
)
@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_every_move_goes_its_way_from_start_to_end(path: Path, prompt: str, axis: str, sign: int) -> None:
    frames = render(prompt, path)
    for start in (14, 36, 58):
        assert motion(frames[start], frames[start + 8])[axis] * sign > 0.3


def test_a_push_in_brings_the_near_ground_nearer_than_the_far() -> None:
    frames = render("dolly in", OURS[1])
    upper, lower = (motion(frames[30][part], frames[42][part])["grow"] for part in (slice(0, 120), slice(120, 240)))
    assert lower > 1.3 * upper


def test_an_orbit_moves_near_and_far_against_each_other() -> None:
    frames = render("orbit right", OURS[1])
    upper, lower = (motion(frames[30][part], frames[42][part])["right"] for part in (slice(0, 80), slice(160, 240)))
    assert lower < upper - 0.5


MOVES = [
    "zoom in",
    "zoom out",
    "fast pan right",
    "tilt up",
    "dolly in",
    "orbit left",
    "roll left",
    "handheld",
    "wind and waves",
]


@pytest.mark.parametrize("prompt", MOVES)
def test_the_first_frame_is_the_still_itself(prompt: str) -> None:
    assert np.array_equal(render(prompt, frames=5)[0], np.asarray(small_still(OURS[0])))


@pytest.mark.parametrize("prompt", [prompt for prompt in MOVES if prompt != "handheld"])
def test_no_move_jumps(prompt: str) -> None:
    frames = [frame.astype(np.int16) for frame in render(prompt)]
    steps = np.array([np.abs(after - before).mean() for before, after in pairwise(frames)])
    assert np.abs(np.diff(steps)).max() < 0.25 * steps.max()
    assert steps[0] < 0.35 * steps.max()


def test_a_slow_pan_does_not_shimmer() -> None:
    """The picture's sharpness must not pulse as it passes through fractions of a pixel."""
    frames = render("slow pan right", OURS[1])[20:60]
    sharp = np.array([np.abs(cv2.Laplacian(frame.astype(np.float32), cv2.CV_32F)).mean() for frame in frames])
    trend = np.polyval(np.polyfit(np.arange(40), sharp, 2), np.arange(40))
    assert np.abs(sharp / trend - 1).max() < 0.015


def test_a_static_clip_never_changes() -> None:
    frames = render("static shot, she smiles")
    assert all(np.array_equal(frame, frames[0]) for frame in frames)


@pytest.mark.parametrize(("prompt", "least"), [("gentle wind", 1), ("water ripples", 2)])
def test_wind_and_water_move_the_middle_but_not_the_edges(prompt: str, least: float) -> None:
    frames = render(prompt, OURS[1] if "water" in prompt else OURS[0])
    still = np.asarray(small_still(OURS[1] if "water" in prompt else OURS[0]))
    changes = np.stack([np.abs(frame.astype(int) - still).mean(axis=2) for frame in frames[16::8]])
    assert changes[:, 130:220, 40:-40].mean() > least
    assert max(changes[:, [0, -1]].max(), changes[:, :, [0, -1]].max()) <= 4


@pytest.mark.parametrize("path", [*OURS, *PHOTOS], ids=lambda path: path.stem)
@pytest.mark.parametrize("prompt", ["gentle wind", "strong wind", "water ripples"])
def test_wind_and_water_are_seen_in_every_picture(path: Path, prompt: str) -> None:
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout")
    watch = MotionWatch(16)
    for frame in render(prompt, path):
        watch.see(frame)
    assert not watch.judge().is_still
    assert remarks_on(watch.judge(), prompt) == ()


def test_wind_moves_gently_and_comes_back() -> None:
    frames = render("the grass sways in the wind")
    flow = [motion(frames[index], frames[index + 1]) for index in range(20, 60, 5)]
    assert max(abs(value) for found in flow for value in found.values()) < 0.5


@pytest.mark.parametrize("prompt", ["handheld", "pan right, gentle wind", "dolly in"])
def test_the_same_request_gives_the_same_frames(prompt: str) -> None:
    one, other = render(prompt, frames=33), render(prompt, frames=33)
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("prompt", ["handheld", "gentle wind"])
def test_another_seed_shakes_and_blows_otherwise(prompt: str) -> None:
    assert not np.array_equal(render(prompt, frames=33, seed=1)[-1], render(prompt, frames=33, seed=2)[-1])


@pytest.mark.parametrize("size", [(240, 416), (320, 320), (832, 208), (208, 832)])
def test_every_shape_is_rendered_whole(size: tuple[int, int]) -> None:
    still = crop_to(picture(OURS[0]), *size)
    frames = list(
        DraftPipeline().render(clip_request("orbit left, handheld, wind", size, 5), still, None, silent).frames
    )
    assert {frame.shape for frame in frames} == {(size[1], size[0], 3)}
    assert {frame.dtype for frame in frames} == {np.dtype(np.uint8)}
    assert len(frames) == 5


def remarks(prompt: str) -> tuple[Remark, ...]:
    return DraftPipeline().render(clip_request(prompt, (WIDTH, HEIGHT)), small_still(OURS[0]), None, silent).remarks


def test_the_remarks_say_what_was_understood_and_what_needs_a_model() -> None:
    assert remarks("slow zoom in, she smiles") == (
        Remark("draft-understood", {"camera": "slow zoom in"}),
        Remark("draft-needs-model", {"asked": "she smiles"}),
    )
    assert remarks("pan left") == (Remark("draft-understood", {"camera": "pan left"}),)
    assert remarks("zoom out")[1:] == (Remark("draft-edges"),)


def test_a_prompt_without_camera_words_says_that_a_default_was_chosen() -> None:
    assert remarks("she smiles")[0] == Remark("draft-default", {"camera": "slow dolly in"})


def test_the_camera_chosen_beside_the_prompt_counts() -> None:
    request = compose(MODEL, prompt="she smiles", camera="tilt down", still="h", still_size=(832, 480), seed=1)
    still = crop_to(picture(OURS[0]), request.width, request.height)
    assert DraftPipeline().render(request, still, None, silent).remarks[0].details == {"camera": "tilt down"}


def test_progress_tells_every_frame_and_shows_a_quarter_size_preview_now_and_then() -> None:
    calls: list[tuple[object, ...]] = []
    request = clip_request("zoom in", (WIDTH, HEIGHT), 41)
    frames = DraftPipeline().render(request, small_still(OURS[0]), None, lambda *call: calls.append(call)).frames
    assert len(list(frames)) == 41
    assert [call[:3] for call in calls] == [("decode", done, 41) for done in range(1, 42)]
    previews = {call[1]: call[3].shape for call in calls if call[3] is not None}
    assert previews == dict.fromkeys((1, 21, 41), (HEIGHT // 4, WIDTH // 4, 3))


def test_a_cancelled_job_stops_at_the_next_frame() -> None:
    def cancel(stage: str, done: int, total: int, preview: Frame | None = None) -> None:
        if done == 5:
            raise JobCancelled

    rendering: Rendering = DraftPipeline().render(
        clip_request("zoom in", (WIDTH, HEIGHT)), small_still(OURS[0]), None, cancel
    )
    frames: Iterator[Frame] = rendering.frames
    with pytest.raises(JobCancelled):
        list(frames)


@pytest.mark.parametrize("still", [None, Image.new("RGB", (100, 100)), Image.new("L", (WIDTH, HEIGHT))])
def test_a_still_that_was_not_prepared_is_refused(still: Image.Image | None) -> None:
    with pytest.raises(RenderFailed) as caught:
        DraftPipeline().render(clip_request("zoom in", (WIDTH, HEIGHT)), still, None, silent)
    assert caught.value.fault == "internal"
