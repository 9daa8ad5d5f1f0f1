"""/compare and the button Compare: from what shall differ to an offer of all clips together; and the vote."""

import contextlib
from collections.abc import Sequence
from functools import partial
from typing import Any

import discord
import structlog

from bot.comparisons.buttons import vote_view
from bot.comparisons.forms import Answers, CompareForm, chosen
from bot.comparisons.post import shown_in
from bot.errors import DISCORD_AWAY, Refused
from bot.intake import Intake
from bot.offering import Offers
from bot.pictures import Picture, Pictures
from bot.wishes import PENDING, Wish, composer
from bot.words import Words
from generation.catalog import Catalog, Model, Task
from generation.comparison_orders import Compared, ComparisonOrders
from generation.comparisons import (
    LEAST,
    MOST,
    Varied,
    by_models,
    by_prompts,
    by_quality,
    by_seeds,
    by_still,
    models_for,
)
from generation.request import ClipRequest, compose, spoken_in
from generation.variations import recast
from storage.drafts import Exercise
from storage.jobs import Job

log = structlog.get_logger(__name__)


class Comparing:
    """The conversation around comparisons."""

    def __init__(
        self,
        intake: Intake,
        offers: Offers,
        comparisons: ComparisonOrders,
        *,
        catalog: Catalog,
        pictures: Pictures,
        words: Words,
    ) -> None:
        self._intake = intake
        self._offers = offers
        self._comparisons = comparisons
        self._catalog = catalog
        self._pictures = pictures
        self._words = words

    async def start(
        self,
        interaction: discord.Interaction,
        requests: Sequence[ClipRequest],
        *,
        varied: Varied,
        still: str | None = None,
    ) -> None:
        """Offer two to four clips to be compared, A first; the person's yes orders all of them or none.

        The stills of ``requests`` are kept already; ``still`` names one that was kept for this offer alone. The
        interaction may be deferred or not. Raises Refused or RequestError; nothing is held.
        """
        if not LEAST <= len(requests) <= MOST:
            raise Refused("compare-count", least=LEAST, most=MOST)
        title = self._words(str(interaction.locale), f"compare-title-{varied}")
        await self._offers.offer(interaction, requests, title=f"**{title}**", varied=varied, still=still)

    async def ask_about_still(
        self, interaction: discord.Interaction, varied: Varied, still: discord.Attachment, seconds: float | None
    ) -> None:
        """Open the form of /compare for an attached still."""
        self._intake.check_permissions(interaction)
        then = partial(self._compare_still, varied, still, seconds)
        models = await self._able(interaction, varied, "animate")
        form = CompareForm(varied, models, then, locale=str(interaction.locale))
        await interaction.response.send_modal(form)

    async def ask_about_clip(self, interaction: discord.Interaction, varied: Varied, job: Job) -> None:
        """Open the form for a finished clip: its still, its prompt, its size and its length."""
        recipe = job.recipe
        models = await self._able(interaction, varied, recipe["task"])
        # The clip's own model first, so that it is what the form proposes.
        models.sort(key=lambda model: model.id != job.model_id)
        spoken = spoken_in(recipe)
        then = partial(self._compare_clip, varied, job)
        await interaction.response.send_modal(
            CompareForm(varied, models, then, locale=str(interaction.locale), prompt=spoken)
        )

    async def order_prompts(
        self,
        interaction: discord.Interaction,
        wishes: Sequence[Wish],
        attachment: discord.Attachment,
        exercise: Exercise,
    ) -> None:
        """Order clips of one still that differ in their prompts, all of them or none, without offering them first.

        Raises Refused, StillError, RequestError or RuleRefused; nothing is held then.
        """
        intake = self._intake
        intake.check_permissions(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        offered = await intake.menu.offered(interaction.guild_id, "animate")
        models = [intake.menu.choose(wish.model_id, "animate", offered) for wish in wishes]
        composers = [composer(*both, has_still=True, has_end_still=False) for both in zip(models, wishes, strict=True)]
        # What does not depend on the picture is refused before it is fetched.
        for compose_with in composers:
            compose_with(None, None)
        async with contextlib.AsyncExitStack() as temporary:
            picture = await self._pictures.fetch(attachment, temporary)
            requests = [compose_with(picture, None) for compose_with in composers]
            pool_id = await intake.check_room(interaction, *requests)
            await self._pictures.keep(picture)
            terms: dict[str, Any] = {"varied": "prompts", "exercise": exercise, "pool_id": pool_id}
            still = picture.prepared.name
            proposal = self._offers.proposal(interaction, requests, still=still, **terms)
            orders = [
                await intake.new_order(interaction, request, key=key, exercise=exercise, pool_id=pool_id)
                for key, request in zip(proposal.keys, requests, strict=True)
            ]
            place = partial(self._comparisons.place, orders, "prompts")
            placed = await intake.admit(interaction, place, partial(self._offers.keep, proposal))
        await intake.close_answer(interaction, picture.prepared.advice, *(one.job for one in placed))

    async def _able(self, interaction: discord.Interaction, varied: Varied, task: Task) -> list[Model]:
        models = models_for(varied, await self._intake.menu.offered(interaction.guild_id, task), task)
        if len(models) < (LEAST if varied == "models" else 1):
            raise Refused(f"compare-no-{varied}")
        return models

    async def _compare_still(
        self,
        varied: Varied,
        attachment: discord.Attachment,
        seconds: float | None,
        interaction: discord.Interaction,
        answers: Answers,
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        models = chosen(self._catalog.models, answers)

        def requests(picture: Picture | None) -> list[ClipRequest]:
            base = compose(
                models[0],
                prompt=answers.prompts[0],
                still=PENDING if picture is None else picture.prepared.name,
                still_size=None if picture is None else (picture.prepared.width, picture.prepared.height),
                seconds=seconds,
                seed=answers.seeds[0],
            )
            return _varied(varied, base, answers, models)

        # What does not depend on the picture is refused before it is fetched.
        requests(None)
        async with contextlib.AsyncExitStack() as temporary:
            picture = await self._pictures.fetch(attachment, temporary)
            wanted = requests(picture)
            await self._intake.check_room(interaction, *wanted)
            await self._pictures.keep(picture)
        await self.start(interaction, wanted, varied=varied, still=picture.prepared.name)

    async def _compare_clip(self, varied: Varied, job: Job, interaction: discord.Interaction, answers: Answers) -> None:
        models = chosen(self._catalog.models, answers)
        base = recast(job.recipe, models[0], prompt=answers.prompts[0], camera="", seed=answers.seeds[0])
        await self.start(interaction, _varied(varied, base, answers, models), varied=varied)

    async def vote(self, interaction: discord.Interaction, comparison_id: int, position: int) -> None:
        """Count the person's vote and show the counts on the buttons."""
        compared = await self._counted(interaction, comparison_id, position)
        await interaction.response.edit_message(view=vote_view(compared, shown_in(compared)))
        # Votes may overtake each other on their way; whoever comes last puts the counts right.
        while (now := await self._comparisons.get(comparison_id)).votes != compared.votes:
            compared = now
            try:
                await interaction.edit_original_response(view=vote_view(compared, shown_in(compared)))
            except DISCORD_AWAY as error:
                log.info("counts not shown", comparison=comparison_id, why=repr(error))
                return

    async def _counted(self, interaction: discord.Interaction, comparison_id: int, position: int) -> Compared:
        try:
            if (await self._comparisons.get(comparison_id)).comparison.guild_id != interaction.guild_id:
                raise LookupError(comparison_id)
            return await self._comparisons.vote(comparison_id, interaction.user.id, position)
        except LookupError as error:
            raise Refused("vote-gone") from error


def _varied(varied: Varied, base: ClipRequest, answers: Answers, models: Sequence[Model]) -> list[ClipRequest]:
    match varied:
        case "prompts":
            return by_prompts(base, answers.prompts)
        case "models":
            return by_models(base, models)
        case "seeds":
            return by_seeds(base, answers.seeds)
        case "quality":
            return by_quality(base)
        case "still":
            return by_still(base)
