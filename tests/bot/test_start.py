"""How the bot starts, and how it says that it cannot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.workshop import _worker
from generation.catalog import SHIPPED_CATALOG
from generation.pipelines.settings import PipelineSettings
from storage.settings import PREFIX, misspelt, written_names

ROOT = Path(__file__).parents[2]


def started(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STILLMOTION_", "DISCORD_"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env={**clean, "PYTHONPATH": str(ROOT), **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_without_a_token_it_says_in_two_lines_what_to_do(tmp_path: Path) -> None:
    ended = started(tmp_path)

    assert 1 == ended.returncode
    assert 2 == len(ended.stderr.strip().splitlines())
    assert "DISCORD_TOKEN" in ended.stderr
    assert "--sandbox" in ended.stderr


def test_an_empty_token_is_no_token(tmp_path: Path) -> None:
    assert "DISCORD_TOKEN" in started(tmp_path, DISCORD_TOKEN="").stderr


def test_neither_the_token_nor_local_variables_reach_the_log(tmp_path: Path) -> None:
    # Nobody listens there, so the login breaks deep inside the HTTP client, with the token in its local variables.
    ended = started(tmp_path, "--sandbox", "http://127.0.0.1:9", DISCORD_TOKEN="secret-token")

    assert 1 == ended.returncode
    assert "Bot sandbox" not in ended.stderr
    assert "secret-token" not in ended.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STILLMOTION_ALLOWANCE_CREDITS", "many"),
        ("STILLMOTION_TIMEZONE", "Middle-earth"),
        ("STILLMOTION_LOG_LEVEL", "LOUD"),
        ("STILLMOTION_ALOWANCE", "3"),
        ("STILLMOTION_GPU", "xx"),
        ("STILLMOTION_GPU_PLAN", "xx"),
        ("STILLMOTION_GPU_MODELS_FOLDER", "nowhere"),
        ("STILLMOTION_GPU_PREVIEW_SECONDS", "inf"),
        ("STILLMOTION_GPU_WORKERS", "2"),
        ("STILLMOTION_DATA_FOLDER", "~nobody-of-that-name/data"),
        ("STILLMOTION_WORKERS", "0"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name(tmp_path: Path, name: str, value: str) -> None:
    ended = started(tmp_path, DISCORD_TOKEN="x", **{name: value})

    assert 2 == ended.returncode
    assert [line for line in ended.stderr.splitlines() if name in line]
    assert "Traceback" not in ended.stderr


def test_a_wrong_line_in_the_file_stops_the_start_with_its_name(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("STILLMOTION_COLOUR=blue\nSOMEBODY_ELSES=1\n")
    ended = started(tmp_path, DISCORD_TOKEN="x")

    assert 2 == ended.returncode
    assert "STILLMOTION_COLOUR" in ended.stderr
    assert "SOMEBODY_ELSES" not in ended.stderr


@pytest.mark.parametrize("line", ["STILLMOTION_WORKERS : 3", 'STILLMOTION_DATA_FOLDER="unclosed'])
def test_a_line_in_the_file_that_cannot_be_read_stops_the_start_with_its_number(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(f"DISCORD_TOKEN=x\n{line}\n")
    ended = started(tmp_path)

    assert 2 == ended.returncode
    assert "Wrong setting in line 2 of .env: not NAME=VALUE" in ended.stderr


@pytest.mark.parametrize("name", ["STILLMOTION_WORKERS", "STILLMOTION_GPU_HOST_BYTES", "STILLMOTION_ALLOWANCE_CREDITS"])
def test_an_empty_setting_is_none(tmp_path: Path, name: str) -> None:
    assert "DISCORD_TOKEN" in started(tmp_path, **{name: ""}).stderr


def test_a_path_may_begin_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLMOTION_DATA_FOLDER", "~/class")
    monkeypatch.setenv("STILLMOTION_GPU_MODELS_FOLDER", "~/")
    settings = Settings(_env_file=None)  # type: ignore[call-arg] # pydantic-settings' own

    assert Path.home() / "class" == settings.data_folder
    assert Path.home() == settings.gpu.models_folder


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("STILLMOTION_ALLOWANCE_CREDITS=7\nSTILLMOTION_WORKERS=2\nDISCORD_TOKEN=secret\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STILLMOTION_WORKERS", "3")
    settings = Settings()

    assert (7, 3) == (settings.allowance_credits, settings.workers)
    assert "secret" not in repr(settings)


SHIPPED = SHIPPED_CATALOG.read_text(encoding="utf-8")
FAMILY = 'family = "draft"\n'
LINE = SHIPPED.count("\n", 0, SHIPPED.index(FAMILY)) + 2


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("data/stillmotion.sqlite3", "this is no database" * 100, "stillmotion.sqlite3"),
        ("data/models.lock", "{", "models.lock: cannot be read"),
        ("menu.toml", '[[model]]\nid = "mine"\n', "menu.toml:1: model 'mine': label"),
        (
            "menu.toml",
            SHIPPED.replace(FAMILY, f'{FAMILY}repository = "a/b"\n', 1),
            f"menu.toml:{LINE}: model 'draft': repository: the draft family has no weights",
        ),
    ],
)
def test_a_broken_file_stops_the_start_in_one_sentence(tmp_path: Path, file: str, content: str, said: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / file).write_text(content)
    environment = {"STILLMOTION_CATALOG": "menu.toml"} if file == "menu.toml" else {}
    ended = started(tmp_path, DISCORD_TOKEN="x", **environment)

    assert 1 == ended.returncode
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("url", ["notaurl", "http://", "", "ftp://x"])
def test_what_is_no_address_of_a_sandbox_is_named(tmp_path: Path, url: str) -> None:
    ended = started(tmp_path, "--sandbox", url)

    assert 2 == ended.returncode
    assert f"{url!r} is not an address" in ended.stderr


def test_only_names_that_look_like_settings_are_called_misspelt() -> None:
    known = written_names(Settings) | written_names(PipelineSettings)
    right = ["STILLMOTION_WORKERS", "STILLMOTION_GPU_PLAN", "DISCORD_TOKEN", "HOME"]
    wrong = ["STILLMOTION_GPU", "STILLMOTION_GPU_WORKERS", "STILLMOTION_WORKER"]

    assert wrong == misspelt([*right, *wrong], (PREFIX,), known)


def test_each_worker_knows_its_card_and_how_many_share_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    environment = _worker(Settings(_env_file=None, workers=3), 1)._environment  # type: ignore[call-arg] # pydantic-settings' own

    assert ("1", "3") == (environment["STILLMOTION_DEVICE_INDEX"], environment["STILLMOTION_WORKERS"])
    assert "DISCORD_TOKEN" not in environment
