"""The workshop behind the conversation: everything that knows no Discord, opened leaves first."""

import asyncio
import os
from contextlib import AsyncExitStack
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import aiohttp
import structlog

from bot.rendering import JobTexts
from bot.settings import Settings
from bot.words import load_words
from generation.accounts import Accounts, Allowance
from generation.admission import Admission
from generation.catalog import SHIPPED_CATALOG, Catalog, load_catalog
from generation.challenges.posts import ChallengePosts
from generation.challenges.use_cases import Challenges
from generation.clock import Clock
from generation.coach.drafts import Coaching
from generation.comparison_orders import ComparisonOrders
from generation.custody import Custody
from generation.darkroom import Darkroom
from generation.deliveries import Deliveries
from generation.dispatch import Dispatcher
from generation.errors import CatalogError
from generation.health import ModelHealth
from generation.limits import Limits
from generation.line.allocation import Allocator
from generation.line.estimates import Estimates
from generation.lineage import Lineage
from generation.locks import LOCK_NAME, RevisionLock
from generation.orders import Orders
from generation.pipelines.weights import usable_models
from generation.pools import Pools
from generation.privacy.forgetting import Forgettings
from generation.privacy.holdings import Holdings
from generation.privacy.keeping import Keeping
from generation.privacy.notices import Notices
from generation.privacy.retention import Retention
from generation.privacy.seals import Sealer
from generation.proposals import Proposals
from generation.queue import JobQueue
from generation.teaching.approvals import Approvals
from generation.teaching.asking import Asking
from generation.teaching.cards import Cards
from generation.teaching.class_report import ClassReports
from generation.teaching.class_rules import Rules
from generation.teaching.closures import Closures
from generation.teaching.grants import Grants
from generation.teaching.hiding import Hiding
from generation.teaching.reports import Reports
from generation.teaching.roster import Roster
from generation.teaching.sessions import Sessions
from generation.teaching.staff import Staff
from generation.teaching.wording import Wording
from generation.workers.process import ProcessWorker
from storage.backup import finish_restore
from storage.blobs import BlobStore
from storage.database import Database
from storage.occupancy import occupied
from storage.seals import read_key
from storage.settings import DATABASE_NAME

log = structlog.get_logger(__name__)

KEY_NAME = "seal.key"
"""Beside the database, so that no copy of that carries it along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What orders are taken into, kept in and made by."""

    catalog: Catalog
    database: Database
    blobs: BlobStore
    darkroom: Darkroom
    http: aiohttp.ClientSession
    accounts: Accounts
    orders: Orders
    deliveries: Deliveries
    dispatcher: Dispatcher
    custody: Custody
    coaching: Coaching
    limits: Limits
    keeping: Keeping
    lineage: Lineage
    comparisons: ComparisonOrders
    proposals: Proposals
    reports: Reports
    staff: Staff
    pools: Pools
    grants: Grants
    asking: Asking
    closures: Closures
    rules: Rules
    roster: Roster
    class_reports: ClassReports
    wording: Wording
    hiding: Hiding
    approvals: Approvals
    cards: Cards
    challenges: Challenges
    challenge_posts: ChallengePosts
    sessions: Sessions
    notices: Notices
    forgettings: Forgettings
    holdings: Holdings
    retention: Retention
    workers: tuple[ProcessWorker, ...]


