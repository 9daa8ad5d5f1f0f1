"""A command that stands ready in the composer of a first-time visitor, with its files, so that one click sends it."""

from dataclasses import dataclass, field

from sandbox import typed
from sandbox.files import Upload
from sandbox.wire import Json


@dataclass(frozen=True)
class Suggestion:
    """A command's words, its options as text, and the files among them by option."""

    command: str
    options: dict[str, str]
    files: dict[str, Upload] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> "Suggestion":
        """Read `/command option:text other:@file`; ClientRefused "unreadable" or "no_such_file"."""
        line = typed.read(text)
        files = {name: typed.upload(name, value) for name, value in line.options.items() if value.startswith("@")}
        return cls(line.name, {name: value for name, value in line.options.items() if name not in files}, files)

    def render(self) -> Json:
        """What the page is told; the bytes are fetched apart."""
        return {
            "command": self.command,
            "options": self.options,
            "files": {n: f.filename for n, f in self.files.items()},
        }
