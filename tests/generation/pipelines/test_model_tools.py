"""The operator's tools: fetch checks the disk and respects offline, check and plan say what is, bench measures."""

import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from generation.__main__ import main
from generation.catalog import SHIPPED_CATALOG, Catalog
from generation.fetch import DiskTooSmall, check_disk, downloads
from generation.pipelines.bench import bench
from generation.pipelines.measuring import count_operations
from generation.pipelines.settings import PipelineSettings

SMALL = "wan2.2-ti2v-5b"
QUICK = "ltx-video-0.9.7-distilled"
COMMIT = "c" * 40


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    """A hub whose repositories are 30 GB each; returns the downloads that were asked for."""
    asked: list[dict[str, Any]] = []

    def snapshot_download(repository: str, *, dry_run: bool = False, **options: Any) -> Any:
        if dry_run:
            return [SimpleNamespace(file_size=30 * 10**9, will_download=True, commit_hash=COMMIT)]
        asked.append({"repository": repository, **options})
        return str(tmp_path)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setenv("STILLMOTION_DATA_FOLDER", str(tmp_path / "data"))
    return asked


def free_disk(monkeypatch: pytest.MonkeyPatch, gigabytes: int) -> None:
    usage = SimpleNamespace(total=10**15, used=0, free=gigabytes * 10**9)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)


