"""Turns requests and comparisons into the texts that people read; pure."""

from collections.abc import Sequence
from typing import Any

from bot.quoting import MESSAGE_LIMIT, described, fitting, quoted, shortened
from bot.remarks import Remarks
from bot.rendering import JobTexts
from bot.words import Words, payer
from generation.comparison_orders import Compared
from generation.comparisons import differences, letter
from generation.line.prospects import Outlook
from generation.pricing import price_credits
from generation.proposals import Proposal
from storage.jobs import Job

NOTHING_REMARKED = Remarks()

PROMPT_SHOWN = 120
"""Characters of each prompt in a table; four of them, escaped, leave room for everything else in one message."""

CONTEXT_SHOWN = 20
"""Characters that are left of a beginning that is not repeated."""


class CompareTexts:
    """The texts of offers and of comparisons."""

    def __init__(self, words: Words, texts: JobTexts) -> None:
        self._words = words
        self._texts = texts

    def offer(
        self,
        locale: str,
        proposal: Proposal,
        title: str,
        available_credits: int,
        outlook: Outlook,
        remarks: Remarks = NOTHING_REMARKED,
    ) -> str:
        """What would be made, for how many credits, when, and what the coach says: what one reads before a yes."""
        say, recipes = self._words, [request.recipe() for request in proposal.requests]
        if proposal.varied is None:
            lines = [say(locale, "offer-clip", title=title, prompt=quoted(proposal.requests[0].motion_prompt))]
        else:
            lines = [title, *self._rows(locale, recipes)]
        lines.append(self.common(locale, recipes))
        noticed = [say(locale, "offer-noticed"), *remarks.lines] if remarks.lines else []
        if remarks.rewrite is not None:
            noticed.append(say(locale, "coach-rewrite", prompt=quoted(remarks.rewrite)))
        prices = [price_credits(request) for request in proposal.requests]
        terms = [
            say(
                locale,
                "offer-price",
                count=len(prices),
                sum=" + ".join(map(str, prices)),
                price=proposal.price_credits,
                available=available_credits,
                payer=payer(proposal.pool_id),
            )
        ]
        terms.append(say(locale, "offer-wait", wait=self._texts.waits.prospect(locale, outlook)))
        # Price and wait are said in any case; of what the coach says as many lines as there is room for.
        room = MESSAGE_LIMIT - sum(len(line) + 1 for line in (*lines, *terms))
        return "\n".join(filter(None, [*lines, fitting(noticed, room), *terms]))

    def _rows(self, locale: str, recipes: Sequence[dict[str, Any]]) -> list[str]:
        """One line for each clip: its letter, and what is its own."""
        rows = [(row.fact, _told_apart(row.values)) for row in differences(recipes)]
        cells = [
            " · ".join(self._fact(locale, fact, values[position]) for fact, values in rows)
            for position in range(len(recipes))
        ]
        return [self._words(locale, "compare-row", letter=letter(at), facts=cell) for at, cell in enumerate(cells)]

    def _fact(self, locale: str, fact: str, value: str) -> str:
        match fact:
            case "model":
                shown = self._texts.model_label(value)
            case "prompt" | "camera" | "negative_prompt":
                shown = quoted(shortened(value, PROMPT_SHOWN))
            case "preset":
                shown = self._words(locale, f"quality-{value}")
            case _:
                shown = value
        return self._words(locale, f"fact-{fact}", value=shown)

    def common(self, locale: str, recipes: Sequence[dict[str, Any]]) -> str:
        """What is the same for all of them, in one line; the prompt is left to where there is room for it."""
        different = {row.fact for row in differences(recipes)}
        first = recipes[0]
        values = {
            "model": first["model"],
            "preset": first["preset"],
            "size": f"{first['width']}×{first['height']}",
            "seconds": f"{first['frames'] / first['fps']:.1f}",
            "seed": str(first["seed"]),
        }
        shown = [self._fact(locale, fact, value) for fact, value in values.items() if fact not in different]
        if len(recipes) > 1 and "prompt" not in different:
            shown.insert(0, self._fact(locale, "prompt", first["prompt"]))
        return self._words(locale, "offer-common", count=len(recipes), facts=" · ".join(shown))

    def result(self, compared: Compared, shown: Sequence[int], *, made_smaller: bool) -> str:
        """The last message of a comparison. ``shown`` are the positions in the side-by-side, none if there is none."""
        comparison, jobs = compared.comparison, compared.jobs
        say, locale = self._words, comparison.locale
        recipes = [_seen(job) for job in jobs]
        lines = [
            say(
                locale,
                "compare-done",
                user=str(comparison.user_id),
                varied=comparison.varied,
                shown=len(shown),
                made=sum(job.state == "succeeded" and job.approval != "declined" for job in jobs),
            )
        ]
        rows = self._rows(locale, recipes)
        lines += [f"{row} · {self._outcome(locale, job)}" for row, job in zip(rows, jobs, strict=True)]
        lines.append(self.common(locale, recipes))
        if made_smaller:
            lines.append(say(locale, "clip-smaller"))
        if shown:
            lines.append(say(locale, "compare-vote"))
        hint = say(locale, "compare-hint", shown=len(shown))
        label = f" · {self._texts.made(*(jobs[position] for position in shown))}" if shown else ""
        lines.append(f"{mark_of_comparison(comparison.id)} {hint}{label}")
        return "\n".join(lines)

    def _outcome(self, locale: str, job: Job) -> str:
        say = self._words
        if job.visibility != "shown":
            by = "declined" if (job.approval, job.visibility) == ("declined", "hidden") else job.visibility
            return say(locale, "compare-withdrawn", by=by)
        match job.state:
            case "succeeded":
                assert job.render_seconds is not None
                rendered = self._texts.waits.duration(locale, job.render_seconds)
                return say(locale, "compare-made", job=str(job.id), rendered=rendered, price=job.price_credits)
            case "cancelled":
                return say(locale, "compare-cancelled")
            case _:
                return say(locale, "compare-failed", why=say(locale, f"fault-{job.fault or 'internal'}"))

    def alt(self, compared: Compared, shown: Sequence[int]) -> str:
        """Alt text of the side-by-side."""
        locale, jobs = compared.comparison.locale, compared.jobs
        recipes = [_seen(job) for job in jobs]
        rows = [row.replace("*", "").replace("\\", "") for row in self._rows(locale, recipes)]
        text = "; ".join(rows[position] for position in shown)
        return described(self._words(locale, "compare-alt", count=len(shown), rows=text))


def _told_apart(values: Sequence[str]) -> list[str]:
    """The values, each without a long beginning that it shares with another: no more than that would be shown."""
    shown = []
    for at, value in enumerate(values):
        shared = max(_shared(value, other) for place, other in enumerate(values) if place != at)
        is_cut = len(value) > PROMPT_SHOWN and shared > PROMPT_SHOWN // 2
        shown.append(f"…{value[shared - CONTEXT_SHOWN :]}" if is_cut else value)
    return shown


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(map(len, (one, other)))
    )


def _seen(job: Job) -> dict[str, Any]:
    """The recipe as everybody may read it."""
    return (
        job.recipe if job.visibility == "shown" else {**job.recipe, "prompt": "", "camera": "", "negative_prompt": ""}
    )


def mark_of_comparison(comparison_id: int) -> str:
    """Stands in the last message of this comparison and in no other, so that it can be found again."""
    return f"-# compare-{comparison_id} ·"
