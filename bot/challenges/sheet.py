"""The entries of a challenge as a table for instructors."""

from collections.abc import Mapping

from bot.words import Words
from generation.challenges.use_cases import Gallery
from generation.request import spoken_in
from generation.teaching.spreadsheet import Cell, person_cell, time_cell, to_csv
from storage.entries import Entry

COLUMNS = ("person", "name", "entry", "state", "prompt", "votes", "credits", "paid-by", "prize", "time")


def entries_csv(words: Words, locale: str, gallery: Gallery, names: Mapping[int, str]) -> bytes:
    """Every entry, withdrawn ones too, by number; of a blind challenge without votes until it is over."""
    header = [words(locale, f"sheet-{column}") for column in COLUMNS]
    return to_csv(header, [_row(words, locale, gallery, entry, names) for entry in gallery.entries])


def _row(words: Words, locale: str, gallery: Gallery, entry: Entry, names: Mapping[int, str]) -> list[Cell]:
    job, challenge = gallery.jobs[entry.job_id], gallery.challenge
    is_secret = challenge.voting == "blind" and challenge.state == "open"
    was_made_for_it = entry.post is None
    is_charged = was_made_for_it and job.state == "succeeded" and job.approval != "declined"
    payer = "nobody" if not is_charged else "person" if job.pool_id is None else "pool"
    return [
        person_cell(entry.user_id),
        names.get(entry.user_id),
        entry.number,
        words(locale, "sheet-states", state=_state(entry)),
        spoken_in(job.recipe),
        None if is_secret or challenge.voting == "none" else entry.votes,
        job.price_credits if is_charged else 0,
        words(locale, "sheet-payers", payer=payer),
        entry.prize_credits,
        time_cell(entry.at),
    ]


def _state(entry: Entry) -> str:
    if entry.withdrawn_at is not None:
        return "withdrawn"
    if entry.visibility == "deleted" and entry.approval == "declined":
        return "withdrawn"  # before anybody decided, or after its clip was declined
    if entry.approval in ("waiting", "declined"):
        return entry.approval
    return entry.job_state if entry.job_state != "succeeded" or entry.visibility == "shown" else entry.visibility
