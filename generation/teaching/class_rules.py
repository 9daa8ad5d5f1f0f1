"""What instructors set for their class: models, channels, limits, and who may not order; each change is an act."""

from generation.teaching.staff import Staff
from storage import class_rules
from storage.class_rules import ClassRules, RoleLimits
from storage.database import Database, Transaction
from storage.staff_acts import NewAct

NOBODY = 0


class Rules:
    """The rules of every class; ``generation.teaching.house_rules`` says what they mean for an order."""

    def __init__(self, database: Database, staff: Staff) -> None:
        self._database = database
        self._staff = staff

    async def of(self, guild_id: int) -> ClassRules:
        """The rules of a server as they are for nobody in particular."""
        return await self._database.read(lambda tx: class_rules.read(tx, guild_id, NOBODY))

    async def blocked(self, guild_id: int) -> dict[int, str]:
        """Everybody who may not order in this server, by user id, and why."""
        return await self._database.read(lambda tx: class_rules.blocked(tx, guild_id))

    async def set_model(self, act: NewAct, model_id: str, *, is_on: bool) -> None:
        """Put a model on or off the server's menu; clips already asked for are still made."""
        await self._staff.act(act, lambda tx, now: class_rules.set_model(tx, act.guild_id, model_id, is_on=is_on))

    async def set_channel(self, act: NewAct, channel_id: int, *, is_allowed: bool) -> frozenset[int]:
        """Put a channel on the list of allowed ones or take it off; returns the list, and an empty one allows all."""

        def change(tx: Transaction, now: float) -> frozenset[int]:
            class_rules.set_channel(tx, act.guild_id, channel_id, is_allowed=is_allowed)
            return class_rules.read(tx, act.guild_id, NOBODY).channels

        return await self._staff.act(act, change)

    async def set_limits(self, act: NewAct, limits: RoleLimits) -> None:
        """Replace the limits of a role; all open removes them."""
        await self._staff.act(act, lambda tx, now: class_rules.set_limits(tx, act.guild_id, limits))

    async def block(self, act: NewAct, user_id: int) -> None:
        """Keep a person from ordering, because of ``act.why``; what they have in line is still made."""
        await self._staff.act(
            act, lambda tx, now: class_rules.block(tx, act.guild_id, user_id, reason=act.why, now=now)
        )

    async def unblock(self, act: NewAct, user_id: int) -> bool:
        """Let a person order again; False if they could."""
        return await self._staff.act(act, lambda tx, now: class_rules.unblock(tx, act.guild_id, user_id))
