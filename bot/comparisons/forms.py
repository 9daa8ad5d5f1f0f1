"""The forms of /compare: one for everything that may differ."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import discord

from bot.errors import Refused
from bot.forms import Form, Text, choice, line, paragraph
from bot.words import load_words
from generation.catalog import Model
from generation.comparisons import LEAST, LETTERS, MOST, Varied
from generation.request import PROMPT_LIMIT, SEED_LIMIT, drawn_seed, readable

SEEDS_LIMIT = 60
SEEDS_DRAWN = 3
"""Seeds drawn for somebody who names none: enough to see that the seed matters, and not four prices."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the form brought: prompts, models and seeds, of each kind one or as many as shall be compared."""

    prompts: tuple[str, ...]
    model_ids: tuple[str, ...]
    seeds: tuple[int, ...]


Then = Callable[[discord.Interaction, Answers], Awaitable[None]]
"""What is done with the answers."""


class CompareForm(Form):
    """Asks for what differs, and for the one thing that everything else hangs on: the prompt, the model."""

    def __init__(self, varied: Varied, models: Sequence[Model], then: Then, *, locale: str, prompt: str = "") -> None:
        say = load_words()
        super().__init__("compare", say(locale, f"compare-title-{varied}"))
        self._varied, self._then = varied, then
        self._prompts = self._ask_prompts(locale, prompt)
        labels = {model.id: model.label for model in models}
        if varied == "models":
            most = min(MOST, len(labels))
            self._models = choice("models", labels, least=LEAST, most=most)
            self.ask(say(locale, "form-models", least=LEAST, most=most), self._models)
        else:
            self._models = choice("model", labels, next(iter(labels)))
            self.ask(say(locale, "form-model"), self._models)
        self._seeds: Text | None = None
        if varied == "seeds":
            hint = say(locale, "compare-seeds-hint", count=SEEDS_DRAWN)
            self._seeds = line("seeds", limit=SEEDS_LIMIT, required=False, hint=hint)
            self.ask(say(locale, "compare-seeds"), self._seeds)

    def _ask_prompts(self, locale: str, prompt: str) -> list[Text]:
        say = load_words()
        if self._varied != "prompts":
            hint = say(locale, "modal-animate-prompt-hint")
            fields = {say(locale, "form-prompt"): paragraph("prompt", prompt, limit=PROMPT_LIMIT, hint=hint)}
        else:
            hints = [say(locale, f"compare-prompt-hint-{letter.lower()}") for letter in LETTERS]
            fields = {
                say(locale, "compare-prompt", letter=letter): line(
                    f"prompt-{letter.lower()}",
                    prompt if at == 0 else "",
                    limit=PROMPT_LIMIT,
                    required=at < LEAST,
                    hint=hints[at],
                )
                for at, letter in enumerate(LETTERS)
            }
        for label, field in fields.items():
            self.ask(label, field)
        return list(fields.values())

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Read the answers and go on."""
        prompts = tuple(text for field in self._prompts if (text := readable(field.value)))
        if self._varied == "prompts" and len(set(prompts)) < max(LEAST, len(prompts)):
            raise Refused("compare-prompts")
        seeds = (drawn_seed(),) if self._seeds is None else seeds_in(self._seeds.value)
        await self._then(interaction, Answers(prompts or ("",), tuple(self._models.values), seeds))


def seeds_in(typed: str) -> tuple[int, ...]:
    """Two to four different seeds out of what was typed, or drawn for nothing. Raises Refused."""
    if not typed.strip():
        return tuple(drawn_seed() for _ in range(SEEDS_DRAWN))
    words = re.split(r"[\s,;]+", typed.strip())
    if not all(word.isdecimal() and int(word) < SEED_LIMIT for word in words):
        raise Refused("seed", limit=SEED_LIMIT - 1)
    seeds = tuple(dict.fromkeys(map(int, words)))
    if not LEAST <= len(seeds) <= MOST or len(seeds) < len(words):
        raise Refused("compare-seeds", least=LEAST, most=MOST)
    return seeds


def chosen(models: Mapping[str, Model], answers: Answers) -> list[Model]:
    """The models that were chosen, in the order of the menu. Raises Refused for one that left it meanwhile."""
    found = [model for name, model in models.items() if name in answers.model_ids]
    if len(found) < len(answers.model_ids):
        raise Refused("offer-outdated")
    return found
