"""The composition root: opens every resource in one place and hands it on; start is all or nothing."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, fields
from zoneinfo import ZoneInfo

import structlog

from bot.buttons import ButtonContext
from bot.chain_texts import ChainTexts
from bot.chains import Chains
from bot.challenges.masks import Masks
from bot.challenges.room import ChallengeRoom, furnish_challenges
from bot.client import StillmotionBot
from bot.coaching import CoachCard
from bot.comparisons.desk import Comparing
from bot.comparisons.post import ComparisonPost
from bot.comparisons.texts import CompareTexts
from bot.consent import Consent
from bot.delivery import Delivery
from bot.features import furnish_features
from bot.forgetting import Forgetter
from bot.histories import Histories
from bot.intake import Intake
from bot.menu import Menu
from bot.offering import Offers
from bot.parcels import Parcels
from bot.pictures import Pictures
from bot.posting import ClipPost
from bot.rendering import JobTexts
from bot.sessions.room import SessionRoom, furnish_sessions
from bot.settings import Settings
from bot.showing import Showing
from bot.staff.card_courier import StaffCards, furnish_cards
from bot.staff.card_texts import CardTexts
from bot.staff.channel import StaffChannel
from bot.status import StatusBoard
from bot.turns import Turns
from bot.withdrawal import Withdrawals
from bot.words import Words, load_words
from bot.workshop import Workshop, open_workshop
from generation.album import Album
from generation.clock import Clock
from generation.retries import Retries

log = structlog.get_logger(__name__)

POSTS_AT_ONCE = 2
"""Clips and new status messages under way to one channel: one is sent while another waits for Discord's next slot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House(Workshop):
    """Everything that runs: the workshop, and the conversation in front of it."""

    bot: StillmotionBot
    intake: Intake
    card: CoachCard
    delivery: Delivery
    comparison_post: ComparisonPost
    status: StatusBoard
    staff_channel: StaffChannel
    staff_cards: StaffCards
    withdrawals: Withdrawals
    challenge_room: ChallengeRoom
    session_room: SessionRoom
    forgetter: Forgetter


@asynccontextmanager
async def open_house(settings: Settings, *, clock: Clock = time.time) -> AsyncIterator[House]:
    """Build every part, leaves first. Raises CatalogError, LockDamaged or StorageError; closes in reverse order."""
    words = load_words()
    async with AsyncExitStack() as stack:
        shop = await open_workshop(settings, clock, stack)
        bot = await stack.enter_async_context(StillmotionBot(words=words))
        house = _furnish(shop, bot, settings, words, clock)
        stack.push_async_callback(house.staff_channel.close)
        stack.push_async_callback(house.intake.close)
        yield house


def _furnish(shop: Workshop, bot: StillmotionBot, settings: Settings, words: Words, clock: Clock) -> House:
    """The conversation in front of the shop; nothing runs yet."""
    texts = JobTexts(words, shop.catalog, masks := Masks())
    compare_texts = CompareTexts(words, texts)
    posts_turns, edits_turns = Turns(at_once=POSTS_AT_ONCE), Turns()
    status = StatusBoard(bot, shop.deliveries, shop.dispatcher, texts=texts, posts=posts_turns, edits=edits_turns)
    parcels = Parcels(blobs=shop.blobs, darkroom=shop.darkroom)
    posts = ClipPost(
        shop.accounts, shop.lineage, shop.comparisons, blobs=shop.blobs, parcels=parcels, texts=texts, masks=masks
    )
    delivery = _delivery(shop, bot, posts, status, texts, posts_turns, clock)
    shop.approvals.listen(delivery.wake)
    staff_channel = _staff_channel(shop, bot, settings, texts, words)
    card = CoachCard(shop.coaching, shop.dispatcher, texts=texts, words=words, clock=clock)
    pictures = _pictures(shop, settings)
    intake = _intake(shop, card, pictures, status, texts, words)
    offers = _offers(shop, intake, compare_texts, words)
    challenge_room = furnish_challenges(
        shop,
        bot,
        intake=intake,
        pictures=pictures,
        posts=posts,
        job_texts=texts,
        masks=masks,
        words=words,
        timezone=ZoneInfo(settings.timezone),
        clock=clock,
    )
    shop.keeping.listen(challenge_room.board.wake)
    session_room = furnish_sessions(shop, bot, job_texts=texts, edits=edits_turns, words=words, clock=clock)
    buttons = ButtonContext(
        shop=shop,
        offers=offers,
        comparing=Comparing(intake, offers, shop.comparisons, catalog=shop.catalog, pictures=pictures, words=words),
        chains=_chains(shop, parcels, ChainTexts(words, texts)),
        staff_channel=staff_channel,
        staff_cards=furnish_cards(shop, bot, staff_channel, parcels, status, CardTexts(words, texts)),
        intake=intake,
        status=status,
        retries=Retries(shop.database, shop.orders, catalog=shop.catalog, clock=clock),
        showing=Showing(shop.orders, shop.keeping, shop.hiding, posts=posts, words=words),
        histories=Histories(Album(shop.database, shop.blobs, shop.darkroom), texts=texts, words=words),
        card=card,
        challenge_desk=challenge_room.desk,
        forgetter=_forgetter(shop, bot, words),
    )
    features = furnish_features(shop, bot, buttons, session_room, texts, words)
    bot.furnish((*features, *challenge_room.features), buttons)
    return House(
        **{field.name: getattr(shop, field.name) for field in fields(shop)},
        bot=bot,
        intake=intake,
        card=card,
        delivery=delivery,
        comparison_post=_comparison_post(shop, bot, parcels, compare_texts),
        status=status,
        staff_channel=staff_channel,
        staff_cards=buttons.staff_cards,
        withdrawals=Withdrawals(bot, shop.keeping, shop.orders),
        challenge_room=challenge_room,
        session_room=session_room,
        forgetter=buttons.forgetter,
    )


