"""Parts of a folder that do not belong together are named, whichever number they disagree on."""

import inspect
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import diffusers
import pytest

from generation.catalog import Catalog, Model
from generation.pipelines.agreements import KINDS, USUAL, agreements, prefix_of
from generation.pipelines.settings import PipelineSettings
from generation.pipelines.weights import usable_models, weights_folder
from tests.spoiling import declared, edit_json, widened, without_key


def problem_of(
    spoil: Callable[[Path], object], model: Model, menu: Catalog, checkpoints: Path, models_folder: Path
) -> str:
    """Why ``model`` is taken off the menu, alone and in one line, once a copy of its folder is spoilt."""
    assert model.repository
    shutil.copytree(checkpoints / model.repository, models_folder / model.repository)
    spoil(models_folder / model.repository)
    offered = Catalog({one.id: one for one in (menu["draft"], model)})
    usable, problems = usable_models(offered, PipelineSettings(device="cpu", models_folder=models_folder))
    assert ["draft"] == list(usable.models)
    [problem] = problems
    assert 1 == len(str(problem).splitlines())
    return str(problem)


MISFITS: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "weights": (
        "ltx-video-0.9.7-distilled",
        lambda folder: widened(folder, "proj_in.weight"),
        "are 20 channels wide, and it says 16",
    ),
    "class": (
        "ltx-2.3",
        lambda folder: declared(folder, "transformer", "LTXVideoTransformer3DModel"),
        "is a LTXVideoTransformer3DModel, and LTX2ImageToVideoPipeline needs a LTX2VideoTransformer3DModel",
    ),
    "vocoder": (
        "ltx-2.3",
        lambda folder: declared(folder, "vocoder", "LTX2TextConnectors"),
        "is a LTX2TextConnectors, and LTX2ImageToVideoPipeline needs a LTX2Vocoder or a LTX2VocoderWithBWE",
    ),
    "another vocoder": (
        "ltx-2.3",
        lambda folder: declared(folder, "vocoder", "LTX2Vocoder"),
        "its vocoder is listed as a LTX2Vocoder, and its configuration is a LTX2VocoderWithBWE's",
    ),
    "scheduler": (
        "ltx-2.3",
        lambda folder: declared(folder, "scheduler", "UniPCMultistepScheduler"),
        "its scheduler is a UniPCMultistepScheduler, and LTX2ImageToVideoPipeline needs a FlowMatchEuler",
    ),
    "another scheduler": (
        "wan2.2-t2v-a14b",
        lambda folder: edit_json(folder / "scheduler" / "scheduler_config.json", _class_name="DDIMScheduler"),
        "its scheduler is listed as a UniPCMultistepScheduler, and its configuration is a DDIMScheduler's",
    ),
    "prediction": (
        "wan2.2-ti2v-5b",
        lambda folder: edit_json(folder / "scheduler" / "scheduler_config.json", prediction_type="v_prediction"),
        "the prediction_type of its scheduler is v_prediction, and Wan needs flow_prediction",
    ),
    "sigmas": (
        "wan2.2-t2v-a14b",
        lambda folder: without_key(folder / "scheduler" / "scheduler_config.json", "use_flow_sigmas"),
        "the use_flow_sigmas of its scheduler is False, and Wan needs True",
    ),
    "text encoder": (
        "ltx-video-0.9.7-distilled",
        lambda folder: declared(folder, "text_encoder", "UMT5EncoderModel"),
        "its text_encoder is a UMT5EncoderModel, and LTXImageToVideoPipeline needs a T5EncoderModel",
    ),
    "tasks": (
        "wan2.2-ti2v-5b",
        lambda folder: [
            edit_json(folder / "model_index.json", expand_timesteps=False),
            edit_json(folder / "transformer" / "config.json", in_channels=100),
        ],
        "cannot both animate and imagine",
    ),
}


@pytest.mark.parametrize("fault", MISFITS)
def test_parts_that_do_not_belong_together_are_named_before_the_first_job(
    checkpoints: Path, menu: Catalog, tmp_path: Path, fault: str
) -> None:
    model_id, spoil, sentence = MISFITS[fault]

    assert sentence in problem_of(spoil, menu[model_id], menu, checkpoints, tmp_path)


