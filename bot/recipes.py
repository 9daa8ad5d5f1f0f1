"""A clip's recipe as text: everything needed to make it again, here or elsewhere."""

import io
from typing import Any

import discord

from bot.words import load_words
from storage.jobs import Job

ROOM = 1900
"""Characters of a message left for the recipe; a longer one comes as a file."""

FIRST = ("prompt", "camera", "negative_prompt", "effective_negative_prompt", "model", "repository", "revision", "seed")
"""Facts that stand at the top; the others follow as the recipe has them. Their names are those of the recipe."""


def recipe_answer(locale: str, job: Job) -> dict[str, Any]:
    """How an interaction is answered with the recipe: a block of text, or the same as a file where it is too long."""
    text = recipe_text(job)
    head = load_words()(locale, "recipe-head", job=str(job.id))
    if len(text) <= ROOM and "```" not in text:
        return {"content": f"{head}\n```yaml\n{text}\n```"}
    return {"content": head, "file": discord.File(io.BytesIO(text.encode()), f"recipe-{job.id}.txt")}


def recipe_text(job: Job) -> str:
    """One fact a line, what has no value left out."""
    recipe = job.recipe
    ordered = {name: recipe[name] for name in FIRST if name in recipe} | recipe
    return "\n".join(f"{name}: {_plain(value)}" for name, value in ordered.items() if value not in (None, "", {}, []))


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items() if one is not None)
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value))
    return str(value)
