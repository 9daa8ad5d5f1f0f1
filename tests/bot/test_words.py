"""Every text is there, used, and complete for whatever can happen."""

import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from fluent.syntax import ast, parse

from bot.coaching import COACH_BUTTONS
from bot.exercising import LIMITS
from bot.quoting import ALT_LIMIT, described, quoted
from bot.words import FALLBACK, FOLDER, load_words
from generation.camera.phrases import CAMERA_PHRASES
from generation.catalog import load_catalog
from generation.charges import Charge
from generation.coach.findings import SOURCES as RULES
from generation.errors import ChallengeFault, ClipFault, RenderFault, RequestFault, StillFault
from generation.teaching.house_rules import RuleFault
from storage.marks import MARK_KINDS

ROOT = Path(__file__).parents[2]
KEYS = {
    entry.id.name
    for entry in parse((FOLDER / f"{FALLBACK}.ftl").read_text(encoding="utf-8")).body
    if isinstance(entry, ast.Message)
}
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))


def mentioned(key: str) -> bool:
    """The key stands in the code, whole or as the fixed beginning of an f-string such as f"fault-{fault}"."""
    beginnings = set(re.findall(r'f"([a-z-]+-)\{', SOURCES))
    return f'"{key}"' in SOURCES or any(key.startswith(beginning) for beginning in beginnings)


def test_no_line_of_the_texts_is_junk() -> None:
    for path in FOLDER.glob("*.ftl"):
        resource = parse(path.read_text(encoding="utf-8"))
        assert [entry.content for entry in resource.body if isinstance(entry, ast.Junk)] == []


def test_every_text_is_used() -> None:
    assert set() == {key for key in KEYS if not mentioned(key)}


def test_every_fault_has_its_words() -> None:
    needed = {f"error-{fault}" for fault in get_args(RequestFault)}
    needed |= {f"error-still-{fault}" for fault in get_args(StillFault)}
    needed |= {f"error-clip-{fault}" for fault in get_args(ClipFault)}
    needed |= {f"error-challenge-{fault}" for fault in get_args(ChallengeFault)}
    needed |= {f"error-rule-{fault}" for fault in get_args(RuleFault)}
    needed |= {f"fault-{fault}" for fault in get_args(RenderFault)}
    needed |= {f"fault-{fault}-todo" for fault in get_args(RenderFault)}

    assert set() == needed - KEYS


def test_whatever_became_of_an_order_has_its_words() -> None:
    words, states = load_words(), get_args(get_type_hints(Charge)["state"])

    assert len(states) == 4
    for part in ("error-charge", "why-credits"):
        for state in states:
            assert words(FALLBACK, f"{part}-{state}", job="7", hold="5", price=3, payer="person")


def test_everything_offered_as_a_choice_has_its_words() -> None:
    needed = {f"shape-{shape.id}" for model in load_catalog() for shape in model.shapes}
    needed |= {f"quality-{preset}" for model in load_catalog() for preset in model.presets}
    needed |= {f"camera-{one.key}{part}" for one in CAMERA_PHRASES for part in ("", "-effect")}

    assert set() == needed - KEYS


def test_camera_phrases_are_in_english_what_the_models_read() -> None:
    words = load_words()

    assert [one.phrase for one in CAMERA_PHRASES] == [words(FALLBACK, f"camera-{one.key}") for one in CAMERA_PHRASES]


def test_everything_that_coach_and_board_say_has_its_words() -> None:
    needed = {f"coach-found-{rule}" for rule in RULES} | {f"broke-{kind}" for kind in MARK_KINDS}
    needed |= {f"exercise-limit-{limit}" for limit in LIMITS} | {f"coach-button-{one.verb}" for one in COACH_BUTTONS}

    assert set() == needed - KEYS


def test_every_text_that_the_code_names_exists() -> None:
    named = set(re.findall(r'(?:command_text|say|words|_words)\((?:[a-z_.()]+, |FALLBACK, )?"([a-z][a-z-]+)"', SOURCES))

    assert named
    assert set() == named - KEYS


@pytest.mark.parametrize("key", sorted(key for key in KEYS if key.startswith("command-")))
def test_descriptions_fit_into_discord(key: str) -> None:
    assert 1 <= len(load_words()(FALLBACK, key)) <= 100


def test_a_missing_variable_is_an_error_and_not_a_hole_in_the_text() -> None:
    with pytest.raises(ValueError, match="place"):
        load_words()(FALLBACK, "status-queued")


def test_an_unknown_text_is_an_error() -> None:
    with pytest.raises(KeyError):
        load_words()(FALLBACK, "no-such-text")


def test_an_unknown_locale_speaks_english() -> None:
    words = load_words()

    assert words("xx", "button-cancel") == words(FALLBACK, "button-cancel")


def test_words_from_right_to_left_turn_nothing_of_the_bots_own_line_around() -> None:
    assert "\u2068عربي\u2069" == quoted("\u202eعربي")
    assert "evil" == quoted("\u202dev\u2066il")
    assert "zoom in" == quoted("zoom in")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("in [free](https://evil.example)", r"in \[free](https\://evil.example)"),
        ("[a\nb](https://x.yz/p)", "\\[a\nb](https\\://x.yz\\/p)"),
        (r"\[x](http://e)", r"\\\[x](http\://e)"),
        ("join discord.gg/abc in 1/2 s", r"join discord.gg\/abc in 1/2 s"),
        ("<#2> <t:1:R> </help:1> <:a:1> <@3>", r"\<#2> \<t:1:R> \</help:1> \<:a:1> \<@3>"),
        ("*a* _b_ `c` ~~d~~ ||e|| -# f", r"\*a\* \_b\_ \`c\` \~\~d\~\~ \|\|e\|\| -\# f"),
        ("# big\n> said", "\\# big\n\\> said"),
    ],
)
def test_nothing_that_somebody_typed_is_a_link_a_mention_or_a_mark_in_the_bots_own_words(
    typed: str, shown: str
) -> None:
    assert shown == quoted(typed)


def test_alt_text_is_plain_and_says_where_it_was_cut() -> None:
    assert "evil *stars*" == described("\u202dev\u2066il *stars*")
    assert "a" * (ALT_LIMIT - 1) + "…" == described("a" * 2 * ALT_LIMIT)
