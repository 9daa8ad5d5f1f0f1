"""The notice that stands before a first order: what is kept, who sees it, and that clips are labelled."""

from collections.abc import Sequence

from generation.clock import Clock
from generation.errors import NoticeNeeded
from generation.pricing import price_credits
from generation.request import ClipRequest
from generation.teaching.house_rules import Asker, RuleRefused
from storage import forgetting, guilds, notices
from storage.database import Database, Transaction

NOTICE_VERSION = 1
"""Of the notice's words; whoever accepted an older one reads it again. Raise it when what they say has changed."""


def check_accepted(tx: Transaction, guild_id: int, user_id: int, requests: Sequence[ClipRequest]) -> None:
    """Raise NoticeNeeded unless the person has accepted the notice as it is now."""
    if notices.accepted(tx, guild_id, user_id) < NOTICE_VERSION:
        raise NoticeNeeded(NOTICE_VERSION, sum(map(price_credits, requests)))


def check_stays(tx: Transaction, guild_id: int, user_id: int, asker: Asker | None) -> None:
    """Raise RuleRefused while the person is being forgotten: nothing new may begin until that is done."""
    if asker is not None and forgetting.of_person(tx, guild_id, user_id) is not None:
        raise RuleRefused("forgetting")


class Notices:
    """Who has accepted what."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def accept(self, guild_id: int, user_id: int, version: int) -> None:
        """Note that the person accepted that version. Idempotent."""
        await self._database.write(lambda tx: notices.accept(tx, guild_id, user_id, version, now=self._clock()))

    async def retention_days(self, guild_id: int) -> int | None:
        """For how many days this server keeps things, as the notice says; None is until they are deleted."""
        return (await self._database.read(lambda tx: guilds.get(tx, guild_id))).retention_days