WIDTHS: dict[str, dict[tuple[str, str], tuple[object, str]]] = {
    "wan2.1-i2v-14b-480p": {
        ("transformer", "out_channels"): (48, "returns 48 channels, and its vae makes 16 channels"),
        ("vae", "z_dim"): (24, "is 36 channels wide, and its vae makes 52 with those of a still"),
        ("text_encoder", "d_model"): (64, "reads text 32 wide, and its text_encoder makes it 64 wide"),
        ("image_encoder", "hidden_size"): (24, "reads the still 16 wide, and its image_encoder makes it 24 wide"),
        ("transformer", "added_kv_proj_dim"): (16, "attends to the still 16 wide, and its transformer works 24 wide"),
        ("vae", "scale_factor_temporal"): (8, "its frames after the first are multiples of 8, and the menu says 4"),
    },
    "wan2.2-t2v-a14b": {
        ("transformer_2", "in_channels"): (36, "its transformer_2 is 36 channels wide, and its vae makes 16 channels"),
        ("transformer_2", "text_dim"): (64, "its transformer_2 reads text 64 wide, and its text_encoder makes it 32"),
    },
    "ltx-video-0.9.7-distilled": {
        ("transformer", "caption_channels"): (64, "transformer reads text 64 wide, and its text_encoder makes it 32"),
        ("transformer", "cross_attention_dim"): (32, "attends to text 32 wide, and its transformer works 16 wide"),
        ("transformer", "out_channels"): (32, "returns 32 channels, and its vae makes 16"),
        ("vae", "spatial_compression_ratio"): (64, "its sides are multiples of 64, and the menu says 32"),
    },
    "ltx-2.3": {
        ("transformer", "in_channels"): (64, "its transformer is 64 channels wide, and its vae makes 16"),
        ("text_encoder", "text_config"): (
            {"hidden_size": 2560},
            "read text 16 wide, and its text_encoder makes it 2560",
        ),
        ("connectors", "audio_connector_num_attention_heads"): (
            "2",
            "in the configuration of its connectors are damaged",
        ),
        ("connectors", "caption_channels"): (32, "connectors read text 32 wide, and its text_encoder makes it 16"),
        ("connectors", "text_proj_in_factor"): (49, "read 49 layers of text, and its text_encoder has 3"),
        ("transformer", "caption_channels"): (3840, "is made for captions 3840 wide, and its connectors read it 16"),
        ("transformer", "cross_attention_dim"): (
            4096,
            "reads text 4096 wide for video, and its connectors make it 16",
        ),
        ("transformer", "audio_cross_attention_dim"): (
            16,
            "reads text 16 wide for audio, and its connectors make it 8",
        ),
        ("connectors", "video_hidden_dim"): (32, "project text to 32 for video, and its connectors make it 16 wide"),
        ("connectors", "audio_connector_attention_head_dim"): (8, "project text to 8 for audio, and its connectors"),
        ("transformer", "audio_in_channels"): (128, "takes 128 channels of sound, and its audio_vae makes 8"),
        ("transformer", "audio_out_channels"): (128, "returns 128 channels of sound, and its audio_vae makes 8"),
        ("audio_vae", "latent_channels"): (8, "takes 8 channels of sound, and its audio_vae makes 32"),
        ("transformer", "audio_sampling_rate"): (24000, "is made for 24000 Hz, and its audio_vae is for 16000"),
        ("transformer", "audio_hop_length"): (256, "is made for steps of 256 samples, and its audio_vae makes 160"),
        ("vocoder", "in_channels"): (128, "its vocoder reads 128 channels, and its audio_vae makes 32"),
        ("vocoder", "input_sampling_rate"): (24000, "its vocoder is made for 24000 Hz, and its audio_vae is for 16000"),
        ("vocoder", "upsample_factors"): ([16, 15], "makes steps of 240 samples, and its audio_vae makes 160"),
        ("vae", "temporal_compression_ratio"): (16, "frames after the first are multiples of 16, and the menu says 8"),
    },
}
"""By model, part and key: another value, and what is said of it."""


@pytest.mark.parametrize(("model_id", "part", "key"), [(one, *at) for one, places in WIDTHS.items() for at in places])
def test_a_width_that_does_not_fit_its_neighbour_is_named(
    checkpoints: Path, menu: Catalog, tmp_path: Path, model_id: str, part: str, key: str
) -> None:
    number, sentence = WIDTHS[model_id][part, key]

    def spoil(folder: Path) -> None:
        edit_json(folder / part / "config.json", **{key: number})

    assert sentence in problem_of(spoil, menu[model_id], menu, checkpoints, tmp_path)


def test_what_a_configuration_leaves_out_is_taken_as_its_class_takes_it() -> None:
    for name, usual in USUAL.items():
        kind = getattr(diffusers, name, None) or getattr(diffusers.pipelines.ltx2.vocoder, name, None)
        kind = kind or getattr(diffusers.pipelines.ltx2, name)
        defaults = {key: one.default for key, one in inspect.signature(kind.__init__).parameters.items()}
        assert {key: defaults[key] for key in usual} == usual


def test_every_agreement_of_the_menu_can_be_told_from_the_configurations(
    settings: PipelineSettings, menu: Catalog
) -> None:
    for model in menu:
        if model.repository is None:
            continue
        folder = weights_folder(model, settings)
        layout = json.loads((folder / "model_index.json").read_text())
        for pipeline in model.pipelines.values():
            prefix = prefix_of(pipeline)
            told = {
                part: {**USUAL.get(layout[part][1], {}), **json.loads((folder / part / "config.json").read_text())}
                for part in KINDS[prefix]
                if (folder / part / "config.json").is_file()
            }
            pairs = list(agreements(prefix, model, layout, told))
            assert len(pairs) >= 3
            for one, other in pairs:
                assert one.of(told[one.part]) == other.of(told[other.part]) is not None
