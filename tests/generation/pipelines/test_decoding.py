"""Frames: streamed bit for bit as the pipelines decode them, pinned to the still, and checked before delivery."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers.utils import logging
from PIL import Image

from generation.catalog import Catalog, Model
from generation.errors import RenderFailed
from generation.pipelines.baseline import bare_call
from generation.pipelines.decoding import check_latents, not_black, stream_wan, to_frames, wan_latents
from generation.pipelines.diffusion import DiffusionPipeline
from generation.pipelines.registry import Pipelines
from generation.pipelines.schedulers import set_scheduler
from tests.renders import FRAMES, Recorder, a_request, a_still, brief, frames_of, render

WAN = ["wan2.2-i2v-a14b", "wan2.2-ti2v-5b", "wan2.2-t2v-a14b", "wan2.1-i2v-14b-480p"]
MODELS = [*WAN, "ltx-2.3", "ltx-2.3-distilled", "ltx-video-0.9.7-distilled"]


@pytest.fixture
def loaded(pipelines: Pipelines, menu: Catalog, request: pytest.FixtureRequest) -> DiffusionPipeline:
    model: Model = menu[request.param]
    pipeline = pipelines.pipeline_for(model, Recorder())
    assert isinstance(pipeline, DiffusionPipeline)
    pipeline.weights.ready(model.tasks[0], model.presets["fast"], 0, lambda: None)
    return pipeline


@pytest.mark.parametrize("loaded", WAN[:2], indirect=True)
def test_streamed_chunks_joined_equal_the_decoder_bit_for_bit(loaded: DiffusionPipeline) -> None:
    vae = loaded.pipe.vae
    latents = torch.randn(1, vae.config.z_dim, 5, 8, 8, generator=torch.Generator().manual_seed(0))

    chunks = list(stream_wan(vae, latents))
    with torch.no_grad():
        whole = vae.decode(latents, return_dict=False)[0][0]

    assert [chunk.shape[1] for chunk in chunks] == [1, 4, 4, 4, 4]
    assert torch.equal(torch.cat(chunks, dim=1), whole)


@pytest.mark.parametrize("loaded", WAN, indirect=True)
def test_frames_are_given_out_while_later_ones_are_still_latents(loaded: DiffusionPipeline) -> None:
    recorder, decoded, model = Recorder(), [], brief(loaded.model)
    handle = loaded.pipe.vae.decoder.register_forward_pre_hook(lambda *_: decoded.append(1))
    frames = render(loaded, a_request(model), recorder).frames
    decoded.clear()

    seen = [(recorder.reports[-1], len(decoded)) for _ in frames]
    handle.remove()

    assert seen == [(("decode", n, FRAMES), 1 + (n + 2) // 4) for n in range(1, FRAMES + 1)]


@pytest.mark.parametrize("loaded", WAN[:1], indirect=True)
def test_a_stream_that_is_left_early_does_not_touch_the_next_one(loaded: DiffusionPipeline) -> None:
    vae = loaded.pipe.vae
    latents = torch.randn(1, vae.config.z_dim, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    whole = torch.cat(list(stream_wan(vae, latents)), dim=1)

    abandoned = stream_wan(vae, latents)
    next(abandoned)
    next(abandoned)
    abandoned.close()  # type: ignore[attr-defined]

    assert torch.equal(torch.cat(list(stream_wan(vae, latents)), dim=1), whole)


@pytest.mark.parametrize("loaded", MODELS, indirect=True)
def test_a_clip_is_the_bare_pipelines_clip(loaded: DiffusionPipeline, tmp_path: Path) -> None:
    model = brief(loaded.model)
    request = a_request(model, sound="sound" in model.features, frames=17)
    a_still().save(tmp_path / "still.png")
    preset = model.presets["fast"]
    set_scheduler(loaded.pipe, loaded.weights.scheduler_config, model, preset)

    bare = bare_call(loaded, request, tmp_path / "still.png")
    ours = render(loaded, request)

    assert (np.stack(list(ours.frames)) == (bare.frames[0] * 255).round().astype(np.uint8)).all()
    if ours.sound is not None:
        known = bare.audio[0].float().numpy().clip(-1, 1)
        assert (ours.sound.samples[:, : known.shape[1]] == known).all()
        assert not ours.sound.samples[:, known.shape[1] :].any()


@pytest.mark.parametrize("loaded", ["wan2.2-ti2v-5b"], indirect=True)
def test_the_first_frame_of_the_5b_model_is_the_still_through_its_autoencoder(loaded: DiffusionPipeline) -> None:
    pipe, still = loaded.pipe, a_still()
    with torch.no_grad():
        pixels = pipe.video_processor.preprocess(still, height=64, width=64)[:, :, None]
        latent = pipe.vae.encode(pixels).latent_dist.mode()
        expected = next(to_frames(pipe.vae.decode(latent, return_dict=False)[0][0]))

    first = frames_of(loaded, a_request(brief(loaded.model)), still=still)[0]

    assert (first == expected).all()


@pytest.mark.parametrize("loaded", WAN[:1], indirect=True)
def test_latents_are_scaled_back_as_the_pipeline_does_it(loaded: DiffusionPipeline) -> None:
    vae = loaded.pipe.vae
    shape = (1, 16, 1, 1, 1)
    mean, std = (torch.tensor(values).view(shape) for values in (vae.config.latents_mean, vae.config.latents_std))

    assert torch.equal(wan_latents(vae, torch.zeros(1, 16, 2, 4, 4)), mean.expand(1, 16, 2, 4, 4))
    torch.testing.assert_close(wan_latents(vae, torch.ones(shape)), mean + std)


def test_values_that_are_not_numbers_fail_the_clip() -> None:
    for broken in (float("nan"), float("inf")):
        with pytest.raises(RenderFailed) as caught:
            check_latents(torch.tensor([0.0, broken]))
        assert caught.value.fault == "bad_frames"
        with pytest.raises(RenderFailed):
            list(to_frames(torch.full((3, 1, 2, 2), broken)))


def black(count: int) -> Iterator[np.ndarray]:
    yield from (np.full((8, 8, 3), 4, np.uint8) for _ in range(count))


def test_a_black_clip_fails_after_its_last_frame() -> None:
    frames = not_black(black(3), a_still())

    assert [next(frames).max() for _ in range(3)] == [4, 4, 4]
    with pytest.raises(RenderFailed) as caught:
        next(frames)
    assert caught.value.fault == "bad_frames"


def test_one_bright_pixel_or_a_black_still_makes_a_clip_deliverable() -> None:
    bright = [*black(2), np.full((8, 8, 3), 200, np.uint8)]

    assert len(list(not_black(bright, a_still()))) == 3
    assert len(list(not_black(black(2), Image.new("RGB", (8, 8))))) == 2


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("loaded", ["wan2.2-ti2v-5b", "ltx-2.3-distilled"], indirect=True)
def test_a_model_that_computes_nonsense_fails_and_works_again_when_mended(
    loaded: DiffusionPipeline, value: float
) -> None:
    request = a_request(brief(loaded.model), sound="sound" in loaded.model.features)
    good = frames_of(loaded, request)

    with broken(loaded.pipe.transformer.proj_out.bias, value), pytest.raises(RenderFailed) as caught:
        frames_of(loaded, request)

    assert caught.value.fault == "bad_frames"
    assert (frames_of(loaded, request) == good).all()


@pytest.mark.parametrize("loaded", ["ltx-2.3-distilled"], indirect=True)
def test_sound_that_is_no_numbers_fails_the_clip_like_its_frames(loaded: DiffusionPipeline) -> None:
    bias = loaded.pipe.transformer.audio_proj_out.bias

    with broken(bias, float("nan")), pytest.raises(RenderFailed) as caught:
        frames_of(loaded, a_request(brief(loaded.model)))

    assert caught.value.fault == "bad_frames"


@pytest.mark.parametrize(
    ("value", "cause"), [(float("nan"), "not numbers"), (-1000.0, "no pixel is brighter than 0")], ids=["NaN", "black"]
)
@pytest.mark.parametrize("loaded", ["wan2.2-i2v-a14b", "ltx-video-0.9.7-distilled"], indirect=True)
def test_a_decoder_that_gives_nonsense_or_black_frames_fails_the_clip(
    loaded: DiffusionPipeline, value: float, cause: str
) -> None:
    last = [name for name, _ in loaded.pipe.vae.decoder.named_parameters() if name.endswith("conv_out.conv.bias")]
    bias = loaded.pipe.vae.decoder.get_parameter(last[0] if last else "conv_out.bias")

    with broken(bias, value), pytest.raises(RenderFailed, match=cause) as caught:
        frames_of(loaded, a_request(brief(loaded.model)))

    assert caught.value.fault == "bad_frames"


@contextmanager
def broken(parameter: torch.nn.Parameter, value: float) -> Iterator[None]:
    """Weights that are all ``value`` inside."""
    kept = parameter.detach().clone()
    parameter.data.fill_(value)
    # diffusers warns of every NaN that it turns into a picture.
    logging.set_verbosity_error()
    try:
        yield
    finally:
        parameter.data.copy_(kept)
