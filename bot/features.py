"""All slash commands, each with the parts it works with."""

from discord.ext import commands

from bot.buttons import ButtonContext
from bot.client import StillmotionBot
from bot.cogs.account import AccountCog
from bot.cogs.animate import AnimateCog
from bot.cogs.class_grants import GrantPart
from bot.cogs.class_log import LogPart
from bot.cogs.class_persons import PersonsPart
from bot.cogs.class_report import ReportPart
from bot.cogs.class_rules import ChannelsGroup, LimitsPart, ModelsGroup
from bot.cogs.class_safety import SafetyPart, WordsGroup
from bot.cogs.class_state import StatePart
from bot.cogs.class_why import WhyPart
from bot.cogs.classroom import ClassCog
from bot.cogs.clips import ClipsCog
from bot.cogs.compare import CompareCog
from bot.cogs.exercises import CoachCog, ExerciseCog, LimitsCog
from bot.cogs.guide import GuideCog
from bot.cogs.history import HistoryCog
from bot.cogs.line import LineCog
from bot.cogs.persons import PersonsCog
from bot.limits import LimitsTexts
from bot.portfolio import Portfolio
from bot.rendering import JobTexts
from bot.roster import RosterCog
from bot.sessions.room import SessionRoom
from bot.words import Words
from bot.workshop import Workshop


def furnish_features(
    shop: Workshop,
    bot: StillmotionBot,
    context: ButtonContext,
    session_room: SessionRoom,
    texts: JobTexts,
    words: Words,
) -> tuple[commands.Cog, ...]:
    """Every command but those of challenges, which come with their own room."""
    catalog = shop.catalog
    portfolio = Portfolio(shop.keeping, blobs=shop.blobs, texts=texts, words=words)
    return (
        AnimateCog(bot, intake=context.intake, catalog=catalog, words=words),
        AccountCog(accounts=shop.accounts, pools=shop.pools, catalog=catalog, words=words),
        LineCog(orders=shop.orders, dispatcher=shop.dispatcher, texts=texts, words=words),
        CompareCog(comparing=context.comparing),
        ClipsCog(orders=shop.orders, showing=context.showing),
        HistoryCog(histories=context.histories, portfolio=portfolio, catalog=catalog),
        GuideCog(words=words),
        RosterCog(shop.roster),
        ExerciseCog(words=words),
        LimitsCog(limits=shop.limits, darkroom=shop.darkroom, texts=LimitsTexts(words, texts, shop.blobs)),
        CoachCog(coaching=shop.coaching, words=words),
        PersonsCog(holdings=shop.holdings, forgetter=context.forgetter, words=words),
        _class_cog(shop, context, session_room, texts, words),
    )


def _class_cog(
    shop: Workshop, context: ButtonContext, session_room: SessionRoom, texts: JobTexts, words: Words
) -> ClassCog:
    return ClassCog(
        intake=context.intake,
        staff=shop.staff,
        staff_cards=context.staff_cards,
        words=words,
        parts=(
            LogPart(staff=shop.staff, words=words),
            WhyPart(orders=shop.orders, dispatcher=shop.dispatcher, texts=texts, words=words),
            GrantPart(grants=shop.grants, words=words),
            StatePart(closures=shop.closures, rules=shop.rules, words=words),
            ModelsGroup(rules=shop.rules, health=shop.dispatcher.health, catalog=shop.catalog, words=words),
            ChannelsGroup(rules=shop.rules, words=words),
            LimitsPart(rules=shop.rules, catalog=shop.catalog, words=words),
            session_room.commands,
            PersonsPart(holdings=shop.holdings, retention=shop.retention, words=words),
            ReportPart(reports=shop.class_reports, grants=shop.grants, darkroom=shop.darkroom, words=words),
            WordsGroup(wording=shop.wording, words=words),
            SafetyPart(context, words=words),
        ),
    )
