"""Which commit a moving revision of a repository stands for here: written by its first fetch, used from then on."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from generation.catalog import Catalog, Lora, Model
from generation.errors import LockDamaged

LOCK_NAME = "models.lock"
"""In the data folder, beside the jobs whose recipes name the commits."""

_COMMIT = re.compile(r"[0-9a-f]{40}")


class RevisionLock:
    """Commits by repository and revision, in one JSON file that an instructor can read and edit."""

    def __init__(self, path: Path, commits: Mapping[str, str]) -> None:
        self._path = path
        self._commits = dict(commits)

    @classmethod
    def read(cls, path: Path) -> "RevisionLock":
        """The lock as it stands in the file; an empty one if there is none. Raises LockDamaged."""
        try:
            commits = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls(path, {})
        except (OSError, ValueError) as error:
            raise LockDamaged(path, f"cannot be read ({error})") from error
        if not isinstance(commits, dict) or not all(is_commit(str(commit)) for commit in commits.values()):
            raise LockDamaged(path, 'holds more than "owner/name@revision": "commit"')
        return cls(path, commits)

    def commit(self, repository: str, revision: str) -> str:
        """The commit that ``revision`` stands for; ``revision`` itself while nothing is written about it."""
        return self._commits.get(f"{repository}@{revision}", revision)

    def record(self, repository: str, revision: str, commit: str) -> None:
        """Write down what ``revision`` stands for; atomic. What is written already stays."""
        self._commits.setdefault(f"{repository}@{revision}", commit)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(f"{self._path.name}.new")
        fresh.write_text(json.dumps(self._commits, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        fresh.replace(self._path)

    def pin(self, catalog: Catalog) -> Catalog:
        """The same menu with every revision as the commit that it stands for."""
        return Catalog(MappingProxyType({name: self._pinned(model) for name, model in catalog.models.items()}))

    def _pinned(self, model: Model) -> Model:
        if model.repository is None:
            return model
        presets = {
            name: preset.model_copy(update={"lora": self._pinned_lora(preset.lora)})
            for name, preset in model.presets.items()
        }
        revision = self.commit(model.repository, model.revision)
        return model.model_copy(update={"revision": revision, "presets": presets})

    def _pinned_lora(self, lora: Lora | None) -> Lora | None:
        return lora and lora.model_copy(update={"revision": self.commit(lora.repository, lora.revision)})


def is_commit(revision: str) -> bool:
    """Whether ``revision`` can never mean anything else: a full commit, not a branch or a tag."""
    return _COMMIT.fullmatch(revision) is not None
