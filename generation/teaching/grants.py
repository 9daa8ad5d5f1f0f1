"""Giving credits to people and taking them back: drafted, shown, then done whole, once, with a reason."""

from dataclasses import dataclass
from typing import Literal

from generation.accounts import Accounts
from generation.clock import Clock
from generation.teaching.staff import Staff
from storage import grant_drafts, ledger, roster
from storage.database import Database, Transaction
from storage.grant_drafts import Draft, NewDraft
from storage.staff_acts import NewAct


class DraftOver(Exception):
    """The draft was carried out or discarded before, as ``state`` says; nothing changed."""

    def __init__(self, state: Literal["done", "discarded", "gone"]) -> None:
        super().__init__(state)
        self.state = state


@dataclass(frozen=True, slots=True)
class Preview:
    """What a draft would do; ``short_count`` people have less than would be taken, and lose what they have.

    ``stranger_count`` of those who would be given credits were never met in the server: a wrong id is one of them.
    """

    draft_id: int
    people_count: int
    total_credits: int
    short_count: int
    stranger_count: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What a draft did: people whose credits moved, and how many credits those were together."""

    people_count: int
    total_credits: int


class Grants:
    """Drafts, and what becomes of them."""

    def __init__(self, database: Database, accounts: Accounts, *, staff: Staff, clock: Clock) -> None:
        self._database = database
        self._accounts = accounts
        self._staff = staff
        self._clock = clock

    async def known_with_role(self, guild_id: int, role_id: int) -> list[int]:
        """The people the bot has met who had the role then; Discord tells nobody else to it."""
        return await self._database.read(lambda tx: roster.with_role(tx, guild_id, role_id))

    async def draft(self, new: NewDraft) -> Preview:
        """Keep what is about to be done. Idempotent on ``new.key``; moves nothing."""

        def work(tx: Transaction) -> Preview:
            now = self._clock()
            draft_id = grant_drafts.add(tx, new, now=now)
            short = strangers = 0
            if new.kind == "grant":
                met = {person.user_id for person in roster.people(tx, new.guild_id)}
                strangers = sum(user_id not in met for user_id, _ in new.shares)
            else:
                left = [self._accounts.see(tx, new.guild_id, user_id, now).available for user_id, _ in new.shares]
                short = sum(have < wanted for have, (_, wanted) in zip(left, new.shares, strict=True))
            return Preview(draft_id, len(new.shares), sum(wanted for _, wanted in new.shares), short, strangers)

        return await self._database.write(work)

    async def carry_out(self, draft_id: int, *, guild_id: int, actor_id: int) -> tuple[Draft, Moved]:
        """Move the credits of a draft of this server, all of them or none, once. Raises DraftOver."""
        return await self._database.write(lambda tx: self._carry_out(tx, draft_id, guild_id, actor_id))

    async def discard(self, draft_id: int, *, guild_id: int) -> None:
        """Drop a draft of this server. Raises DraftOver."""

        def work(tx: Transaction) -> None:
            _open_draft(tx, draft_id, guild_id)
            grant_drafts.end(tx, draft_id, "discarded")

        await self._database.write(work)

    def _carry_out(self, tx: Transaction, draft_id: int, guild_id: int, actor_id: int) -> tuple[Draft, Moved]:
        draft = _open_draft(tx, draft_id, guild_id)

        def change(tx: Transaction, now: float) -> Moved:
            grant_drafts.end(tx, draft_id, "done")
            moved = [self._move(tx, draft, user_id, wanted, actor_id, now) for user_id, wanted in draft.shares]
            return Moved(sum(amount > 0 for amount in moved), sum(moved))

        act = NewAct(
            key=f"draft:{draft_id}",
            guild_id=guild_id,
            actor_id=actor_id,
            what=draft.kind,
            whom_id=draft.whom_id,
            why=draft.why,
            details={"shares": draft.shares},
        )
        moved = self._staff.act_in(
            tx, act, change, lambda moved: {"people": moved.people_count, "credits": moved.total_credits}
        )
        return draft, moved

    def _move(self, tx: Transaction, draft: Draft, user_id: int, wanted: int, actor_id: int, now: float) -> int:
        move, amount = ledger.grant, wanted
        if draft.kind == "take":
            available = self._accounts.see(tx, draft.guild_id, user_id, now).available
            move, amount = ledger.take, min(wanted, available)
        if amount > 0:
            move(
                tx,
                key=f"draft:{draft.id}:{user_id}",
                guild_id=draft.guild_id,
                user_id=user_id,
                amount_credits=amount,
                reason="instructor",
                actor=str(actor_id),
                now=now,
            )
        return amount


def _open_draft(tx: Transaction, draft_id: int, guild_id: int) -> Draft:
    draft = grant_drafts.get(tx, draft_id)
    if draft is None or draft.guild_id != guild_id:
        raise DraftOver("gone")
    if draft.state != "open":
        raise DraftOver(draft.state)
    return draft
