"""A data folder has one tenant."""

import subprocess
import sys
from pathlib import Path

import pytest

from storage.errors import FolderInUse, FolderUnusable
from storage.occupancy import occupied


def test_a_folder_is_created_and_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with occupied(tmp_path / "new" / "data"):
            assert (tmp_path / "new" / "data").is_dir()


def test_a_second_tenant_is_refused_at_once(tmp_path: Path) -> None:
    with occupied(tmp_path), pytest.raises(FolderInUse) as refused, occupied(tmp_path):
        pytest.fail("entered")
    assert refused.value.folder == tmp_path


def test_a_killed_tenant_leaves_the_folder_free(tmp_path: Path) -> None:
    code = "import os, pathlib, sys\nfrom storage.occupancy import occupied\n"
    code += "with occupied(pathlib.Path(sys.argv[1])):\n    os.kill(os.getpid(), 9)\n"
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=Path(__file__).parents[2], check=False)
    assert -9 == ended.returncode
    with occupied(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderUnusable, match="Not a directory"), occupied(tmp_path / "file" / "data"):
        pytest.fail("entered")
