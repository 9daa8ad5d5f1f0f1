"""A request is valid by construction: sizes, lengths, seeds and what is refused."""

import dataclasses
import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from generation.catalog import Shape, load_catalog
from generation.errors import RequestError
from generation.pricing import price_credits
from generation.request import ASPECT_LIMIT, PROMPT_LIMIT, SEED_LIMIT, ClipRequest, compose, fit_size

CATALOG = load_catalog()
DRAFT = CATALOG["draft"]
STILL = "0" * 64 + ".png"
SHAPE = Shape(id="still", width=832, height=480, keeps_aspect=True)
SIDES = st.integers(min_value=64, max_value=12000)


def composed(**wishes: object) -> ClipRequest:
    return compose(DRAFT, **({"prompt": "slow zoom in", "still": STILL, "still_size": (1280, 720)} | wishes))  # type: ignore[arg-type]


def test_defaults_come_from_the_menu() -> None:
    request = composed()

    assert (81, 16, "fast") == (request.frames, request.model.fps, request.preset)
    assert request.duration_seconds == pytest.approx(81 / 16)


@given(SIDES, SIDES)
def test_a_still_keeps_its_aspect_within_one_percent(width: int, height: int) -> None:
    assume(max(width, height) <= ASPECT_LIMIT * min(width, height))
    fitted = fit_size(SHAPE, (width, height), DRAFT.side_step)

    assert fitted[0] / fitted[1] == pytest.approx(width / height, rel=0.01)
    assert fitted[0] * fitted[1] == pytest.approx(SHAPE.width * SHAPE.height, rel=0.6)


@given(SIDES, SIDES, st.sampled_from([16, 32, 64]))
def test_every_fitted_size_is_on_the_grid(width: int, height: int, step: int) -> None:
    assume(max(width, height) <= ASPECT_LIMIT * min(width, height))

    assert (0, 0) == tuple(side % step for side in fit_size(SHAPE, (width, height), step))


@given(SIDES, SIDES)
def test_a_still_is_cropped_by_less_than_a_snap_step(width: int, height: int) -> None:
    assume(max(width, height) <= ASPECT_LIMIT * min(width, height))
    step = DRAFT.side_step
    fitted = fit_size(SHAPE, (width, height), step)
    scale = max(fitted[0] / width, fitted[1] / height)
    assert width * scale - fitted[0] < step
    assert height * scale - fitted[1] < step


@given(st.floats(min_value=0.3, max_value=DRAFT.frames.max / DRAFT.fps))
def test_a_length_is_snapped_to_the_frame_rule(seconds: float) -> None:
    request = composed(seconds=seconds)

    assert 1 == request.frames % DRAFT.frames.step
    assert abs(request.frames - seconds * DRAFT.fps) <= DRAFT.frames.step


def test_a_chosen_shape_wins_over_the_still() -> None:
    request = composed(shape_id="square")

    assert (640, 640) == (request.width, request.height)


def test_a_seed_is_drawn_when_none_is_given() -> None:
    assert len({composed().seed for _ in range(5)}) > 1
    assert 0 == composed(seed=0).seed


def test_white_space_of_a_prompt_is_folded() -> None:
    assert "slow zoom in" == composed(prompt="  slow \n zoom\tin ").prompt


@pytest.mark.parametrize(
    ("wishes", "fault"),
    [
        ({"prompt": " \n "}, "prompt_empty"),
        ({"prompt": "\u200b ?!"}, "prompt_empty"),
        ({"prompt": "x" * (PROMPT_LIMIT + 1)}, "prompt_long"),
        ({"prompt": "x" * PROMPT_LIMIT, "camera": "pan left"}, "prompt_long"),
        ({"seed": -1}, "seed"),
        ({"seed": SEED_LIMIT}, "seed"),
        ({"seconds": 0.0}, "seconds"),
        ({"seconds": 1000.0}, "seconds"),
        ({"shape_id": "round"}, "unknown_shape"),
        ({"still_size": (5000, 1000)}, "aspect"),
        ({"sound": True}, "feature"),
        ({"end_still": STILL}, "feature"),
        ({"negative_prompt": "blurry"}, "feature"),
        ({"still": None}, "task"),
    ],
)
def test_what_cannot_be_made_is_refused(wishes: dict[str, object], fault: str) -> None:
    with pytest.raises(RequestError) as caught:
        composed(**wishes)
    assert fault == caught.value.fault


@pytest.mark.parametrize("change", [{"frames": 80}, {"width": 833}, {"height": 0}])
def test_a_request_off_the_grid_cannot_be_built(change: dict[str, int]) -> None:
    with pytest.raises(RequestError):
        dataclasses.replace(composed(), **change)


def test_a_recipe_survives_json_and_gives_the_same_request() -> None:
    request = composed(camera="pan left", seed=7)
    recipe = json.loads(json.dumps(request.recipe()))

    assert request == ClipRequest.from_recipe(recipe, CATALOG)
    assert (16, 1) == (recipe["fps"], recipe["steps"])


def test_a_recipe_holds_what_the_menu_said_when_the_clip_was_ordered() -> None:
    model = CATALOG["wan2.2-i2v-a14b"]
    fast, standard = (
        compose(model, prompt="wind", still="a", still_size=(832, 480), preset=preset, seed=1).recipe()
        for preset in ("fast", "standard")
    )

    assert (1.0, 1.0, 5.0, 0.9) == tuple(fast[name] for name in ("guidance", "guidance_2", "flow_shift", "boundary"))
    assert (model.repository, model.revision) == (fast["repository"], fast["revision"])
    assert fast["lora"]["repository"] == "lightx2v/Wan2.2-Distill-Loras"
    assert fast["effective_negative_prompt"] is None
    assert (3.5, None) == (standard["guidance"], standard["lora"])
    assert standard["effective_negative_prompt"] == model.negative_prompt
    assert len(compose(CATALOG["ltx-2.3-distilled"], prompt="wind").recipe()["sigmas"]) == 8
    assert compose(CATALOG["ltx-2.3"], prompt="wind").recipe()["options"] == dict(
        CATALOG["ltx-2.3"].presets["fast"].options
    )


def test_a_recipe_of_a_model_that_left_the_menu_is_refused() -> None:
    with pytest.raises(RequestError) as caught:
        ClipRequest.from_recipe(composed().recipe() | {"model": "gone"}, CATALOG)
    assert "unknown_model" == caught.value.fault


def test_a_camera_move_stands_in_front_of_the_prompt() -> None:
    assert "pan left, leaves sway" == composed(prompt="leaves sway", camera="pan left").motion_prompt


def test_the_reference_clip_costs_the_catalogue_price() -> None:
    assert DRAFT.price.credits == price_credits(composed(shape_id="landscape"))


def test_a_price_is_never_below_one_credit() -> None:
    assert 1 == price_credits(composed(shape_id="landscape", seconds=0.3))


def test_a_price_grows_with_area_and_length() -> None:
    assert 2 == price_credits(composed(shape_id="landscape-hd"))
    assert 3 == price_credits(composed(shape_id="landscape", seconds=15))
