"""Which camera move and which effects a motion prompt is read as."""

import subprocess
import sys

import pytest

from generation.camera.plan import DEFAULT_MOVE, MotionPlan, Move, Nature
from generation.camera.reading import QUOTE_LIMIT, read_prompt


@pytest.mark.parametrize(
    ("prompt", "understood"),
    [
        ("zoom in", "zoom in"),
        ("Zoom out slowly.", "slow zoom out"),
        ("Zoom slowly out from the lighthouse", "slow zoom out"),
        ("quick zoom-in on the face", "fast zoom in"),
        ("zoom in, very slowly", "slow zoom in"),
        ("pan right", "pan right"),
        ("panning left", "pan left"),
        ("camera pans to the right", "pan right"),
        ("Please pan the camera slowly to the left", "slow pan left"),
        ("pan from left to right", "pan right"),
        ("fast right pan", "fast pan right"),
        ("the camera turns left", "pan left"),
        ("tilt up", "tilt up"),
        ("tilt the camera down", "tilt down"),
        ("pan up", "tilt up"),
        ("the camera slowly pushes in", "slow dolly in"),
        ("push-in", "dolly in"),
        ("dolly forward", "dolly in"),
        ("the camera pulls back gently", "slow dolly out"),
        ("camera moves forward", "dolly in"),
        ("truck left", "truck left"),
        ("tracking right", "truck right"),
        ("crane up over the trees", "crane up"),
        ("The camera rolls clockwise", "roll clockwise"),
        ("rotate the camera counter-clockwise", "roll counterclockwise"),
        ("camera orbits around the lighthouse", "orbit right"),
        ("orbit the lighthouse slowly", "slow orbit right"),
        ("hand-held documentary style", "handheld"),
        ("camera shake", "handheld"),
        ("static shot", "static"),
        ("no camera movement", "static"),
        ("the camera does not move", "static"),
        ("the camera stays perfectly still", "static"),
        ("don't zoom", "static"),
        ("no zoom, no pan", "static"),
        ("no pan or tilt", "static"),
        ("not too fast zoom in", "slow zoom in"),
        ("zoom in, handheld", "zoom in, handheld"),
        ("pan left and then right", "pan left, then pan right"),
        ("zoom in and out", "zoom in, then zoom out"),
        ("static shot, then a fast zoom in", "static, then fast zoom in"),
        ("tilt down then pan right and zoom out", "tilt down, then pan right, zoom out"),
        ("slow zoom in, gentle wind", "slow zoom in, gentle wind"),
        ("static shot, her hair blows in the wind", "static, wind"),
        ("gentle waves", "static, gentle ripples"),
        ("the waves roll in", "static, ripples"),
        ("golden wheat sways in a strong breeze", "static, strong wind"),
        ("zoom in, no wind", "zoom in"),
        ("pan right over calm water", "pan right"),
        ("leaves rustle and water ripples", "static, wind, ripples"),
        ("do not move anything", "static"),
        ("keep everything still", "static"),
        ("don't animate", "static"),
        ("nobody moves", "static"),
        ("freeze", "static"),
        ("zoom in not out", "zoom in"),
        ("pan left not right", "pan left"),
        ("zoom in not fast", "slow zoom in"),
        ("pan: left", "pan left"),
        ("slow pan: to the left", "slow pan left"),
        ("zoom, out", "zoom out"),
        ("super quick pan left", "fast pan left"),
        ("slow pan across the skyline from left to right", "slow pan right"),
        ("zoom in zoom out zoom in", "zoom in, then zoom out, then zoom in"),
        ("pan left and pan right", "pan left, then pan right"),
        ("stop zooming", "static"),
        ("zoom in, then stop", "zoom in, then static"),
        ("zoom in and stop", "zoom in, then static"),
        ("the camera pans left and comes to a stop", "pan left, then static"),
        ("don't stop zooming in", "zoom in"),
        ("the camera never stops moving forward", "dolly in"),
        ("pan right to the stop light", "pan right"),
        ("zoom in closer to her face", "zoom in"),
        ("the camera moves closer and closer", "dolly in"),
        ("rotate 90 degrees", "roll clockwise"),
        ("get closer to the cat", "dolly in"),
        ("slow push", "slow dolly in"),
        ("pan rigth", "pan right"),
    ],
)
def test_a_prompt_is_understood_whole(prompt: str, understood: str) -> None:
    plan = read_prompt(prompt)
    assert str(plan) == understood
    assert plan.leftover == ()
    assert not plan.is_default


