"""What a comparison consists of, without a bot: what is the same, what differs, what it costs."""

from dataclasses import replace

import pytest

from generation.catalog import Catalog
from generation.comparisons import (
    by_models,
    by_prompts,
    by_quality,
    by_seeds,
    by_still,
    differences,
    models_for,
    total_credits,
    varied_named,
)
from generation.errors import RequestError
from generation.pricing import price_credits
from generation.request import ClipRequest, compose
from generation.variations import recast

WAN, DRAFT, BOTH = "wan2.2-i2v-a14b", "draft", "wan2.2-ti2v-5b"


def base(menu: Catalog, model: str = WAN, **wish: object) -> ClipRequest:
    given = {"prompt": "zoom in", "still": "a" * 64, "still_size": (1200, 800), "seed": 7, **wish}
    return compose(menu[model], **given)  # type: ignore[arg-type] # a wish is typed where it is composed


def facts(requests: list[ClipRequest]) -> dict[str, tuple[str, ...]]:
    return {row.fact: row.values for row in differences([request.recipe() for request in requests])}


def test_only_the_prompts_differ(menu: Catalog) -> None:
    requests = by_prompts(base(menu, camera="tilt up"), ["static", "wind"])

    assert {"prompt": ("static", "wind")} == facts(requests)
    assert ["static", "wind"] == [request.motion_prompt for request in requests]


def test_only_the_seeds_differ(menu: Catalog) -> None:
    assert {"seed": ("1", "2", "3")} == facts(by_seeds(base(menu), [1, 2, 3]))


def test_models_get_the_same_wish_as_long_as_the_shortest_makes_it(menu: Catalog) -> None:
    requests = by_models(base(menu, DRAFT, seconds=12), [menu[DRAFT], menu[WAN], menu[BOTH]])

    assert [81, 81, 121] == [request.frames for request in requests]
    assert {"model", "preset", "steps", "fps", "size", "seconds"} >= set(facts(requests))
    assert 1 == len({(request.seed, request.prompt, request.still) for request in requests})
    assert [True, True] == [
        abs(one.width / one.height - 1.5) < 0.03 and one.width % one.model.side_step == 0 for one in requests[1:]
    ]


def test_qualities_are_those_of_the_model(menu: Catalog) -> None:
    assert {"preset": ("fast", "standard"), "steps": ("4", "20")} == facts(by_quality(base(menu)))
    assert 1 == len(by_quality(base(menu, DRAFT)))


def test_with_the_still_and_without_it(menu: Catalog) -> None:
    with_still, without = by_still(base(menu, BOTH))

    assert {"still": ("animate", "imagine")} == facts([with_still, without])
    assert (without.still, without.width, without.height) == (None, with_still.width, with_still.height)
    with pytest.raises(RequestError, match="task"):
        by_still(base(menu, WAN))


def test_the_total_is_the_sum_of_the_prices(menu: Catalog) -> None:
    requests = by_models(base(menu), [menu[DRAFT], menu[WAN]])

    assert sum(map(price_credits, requests)) == total_credits(requests)


def test_what_takes_part_in_which_comparison(menu: Catalog) -> None:
    every = list(menu)

    assert DRAFT in [model.id for model in models_for("prompts", every, "animate")]
    assert DRAFT not in [model.id for model in models_for("quality", every, "animate")]
    assert {BOTH} <= {model.id for model in models_for("still", every, "animate")}
    assert not {DRAFT, WAN} & {model.id for model in models_for("still", every, "animate")}
    with pytest.raises(LookupError):
        varied_named("mood")


def test_a_recast_leaves_out_what_the_other_model_cannot_use_and_keeps_the_rest(menu: Catalog) -> None:
    rich = base(menu, preset="standard", negative_prompt="people", end_still="b" * 64, camera="tilt up")
    poor = recast(rich.recipe(), menu[DRAFT])

    assert ("", None, "fast") == (poor.negative_prompt, poor.end_still, poor.preset)
    assert (rich.prompt, rich.camera, rich.seed, rich.still) == (poor.prompt, poor.camera, poor.seed, poor.still)
    assert rich == recast(rich.recipe(), menu[WAN])


def test_a_recast_refuses_what_was_asked_for_and_cannot_be(menu: Catalog) -> None:
    with pytest.raises(RequestError, match="seconds"):
        recast(base(menu).recipe(), menu[WAN], seconds=60)
    with pytest.raises(RequestError, match="quality"):
        recast(base(menu).recipe(), menu[DRAFT], preset="standard")
    assert menu[WAN].frames.max == recast(base(menu, DRAFT, seconds=15).recipe(), menu[WAN]).frames


def test_a_size_that_is_off_the_other_grid_keeps_its_proportions(menu: Catalog) -> None:
    odd = replace(base(menu), width=1280, height=720)
    moved = recast(odd.recipe(), menu[BOTH])

    assert (0, 0) == (moved.width % 32, moved.height % 32)
    assert 1280 / 720 == pytest.approx(moved.width / moved.height, rel=0.01)
