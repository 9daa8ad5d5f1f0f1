"""What runs in the house: what an earlier process left is taken up, and every part works until the stop."""

import asyncio

from bot.house import House, open_house
from bot.settings import Settings


async def live(house: House, token: str) -> None:
    """Take up what an earlier process left, connect, and work until cancelled.

    A part that ends or breaks ends all of them, with its error. When cancelled it first takes no more interactions,
    and lets those under way end while everything still works.
    """
    await house.dispatcher.recover()
    left_over = await house.delivery.recall()
    await house.challenge_room.entry_posts.recall()
    await house.bot.login(token)
    await house.delivery.end_what_had_ended(await house.orders.unfinished())
    looked_at = [await house.orders.job(card.job_id) for card in await house.cards.undecided()]
    house.status.resume([*await house.orders.unfinished(), *left_over, *looked_at])
    working = asyncio.create_task(_work(house), name="everything")
    try:
        await asyncio.shield(working)
    except asyncio.CancelledError:
        await house.bot.in_flight.close()
        raise
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await house.bot.in_flight.clear()


async def _work(house: House) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(house.bot.connect(), name="gateway")
        group.create_task(house.dispatcher.run(), name="dispatcher")
        group.create_task(house.delivery.run(), name="delivery")
        group.create_task(house.staff_cards.run(), name="cards for instructors")
        group.create_task(house.comparison_post.run(), name="comparisons")
        group.create_task(house.status.run(), name="status")
        group.create_task(house.withdrawals.run(), name="withdrawals")
        group.create_task(house.card.run(), name="drafts")
        group.create_task(house.forgetter.run(), name="people who wish to be forgotten")
        group.create_task(house.retention.run(), name="retention")
        group.create_task(house.challenge_room.entry_posts.run(), name="entries of challenges")
        group.create_task(house.challenge_room.board.run(), name="briefs and results of challenges")
        group.create_task(house.challenge_room.board.watch(), name="clock of challenges")
        group.create_task(house.session_room.board.run(), name="boards and summaries of class sessions")
        group.create_task(house.session_room.board.keep(), name="live boards of class sessions")
        group.create_task(house.session_room.board.watch(), name="clock of class sessions")


async def serve(settings: Settings, token: str) -> None:
    """Open the house and live in it until cancelled."""
    async with open_house(settings) as house:
        await live(house, token)
