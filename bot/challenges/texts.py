"""Turns challenges into the texts that people read; pure."""

from bot.quoting import described, fitting, quoted, shortened
from bot.words import Value, Words, timestamp
from generation.challenges import contests
from generation.challenges.contests import Place
from generation.challenges.use_cases import Entered, Gallery
from generation.request import spoken_in
from storage.challenges import Challenge
from storage.entries import Entry
from storage.jobs import Job

BRIEF_SHOWN = 1200
WINNERS_LIMIT = 1400
"""Characters of a message of 2000 for the winners; the rest is for its head, what a tie means and its mark."""

WINNER_PROMPT = 100
DESCRIPTION_LIMIT = 3900
"""Characters of an embed's description, less a line that says how many are missing."""


class ChallengeTexts:
    """The texts about one challenge."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def brief(self, challenge: Challenge, pool_credits: int | None, cap_credits: int | None) -> str:
        """The message with which a challenge is set; ``pool_credits`` is what its entries may cost together."""
        say, locale = self._words, challenge.locale
        lines = [say(locale, "challenge-head", title=quoted(challenge.title)), _plain(challenge.brief)]
        lines += ["", self._times(challenge), self._rules(challenge)]
        if challenge.prompt:
            lines.append(say(locale, "challenge-prompt", prompt=quoted(challenge.prompt)))
        if challenge.required_words:
            lines.append(say(locale, "challenge-words", words=quoted(", ".join(challenge.required_words))))
        if pool_credits is not None:
            cap = "none" if cap_credits is None else cap_credits
            lines.append(say(locale, "challenge-pool", pool=pool_credits, cap=cap))
        if challenge.prize_credits:
            lines.append(say(locale, "challenge-prize", prize=challenge.prize_credits))
        return "\n".join([*lines, self.mark(challenge, "brief")])

    def _times(self, challenge: Challenge) -> str:
        say, locale = self._words, challenge.locale
        if challenge.state != "open":
            assert challenge.ended_at is not None
            when = timestamp(challenge.ended_at, "f")
            return say(locale, "challenge-ended", state=challenge.state, when=when)
        lines = []
        if challenge.opens_at > challenge.created_at:
            lines.append(say(locale, "challenge-opens", **_moment(challenge.opens_at)))
        if challenge.closes_at is None:
            lines.append(say(locale, "challenge-closes-by-hand"))
        else:
            lines.append(say(locale, "challenge-closes", voting=challenge.voting, **_moment(challenge.closes_at)))
        return "\n".join(lines)

    def _rules(self, challenge: Challenge) -> str:
        each = challenge.entries_per_person
        return self._words(challenge.locale, "challenge-rules", each=each, voting=challenge.voting)

    def decision(self, challenge: Challenge) -> str:
        """The message that asks who set the challenge for its winners, when its time is over."""
        about = {"challenge": str(challenge.id), "title": quoted(challenge.title), "user": str(challenge.created_by)}
        return self._words(challenge.locale, "challenge-decide", **about)

    def mark(self, challenge: Challenge, part: str) -> str:
        """Stands in one message of this challenge and in no other, so that it can be found again."""
        return f"-# challenge {challenge.id} · {self._words(challenge.locale, f'challenge-part-{part}')}"

    def still_alt(self, challenge: Challenge) -> str:
        """Alt text of the starter still."""
        return self._words(challenge.locale, "challenge-still-alt", title=challenge.title)

    def results(self, gallery: Gallery) -> str:
        """The message that ends a challenge: who has won, by name."""
        challenge, say, locale = gallery.challenge, self._words, gallery.challenge.locale
        title, entries = quoted(challenge.title), contests.listed(gallery.entries)
        place = contests.decided(gallery.entries)
        if challenge.state == "cancelled":
            lines = [say(locale, "results-cancelled", title=title)]
        else:
            votes = sum(entry.votes for entry in entries)
            counts: dict[str, Value] = {"entries": len(entries), "votes": votes, "voting": challenge.voting}
            lines = [say(locale, "results-head", title=title, **counts)]
            if place is None:
                lines.append(say(locale, "results-nobody", voting=challenge.voting))
            else:
                lines += self._winners(gallery, place)
                if place.is_tie:
                    lines.append(say(locale, "results-tie", prize=challenge.prize_credits, voting=challenge.voting))
        if challenge.state == "closed" and (unfinished := contests.unfinished(gallery.entries)):
            lines.append(say(locale, "results-unfinished", unfinished=len(unfinished)))
        if late := contests.waiting(gallery.entries):
            lines.append(say(locale, "results-late", late=len(late)))
        if entries:
            lines.append(say(locale, "results-label"))
        if challenge.pool_id is not None:
            lines.append(say(locale, "results-pool"))
        return "\n".join([*lines, self.mark(challenge, "results")])

    def _winners(self, gallery: Gallery, place: Place) -> list[str]:
        """One line each, as many as leave room for the rest of the message: a tie may be of a whole class."""
        lines = [self._winner(gallery, entry, prize) for entry, prize in place.awards]
        shown = fitting(lines, WINNERS_LIMIT).splitlines()
        left = len(lines) - len(shown)
        return [*shown, self._words(gallery.challenge.locale, "results-winners-more", more=left)] if left else shown

    def _winner(self, gallery: Gallery, entry: Entry, prize: int) -> str:
        challenge = gallery.challenge
        about: dict[str, Value] = {"number": entry.number, "user": str(entry.user_id), "votes": entry.votes}
        prompt = spoken_in(gallery.jobs[entry.job_id].recipe) if entry.stands else ""
        about |= {"prize": prize, "prompt": quoted(prompt, WINNER_PROMPT), "shown": "yes" if entry.stands else "no"}
        link = self.link(challenge, entry) or ""
        return self._words(challenge.locale, "results-winner", voting=challenge.voting, link=link, **about)

    def everybody(self, gallery: Gallery) -> str:
        """Every entry with its maker and its votes, by number; as many as an embed holds."""
        challenge = gallery.challenge
        lines = [
            self._words(
                challenge.locale,
                "results-entry",
                number=entry.number,
                user=str(entry.user_id),
                votes=entry.votes,
                voting=challenge.voting,
                shown="yes" if entry.stands else "no",
            )
            for entry in contests.listed(gallery.entries)
        ]
        shown = fitting(lines, DESCRIPTION_LIMIT)
        left = len(lines) - len(shown.splitlines())
        return shown if not left else f"{shown}\n{self._words(challenge.locale, 'results-more', more=left)}"

    def files_alt(self, gallery: Gallery) -> str:
        """Alt text of the contact sheet and the reel: which entry is whose wish."""
        lines = [
            self._words(
                gallery.challenge.locale,
                "results-alt-entry",
                number=entry.number,
                prompt=spoken_in(gallery.jobs[entry.job_id].recipe),
            )
            for entry in shown_in(gallery)
        ]
        head = self._words(gallery.challenge.locale, "results-alt", title=gallery.challenge.title)
        return described("; ".join([head, *lines]))

    @staticmethod
    def link(challenge: Challenge, entry: Entry) -> str | None:
        """The address of the message that shows the entry; None while there is none."""
        if entry.message_id is None:
            return None
        return f"https://discord.com/channels/{challenge.guild_id}/{challenge.thread_id}/{entry.message_id}"

    def listed(self, locale: str, challenge: Challenge) -> str:
        """One line of a list of challenges."""
        title = quoted(challenge.title)
        link = "none"
        if challenge.thread_id is not None:
            link = f"<#{challenge.thread_id}>"
        moment = challenge.closes_at if challenge.state == "open" else challenge.ended_at
        when = "none" if moment is None else timestamp(moment)
        about = {"challenge": str(challenge.id), "title": title, "link": link, "state": challenge.state, "when": when}
        return self._words(locale, "challenges-line", **about)

    def gallery(self, locale: str, gallery: Gallery, *, viewer_id: int, vote: int | None) -> str:
        """Links to every entry that can be looked at, shuffled for each person while the challenge is open."""
        challenge = gallery.challenge
        entries = contests.standing(gallery.entries)
        if challenge.state == "open":
            entries = contests.shuffled(entries, challenge.id, viewer_id)
        lines = [self._shown(locale, challenge, entry, viewer_id, vote) for entry in entries]
        if not lines:
            lines = [self._words(locale, "gallery-empty")]
        shown = fitting(lines, DESCRIPTION_LIMIT - 300)
        left = len(lines) - len(shown.splitlines())
        more = [self._words(locale, "gallery-more", more=left)] if left else []
        return "\n".join([self.listed(locale, challenge), "", shown, *more])

    def _shown(self, locale: str, challenge: Challenge, entry: Entry, viewer_id: int, vote: int | None) -> str:
        hides_maker = challenge.voting == "blind" and challenge.state == "open"
        return self._words(
            locale,
            "gallery-entry",
            number=entry.number,
            link=self.link(challenge, entry) or "",
            maker="hidden" if hides_maker else f"<@{entry.user_id}>",
            votes="hidden" if hides_maker or challenge.voting == "none" else entry.votes,
            own="yes" if entry.user_id == viewer_id else "no",
            chosen="yes" if entry.id == vote else "no",
        )

    def entered(self, locale: str, challenge: Challenge, entered: Entered) -> str:
        """What a person is told privately about their entry."""
        job = None if entered.placed is None else entered.placed.job
        return self._words(
            locale,
            "challenge-entered",
            number=entered.entry.number,
            title=quoted(challenge.title),
            thread=str(challenge.thread_id),
            voting=challenge.voting,
            price=0 if job is None else job.price_credits,
            payer=_payer(challenge, job),
        )

    def withdrawn(self, locale: str, challenge: Challenge, entry: Entry, job: Job) -> str:
        """What a person is told privately who took an entry back."""
        return self._words(
            locale,
            "challenge-withdrawn",
            number=entry.number,
            title=quoted(challenge.title),
            state="declined" if job.approval == "declined" else job.state,
            price=job.price_credits,
            job=str(job.id),
        )

    def voted(self, locale: str, challenge: Challenge, entry: Entry, *, is_given: bool) -> str:
        """What a person is told privately about their vote; the count only where votes are open."""
        text = self._words(locale, "challenge-voted", number=entry.number, is_given="yes" if is_given else "no")
        if challenge.voting != "open":
            return text
        return f"{text} {self._words(locale, 'challenge-votes-now', votes=entry.votes)}"


def shown_in(gallery: Gallery) -> list[Entry]:
    """Entries that stand and whose clips everybody may see: what pictures and films of a challenge show."""
    return contests.standing(gallery.entries)


def _plain(brief: str) -> str:
    """An instructor's own words may be formatted, but never look like a mark of ours."""
    return shortened(brief, BRIEF_SHOWN).replace("-#", "-\\#")


def _payer(challenge: Challenge, job: Job | None) -> str:
    if job is None:
        return "nobody"
    if job.pool_id is None:
        return "person"
    return "pool" if job.pool_id == challenge.pool_id else "class"


def _moment(seconds: float) -> dict[str, str]:
    return {"when": timestamp(seconds, "f"), "distance": timestamp(seconds)}
