"""Weights are found and checked before a start, and what is wrong with them is named in a sentence."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import diffusers
import pytest
import transformers
from safetensors.torch import load_file, save_file

from generation.catalog import Catalog
from generation.errors import ModelUnusable
from generation.pipelines.loading import load_pipe
from generation.pipelines.memory import choose_plan
from generation.pipelines.settings import PipelineSettings
from generation.pipelines.weights import check_weights, usable_models, weights_folder
from tests.spoiling import WEIGHTS, declared, edit_json, widened

PAIR = "wan2.2-i2v-a14b"


@pytest.fixture
def copy(checkpoints: Path, menu: Catalog, tmp_path: Path) -> tuple[Path, PipelineSettings]:
    """A copy of one model's folder that a test may break, and settings that look there."""
    model = menu[PAIR]
    lora = model.presets["fast"].lora
    assert model.repository
    assert lora
    for repository in (model.repository, lora.repository):
        shutil.copytree(checkpoints / repository, tmp_path / repository)
    return tmp_path / model.repository, PipelineSettings(device="cpu", models_folder=tmp_path, plan="resident")


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 100)


def without_weights(folder: Path) -> None:
    (folder / "transformer_2" / "diffusion_pytorch_model.safetensors").unlink()


def as_pickle(folder: Path) -> None:
    weights = folder / "vae" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))


INDEX = "diffusion_pytorch_model.safetensors.index.json"


def index_of(folder: Path, tensor: str) -> None:
    (folder / "transformer" / INDEX).write_text(json.dumps({"weight_map": {tensor: WEIGHTS}}))


def header_of(folder: Path, header: bytes) -> None:
    (folder / "vae" / WEIGHTS).write_bytes(len(header).to_bytes(8, "little") + header)


def into_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def renamed(folder: Path, middle: str) -> None:
    (folder / "transformer" / WEIGHTS).rename(folder / "transformer" / f"diffusion_pytorch_model{middle}.safetensors")