async def open_workshop(settings: Settings, clock: Clock, stack: AsyncExitStack) -> Workshop:
    """Open everything on ``stack``. Raises CatalogError, LockDamaged or StorageError."""
    stack.enter_context(occupied(settings.data_folder))
    catalog = await asyncio.to_thread(_menu, settings)
    await asyncio.to_thread(finish_restore, settings.data_folder / DATABASE_NAME)
    database = await stack.enter_async_context(Database.open(settings.data_folder / DATABASE_NAME))
    blobs = BlobStore(settings.data_folder / "files")
    darkroom = await stack.enter_async_context(Darkroom.open())
    http = await stack.enter_async_context(aiohttp.ClientSession())
    workers = tuple(_worker(settings, number) for number in range(settings.workers))
    for worker in workers:
        worker.start()
        stack.push_async_callback(worker.close)
    sealer = Sealer(await asyncio.to_thread(read_key, settings.data_folder / KEY_NAME))
    accounts = Accounts(database, allowance=_allowance(settings), clock=clock, sealer=sealer)
    health = ModelHealth(clock)
    admission = Admission(
        accounts,
        clock=clock,
        outstanding_limit=settings.outstanding_limit,
        resting=health.resting,
        is_too_large=health.sizes.is_too_large,
        asks_notice=settings.notice,
    )
    orders = Orders(database, blobs, accounts, admission, clock=clock)
    staff = Staff(database, clock=clock)
    closures, custody = Closures(database, staff), Custody(database, blobs, clock=clock)
    keeping = Keeping(database, blobs, clock=clock)
    return Workshop(
        catalog=catalog,
        database=database,
        blobs=blobs,
        darkroom=darkroom,
        http=http,
        accounts=accounts,
        orders=orders,
        deliveries=Deliveries(database, clock=clock),
        dispatcher=_dispatcher(orders, workers, blobs, catalog, health, closures, clock),
        custody=custody,
        coaching=Coaching(database, custody, catalog=catalog, clock=clock),
        limits=Limits(database, clock=clock),
        keeping=keeping,
        lineage=Lineage(database),
        comparisons=ComparisonOrders(database, orders, clock=clock),
        proposals=Proposals(database, custody, catalog=catalog, clock=clock),
        reports=Reports(database, clock=clock),
        staff=staff,
        pools=Pools(database, staff=staff, clock=clock),
        grants=Grants(database, accounts, staff=staff, clock=clock),
        asking=Asking(database, staff=staff, clock=clock),
        closures=closures,
        rules=Rules(database, staff),
        roster=Roster(database, clock=clock),
        class_reports=ClassReports(database, accounts, clock=clock),
        wording=Wording(database, staff),
        hiding=Hiding(database, staff, keeping=keeping),
        approvals=Approvals(database, staff=staff, clock=clock),
        cards=Cards(database, keeping),
        challenges=Challenges(database, orders=orders, staff=staff, clock=clock),
        challenge_posts=ChallengePosts(database, clock=clock),
        sessions=Sessions(database, staff=staff, clock=clock),
        notices=Notices(database, clock=clock),
        forgettings=Forgettings(database, accounts, keeping, clock=clock),
        holdings=Holdings(database, staff=staff, clock=clock),
        retention=Retention(database, keeping, staff=staff, clock=clock),
        workers=workers,
    )


def _allowance(settings: Settings) -> Allowance:
    return Allowance(credits=settings.allowance_credits, timezone=ZoneInfo(settings.timezone))


def _menu(settings: Settings) -> Catalog:
    """The catalogue less what this machine cannot run, each with its reason in the log."""
    menu = RevisionLock.read(settings.data_folder / LOCK_NAME).pin(load_catalog(settings.catalog or SHIPPED_CATALOG))
    catalog, problems = usable_models(menu, settings.gpu)
    for problem in problems:
        log.warning("off the menu", model=problem.model_id, why=problem.problem)
    if not catalog.models:
        raise CatalogError(settings.catalog or SHIPPED_CATALOG, "", "no model on it can be used on this machine")
    return catalog


def _dispatcher(
    orders: Orders,
    workers: tuple[ProcessWorker, ...],
    blobs: BlobStore,
    catalog: Catalog,
    health: ModelHealth,
    closures: Closures,
    clock: Clock,
) -> Dispatcher:
    estimates = Estimates(weightless=[model.id for model in catalog if model.family == "draft"])
    queue = JobQueue(Allocator(estimates, len(workers)), [worker.name for worker in workers], clock=clock)
    return Dispatcher(
        orders,
        queue,
        workers,
        blobs=blobs,
        catalog=catalog,
        health=health,
        closures=closures,
        # Without masks: a hidden maker's file is stripped of its texts before anybody else gets it.
        describe=JobTexts(load_words(), catalog).alt,
    )


def _worker(settings: Settings, number: int) -> ProcessWorker:
    # The token is the bot's alone; a worker never needs it.
    environment = {name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"}
    place = {
        "STILLMOTION_DEVICE_INDEX": str(settings.gpu.device_index + number),
        "STILLMOTION_WORKERS": str(settings.workers),
    }
    return ProcessWorker(f"worker-{number}", environment=environment | place)
