"""The shipped menu, and what a menu that contradicts a model family says."""

from pathlib import Path

import pytest

from generation.catalog import SHIPPED_CATALOG, Catalog, Model, PresetName, load_catalog
from generation.errors import CatalogError, RequestError
from generation.pricing import price_credits
from generation.request import compose

MENU = load_catalog()
TEXT = SHIPPED_CATALOG.read_text(encoding="utf-8")

WAN_I2V, WAN_T2V = {"animate": "WanImageToVideoPipeline"}, {"imagine": "WanPipeline"}
LTX2 = {"animate": "LTX2ImageToVideoPipeline", "imagine": "LTX2Pipeline"}

MODELS = {
    "wan2.2-i2v-a14b": ("Wan-AI/Wan2.2-I2V-A14B-Diffusers", WAN_I2V, 0.9, {"negative", "end_still"}),
    "wan2.2-ti2v-5b": ("Wan-AI/Wan2.2-TI2V-5B-Diffusers", WAN_I2V | WAN_T2V, None, {"negative"}),
    "wan2.2-t2v-a14b": ("Wan-AI/Wan2.2-T2V-A14B-Diffusers", WAN_T2V, 0.875, {"negative"}),
    "wan2.1-i2v-14b-480p": ("Wan-AI/Wan2.1-I2V-14B-480P-Diffusers", WAN_I2V, None, {"negative"}),
    "ltx-2.3": ("diffusers/LTX-2.3-Diffusers", LTX2, None, {"negative", "sound"}),
    "ltx-2.3-distilled": ("diffusers/LTX-2.3-Distilled-Diffusers", LTX2, None, {"sound"}),
    "ltx-video-0.9.7-distilled": (
        *("Lightricks/LTX-Video-0.9.7-distilled", {"animate": "LTXImageToVideoPipeline"}, None, set()),
    ),
}
"""Repository, pipeline of each task, where two experts meet, and features."""


def entry(model_id: str) -> tuple[str, int]:
    """The text of one shipped entry, and the line number before its first."""
    start = TEXT.rindex("[[model]]", 0, TEXT.index(f'id = "{model_id}"'))
    end = TEXT.find("[[model]]", start + 1)
    return TEXT[start : end if end > 0 else None], TEXT[:start].count("\n")


def load_text(text: str, folder: Path) -> Catalog:
    path = folder / "menu.toml"
    path.write_text(text, encoding="utf-8")
    return load_catalog(path)


def test_every_model_of_the_course_is_on_the_menu() -> None:
    found = {
        model.id: (model.repository, dict(model.pipelines), model.boundary, set(model.features))
        for model in MENU
        if model.repository
    }

    assert found == MODELS


@pytest.mark.parametrize("model", [model for model in MENU if model.repository], ids=lambda model: model.id)
def test_every_model_has_shapes_of_both_classes_in_three_formats(model: Model) -> None:
    sides = {shape.id: (shape.width, shape.height) for shape in model.shapes}
    classes = ("",) if model.id.endswith("480p") else ("", "-hd")

    assert sides["square"] == (640, 640)
    for size in classes:
        (width, height), portrait = sides[f"landscape{size}"], sides[f"portrait{size}"]
        assert portrait == (height, width)
        assert {"": 480, "-hd": 700}[size] <= height < width
        assert f"square{size}" in sides
        assert (f"still{size}" in sides) == ("animate" in model.tasks)


def test_the_draft_is_the_default_and_needs_no_weights() -> None:
    assert MENU.default.id == "draft"
    assert MENU.default.repository is None


def test_a_fast_wan_clip_costs_eleven() -> None:
    request = compose(MENU["wan2.2-i2v-a14b"], prompt="wind", still="a", still_size=(832, 480), shape_id="landscape")

    assert (request.width, request.height, request.frames) == (832, 480, 81)
    assert price_credits(request) == 11


def test_an_ltx_clip_costs_twelve() -> None:
    request = compose(MENU["ltx-2.3-distilled"], prompt="wind", shape_id="landscape")

    assert (request.width, request.height, request.frames, request.task) == (768, 512, 121, "imagine")
    assert price_credits(request) == 12


@pytest.mark.parametrize(
    ("model_id", "preset", "price"),
    [
        ("wan2.2-i2v-a14b", "standard", 110),
        ("wan2.1-i2v-14b-480p", "standard", 110),
        ("wan2.2-ti2v-5b", "fast", 4),
        ("ltx-2.3", "fast", 15),
        ("ltx-2.3", "standard", 40),
        ("ltx-video-0.9.7-distilled", "fast", 5),
    ],
)
def test_a_price_counts_every_call_that_guidance_adds_to_a_step(model_id: str, preset: PresetName, price: int) -> None:
    still = {"still": "a", "still_size": (832, 480)} if MENU[model_id].tasks == ("animate",) else {}

    request = compose(MENU[model_id], prompt="wind", preset=preset, shape_id="landscape", **still)  # type: ignore[arg-type]

    assert price_credits(request) == price


