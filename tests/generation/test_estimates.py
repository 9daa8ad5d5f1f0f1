"""How long clips took, by kind, and when that is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_samples import GUILD, recipe

from generation.catalog import load_catalog
from generation.line.estimates import UNKNOWN_SWAP_SECONDS, Estimates, Kind
from generation.request import compose
from storage.jobs import Ran


def learned(*seconds: float, load_seconds: float = 0.0) -> Estimates:
    estimates = Estimates(["draft"])
    for one in seconds:
        estimates.learn("wan", recipe(), 10, render_seconds=one, load_seconds=load_seconds)
    return estimates


def test_a_time_is_known_from_three_clips_on() -> None:
    assert learned(10.0, 20.0).render_seconds("wan", recipe()) is None
    assert learned(10.0, 20.0, 60.0).render_seconds("wan", recipe()) == pytest.approx(20.0)


@given(st.lists(st.floats(1, 1000), min_size=3, max_size=9))
def test_the_median_is_between_the_fastest_and_the_slowest(seconds: list[float]) -> None:
    known = learned(*seconds).render_seconds("wan", recipe())

    assert known is not None
    assert min(seconds) * 0.999 <= known <= max(seconds) * 1.001


def test_a_machine_that_became_faster_is_noticed() -> None:
    assert learned(*[100.0] * 200, *[10.0] * 20).render_seconds("wan", recipe()) == pytest.approx(10.0)


def test_other_models_presets_steps_and_sizes_say_nothing() -> None:
    estimates = learned(10.0, 10.0, 10.0)
    others = [{"preset": "standard"}, {"steps": 20}, {"width": 1280, "height": 720}, {"frames": 33}]

    assert estimates.render_seconds("ltx", recipe()) is None
    assert [None] * 4 == [estimates.render_seconds("wan", {**recipe(), **other}) for other in others]


def test_nearly_the_same_size_is_scaled_by_its_pixels() -> None:
    estimates = learned(10.0, 10.0, 10.0)

    assert estimates.render_seconds("wan", recipe(89)) == pytest.approx(10.0 * 89 / 81)


def test_a_still_keeps_its_class_whatever_its_aspect() -> None:
    model = load_catalog()["draft"]
    kinds = set()
    for size in ((4000, 3000), (3000, 4000), (1920, 1080), (1000, 1000), (3000, 1000)):
        request = compose(model, prompt="x", still="s", still_size=size, seed=1)
        kinds.add(Kind.of(model.id, request.recipe()))

    assert len(kinds) == 1


def test_480p_and_720p_are_never_mixed() -> None:
    small, large = recipe(), recipe(width=1280, height=720)

    assert Kind.of("wan", large).size_class - Kind.of("wan", small).size_class == 2


def test_an_unknown_kind_is_charged_by_its_price() -> None:
    estimates = learned(20.0, 20.0)

    assert estimates.assumed_seconds("ltx", recipe(), 5) == pytest.approx(10.0)
    assert learned(20.0, 20.0, 20.0).assumed_seconds("wan", recipe(), 1) == pytest.approx(20.0)
    assert Estimates().assumed_seconds("ltx", recipe(), 5) > 0


def test_a_swap_takes_the_median_of_real_loads() -> None:
    estimates = learned(10.0, load_seconds=30.0)
    estimates.learn("wan", recipe(), 10, render_seconds=10.0, load_seconds=0.01)

    assert estimates.swap_seconds("wan") == 30.0
    assert estimates.swap_seconds("ltx") == UNKNOWN_SWAP_SECONDS
    assert estimates.swap_seconds("draft") == 0.0


def test_finished_jobs_are_recalled_and_unfinished_ones_say_nothing() -> None:
    def ran(seconds: float | None) -> Ran:
        return Ran(GUILD, 1, "wan", 10, "class", 0.0, 90.0, seconds, 4.0, recipe())

    estimates = Estimates()
    estimates.recall([ran(10.0), ran(None), ran(12.0), ran(14.0)])

    assert estimates.render_seconds("wan", recipe()) == pytest.approx(12.0)
    assert estimates.swap_seconds("wan") == 4.0
