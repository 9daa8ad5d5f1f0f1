"""Turns chains of clips into the texts that people read; pure."""

from collections.abc import Sequence

from bot.quoting import described
from bot.rendering import JobTexts
from bot.words import Words
from generation.request import spoken_in
from storage.jobs import Job

NAMED_PARTS = 12


class ChainTexts:
    """The texts about clips that were joined, in the locale of the last one."""

    def __init__(self, words: Words, texts: JobTexts) -> None:
        self._words = words
        self._texts = texts

    def joined(self, job: Job, parts: Sequence[Job], *, made_smaller: bool) -> str:
        """The message that carries a joined chain."""
        text = self._words(
            job.locale,
            "clip-joined",
            user=str(job.user_id),
            count=len(parts),
            parts=" + ".join(_named(parts)),
            seconds=_length(parts),
            made=self._texts.made(*parts),
        )
        return f"{text}\n{self._words(job.locale, 'clip-smaller')}" if made_smaller else text

    def alt(self, job: Job, parts: Sequence[Job]) -> str:
        """Alt text of a joined chain: what happens, part by part."""
        prompts = "; ".join(spoken_in(part.recipe) for part in parts)
        return described(self._words(job.locale, "clip-joined-alt", seconds=_length(parts), prompts=prompts))


def _named(parts: Sequence[Job]) -> list[str]:
    """The numbers of the parts; of many only the outer ones, so that the message holds whatever the chain."""
    names = [f"#{part.id}" for part in parts]
    return names if len(names) <= NAMED_PARTS else [*names[: NAMED_PARTS // 2], "…", *names[-NAMED_PARTS // 2 :]]


def _length(parts: Sequence[Job]) -> str:
    """Seconds of the parts together; each but the first gives up the frame that it shares."""
    frames = [(part.recipe["frames"] - (at > 0)) / part.recipe["fps"] for at, part in enumerate(parts)]
    return f"{sum(frames):.1f}"
