"""How a challenge ends: who takes part, who decides, what is paid; inside the open transaction of a use case."""

from collections.abc import Sequence
from typing import Literal

from generation.challenges import contests
from generation.challenges.contests import Place
from generation.challenges.entered import Ended, of_guild
from generation.errors import ChallengeRefused
from storage import challenges, entries, pools
from storage.challenges import Challenge
from storage.database import Transaction
from storage.entries import Entry
from storage.staff_acts import THE_BOT


def needs_decision(tx: Transaction, challenge: Challenge) -> bool:
    """Whether instructors are to choose its winners and there is, or may still be, an entry to choose."""
    entered = entries.of_challenge(tx, challenge.id)
    return challenge.voting == "none" and any(
        find(entered) for find in (contests.standing, contests.unfinished, contests.waiting)
    )


def check_all_take_part(tx: Transaction, challenge: Challenge) -> None:
    """Raise ChallengeRefused("unfinished") or ("waiting") for an open challenge with entries that cannot win yet."""
    if challenge.state != "open":
        return
    entered = entries.of_challenge(tx, challenge.id)
    _refuse("unfinished", contests.unfinished(entered))
    _refuse("waiting", contests.waiting(entered))


def _refuse(fault: Literal["unfinished", "waiting"], found: Sequence[Entry]) -> None:
    if found:
        numbers = ", ".join(str(entry.number) for entry in found)
        raise ChallengeRefused(fault, count=len(found), numbers=numbers)


def close_in(tx: Transaction, challenge: Challenge, chosen: Sequence[int], now: float) -> Ended:
    """End it, pay its prize and return the rest of its pool; again it changes nothing.

    Raises ChallengeRefused("over") for a cancelled one, and for one that ended with other winners than those
    ``chosen``; ("votes_decide") or ("not_an_entry") for numbers that cannot be chosen.
    """
    entered = entries.of_challenge(tx, challenge.id)
    if challenge.state == "cancelled" or (challenge.state == "closed" and set(chosen) - _won(entered)):
        raise ChallengeRefused("over")
    if chosen and challenge.voting != "none":
        raise ChallengeRefused("votes_decide")
    if strangers := set(chosen) - {entry.number for entry in contests.standing(entered)}:
        raise ChallengeRefused("not_an_entry", number=min(strangers))
    place = contests.first_place(entered, challenge.prize_credits, chosen)
    if challenges.end(tx, challenge.id, "closed", now=now):
        _reward(tx, challenge.pool_id, place, now)
    place = contests.decided(entries.of_challenge(tx, challenge.id))
    return Ended(of_guild(tx, challenge.id, challenge.guild_id), place)


def _won(entered: Sequence[Entry]) -> set[int]:
    place = contests.decided(entered)
    return set() if place is None else {entry.number for entry in place.entries}


def _reward(tx: Transaction, pool_id: int | None, place: Place | None, now: float) -> None:
    """A tie takes places one after another; two entries of one person are two prizes. The rest returns."""
    for number, (entry, prize) in enumerate([] if place is None else place.awards, 1):
        entries.win(tx, entry.id, prize)
        if prize > 0 and pool_id is not None:
            paid = {"place": number, "user_id": entry.user_id, "amount_credits": prize}
            pools.prize(tx, pool_id, **paid, actor=THE_BOT, now=now)
    if pool_id is not None:
        pools.close(tx, pool_id, actor=THE_BOT, now=now)
