"""README says what the code does."""

import re
from pathlib import Path

from bot.settings import Settings
from generation.pipelines.settings import PipelineSettings

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def settings() -> list[tuple[str, object, str]]:
    """(variable, default, meaning) of everything that can be set."""
    own = [
        ("DISCORD_TOKEN" if name == "discord_token" else f"STILLMOTION_{name.upper()}", field)
        for name, field in Settings.model_fields.items()
        if name != "gpu"
    ]
    gpu = [
        ("STILLMOTION_DEVICE_INDEX" if name == "device_index" else f"STILLMOTION_GPU_{name.upper()}", field)
        for name, field in PipelineSettings.model_fields.items()
        if name != "workers"  # the bot's own setting, read by its workers too
    ]
    return [(variable, field.default, str(field.description)) for variable, field in own + gpu]


def test_every_setting_stands_in_the_readme_with_its_default_and_meaning() -> None:
    for variable, default, meaning in settings():
        row = re.search(rf"^\| `{variable}` \| (.*?) \| (.*?) \|$", README, re.MULTILINE)
        assert row is not None, variable
        assert meaning.rstrip(".") in row[2], variable
        if isinstance(default, str | int | float | Path) and not isinstance(default, bool):
            assert f"`{default}`" == row[1], variable