def emptied(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def without_tensors(folder: Path, component: str) -> None:
    path = next((folder / component).glob("*.safetensors"))
    tensors = load_file(path)
    for name in sorted(tensors)[:4]:
        del tensors[name]
    save_file(tensors, path, metadata={"format": "pt"})


def misstated(path: Path) -> None:
    """Let the header give its last tensor a shape that does not fill its bytes; the file is as long as before."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    last = max((name for name in header if name != "__metadata__"), key=lambda name: header[name]["data_offsets"][1])
    header[last]["shape"] = [1]
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + content[8 + length :])


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (shutil.rmtree, "not on this machine"),
    "no index": (lambda folder: (folder / "model_index.json").unlink(), r"model_index\.json is missing"),
    "index is not JSON": (lambda folder: (folder / "model_index.json").write_text("{"), "not JSON"),
    "no component": (lambda folder: shutil.rmtree(folder / "vae"), "vae is missing"),
    "no weights": (without_weights, "transformer_2 are missing"),
    "truncated": (lambda folder: cut(folder / "transformer" / "diffusion_pytorch_model.safetensors"), "truncated"),
    "empty": (lambda folder: (folder / "vae" / "diffusion_pytorch_model.safetensors").write_bytes(b""), "not a safe"),
    "pickled": (as_pickle, "no safetensors"),
    "wrong class": (
        lambda folder: edit_json(folder / "model_index.json", _class_name="LTXPipeline"),
        "holds a LTXPipeline, not a WanImageToVideoPipeline",
    ),
    "no schedule": (
        lambda folder: (folder / "scheduler" / "scheduler_config.json").unlink(),
        r"scheduler_config\.json is missing",
    ),
    "wrong width": (lambda folder: edit_json(folder / "transformer" / "config.json", in_channels=16), "16 channels"),
    "wrong text": (lambda folder: edit_json(folder / "transformer" / "config.json", text_dim=64), "text 64 wide"),
    "wrong boundary": (lambda folder: edit_json(folder / "model_index.json", boundary_ratio=0.5), "meet at 0.5"),
    "own code": (lambda folder: edit_json(folder / "model_index.json", vae=["their_code", "Vae"]), "never run"),
    "index is a list": (lambda folder: (folder / "model_index.json").write_text("[]"), "no JSON object"),
    "class is a list": (lambda folder: edit_json(folder / "model_index.json", _class_name=["a"]), "holds a"),
    "component is empty": (lambda folder: edit_json(folder / "model_index.json", vae=[]), "code of its own"),
    "component is not named": (lambda folder: edit_json(folder / "model_index.json", vae=None), "has no vae"),
    "expert is not named": (
        lambda folder: edit_json(folder / "model_index.json", transformer_2=[None, None]),
        "has no transformer_2",
    ),
    "index without a map": (lambda folder: (folder / "transformer" / INDEX).write_text("{}"), "no weight map"),
    "index of lost tensors": (lambda folder: index_of(folder, "elsewhere"), "lacks 1 tensors, such as elsewhere"),
    "header is a list": (lambda folder: header_of(folder, b"[]"), r"header of .* is damaged"),
    "header without places": (lambda folder: header_of(folder, b'{"a":{}}'), r"header of .* is damaged"),
    "header of text places": (lambda folder: header_of(folder, b'{"a":{"data_offsets":"x"}}'), "is damaged"),
    "folder in place of a file": (lambda folder: into_folder(folder / "vae" / "config.json"), "cannot be read"),
    "lone shard": (lambda folder: renamed(folder, "-00001-of-00002"), "or their index is"),
    "variant": (lambda folder: renamed(folder, ".bf16"), "or their index is"),
    "no vocabulary": (lambda folder: emptied(folder / "tokenizer"), "vocabulary"),
    "sizes as text": (
        lambda folder: edit_json(folder / "vae" / "config.json", z_dim="16"),
        "configuration of its vae are damaged",
    ),
    "another transformer": (
        lambda folder: declared(folder, "transformer_2", "LTXVideoTransformer3DModel"),
        "transformer_2 is a LTXVideoTransformer3DModel, and WanImageToVideoPipeline needs a WanTransformer3DModel",
    ),
    "another vae": (lambda folder: declared(folder, "vae", "AutoencoderKL"), "its vae is a AutoencoderKL, and"),
    "wide weights": (lambda folder: widened(folder, "patch_embedding.weight"), "40 channels wide, and it says 36"),
    "fewer blocks": (lambda folder: edit_json(folder / "transformer" / "config.json", num_layers=40), "it says 40"),
    "sizes in the header": (lambda folder: misstated(folder / "vae" / WEIGHTS), "another size than its place"),
    "wrong stride": (lambda folder: edit_json(folder / "vae" / "config.json", scale_factor_spatial=16), "of 32"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_broken_weights_are_named_and_take_only_their_model_off_the_menu(
    copy: tuple[Path, PipelineSettings], menu: Catalog, fault: str
) -> None:
    folder, settings = copy
    spoil, sentence = FAULTS[fault]
    offered = Catalog({name: menu[name] for name in ("draft", PAIR)})
    assert list(usable_models(offered, settings)[0].models) == ["draft", PAIR]

    spoil(folder)
    usable, problems = usable_models(offered, settings)

    assert list(usable.models) == ["draft"]
    assert [problem.model_id for problem in problems] == [PAIR]
    assert len(str(problems[0]).splitlines()) == 1
    with pytest.raises(ModelUnusable, match=sentence):
        check_weights(menu[PAIR], settings)


@pytest.mark.parametrize("fault", ["truncated", "no weights", "wrong width"])
def test_a_load_refuses_what_the_check_refuses(copy: tuple[Path, PipelineSettings], menu: Catalog, fault: str) -> None:
    folder, settings = copy
    spoil, sentence = FAULTS[fault]
    spoil(folder)

    with pytest.raises(ModelUnusable, match=sentence):
        load_pipe(menu[PAIR], "animate", None, choose_plan(menu[PAIR], 0, 0, "resident"), settings)


def test_weights_that_only_the_loader_finds_broken_are_named_too(
    copy: tuple[Path, PipelineSettings], menu: Catalog
) -> None:
    folder, settings = copy
    edit_json(folder / "scheduler" / "scheduler_config.json", num_train_timesteps="many")

    with pytest.raises(ModelUnusable, match="does not load"):
        load_pipe(menu[PAIR], "animate", None, choose_plan(menu[PAIR], 0, 0, "resident"), settings)


def test_a_file_that_only_the_library_of_its_format_refuses_is_named_too(
    copy: tuple[Path, PipelineSettings], menu: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, settings = copy
    misstated(next((folder / "text_encoder").glob("*.safetensors")))
    monkeypatch.setattr("generation.pipelines.loading.check_weights", lambda *_: None)

    with pytest.raises(ModelUnusable, match="does not load"):
        load_pipe(menu[PAIR], "animate", None, choose_plan(menu[PAIR], 0, 0, "resident"), settings)


@pytest.mark.parametrize("component", ["text_encoder", "transformer", "transformer_2", "vae"])
def test_weights_that_lack_tensors_are_refused_and_never_made_up(
    copy: tuple[Path, PipelineSettings], menu: Catalog, component: str
) -> None:
    folder, settings = copy
    without_tensors(folder, component)

    with pytest.raises(ModelUnusable, match=f"its {component} lack tensors|it does not load"):
        load_pipe(menu[PAIR], "animate", None, choose_plan(menu[PAIR], 0, 0, "resident"), settings)


@pytest.mark.parametrize("spoil", [Path.unlink, cut], ids=["missing", "truncated"])
def test_a_broken_lora_takes_its_model_off_the_menu(
    copy: tuple[Path, PipelineSettings], menu: Catalog, spoil: Callable[[Path], None]
) -> None:
    _, settings = copy
    lora = menu[PAIR].presets["fast"].lora
    assert settings.models_folder
    assert lora
    spoil(settings.models_folder / lora.repository / lora.files[1])

    with pytest.raises(ModelUnusable, match="low_noise"):
        check_weights(menu[PAIR], settings)


def test_a_hub_cache_is_read_at_the_pinned_revision(
    checkpoints: Path, menu: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = menu["wan2.2-ti2v-5b"]
    assert model.repository
    home = tmp_path / ("models--" + model.repository.replace("/", "--")) / "snapshots"
    shutil.copytree(checkpoints / model.repository, home / model.revision)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    settings = PipelineSettings(device="cpu")

    assert weights_folder(model, settings) == home / model.revision
    check_weights(model, settings)
    with pytest.raises(ModelUnusable, match="python -m generation fetch"):
        check_weights(model.model_copy(update={"revision": "0" * 40}), settings)


@pytest.mark.parametrize("model_id", ["wan2.2-i2v-a14b", "ltx-2.3"])
def test_a_load_never_asks_for_the_network_pickles_or_code_of_the_repository(
    settings: PipelineSettings, menu: Catalog, monkeypatch: pytest.MonkeyPatch, model_id: str
) -> None:
    model, asked = menu[model_id], []
    for kind in (diffusers.DiffusionPipeline, transformers.PreTrainedModel):
        real = kind.from_pretrained.__func__

        def recorded(cls: type, *arguments: Any, real: Any = real, **named: Any) -> Any:
            asked.append(named)
            return real(cls, *arguments, **named)

        monkeypatch.setattr(kind, "from_pretrained", classmethod(recorded))

    load_pipe(model, "animate", None, choose_plan(model, 0, 0, "resident"), settings)

    assert len(asked) >= 2
    for named in asked:
        assert (named["local_files_only"], named["use_safetensors"]) == (True, True)
        assert not named.get("trust_remote_code")
        assert "custom_pipeline" not in named


def test_all_models_of_the_menu_pass(settings: PipelineSettings, menu: Catalog) -> None:
    usable, problems = usable_models(menu, settings)

    assert list(usable.models) == list(menu.models)
    assert problems == ()
