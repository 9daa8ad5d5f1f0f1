"""One model on the card at a time: swapped, parked in host memory, given up, and back bit for bit."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from generation.catalog import Catalog
from generation.pipelines.base import JobCancelled
from generation.pipelines.parking import ParkedWeights
from generation.pipelines.registry import Pipelines
from generation.pipelines.settings import PipelineSettings
from tests.renders import Recorder, a_request, frames_of

A, B = "wan2.2-ti2v-5b", "ltx-2.3-distilled"


@pytest.fixture(scope="module")
def fresh(settings: PipelineSettings, short_menu: Catalog) -> dict[str, NDArray[np.uint8]]:
    """The clips of workers that have made no other."""
    return {name: frames_from(Pipelines(settings), short_menu, name) for name in (A, B)}


def frames_from(pipelines: Pipelines, short_menu: Catalog, name: str, **changes: Any) -> Any:
    return frames_of(pipelines.pipeline_for(short_menu[name], Recorder()), a_request(short_menu[name], **changes))


@pytest.mark.parametrize("host_bytes", [None, 0], ids=["parked", "given up"])
def test_swapping_between_models_gives_the_clips_of_fresh_workers(
    settings: PipelineSettings, short_menu: Catalog, fresh: dict[str, NDArray[np.uint8]], host_bytes: int | None
) -> None:
    pipelines = Pipelines(settings.model_copy(update={"host_bytes": host_bytes}))

    for name in (A, B, A):
        assert (frames_from(pipelines, short_menu, name) == fresh[name]).all()
        assert pipelines.resident == name


def test_a_parked_model_is_not_loaded_again(settings: PipelineSettings, short_menu: Catalog) -> None:
    pipelines, again = Pipelines(settings), Recorder()
    for name in (A, B):
        frames_from(pipelines, short_menu, name)

    frames_of(pipelines.pipeline_for(short_menu[A], again), a_request(short_menu[A]), again)

    assert ("load", 1, 1) not in again.reports


def test_the_least_recently_used_model_is_given_up_first(settings: PipelineSettings, short_menu: Catalog) -> None:
    third = "ltx-video-0.9.7-distilled"
    pipelines = Pipelines(settings.model_copy(update={"host_bytes": 2_200_000}))
    for name in (A, third, B):
        frames_from(pipelines, short_menu, name)

    def loads(name: str) -> bool:
        recorder = Recorder()
        frames_of(pipelines.pipeline_for(short_menu[name], recorder), a_request(short_menu[name]), recorder)
        return ("load", 1, 1) in recorder.reports

    # Two of the three tiny models fit; asking for the third sends B to join A, the one not used for longest.
    assert not loads(third)
    assert loads(A)
    assert not loads(B)


def test_the_weights_that_rest_are_given_up_before_a_model(settings: PipelineSettings, short_menu: Catalog) -> None:
    paired, again, changed = "wan2.2-i2v-a14b", Recorder(), Recorder()
    pipelines = Pipelines(settings.model_copy(update={"host_bytes": 10**12}))
    frames_from(pipelines, short_menu, paired)
    whole = pipelines.pipeline_for(short_menu[paired], Recorder()).size_bytes  # type: ignore[attr-defined]
    pipelines._waiting._limit_bytes = whole - 1

    frames_from(pipelines, short_menu, B)
    assert pipelines._kept[paired].size_bytes < whole
    frames_of(pipelines.pipeline_for(short_menu[paired], again), a_request(short_menu[paired]), again)
    assert ("load", 1, 1) not in again.reports
    request = a_request(short_menu[paired], preset="standard")
    frames_of(pipelines.pipeline_for(short_menu[paired], changed), request, changed)
    assert ("load", 1, 1) in changed.reports


def test_a_parked_model_wakes_with_the_weights_that_it_left_with(
    settings: PipelineSettings, short_menu: Catalog
) -> None:
    paired = "wan2.2-t2v-a14b"
    fresh = {
        preset: frames_from(Pipelines(settings), short_menu, paired, preset=preset) for preset in ("fast", "standard")
    }
    pipelines = Pipelines(settings.model_copy(update={"host_bytes": 10**12}))

    for preset in ("fast", "standard", "fast"):
        assert (frames_from(pipelines, short_menu, paired, preset=preset) == fresh[preset]).all()
        frames_from(pipelines, short_menu, B)


def test_a_model_that_will_not_fit_the_host_is_given_up_without_being_copied(
    settings: PipelineSettings, short_menu: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipelines = Pipelines(settings.model_copy(update={"host_bytes": 0}))
    frames_from(pipelines, short_menu, A)
    copied: list[ParkedWeights] = []
    monkeypatch.setattr(ParkedWeights, "park", copied.append)

    frames_from(pipelines, short_menu, B)

    assert copied == []
    assert pipelines.resident == B


def test_a_host_that_pins_no_memory_costs_the_old_model_and_not_the_job(
    settings: PipelineSettings,
    short_menu: Catalog,
    fresh: dict[str, NDArray[np.uint8]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pipelines, again = Pipelines(settings), Recorder()
    frames_from(pipelines, short_menu, A)

    def refuse(parked: ParkedWeights) -> None:
        raise RuntimeError("CUDA error: out of memory")

    monkeypatch.setattr(ParkedWeights, "park", refuse)

    assert (frames_from(pipelines, short_menu, B) == fresh[B]).all()
    frames_of(pipelines.pipeline_for(short_menu[A], again), a_request(short_menu[A]), again)
    assert ("load", 1, 1) in again.reports


def test_both_tasks_of_a_model_share_its_weights(settings: PipelineSettings, short_menu: Catalog) -> None:
    pipelines, second = Pipelines(settings), Recorder()
    animated = frames_from(pipelines, short_menu, A)

    imagined = frames_of(
        pipelines.pipeline_for(short_menu[A], second), a_request(short_menu[A], task="imagine"), second
    )

    assert ("load", 1, 1) not in second.reports
    assert (animated != imagined).any()
    assert (frames_from(pipelines, short_menu, A) == animated).all()


def test_parked_weights_come_back_bit_for_bit_and_are_copied_down_once(
    settings: PipelineSettings, short_menu: Catalog
) -> None:
    pipelines = Pipelines(settings)
    frames_from(pipelines, short_menu, A)
    pipe = pipelines.pipeline_for(short_menu[A], Recorder()).weights.pipe  # type: ignore[attr-defined]
    before = {name: tensor.clone() for name, tensor in pipe.transformer.named_parameters()}
    parked = ParkedWeights(pipe)

    parked.park()
    copies = dict(parked._copies)
    parked.wake("cpu")
    parked.park()
    parked.wake("cpu")

    assert parked.size_bytes == sum(copy.numel() * copy.element_size() for copy in copies.values())
    assert all(parked._copies[key] is copy for key, copy in copies.items())
    assert all(torch.equal(tensor, before[name]) for name, tensor in pipe.transformer.named_parameters())


def test_a_swap_is_reported_and_can_be_cancelled(settings: PipelineSettings, short_menu: Catalog) -> None:
    pipelines = Pipelines(settings)
    recorder = Recorder(cancel_at=lambda report: True)

    with pytest.raises(JobCancelled):
        pipelines.pipeline_for(short_menu[A], recorder)

    assert recorder.reports == [("load", 0, 1)]
    assert pipelines.resident is None


def test_drafts_do_not_send_the_model_away(settings: PipelineSettings, short_menu: Catalog) -> None:
    pipelines = Pipelines(settings)
    frames_from(pipelines, short_menu, A)

    pipelines.pipeline_for(short_menu["draft"], Recorder())

    assert pipelines.resident == A


def test_a_worker_that_renders_drafts_never_imports_torch() -> None:
    code = (
        "import sys; from generation.catalog import load_catalog; from generation.pipelines.registry import Pipelines;"
        "from generation.pipelines.weights import usable_models; from generation.pipelines.memory import plans;"
        "Pipelines().pipeline_for(load_catalog()['draft'], lambda *a: None);"
        "sys.exit(any(name in sys.modules for name in ('torch', 'diffusers', 'transformers')))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
