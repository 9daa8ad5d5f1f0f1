"""What the coach says of wishes that are offered: one line for each finding, and its words for a single clip."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.quoting import quoted, shortened
from bot.words import Words
from generation.coach.drafts import opinion
from generation.coach.findings import Finding
from generation.comparisons import letter
from generation.request import ClipRequest

QUOTE_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Remarks:
    """Lines in a reader's words, and a better prompt if exactly one clip is offered and there is one."""

    lines: tuple[str, ...] = ()
    rewrite: str | None = None


def remarks_on(words: Words, locale: str, requests: Sequence[ClipRequest]) -> Remarks:
    """What the coach says of the clips together: a line names the letters of the clips that it is about, if not all."""
    opinions = [opinion(request) for request in requests]
    letters: dict[str, list[str]] = {}
    for at, (request, found) in enumerate(zip(requests, opinions, strict=True)):
        for finding in found.findings:
            letters.setdefault(finding_line(words, locale, finding, request), []).append(letter(at))
    lines = tuple(
        line
        if len(those) == len(requests)
        else words(locale, "compare-row", letter=", ".join(those), facts=line.removeprefix("• "))
        for line, those in letters.items()
    )
    return Remarks(lines, opinions[0].rewrite if len(requests) == 1 else None)


def finding_line(words: Words, locale: str, finding: Finding, request: ClipRequest) -> str:
    """A finding in one line, with the prompt's own words for it."""
    return words(
        locale,
        f"coach-found-{finding.rule}",
        quote=quoted(shortened(finding.quote, QUOTE_SHOWN)),
        count=f"{finding.count:.0f}",
        camera=quoted(request.camera),
    )