@pytest.mark.parametrize("model", [model for model in MENU if model.repository], ids=lambda model: model.id)
def test_every_shape_of_every_model_can_be_asked_for(model: object) -> None:
    assert isinstance(model, type(MENU.default))
    still = {"still": "a", "still_size": (1600, 900)} if "animate" in model.tasks else {}
    for shape in model.shapes:
        for preset in model.presets:
            request = compose(model, prompt="wind", shape_id=shape.id, preset=preset, **still)  # type: ignore[arg-type]
            assert request.width % model.side_step == request.height % model.side_step == 0
            assert price_credits(request) > 0


def test_a_negative_prompt_has_an_effect_only_with_guidance() -> None:
    model = MENU["wan2.2-i2v-a14b"]

    assert not model.uses_negative("fast")
    assert model.uses_negative("standard")
    assert not MENU["ltx-2.3-distilled"].uses_negative("fast")


def test_a_model_with_one_schedule_offers_one_quality_and_refuses_the_other() -> None:
    model = MENU["ltx-2.3-distilled"]
    assert list(model.presets) == ["fast"]

    with pytest.raises(RequestError) as caught:
        compose(model, prompt="wind", preset="standard")
    assert (caught.value.fault, caught.value.details["qualities"]) == ("quality", "fast")


def test_an_entry_of_a_known_family_needs_no_code(tmp_path: Path) -> None:
    text, _ = entry("wan2.2-t2v-a14b")

    menu = load_text(text.replace("wan2.2-t2v-a14b", "our-wan").replace("Wan-AI/", "our-class/"), tmp_path)

    assert menu["our-wan"].repository == "our-class/Wan2.2-T2V-A14B-Diffusers"


_KEPT = 'id = "still", width = 832, height = 480, keeps_aspect = true'

CONTRADICTIONS = [
    ("wan2.2-i2v-a14b", "step = 4,", "step = 2,", "frames"),
    ("wan2.2-i2v-a14b", "side_step = 16", "side_step = 8", "side_step"),
    ("wan2.2-i2v-a14b", "width = 832, height = 480 },", "width = 840, height = 480 },", "shape"),
    ("wan2.2-i2v-a14b", 'id = "portrait", width', 'id = "landscape", width', "shape landscape: this id"),
    ("wan2.2-i2v-a14b", "default = 81, step = 4, max = 81", "default = 161, step = 4, max = 81", "frames"),
    ("wan2.2-i2v-a14b", "boundary = 0.9\n", "", "boundary"),
    ("wan2.2-i2v-a14b", "[28.6, 28.6]", "[28.6]", "boundary"),
    ("wan2.2-i2v-a14b", 'animate = "WanImageToVideoPipeline"', 'animate = "WanPipeline"', "pipelines"),
    ("wan2.2-i2v-a14b", 'animate = "WanImageToVideoPipeline"', 'animate = "LTX2ImageToVideoPipeline"', "pipelines"),
    ("wan2.2-i2v-a14b", 'animate = "WanImageToVideoPipeline"', 'animate = "Unheard"', "pipelines"),
    ("wan2.2-i2v-a14b", 'tasks = ["animate"]', 'tasks = ["animate", "imagine"]', "pipelines"),
    ("wan2.2-i2v-a14b", '"end_still"]', '"end_still", "sound"]', "features"),
    ("wan2.2-i2v-a14b", "guidance_2 = 1.0", "guidance_2 = 3.0", "guidance_2"),
    ("wan2.2-i2v-a14b", "flow_shift = 5.0\n", "", "flow_shift"),
    ("wan2.2-i2v-a14b", "steps = 4\n", "steps = 0\n", "steps"),
    ("wan2.2-i2v-a14b", "steps = 4\n", 'steps = 4\ncache = "first_block"\n', "cache"),
    ("wan2.2-i2v-a14b", "steps = 4\n", "steps = 4\nspeed = 2\n", "speed"),
    ("wan2.2-ti2v-5b", "side_step = 32", "side_step = 16", "tasks: only the Wan model with sides in multiples of 32"),
    ("wan2.2-i2v-a14b", "_1022.safetensors", "_1022.pt", "files"),
    ("wan2.2-i2v-a14b", '"wan2.2_i2v_A14b_high', '"../../wan2.2_i2v_A14b_high', "files"),
    ("wan2.2-i2v-a14b", 'label = "Wan 2.2 A14B"', 'label = ""', "label"),
    ("wan2.2-i2v-a14b", 'id = "portrait", width', 'id = "tall one", width', "shapes"),
    ("wan2.2-i2v-a14b", "[28.6, 28.6]", "[28.6, -1.0]", "experts_gb"),
    ("wan2.2-i2v-a14b", "text_gb = 11.4", "text_gb = inf", "text_gb"),
    ("wan2.2-t2v-a14b", 'id = "landscape", width = 832, height = 480', _KEPT, "shapes: only what can animate"),
    ("wan2.2-ti2v-5b", 'tasks = ["animate", "imagine"]', 'tasks = ["animate", "imagine", "animate"]', "twice"),
    ("ltx-2.3", "stg_scale = 1.0", "stg_scale = nan", "options"),
    ("ltx-2.3-distilled", "[model.presets.fast]", "[model.presets.standard]", "needs the quality fast"),
    ("wan2.2-t2v-a14b", 'features = ["negative"]', 'features = ["negative", "end_still"]', "features"),
    ("wan2.1-i2v-14b-480p", 'features = ["negative"]', 'features = ["negative", "end_still"]', "features"),
    ("wan2.1-i2v-14b-480p", "steps = 4\n", "steps = 4\nguidance_2 = 1.0\n", "guidance_2"),
    ("wan2.2-ti2v-5b", 'cache = "first_block"', 'cache = "mag"', "cache"),
    ("ltx-2.3", "steps = 30\n", 'steps = 30\ncache = "first_block"\n', "cache"),
    ("ltx-2.3", "stg_scale = 1.0", "speed = 1.0", "options"),
    ("ltx-2.3", "steps = 15\n", "steps = 1\n", "steps"),
    ("ltx-2.3-distilled", "steps = 8\n", "steps = 7\n", "sigmas"),
    ("ltx-2.3-distilled", "0.725, 0.421875]", "0.421875, 0.725]", "sigmas"),
    ("ltx-2.3-distilled", 'features = ["sound"]', 'features = ["sound", "negative"]', "features"),
    (
        "ltx-video-0.9.7-distilled",
        "steps = 8\n",
        "steps = 8\nsigmas = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]\n",
        "sigmas",
    ),
    ("ltx-video-0.9.7-distilled", 'repository = "Lightricks/LTX-Video-0.9.7-distilled"\n', "", "repository"),
    ("draft", 'family = "draft"', 'family = "draft"\nrepository = "a/b"', "repository"),
    ("draft", 'family = "draft"', 'family = "cloud"', "family"),
]


