"""Texts that travel inside an MP4; apart from the encoder, so that who names them needs no NumPy."""

from dataclasses import dataclass
from typing import Final

LABEL: Final = "Synthetic video, made with Stillmotion"


@dataclass(frozen=True, slots=True)
class Metadata:
    """Texts kept inside the MP4: a title, the alt text as description, the recipe (JSON) as comment.

    Whatever else is known of a clip, its file says that no camera took it, where players show the artist.
    """

    title: str = ""
    description: str = ""
    recipe: str = ""

    def arguments(self) -> list[str]:
        """As ffmpeg's arguments; characters that no argument can carry (NUL, lone surrogates) are dropped."""
        texts = {"title": self.title, "description": self.description, "comment": self.recipe, "artist": LABEL}
        clean = {key: text.replace("\0", "").encode("utf-8", "ignore").decode() for key, text in texts.items()}
        return [part for key, text in clean.items() if text for part in ("-metadata", f"{key}={text}")]
