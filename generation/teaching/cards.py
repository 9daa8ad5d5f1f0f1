"""Which cards are owed to the instructors of a server, and where those that were posted stand."""

from collections.abc import Callable, Collection

from generation.privacy.keeping import Keeping
from storage import jobs, keeping, staff_cards
from storage.database import Database, Transaction
from storage.staff_acts import THE_BOT
from storage.staff_cards import Card


class Cards:
    """The marks that make a card be posted once, however often the bot starts. Each step is one transaction."""

    def __init__(self, database: Database, keeping: Keeping) -> None:
        self._database = database
        self._keeping = keeping

    async def owed(self, limit: int, *, without_guilds: Collection[int] = ()) -> list[int]:
        """Ids of cards that are still to be posted, oldest first, leaving out servers that cannot be reached."""
        return await self._database.read(lambda tx: staff_cards.owed(tx, limit, without_guilds=without_guilds))

    async def undecided(self) -> list[Card]:
        """The cards of all clips that wait for approval."""
        return await self._database.read(staff_cards.undecided)

    async def get(self, card_id: int) -> Card:
        """The card as it is now. Raises LookupError."""
        card = await self._database.read(lambda tx: staff_cards.get(tx, card_id))
        if card is None:
            raise LookupError(card_id)
        return card

    async def begin(self, card_id: int, channel_id: int) -> None:
        """Note that the card is about to be posted there. Raises LookupError if nothing waits for it any more."""
        if not await self._database.write(lambda tx: staff_cards.begin(tx, card_id, channel_id)):
            raise LookupError(card_id)

    async def posted(self, card_id: int, message_id: int) -> None:
        """Note which message is the card; that of a clip which was taken back meanwhile is to be removed again."""

        def work(tx: Transaction) -> None:
            card = staff_cards.get(tx, card_id)
            if not staff_cards.posted(tx, card_id, message_id) or card is None or card.report_id is not None:
                return
            job = jobs.get(tx, card.job_id)
            if job is not None and job.visibility == "deleted":
                keeping.withdraw_messages(tx, job.id, actor=THE_BOT, now=self._keeping.now())

        await self._database.write(work)
        self._keeping.wake()

    async def again(self, card_id: int) -> None:
        """Owe the card once more: it is lost, or is to stand elsewhere."""
        await self._write(lambda tx: staff_cards.again(tx, card_id))

    async def lost(self, card_id: int, message_id: int) -> None:
        """Owe the card once more whose message is gone, if it is that one still and nobody has decided meanwhile."""
        await self._write(lambda tx: staff_cards.lost(tx, card_id, message_id))

    async def drop(self, card_id: int) -> None:
        """Post the card no more: nothing is left to decide."""
        await self._write(lambda tx: staff_cards.drop(tx, card_id))

    async def _write(self, work: Callable[[Transaction], bool]) -> None:
        await self._database.write(work)
