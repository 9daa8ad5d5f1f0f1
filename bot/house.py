"""The composition root: opens every resource in one place and hands it on; start is all or nothing."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import aiohttp
import structlog

from bot.buttons import ButtonContext
from bot.challenges.board import ChallengeBoard
from bot.challenges.brief import Briefs
from bot.challenges.desk import ChallengeDesk
from bot.challenges.entry_posts import EntryPosts
from bot.challenges.galleries import Galleries
from bot.challenges.masks import Masks
from bot.challenges.results import Results
from bot.challenges.setting import ChallengeSetting
from bot.challenges.texts import ChallengeTexts
from bot.client import StillmotionBot
from bot.cogs.account import AccountCog
from bot.cogs.animate import AnimateCog
from bot.cogs.challenges import ChallengeCog
from bot.cogs.class_grants import GrantPart
from bot.cogs.class_log import LogPart
from bot.cogs.class_rules import ChannelsGroup, LimitsPart, ModelsGroup
from bot.cogs.class_state import StatePart
from bot.cogs.classroom import ClassCog
from bot.cogs.clips import ClipsCog
from bot.cogs.contests import ContestCog
from bot.cogs.guide import GuideCog
from bot.cogs.line import LineCog
from bot.delivery import Delivery
from bot.intake import Intake
from bot.pictures import Pictures
from bot.posting import ClipPost
from bot.rendering import JobTexts
from bot.roster import RosterCog
from bot.settings import Settings
from bot.staff import StaffRoom
from bot.status import StatusBoard
from bot.words import load_words
from generation.accounts import Accounts, Allowance
from generation.allocation import Allocator
from generation.asking import Asking
from generation.catalog import SHIPPED_CATALOG, Catalog, load_catalog
from generation.challenge_posts import ChallengePosts
from generation.challenges import Challenges
from generation.class_rules import Rules
from generation.clock import Clock
from generation.closures import Closures
from generation.darkroom import Darkroom
from generation.deliveries import Deliveries
from generation.dispatch import Dispatcher
from generation.errors import CatalogError
from generation.estimates import Estimates
from generation.grants import Grants
from generation.orders import Orders
from generation.pipelines.weights import usable_models
from generation.pools import Pools
from generation.queue import JobQueue
from generation.roster import Roster
from generation.staff import Staff
from generation.workers.process import ProcessWorker
from storage.blobs import BlobStore
from storage.database import Database
from storage.occupancy import occupied

log = structlog.get_logger(__name__)

DATABASE_NAME = "stillmotion.sqlite3"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything that runs."""

    bot: StillmotionBot
    database: Database
    blobs: BlobStore
    accounts: Accounts
    orders: Orders
    deliveries: Deliveries
    dispatcher: Dispatcher
    delivery: Delivery
    status: StatusBoard
    staff: Staff
    pools: Pools
    staff_room: StaffRoom
    challenges: Challenges
    board: ChallengeBoard
    entry_posts: EntryPosts
    workers: tuple[ProcessWorker, ...]


