"""Lists of people that instructors attach: fetched within a bound, and every line that cannot be read named."""

import discord

from bot.errors import DISCORD_AWAY, Refused
from bot.quoting import quoted
from bot.words import Words
from generation.teaching.rolls import CREDITS_LIMIT, Problem, Roll

LIST_LIMIT_BYTES = 200_000
"""A thousand people with their names beside them fit in a third of this."""

PROBLEMS_SHOWN = 15


async def fetch_list(people: discord.Attachment) -> bytes:
    """What the file holds. Raises Refused."""
    if people.size > LIST_LIMIT_BYTES:
        raise Refused("roll-size", limit=LIST_LIMIT_BYTES // 1000)
    try:
        return await people.read()
    except DISCORD_AWAY as error:
        raise Refused("roll-download") from error


def problems_text(words: Words, locale: str, roll: Roll) -> str:
    """What is wrong with a list, line by line, and that nothing came of it."""
    problems = roll.problems
    lines = [words(locale, "roll-refused", count=len(problems), good=len(roll.shares))]
    lines += [_problem(words, locale, problem) for problem in problems[:PROBLEMS_SHOWN]]
    if len(problems) > PROBLEMS_SHOWN:
        lines.append(words(locale, "roll-more", more=len(problems) - PROBLEMS_SHOWN))
    return "\n".join(lines)


def _problem(words: Words, locale: str, problem: Problem) -> str:
    text = words(locale, f"roll-{problem.fault}", found=quoted(problem.found[:50]), limit=CREDITS_LIMIT)
    return text if problem.line == 0 else words(locale, "roll-line", line=problem.line, problem=text)