@pytest.mark.parametrize(("model_id", "right", "wrong", "named"), CONTRADICTIONS)
def test_an_entry_against_its_family_stops_the_start_with_its_name_and_line(
    tmp_path: Path, model_id: str, right: str, wrong: str, named: str
) -> None:
    text, lines_before = entry(model_id)
    assert right in text
    broken = text.replace(right, wrong, 1)

    with pytest.raises(CatalogError, match=named) as caught:
        load_text(TEXT.replace(text, broken), tmp_path)

    assert f"model '{model_id}'" in str(caught.value)
    assert caught.value.line is not None
    assert lines_before < caught.value.line <= lines_before + broken.count("\n")


@pytest.mark.parametrize(
    ("model_id", "right", "wrong", "line"),
    [
        ("wan2.2-i2v-a14b", "side_step = 16", "side_step = 8", "side_step = 8"),
        ("ltx-2.3-distilled", "steps = 8\n", "steps = 7\n", "sigmas = [1.0, "),
        ("ltx-2.3", "fps = 24", "fps = 240", "fps = 240"),
        ("wan2.1-i2v-14b-480p", "flow_shift = 3.0\n", "", "[model.presets.standard]"),
    ],
)
def test_the_named_line_is_the_wrong_one_or_opens_its_table(
    tmp_path: Path, model_id: str, right: str, wrong: str, line: str
) -> None:
    text, _ = entry(model_id)
    broken = TEXT.replace(text, text.replace(right, wrong, 1))

    with pytest.raises(CatalogError) as caught:
        load_text(broken, tmp_path)

    assert caught.value.line is not None
    assert broken.splitlines()[caught.value.line - 1].startswith(line)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"# menu\nmodel = 3\n", 2),
        (b"\nmodel = [1, 2]\n", 2),
        (b'\n\n[model]\nid = "x"\n', 3),
        (b'model = [{ id = "x" }]\n', 1),
        (b'[[model]]\nid = "a"\nlabel = "\xff"\n', 3),
    ],
)
def test_what_is_no_menu_at_all_is_named_with_its_line(tmp_path: Path, content: bytes, line: int) -> None:
    (tmp_path / "menu.toml").write_bytes(content)

    with pytest.raises(CatalogError) as caught:
        load_catalog(tmp_path / "menu.toml")

    assert caught.value.line == line
    assert f"menu.toml:{line}: " in str(caught.value)


def test_an_id_may_be_on_the_menu_once(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="twice"):
        load_text(TEXT + "\n" + entry("ltx-2.3")[0], tmp_path)
