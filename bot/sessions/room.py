"""Everything about class sessions that talks to people, built in one place from the workshop."""

from dataclasses import dataclass

from bot.client import StillmotionBot
from bot.cogs.class_session import SessionGroup
from bot.rendering import JobTexts
from bot.sessions.board import SessionBoard
from bot.sessions.texts import SessionTexts
from bot.turns import Turns
from bot.words import Words
from bot.workshop import Workshop
from generation.clock import Clock


@dataclass(frozen=True, slots=True)
class SessionRoom:
    """What runs for class sessions, and their commands."""

    board: SessionBoard
    commands: SessionGroup


def furnish_sessions(
    shop: Workshop, bot: StillmotionBot, *, job_texts: JobTexts, edits: Turns, words: Words, clock: Clock
) -> SessionRoom:
    """Build the conversation about class sessions; nothing runs yet."""
    texts = SessionTexts(words, job_texts)
    board = SessionBoard(bot, shop.sessions, shop.dispatcher, texts=texts, edits=edits, clock=clock)
    commands = SessionGroup(
        sessions=shop.sessions,
        board=board,
        rules=shop.rules,
        health=shop.dispatcher.health,
        catalog=shop.catalog,
        texts=texts,
        words=words,
    )
    return SessionRoom(board, commands)
