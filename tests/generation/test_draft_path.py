"""The camera's paths: inside the picture, eased, and as far as the words say."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generation.camera.plan import MotionPlan, Move
from generation.camera.reading import read_prompt
from generation.pipelines.draft.path import ORBIT_PIVOT, CameraPath, camera_path, ease

MOVES = [
    "static", "zoom in", "zoom out", "pan left", "pan right", "tilt up", "tilt down", "dolly in", "dolly out",
    "truck left", "crane up", "roll left", "roll right", "orbit left", "orbit right", "handheld",
]  # fmt: skip


def path_of(prompt: str, frames: int = 81, aspect: float = 832 / 480, seed: int = 5) -> CameraPath:
    return camera_path(read_prompt(prompt), frames, 16, aspect, seed)


def overreach(path: CameraPath, aspect: float) -> float:
    """How far the corners of any frame look past the picture's edge, in half sides, at any depth."""
    worst = -1.0
    for x in (-1, 1):
        for y in (-1, 1):
            reach = (1 + 0.5 * np.maximum(path.push, 0) + np.abs(path.keystone)) / path.scale
            across = (x * np.cos(path.roll) - y * np.sin(path.roll) / aspect) * reach
            down = (x * np.sin(path.roll) * aspect + y * np.cos(path.roll)) * reach
            across = np.abs(across + 2 * path.shift_x) + 2 * np.abs(path.slide_x) * ORBIT_PIVOT
            down = np.abs(down + 2 * path.shift_y) + 2 * np.abs(path.slide_y) * ORBIT_PIVOT
            worst = max(worst, float(np.maximum(across, down).max()) - 1)
    return worst


@settings(max_examples=60)
@example(moves=[Move("pan", "right", "fast")] * 4, frames=241, aspect=1.0, seed=0)
@given(
    moves=st.lists(
        st.builds(
            Move,
            st.sampled_from(["zoom", "dolly", "pan", "tilt", "truck", "crane", "roll", "orbit", "handheld"]),
            st.sampled_from(["in", "out", "left", "right", "up", "down", "clockwise", "counterclockwise"]),
            st.sampled_from(["slow", "normal", "fast"]),
            st.integers(0, 2),
        ),
        max_size=4,
    ),
    frames=st.integers(2, 241),
    aspect=st.floats(0.25, 4.0),
    seed=st.integers(0, 2**31 - 1),
)
def test_no_path_leaves_the_picture(moves: list[Move], frames: int, aspect: float, seed: int) -> None:
    plan = MotionPlan(tuple(moves), phases=1 + max((move.phase for move in moves), default=0))
    path = camera_path(plan, frames, 16, aspect, seed)
    assert overreach(path, aspect) < 1e-9
    assert path.scale.min() >= 1
    assert 0 <= path.widen.min() <= path.widen.max() <= 0.2


def test_the_same_move_asked_for_in_every_speed_still_shows_the_picture() -> None:
    path = path_of("pan right, slow pan right, fast pan right", frames=241)

    assert 0.3 < path.shift_x[-1] < 0.4
    assert 1 < path.scale.max() < 4


@pytest.mark.parametrize("prompt", MOVES)
def test_every_path_begins_at_the_still(prompt: str) -> None:
    path = path_of(prompt)
    assert path.scale[0] == pytest.approx(1, abs=1e-12)
    for name in ("shift_x", "shift_y", "roll", "push", "slide_x", "slide_y", "keystone", "widen"):
        assert getattr(path, name)[0] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("prompt", MOVES)
def test_no_path_jumps(prompt: str) -> None:
    path = path_of(prompt + ", fast")
    for name in ("scale", "shift_x", "shift_y", "roll", "push", "slide_x", "keystone", "widen"):
        curve = getattr(path, name)
        assert np.abs(np.diff(curve)).max() < 0.03
        assert np.abs(np.diff(curve, 2)).max() < 0.01


def test_a_static_prompt_is_truly_still() -> None:
    assert path_of("static shot").is_still
    assert not path_of("zoom in").is_still


def test_speed_words_order_the_distances() -> None:
    ends = [path_of(f"{speed} zoom in").scale[-1] for speed in ("slow", "", "fast")]
    assert ends == sorted(ends)
    assert ends[0] < ends[1] < ends[2]


def test_a_longer_clip_goes_further_at_the_same_speed() -> None:
    short, long = path_of("pan right", 33).shift_x[-1], path_of("pan right", 65).shift_x[-1]
    assert 1.8 < long / short < 2.2


def test_phases_follow_each_other() -> None:
    path = path_of("pan left, then tilt up")
    assert path.shift_y[:40].max() == 0
    assert path.shift_x[-1] == pytest.approx(path.shift_x[41], abs=1e-9)
    assert path.shift_y[-1] < -0.02


def test_a_static_phase_holds_before_the_move() -> None:
    path = path_of("static shot, then zoom in")
    assert path.scale[:40].max() == 1
    assert path.scale[-1] > 1.05


def test_a_hand_shakes_without_pulsing() -> None:
    scale = path_of("handheld").scale
    assert np.ptp(scale[17:]) == 0
    assert np.abs(np.diff(scale)).max() < 0.006


def test_a_hand_shakes_by_the_seed_alone() -> None:
    one, same, other = path_of("handheld", seed=1), path_of("handheld", seed=1), path_of("handheld", seed=2)
    assert np.array_equal(one.shift_x, same.shift_x)
    assert not np.array_equal(one.shift_x, other.shift_x)


def test_easing_starts_and_stops_at_rest() -> None:
    steps = np.diff(ease(np.linspace(0, 1, 101)))
    assert (steps >= 0).all()
    assert max(steps[0], steps[-1]) < 0.05 * steps.max()
    assert ease(np.array([-1.0, 0.0, 1.0, 2.0])).tolist() == [0, 0, 1, 1]
