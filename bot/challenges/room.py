"""Everything about challenges that talks to people, built in one place from the workshop."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from discord.ext import commands

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
from bot.cogs.challenges import ChallengeCog
from bot.cogs.contests import ContestCog
from bot.intake import Intake
from bot.pictures import Pictures
from bot.posting import ClipPost
from bot.rendering import JobTexts
from bot.words import Words
from bot.workshop import Workshop
from generation.clock import Clock


@dataclass(frozen=True, slots=True)
class ChallengeRoom:
    """What runs for challenges, what their buttons ask, and their commands."""

    board: ChallengeBoard
    entry_posts: EntryPosts
    desk: ChallengeDesk
    features: tuple[commands.Cog, ...]


def furnish_challenges(
    shop: Workshop,
    bot: StillmotionBot,
    *,
    intake: Intake,
    pictures: Pictures,
    posts: ClipPost,
    job_texts: JobTexts,
    masks: Masks,
    words: Words,
    timezone: ZoneInfo,
    clock: Clock,
) -> ChallengeRoom:
    """Build the conversation about challenges; nothing runs yet. ``timezone`` is used where a server set none."""
    texts = ChallengeTexts(words)
    entry_posts = EntryPosts(
        bot, shop.challenge_posts, shop.orders, shop.keeping, posts=posts, texts=job_texts, masks=masks
    )
    board = ChallengeBoard(
        bot,
        shop.challenges,
        shop.challenge_posts,
        briefs=Briefs(bot, shop.pools, blobs=shop.blobs, texts=texts),
        results=Results(bot, shop.challenges, blobs=shop.blobs, darkroom=shop.darkroom, texts=texts),
        masks=masks,
        clock=clock,
    )
    desk = ChallengeDesk(
        shop.challenges,
        shop.orders,
        shop.dispatcher,
        shop.challenge_posts,
        intake=intake,
        pictures=pictures,
        catalog=shop.catalog,
        masks=masks,
        entry_posts=entry_posts,
        texts=texts,
    )
    galleries = Galleries(shop.challenges, shop.challenge_posts, texts=texts, words=words)
    setting = ChallengeSetting(
        shop.challenges, shop.staff, pictures=pictures, words=words, timezone=timezone, clock=clock
    )
    features = (
        ContestCog(challenges=shop.challenges, galleries=galleries, desk=desk),
        ChallengeCog(
            challenges=shop.challenges,
            setting=setting,
            board=board,
            galleries=galleries,
            dispatcher=shop.dispatcher,
            roster=shop.roster,
            catalog=shop.catalog,
            words=words,
            clock=clock,
        ),
    )
    return ChallengeRoom(board, entry_posts, desk, features)
