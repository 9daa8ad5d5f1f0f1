import re
from pathlib import Path

from bot.settings import Settings

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_every_setting_stands_in_the_readme_with_its_default_and_meaning() -> None:
    for name, field in Settings.model_fields.items():
        variable = "DISCORD_TOKEN" if name == "discord_token" else f"STILLMOTION_{name.upper()}"
        row = re.search(rf"^\| `{variable}` \| (.*?) \| (.*?) \|$", README, re.MULTILINE)
        assert row is not None, variable
        assert str(field.description).rstrip(".") in row[2]
        if field.default is not None:
            assert f"`{field.default}`" == row[1]