@pytest.mark.parametrize(
    ("prompt", "understood", "leftover"),
    [
        ("slow zoom in, she smiles", "slow zoom in", ("she smiles",)),
        ("She smiles and waves as the camera slowly pushes in", "slow dolly in", ("She smiles and waves",)),
        ("zoom in she smiles", "zoom in", ("she smiles",)),
        ("The boat rocks on the waves", "static, ripples", ("The boat rocks on the waves",)),
        ("leaves falling to the ground", "static, wind", ("leaves falling to the ground",)),
        ("zoom in, the dog runs in slow motion", "zoom in", ("the dog runs in slow motion",)),
        ("beautiful sunset slow pan left", "slow pan left", ("beautiful sunset",)),
        ("a girl smiles pan right", "pan right", ("a girl smiles",)),
        ("woman smiling and pan right", "pan right", ("woman smiling",)),
        ("close-up pan right", "pan right", ("close-up",)),
        ("4k pan left", "pan left", ("4k",)),
        ("a castle slow tilt up", "slow tilt up", ("a castle",)),
        ("a castle slow push in", "slow dolly in", ("a castle",)),
        ("zoom in no people", "zoom in", ("no people",)),
        ("static, she blinks; pan right, he nods", "pan right", ("she blinks", "he nods")),
        ("the curtain comes down", "static, wind", ("the curtain comes down",)),
    ],
)
def test_what_only_a_model_can_do_is_quoted(prompt: str, understood: str, leftover: tuple[str, ...]) -> None:
    plan = read_prompt(prompt)
    assert (str(plan), plan.leftover, plan.is_default) == (understood, leftover, False)


@pytest.mark.parametrize(
    "prompt",
    [
        "she tilts her head up",
        "the ball rolls left",
        "she turns left",
        "she looks at the camera and turns left",
        "She leaves the room",
        "the man waves",
        "the cat blinks, its ears twitch",
        "langsam heranzoomen",
        "camera follows her",
        "he moves the pan left",
        "frying pan left on the stove",
        "her head tilts up",
        "she turns left not right",
        "he freezes at the door",
        "she gives him a gentle push into the room",
        "she comes closer",
        "dolly zoom",
        "猫が走る",
    ],
)
def test_a_subject_that_moves_is_no_camera_move(prompt: str) -> None:
    plan = read_prompt(prompt)
    assert plan.is_default
    assert plan.moves == (DEFAULT_MOVE,)
    assert plan.leftover == (prompt,)


@pytest.mark.parametrize("prompt", ["", "   ", "...", "a beautiful cinematic video"])
def test_a_prompt_that_says_nothing_gets_the_default_move(prompt: str) -> None:
    assert read_prompt(prompt) == MotionPlan((DEFAULT_MOVE,), is_default=True)


@pytest.mark.parametrize(
    ("prompt", "is_held"),
    [
        ("static camera", True),
        ("static, she smiles", True),
        ("no camera movement, she smiles", True),
        ("the camera stays perfectly still", True),
        ("static, then zoom in", True),
        ("no zoom", False),
        ("she smiles, no movement", False),
        ("a motionless cat", False),
        ("slow zoom in", False),
    ],
)
def test_it_is_known_whether_the_camera_itself_is_to_stand_still(prompt: str, is_held: bool) -> None:
    assert is_held == read_prompt(prompt).is_held


def test_speed_belongs_to_its_own_phrase() -> None:
    plan = read_prompt("fast pan left, gentle wind")
    assert plan.moves == (Move("pan", "left", "fast"),)
    assert plan.nature == (Nature("wind", "slow"),)


def test_a_camera_chosen_from_the_menu_joins_the_prompt() -> None:
    plan = read_prompt("pan right, the dog barks")
    assert (str(plan), plan.leftover) == ("pan right", ("the dog barks",))


def test_a_long_phrase_is_quoted_short() -> None:
    (quote,) = read_prompt("the dog " + "runs far away through the field " * 20).leftover
    assert len(quote) <= QUOTE_LIMIT
    assert quote.endswith("…")


def test_any_text_is_read_in_reasonable_time() -> None:
    assert read_prompt("zoom pan tilt and then camera " * 33).moves


def test_reading_a_prompt_loads_nothing_heavy() -> None:
    check = (
        "import sys, generation.camera.reading; print(sorted({'cv2', 'numpy', 'PIL', 'torch'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True).stdout == "[]\n"
