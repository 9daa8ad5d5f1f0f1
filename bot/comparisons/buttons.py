"""The buttons of a comparison: what shall differ, and the vote."""

import re
from typing import Any, Self

import discord

from bot.buttons import ButtonContext, GuardedButton, lasting_view
from bot.errors import Refused
from bot.lookup import job_here
from bot.words import load_words
from generation.comparison_orders import Compared
from generation.comparisons import VARIED, letter, varied_named


class CompareByButton(GuardedButton, template=r"compare-by:(?P<job_id>\d+):(?P<varied>[a-z]+)"):
    """Chooses what shall differ between the clips of a comparison that begins with a finished clip."""

    def __init__(self, job_id: int, varied: str, label: str) -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=f"compare-by:{job_id}:{varied}"))
        self.job_id = job_id
        self.varied = varied

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuilt by discord.py from the id of a pressed button, also after a restart."""
        return cls(int(match["job_id"]), match["varied"], match["varied"])

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Open the form for it."""
        try:
            varied = varied_named(self.varied)
        except LookupError as error:
            raise Refused("gone") from error
        job = await job_here(interaction, context.shop.orders, self.job_id)
        if job.visibility != "shown":
            raise Refused("gone")
        await context.comparing.ask_about_clip(interaction, varied, job)


def choose_view(job_id: int, locale: str, *, has_still: bool) -> discord.ui.View:
    """One button for everything that may differ; without a still there is none to leave out."""
    offered = [varied for varied in VARIED if has_still or varied != "still"]
    return lasting_view(
        *(CompareByButton(job_id, varied, load_words()(locale, f"vary-{varied}")) for varied in offered)
    )


class VoteButton(GuardedButton, template=r"vote:(?P<comparison>\d+):(?P<position>[0-3])"):
    """One vote a person, changed by pressing another letter; the counts stand on the buttons."""

    def __init__(self, comparison_id: int, position: int, votes: int = 0) -> None:
        label = f"{letter(position)} · {votes}" if votes else letter(position)
        super().__init__(discord.ui.Button(label=label, custom_id=f"vote:{comparison_id}:{position}"))
        self.comparison_id = comparison_id
        self.position = position

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuilt by discord.py from the id of a pressed button, also after a restart."""
        return cls(int(match["comparison"]), int(match["position"]))

    async def pressed(self, interaction: discord.Interaction, context: ButtonContext) -> None:
        """Count the vote and show the counts."""
        await context.comparing.vote(interaction, self.comparison_id, self.position)


def vote_view(compared: Compared, shown: tuple[int, ...]) -> discord.ui.View | None:
    """A button for each clip in the side-by-side; none without one."""
    if not shown:
        return None
    votes = compared.votes
    return lasting_view(*(VoteButton(compared.comparison.id, place, votes.get(place, 0)) for place in shown))
