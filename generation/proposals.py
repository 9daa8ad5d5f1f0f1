"""Offers: what would be made and for how many credits, kept until the person says yes."""

from collections.abc import Sequence
from dataclasses import dataclass

from generation.catalog import Catalog
from generation.clock import Clock
from generation.comparisons import Varied, total_credits
from generation.custody import Custody
from generation.request import ClipRequest
from storage import proposals
from storage.database import Database, Transaction
from storage.drafts import Exercise
from storage.proposals import ProposalRow

LAST_FRAME = "last-frame"
"""Stands for the still of a continuation, which is only taken from the clip when the offer is."""


class ProposalOutdated(Exception):
    """The menu has changed since the offer was made: another price now, or another model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An offer to one person. ``id`` is the interaction that asked; ``varied`` is set for a comparison.

    ``still`` names a picture that was taken in for this offer and that no job needs yet; ``exercise`` is the one of
    the course that it is part of. ``pool_id`` is who was to pay when it was made: a sponsored pool, or None for the
    person.
    """

    id: int
    guild_id: int
    user_id: int
    requests: tuple[ClipRequest, ...]
    varied: Varied | None = None
    continues: int | None = None
    still: str | None = None
    pool_id: int | None = None
    exercise: Exercise | None = None

    @property
    def price_credits(self) -> int:
        """All clips together."""
        return total_credits(self.requests)

    @property
    def keys(self) -> list[str]:
        """The keys of its orders: taken twice, an offer is still placed once."""
        return [str(self.id) if position == 0 else f"{self.id}-{position}" for position in range(len(self.requests))]


class Proposals:
    """Keeps offers, so that their buttons work after a restart."""

    def __init__(self, database: Database, custody: Custody, *, catalog: Catalog, clock: Clock) -> None:
        self._database = database
        self._custody = custody
        self._catalog = catalog
        self._clock = clock

    async def keep(self, proposal: Proposal) -> None:
        """Note the offer, and forget those that nobody took for a week. Idempotent on its id."""
        row = ProposalRow(
            id=proposal.id,
            guild_id=proposal.guild_id,
            user_id=proposal.user_id,
            recipes=[request.recipe() for request in proposal.requests],
            price_credits=proposal.price_credits,
            varied=proposal.varied,
            continues=proposal.continues,
            still=proposal.still,
            pool_id=proposal.pool_id,
            exercise=proposal.exercise,
        )

        def work(tx: Transaction) -> list[str]:
            now = self._clock()
            proposals.add(tx, row, now=now)
            return proposals.forget(tx, now=now)

        await self._custody.remove_unneeded(await self._database.write(work))

    async def get(self, proposal_id: int) -> Proposal:
        """The offer as it was made.

        Raises LookupError if it was forgotten, ProposalOutdated if it would be another one today, RequestError.
        """
        row = await self._database.read(lambda tx: proposals.get(tx, proposal_id))
        if row is None:
            raise LookupError(proposal_id)
        requests = self._requests(row)
        proposal = Proposal(
            id=row.id,
            guild_id=row.guild_id,
            user_id=row.user_id,
            requests=tuple(requests),
            varied=row.varied,  # type: ignore[arg-type] # written from a Proposal
            continues=row.continues,
            still=row.still,
            pool_id=row.pool_id,
            exercise=row.exercise,
        )
        if proposal.price_credits != row.price_credits:
            raise ProposalOutdated(proposal_id)
        return proposal

    def _requests(self, row: ProposalRow) -> Sequence[ClipRequest]:
        return [ClipRequest.from_recipe(recipe, self._catalog) for recipe in row.recipes]