@asynccontextmanager
async def open_house(settings: Settings, *, clock: Clock = time.time) -> AsyncIterator[House]:
    """Build every part, leaves first. Raises CatalogError or StorageError; closes in reverse order."""
    words = load_words()
    catalog = await asyncio.to_thread(_menu, settings)
    async with AsyncExitStack() as stack:
        stack.enter_context(occupied(settings.data_folder))
        database = await stack.enter_async_context(Database.open(settings.data_folder / DATABASE_NAME))
        blobs = BlobStore(settings.data_folder / "files")
        darkroom = await stack.enter_async_context(Darkroom.open())
        http = await stack.enter_async_context(aiohttp.ClientSession())
        workers = tuple(_worker(settings, number) for number in range(settings.workers))
        for worker in workers:
            worker.start()
            stack.push_async_callback(worker.close)
        accounts = Accounts(database, allowance=_allowance(settings), clock=clock)
        orders = Orders(database, blobs, accounts, clock=clock, outstanding_limit=settings.outstanding_limit)
        staff = Staff(database, clock=clock)
        pools = Pools(database, staff=staff, clock=clock)
        grants = Grants(database, accounts, staff=staff, clock=clock)
        asking = Asking(database, staff=staff, clock=clock)
        closures = Closures(database, staff)
        rules = Rules(database, staff)
        deliveries = Deliveries(database, clock=clock)
        queue = _queue(catalog, workers, clock)
        dispatcher = Dispatcher(orders, queue, workers, blobs=blobs, catalog=catalog, closures=closures)
        bot = await stack.enter_async_context(StillmotionBot(words=words))
        masks = Masks()
        texts = JobTexts(words, catalog, masks)
        status = StatusBoard(bot, deliveries, dispatcher, texts)
        posts = ClipPost(accounts, blobs=blobs, darkroom=darkroom, texts=texts, masks=masks)
        delivery = Delivery(bot, orders, deliveries, dispatcher, posts=posts, status=status, texts=texts)
        staff_room = StaffRoom(
            bot, dispatcher.health, staff, channel_id=settings.staff_channel_id, texts=texts, words=words
        )
        pictures = Pictures(blobs=blobs, darkroom=darkroom, http=http, still_limit_bytes=settings.still_limit_bytes)
        intake = Intake(
            orders,
            accounts,
            dispatcher,
            pools=pools,
            rules=rules,
            catalog=catalog,
            pictures=pictures,
            status=status,
            texts=texts,
            words=words,
        )
        challenges = Challenges(database, orders=orders, staff=staff, clock=clock)
        challenge_posts, challenge_texts = ChallengePosts(database, clock=clock), ChallengeTexts(words)
        entry_posts = EntryPosts(bot, challenge_posts, orders, posts=posts, texts=texts, masks=masks)
        board = ChallengeBoard(
            bot,
            challenges,
            challenge_posts,
            briefs=Briefs(bot, pools, blobs=blobs, texts=challenge_texts),
            results=Results(bot, challenges, blobs=blobs, darkroom=darkroom, texts=challenge_texts),
            masks=masks,
            clock=clock,
        )
        desk = ChallengeDesk(
            challenges,
            orders,
            dispatcher,
            challenge_posts,
            intake=intake,
            pictures=pictures,
            catalog=catalog,
            masks=masks,
            entry_posts=entry_posts,
            texts=challenge_texts,
        )
        roster = Roster(database, clock=clock)
        galleries = Galleries(challenges, challenge_posts, texts=challenge_texts, words=words)
        setting = ChallengeSetting(
            challenges, staff, pictures=pictures, words=words, timezone=ZoneInfo(settings.timezone), clock=clock
        )
        features = (
            ContestCog(challenges=challenges, galleries=galleries, desk=desk),
            ChallengeCog(
                challenges=challenges,
                setting=setting,
                board=board,
                galleries=galleries,
                dispatcher=dispatcher,
                roster=roster,
                catalog=catalog,
                words=words,
                clock=clock,
            ),
            AnimateCog(bot, intake=intake, catalog=catalog, words=words),
            AccountCog(accounts=accounts, pools=pools, catalog=catalog, words=words),
            LineCog(orders=orders, dispatcher=dispatcher, texts=texts, words=words),
            ClipsCog(orders=orders, posts=posts, words=words),
            GuideCog(words=words),
            ClassCog(
                orders=orders,
                dispatcher=dispatcher,
                intake=intake,
                staff=staff,
                words=words,
                parts=(
                    LogPart(staff=staff, words=words),
                    GrantPart(grants=grants, words=words),
                    StatePart(closures=closures, rules=rules, words=words),
                    ModelsGroup(rules=rules, catalog=catalog, words=words),
                    ChannelsGroup(rules=rules, words=words),
                    LimitsPart(rules=rules, catalog=catalog, words=words),
                ),
            ),
            RosterCog(roster),
        )
        context = ButtonContext(
            orders, dispatcher, staff=staff, grants=grants, asking=asking, staff_room=staff_room, desk=desk
        )
        bot.furnish(features, context)
        yield House(
            bot=bot,
            database=database,
            blobs=blobs,
            accounts=accounts,
            orders=orders,
            deliveries=deliveries,
            dispatcher=dispatcher,
            delivery=delivery,
            status=status,
            staff=staff,
            pools=pools,
            staff_room=staff_room,
            challenges=challenges,
            board=board,
            entry_posts=entry_posts,
            workers=workers,
        )


async def live(house: House, token: str) -> None:
    """Take up what an earlier process left, connect, and work until cancelled.

    A part that ends or breaks ends all of them, with its error.
    """
    await house.dispatcher.recover()
    await house.delivery.recall()
    await house.entry_posts.recall()
    await house.bot.login(token)
    await house.status.resume(await house.orders.unfinished())
    async with asyncio.TaskGroup() as group:
        group.create_task(house.bot.connect(), name="gateway")
        group.create_task(house.dispatcher.run(), name="dispatcher")
        group.create_task(house.delivery.run(), name="delivery")
        group.create_task(house.status.run(), name="status")
        group.create_task(house.entry_posts.run(), name="entries of challenges")
        group.create_task(house.board.run(), name="briefs and results of challenges")
        group.create_task(house.board.watch(), name="clock of challenges")


async def serve(settings: Settings, token: str) -> None:
    """Open the house and live in it until cancelled."""
    async with open_house(settings) as house:
        await live(house, token)


def _allowance(settings: Settings) -> Allowance:
    return Allowance(credits=settings.allowance_credits, timezone=ZoneInfo(settings.timezone))


def _menu(settings: Settings) -> Catalog:
    """The catalogue less what this machine cannot run, each with its reason in the log."""
    catalog, problems = usable_models(load_catalog(settings.catalog or SHIPPED_CATALOG), settings.gpu)
    for problem in problems:
        log.warning("off the menu", model=problem.model_id, why=problem.problem)
    if not catalog.models:
        raise CatalogError(settings.catalog or SHIPPED_CATALOG, "", "no model on it can be used on this machine")
    return catalog


def _queue(catalog: Catalog, workers: tuple[ProcessWorker, ...], clock: Clock) -> JobQueue:
    estimates = Estimates(weightless=[model.id for model in catalog if model.family == "draft"])
    return JobQueue(Allocator(estimates, len(workers)), [worker.name for worker in workers], clock=clock)


def _worker(settings: Settings, number: int) -> ProcessWorker:
    # The token is the bot's alone; a worker never needs it.
    environment = {name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"}
    card = {"STILLMOTION_DEVICE_INDEX": str(settings.gpu.device_index + number)}
    return ProcessWorker(f"worker-{number}", environment=environment | card)
