"""Which clips are entries of challenges, and whether their makers' names and prompts are hidden as yet."""

from dataclasses import dataclass, replace

from storage.challenges import Challenge
from storage.entries import Entry


@dataclass(frozen=True, slots=True)
class Mask:
    """An entry as the messages about its clip name it; ``hides_maker`` while a blind challenge runs."""

    challenge_id: int
    entry_id: int
    number: int
    title: str
    hides_maker: bool
    takes_votes: bool


class Masks:
    """The entries of open challenges and of those closed since the start, by job; the table has the truth."""

    def __init__(self) -> None:
        self._masks: dict[int, Mask] = {}

    def of(self, job_id: int) -> Mask | None:
        """How the clip is to be named; None for one that is no entry."""
        return self._masks.get(job_id)

    def put_on(self, challenge: Challenge, entry: Entry) -> None:
        """Name the clip as an entry from now on; before anything about it is posted."""
        self._masks[entry.job_id] = Mask(
            challenge_id=challenge.id,
            entry_id=entry.id,
            number=entry.number,
            title=challenge.title,
            hides_maker=challenge.voting == "blind" and challenge.state == "open",
            takes_votes=challenge.voting != "none" and challenge.state == "open",
        )

    def lift(self, challenge_id: int) -> None:
        """Show who made the entries of a challenge that is over."""
        for job_id, mask in self._masks.items():
            if mask.challenge_id == challenge_id:
                self._masks[job_id] = replace(mask, hides_maker=False, takes_votes=False)
