"""Tells waits, renders and lengths of time; pure."""

from bot.words import Words, timestamp
from generation.line.prospects import Outlook

TIME_STEP_SECONDS = 15.0
"""Times ahead are shown in steps of this, so that a message is not edited for every second they move."""


class WaitTexts:
    """What is said of a job's time: when it begins, how long it takes, when it is ready."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def prospect(self, locale: str, outlook: Outlook) -> str:
        """When a request would begin and how long it would render, if it were ordered now."""
        return f"{self.begins(locale, outlook)} · {self.renders(locale, outlook)}"

    def begins(self, locale: str, outlook: Outlook) -> str:
        """When a waiting job is likely to begin, as a range, or that this is not known yet."""
        say, is_next = self._words, outlook.place is None or outlook.place <= 1
        if outlook.is_paused:
            return say(locale, "begins-paused")
        if outlook.starts is None:
            return say(locale, "begins-unknown")
        # A time that is hardly ahead is past by the time somebody reads of it.
        match [ahead(moment) for moment in outlook.starts if moment - outlook.forecast_at >= TIME_STEP_SECONDS]:
            case []:
                return say(locale, "begins-now" if is_next else "begins-soon")
            case [latest]:
                return say(locale, "begins-from-now" if is_next else "begins-by", latest=latest)
            case [earliest, latest] if earliest != latest:
                return say(locale, "begins", earliest=earliest, latest=latest)
            case marks:
                return say(locale, "begins-at", moment=marks[-1])

    def renders(self, locale: str, outlook: Outlook) -> str:
        """How long the render will take once it begins, or that this is not known yet."""
        if outlook.render_seconds is None:
            return self._words(locale, "renders-unknown")
        return self._words(locale, "renders", duration=self.duration(locale, outlook.render_seconds))

    def ready(self, locale: str, outlook: Outlook) -> str:
        """When a running job is likely to be done, or that this is not known yet."""
        if outlook.ready_at is None:
            return self._words(locale, "ready-unknown")
        if outlook.ready_at - outlook.forecast_at < TIME_STEP_SECONDS:
            return self._words(locale, "ready-soon")
        return self._words(locale, "ready", when=ahead(outlook.ready_at))

    def duration(self, locale: str, seconds: float) -> str:
        """A length of time in words."""
        whole = max(0, round(seconds))
        if whole < 60:
            return self._words(locale, "duration-seconds", seconds=whole)
        return self._words(locale, "duration-minutes", minutes=whole // 60, seconds=whole % 60)


def ahead(moment: float) -> str:
    """A time mark in steps of TIME_STEP_SECONDS."""
    return timestamp(round(moment / TIME_STEP_SECONDS) * TIME_STEP_SECONDS)
