"""What a linter would say of the page's sources, without node: length, imports, ways around escaping."""

import re
from pathlib import Path

import pytest
from visiting import ROOT

STATIC = ROOT / "sandbox" / "page" / "static"
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
STYLES = sorted((STATIC / "css").glob("*.css"))
MAX_COLUMNS, MAX_LINES = 120, 300
# Text becomes elements through the library only, which escapes it.
FORBIDDEN = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|console\.")
IMPORTED = re.compile(r"^(?:import|export) \{([^}]*)\} from \"([^\"]+)\"", re.MULTILINE)
EXPORTED = re.compile(r"^export (?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)
LISTED = re.compile(r"export ?\{([^}]*)\}")


def names_in(text: str) -> set[str]:
    return {part.split(" as ")[-1].strip() for part in text.split(",") if part.strip()}


def exports_of(script: Path) -> set[str]:
    text = script.read_text()
    return set(EXPORTED.findall(text)).union(*map(names_in, LISTED.findall(text)))


@pytest.mark.parametrize("source", [*SCRIPTS, *STYLES], ids=lambda path: path.name)
def test_sources_are_short_lines_in_short_files(source: Path) -> None:
    lines = source.read_text().splitlines()
    assert len(lines) <= MAX_LINES
    assert [number for number, line in enumerate(lines, 1) if len(line) > MAX_COLUMNS or line != line.rstrip()] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_say_their_purpose_and_use_what_they_import(script: Path) -> None:
    text = script.read_text()
    assert text.startswith("// ")
    assert FORBIDDEN.findall(text) == []
    for names, source in IMPORTED.findall(text):
        imported = names_in(names)
        assert imported - exports_of((script.parent / source).resolve()) == set()
        used = {name for name in imported if len(re.findall(rf"(?:^|[^\w.]|\.\.\.){name}\b", text)) > 1}
        assert used == imported or text.startswith("// The one library")


def test_every_style_sheet_is_linked() -> None:
    index = (STATIC / "index.html").read_text()
    assert [path.name for path in STYLES if f"css/{path.name}" not in index] == []