def _delivery(
    shop: Workshop,
    bot: StillmotionBot,
    posts: ClipPost,
    status: StatusBoard,
    texts: JobTexts,
    turns: Turns,
    clock: Clock,
) -> Delivery:
    return Delivery(
        bot,
        shop.orders,
        shop.deliveries,
        shop.dispatcher,
        keeping=shop.keeping,
        posts=posts,
        status=status,
        texts=texts,
        turns=turns,
        clock=clock,
    )


def _staff_channel(
    shop: Workshop, bot: StillmotionBot, settings: Settings, texts: JobTexts, words: Words
) -> StaffChannel:
    channel_id = settings.staff_channel_id
    return StaffChannel(bot, shop.dispatcher.health, shop.staff, channel_id=channel_id, texts=texts, words=words)


def _chains(shop: Workshop, parcels: Parcels, texts: ChainTexts) -> Chains:
    return Chains(shop.lineage, shop.keeping, blobs=shop.blobs, darkroom=shop.darkroom, parcels=parcels, texts=texts)


def _pictures(shop: Workshop, settings: Settings) -> Pictures:
    return Pictures(
        blobs=shop.blobs,
        custody=shop.custody,
        darkroom=shop.darkroom,
        http=shop.http,
        still_limit_bytes=settings.still_limit_bytes,
    )


def _intake(
    shop: Workshop, card: CoachCard, pictures: Pictures, status: StatusBoard, texts: JobTexts, words: Words
) -> Intake:
    return Intake(
        shop.orders,
        shop.accounts,
        shop.dispatcher,
        card=card,
        consent=Consent(shop.notices),
        pools=shop.pools,
        menu=Menu(shop.catalog, shop.rules, shop.sessions, shop.dispatcher),
        pictures=pictures,
        status=status,
        texts=texts,
        words=words,
    )


def _forgetter(shop: Workshop, bot: StillmotionBot, words: Words) -> Forgetter:
    return Forgetter(
        bot,
        shop.forgettings,
        shop.accounts,
        shop.dispatcher,
        shop.deliveries,
        shop.keeping,
        shop.roster,
        words=words,
    )


def _offers(shop: Workshop, intake: Intake, texts: CompareTexts, words: Words) -> Offers:
    return Offers(
        intake,
        shop.orders,
        shop.accounts,
        shop.dispatcher,
        shop.proposals,
        shop.comparisons,
        coaching=shop.coaching,
        blobs=shop.blobs,
        darkroom=shop.darkroom,
        texts=texts,
        words=words,
    )


def _comparison_post(shop: Workshop, bot: StillmotionBot, parcels: Parcels, texts: CompareTexts) -> ComparisonPost:
    return ComparisonPost(
        bot,
        shop.comparisons,
        shop.deliveries,
        shop.keeping,
        blobs=shop.blobs,
        darkroom=shop.darkroom,
        parcels=parcels,
        texts=texts,
    )