def test_fetch_downloads_pinned_weights_and_the_lora_pair(
    hub: list[dict[str, Any]], menu: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    free_disk(monkeypatch, 500)
    model = menu["wan2.2-i2v-a14b"]
    lora = model.presets["fast"].lora
    assert lora

    assert main(["fetch", model.id]) == 0

    assert [(call["repository"], call["revision"]) for call in hub] == [
        (model.repository, model.revision),
        (lora.repository, COMMIT),
    ]
    assert hub[1]["allow_patterns"] == list(lora.files)
    assert not any("bin" in pattern for pattern in hub[0]["allow_patterns"])


def test_fetch_stops_before_a_disk_that_is_too_small(
    hub: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    free_disk(monkeypatch, 60)

    assert main(["fetch", "wan2.2-i2v-a14b"]) == 1

    assert hub == []
    assert "60.0 GB to download" in capsys.readouterr().err


def test_offline_fetch_reads_only_the_cache_and_names_what_is_missing(
    menu: Catalog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))

    assert main(["fetch", SMALL]) == 1

    model = menu[SMALL]
    assert capsys.readouterr().err == f"{model.repository} @ {model.revision} is not in {tmp_path}\n"


def test_some_space_stays_free_on_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    free_disk(monkeypatch, 12)

    check_disk(tmp_path / "not" / "there" / "yet", 7 * 10**9)
    with pytest.raises(DiskTooSmall) as caught:
        check_disk(tmp_path, 8 * 10**9)
    assert (caught.value.needed_bytes, caught.value.free_bytes) == (8 * 10**9, 12 * 10**9)


def test_the_draft_has_nothing_to_download(menu: Catalog) -> None:
    assert list(downloads(menu["draft"])) == []


def test_check_says_which_models_can_be_used(
    checkpoints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STILLMOTION_GPU_DEVICE", "cpu")
    monkeypatch.setenv("STILLMOTION_GPU_MODELS_FOLDER", str(checkpoints))
    assert main(["check"]) == 0
    assert f"{SMALL}: ready" in capsys.readouterr().out

    monkeypatch.setenv("STILLMOTION_GPU_MODELS_FOLDER", str(tmp_path))
    assert main(["check", SMALL]) == 1
    assert "not on this machine" in capsys.readouterr().err


def test_without_a_card_no_model_is_ready_and_the_way_out_is_named(
    checkpoints: Path, menu: Catalog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("generation.pipelines.cards.CUDA_DRIVER", "libno-such-driver.so")
    monkeypatch.setenv("STILLMOTION_GPU_MODELS_FOLDER", str(checkpoints))

    assert main(["check"]) == 1

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("no GPU is found (set STILLMOTION_GPU_DEVICE=cpu") == len(menu.models) - 1


def test_with_a_card_the_weights_decide(
    checkpoints: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("generation.pipelines.weights.cards_visible", lambda: 1)
    monkeypatch.setenv("STILLMOTION_GPU_MODELS_FOLDER", str(checkpoints))

    assert main(["check", SMALL]) == 0


def test_plan_prints_every_layout_and_marks_the_one_that_is_used(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", "wan2.2-i2v-a14b", "--card-gb", "85"]) == 0
    printed = capsys.readouterr().out
    assert "wan2.2-i2v-a14b: resident\n  * resident" in printed
    assert "from fast to standard and back: " in printed

    monkeypatch.setenv("STILLMOTION_GPU_PLAN", "stream")
    assert main(["plan", "wan2.2-i2v-a14b", "--card-gb", "85"]) == 0
    assert "  * stream " in capsys.readouterr().out


def test_plan_shares_the_hosts_memory_among_the_workers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("generation.pipelines.memory.host_bytes_total", lambda: 240 * 10**9)
    monkeypatch.setenv("STILLMOTION_WORKERS", "2")

    assert main(["plan", "wan2.2-i2v-a14b", "--card-gb", "85"]) == 0

    printed = capsys.readouterr().out
    assert "host 240.0 GB; each of 2 workers has 120.0 GB of it, 60.0 GB for weights that wait" in printed
    assert "from fast to standard and back: a copy" in printed


def test_plan_gives_a_small_card_eight_bit_weights_and_says_what_that_means(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("generation.pipelines.memory.host_bytes_total", lambda: 128 * 10**9)

    assert main(["plan", SMALL, "wan2.2-i2v-a14b", "--card-gb", "12"]) == 0

    printed = capsys.readouterr().out
    assert printed.count(": stream_int8\n") == 2
    assert printed.count("  * stream_int8") == 2
    assert "transformer weights in 8 bits (torchao)" in printed
    assert "from fast to standard and back: the model loads again" in printed


@pytest.mark.parametrize("size", ["-5", "0", "inf", "much"])
def test_a_card_of_no_size_is_refused(capsys: pytest.CaptureFixture[str], size: str) -> None:
    with pytest.raises(SystemExit):
        main(["plan", SMALL, "--card-gb", size])

    assert f"invalid gigabytes value: '{size}'" in capsys.readouterr().err


def test_a_model_that_is_not_on_the_menu_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "wan9"]) == 2
    assert "wan9" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value"),
    [("STILLMOTION_WORKERS", "zz"), ("STILLMOTION_GPU_HOST_BYTES", "much"), ("STILLMOTION_GPU_PLANS", "offload")],
    ids=["shared", "own", "misspelt"],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    assert main(["check"]) == 2
    assert capsys.readouterr().err.startswith(f"Wrong setting {name}: ")


@pytest.mark.parametrize("tool", ["fetch " + QUICK, "plan", f"bench {QUICK} --random-weights", "check " + QUICK])
def test_without_the_models_libraries_the_tools_say_where_to_read_on(tool: str) -> None:
    bare = "import sys; sys.modules.update(dict.fromkeys(('torch', 'diffusers', 'transformers', 'huggingface_hub')))"
    script = f"{bare}; from generation.__main__ import main; sys.exit(main({tool.split()}))"

    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr.endswith("the models' libraries are not installed (README, “Wan and LTX on a GPU”)\n")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("given", ["environment", "file", "before", "after"])
def test_the_tools_know_the_menu_of_the_bot_or_the_one_that_they_are_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(SHIPPED_CATALOG.read_text(encoding="utf-8").replace(f'"{SMALL}"', '"our-model"'), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    if given == "environment":
        monkeypatch.setenv("STILLMOTION_CATALOG", str(own))
    if given == "file":
        (tmp_path / ".env").write_text(f"STILLMOTION_CATALOG={own}\n")
    named = ["--catalog", str(own)]
    before, after = (named if given == place else [] for place in ("before", "after"))

    assert main([*before, "plan", *after, "our-model", "--card-gb", "24"]) == 0

    assert capsys.readouterr().out.count("our-model: ") == 1


@pytest.fixture
def quick_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    """One turn with clips of 64 x 64 x 9, on a device that is known to make a million million operations a second."""
    monkeypatch.setattr("generation.pipelines.bench.TINY_TOKENS", 2)
    monkeypatch.setattr("generation.pipelines.bench.TINY_LATENT_FRAMES", 2)
    monkeypatch.setattr("generation.pipelines.bench.TURNS", 1)
    monkeypatch.setattr("generation.pipelines.bench.peak_flops", lambda: 1e12)


@pytest.mark.usefixtures("quick_bench")
def test_bench_prints_every_preset_with_its_stages_and_ratios(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["bench", "ltx-2.3-distilled", QUICK, "--random-weights", "--tiny", "--device", "cpu"]) == 0

    rows = [line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    headings = rows[0]
    table = [dict(zip(headings, row, strict=True)) for row in rows if row[0] == "64x64x9"]
    assert [row["preset"] for row in table] == ["fast", "fast", "standard"]
    for row in table:
        times = {name: float(row[name]) for name in headings[headings.index("text") : headings.index("ours / bare")]}
        assert times["whole"] >= times["text"] + times["decode"] + times["encode"]
        for name, other in (("ours / bare", "bare"), ("ours / plain", "plain")):
            assert float(row[name]) == pytest.approx(times["whole"] / times[other], rel=0.1)
        assert float(row["CPU ours / bare"]) > 0
        assert 0 < float(row["TFLOP a call"]) < 1
        assert row["of peak"].endswith("%")
    assert float(table[0]["load"]) > 0


@pytest.mark.usefixtures("quick_bench")
def test_every_stage_is_measured_and_the_share_of_the_peak_is_that_of_a_step(menu: Catalog) -> None:
    model = menu["ltx-2.3"]
    guided = model.model_copy(update={"presets": {"fast": model.presets["fast"].model_copy(update={"steps": 3})}})

    (figures,) = bench(guided, PipelineSettings(device="cpu", plan="resident"), tiny=True)

    assert min(figures.load, figures.text, figures.step, figures.decode, figures.encode, figures.again.seconds) > 0
    calls = 2  # one for both sides of the guidance by text, one for that between the modalities
    assert figures.peak_share == pytest.approx(calls * figures.flops / figures.step / 1e12)


def test_the_operations_of_the_first_call_are_counted() -> None:
    layer = torch.nn.Linear(8, 16)

    counted = count_operations(SimpleNamespace(transformer=layer), lambda: [layer(torch.zeros(4, 8)) for _ in range(3)])

    assert (counted.flops, counted.calls) == (2 * 4 * 8 * 16, 3)
