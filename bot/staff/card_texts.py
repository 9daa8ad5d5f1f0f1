"""The words on the cards of instructors, and what the person of a clip that waits is told; pure."""

from bot.quoting import quoted, shortened
from bot.rendering import JobTexts
from bot.words import Words
from generation.request import spoken_in
from storage.jobs import Job
from storage.staff_cards import Card

REASON_SHOWN = 500


class CardTexts:
    """In the language of the job, which is the server's."""

    def __init__(self, words: Words, job_texts: JobTexts) -> None:
        self._words = words
        self._job_texts = job_texts

    def card(self, card: Card, job: Job) -> str:
        """The card: what is asked, about which job of whom, with which prompt."""
        about = {"job": str(job.id), "owner": str(job.user_id), "prompt": quoted(spoken_in(job.recipe))}
        if card.report_id is None:
            negative = quoted(job.recipe.get("negative_prompt") or "") or "none"
            text = self._words(job.locale, "card-approve", channel=str(job.channel_id), negative=negative, **about)
        else:
            text = self._words(
                job.locale,
                "card-report",
                reporter=str(card.reporter_id),
                link=_link(job),
                reason=quoted(shortened(card.reason or "", REASON_SHOWN), REASON_SHOWN),
                **about,
            )
        return f"{text}\n{self.mark(card)} #{job.id}"

    def without_clip(self, text: str, job: Job) -> str:
        """The card where its clip cannot be shown on it."""
        return f"{text}\n{self._words(job.locale, 'card-without-clip')}"

    def mark(self, card: Card) -> str:
        """Stands on this card and in no other message, so that it can be found again."""
        # Numbers of cards are given again once their person is forgotten, those of jobs never.
        return f"-# card {card.id}-{card.job_id} ·"

    def alt(self, job: Job) -> str:
        """Alt text of the clip on a card."""
        return self._job_texts.alt(job)

    def waits(self, job: Job, *, is_heard: bool) -> str:
        """The status message of a clip that waits; it names nobody, as a blind challenge wants it."""
        return self._words(job.locale, "status-waits", heard="yes" if is_heard else "no", job=str(job.id))

    def unreachable(self, job: Job) -> str:
        """A word to whoever can set a channel for the instructors."""
        return self._words(job.locale, "staff-unreachable", server=str(job.guild_id))


def _link(job: Job) -> str:
    return f"https://discord.com/channels/{job.guild_id}/{job.channel_id}/{job.message_id or ''}".rstrip("/")
