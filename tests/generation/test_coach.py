"""The coach against the labelled set, rule by rule."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from generation.camera.phrases import CAMERA_PHRASES, phrase_of
from generation.camera.reading import read_prompt
from generation.coach.findings import FOR_WORDS_ALONE, SOURCES, RuleName, coach
from generation.coach.rewrite import rewrite

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Labelled:
    seconds: float
    faults: frozenset[str]
    prompt: str


def labelled(name: str) -> list[Labelled]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    rows = [[part.strip() for part in line.split("|", 2)] for line in lines if line and not line.startswith("#")]
    return [
        Labelled(float(seconds), frozenset() if faults == "-" else frozenset(faults.split()), prompt)
        for seconds, faults, prompt in rows
    ]


WORKED_ON, HELD_OUT = labelled("coach_prompts.txt"), labelled("coach_prompts_held_out.txt")


def found(one: Labelled) -> set[str]:
    return {finding.rule for finding in coach(one.prompt, seconds=one.seconds)}


def shares(prompts: list[Labelled]) -> tuple[float, float, dict[str, float]]:
    """Good prompts scolded, planted faults found, and the latter by rule."""
    good = [one for one in prompts if not one.faults]
    planted = Counter(rule for one in prompts for rule in one.faults)
    hits = Counter(rule for one in prompts for rule in one.faults & found(one))
    scolded = sum(bool(found(one)) for one in good) / len(good)
    return scolded, hits.total() / planted.total(), {rule: hits[rule] / planted[rule] for rule in planted}


def test_the_set_is_large_and_knows_every_rule() -> None:
    both = WORKED_ON + HELD_OUT

    assert len(both) >= 120
    assert len(HELD_OUT) >= 120
    assert not {one.prompt for one in WORKED_ON} & {one.prompt for one in HELD_OUT}
    assert 0.4 < sum(not one.faults for one in both) / len(both) < 0.6
    assert set(get_args(RuleName)) == set(SOURCES) == {rule for one in HELD_OUT for rule in one.faults}


def test_at_most_one_good_prompt_in_twenty_is_scolded() -> None:
    scolded, *_ = shares(WORKED_ON + HELD_OUT)

    assert scolded <= 0.05


def test_planted_faults_are_found_also_where_nothing_was_tuned() -> None:
    for prompts in (WORKED_ON, HELD_OUT, WORKED_ON + HELD_OUT):
        scolded, overall, _ = shares(prompts)
        assert overall >= 0.85
        # 6 of the 82 good prompts that were held out are scolded; they stay as they are.
        assert scolded <= 6 / 82


@pytest.mark.parametrize("rule", SOURCES)
def test_every_rule_finds_its_faults_and_seldom_others(rule: str) -> None:
    both = WORKED_ON + HELD_OUT
    _, _, by_rule = shares(both)
    wrongly = [one.prompt for one in both if rule in found(one) - one.faults]

    assert by_rule[rule] >= 0.85
    assert len(wrongly) <= 0.05 * sum(rule not in one.faults for one in both)


def test_ten_seconds_are_not_over_ten() -> None:
    assert () == coach("slow zoom in", seconds=10.0)
    assert ["too_long_clip"] == [finding.rule for finding in coach("slow zoom in", seconds=10.25)]


def test_the_camera_chosen_beside_the_prompt_counts_too() -> None:
    assert () == coach("she smiles", camera="slow zoom in")
    assert ["several_camera_moves"] == [finding.rule for finding in coach("pan left", camera="slow zoom in")]
    assert () == coach("boats", camera="tilt up")


@pytest.mark.parametrize(
    ("camera", "prompt", "quote"),
    [
        ("static camera", "slow zoom in", "static, slow zoom in"),
        ("static camera", "she smiles, slow zoom in", "static, slow zoom in"),
        ("static camera", "a castle, pan left and then right", "static, pan left, pan right"),
        ("static camera", "handheld, she smiles", "static, handheld"),
        ("slow zoom in", "static camera, she smiles", "slow zoom in, static"),
        ("handheld", "no camera movement, she smiles", "handheld, static"),
    ],
)
def test_a_chosen_camera_that_contradicts_the_prompt_is_told_as_two_moves_are(
    camera: str, prompt: str, quote: str
) -> None:
    [finding] = coach(prompt, camera=camera)

    assert ("several_camera_moves", quote) == (finding.rule, finding.quote)
    assert finding.count == quote.count(",") + 1


@pytest.mark.parametrize(
    ("camera", "prompt"),
    [
        ("static camera", "she smiles"),
        ("static camera", "static shot, she smiles"),
        ("static camera", "no zoom, she smiles"),
        ("panning left", "no zoom, she smiles"),
        ("slow zoom in", "slow zoom in, she smiles"),
        ("slow zoom in", "she stands still, her hair blows"),
        ("slow zoom in", "she smiles, no movement"),
    ],
)
def test_a_chosen_camera_that_agrees_with_the_prompt_is_not_scolded(camera: str, prompt: str) -> None:
    assert () == coach(prompt, camera=camera)


def test_a_clip_from_words_alone_may_describe_its_picture() -> None:
    assert () == coach("a beautiful castle at sunset", task="imagine")
    assert {"no_movement", "description", "too_many_words"} == set(SOURCES) - FOR_WORDS_ALONE
    assert ["several_camera_moves"] == [f.rule for f in coach("a castle, zoom in, then pan left", task="imagine")]


@pytest.mark.parametrize("prompt", ["die Frau lächelt und der Wind bewegt das Haar", "море волнуется", "波が揺れる"])
def test_of_what_it_cannot_read_it_says_nothing(prompt: str) -> None:
    assert () == coach(prompt)


@pytest.mark.parametrize(
    "prompt", ["", "   ", "?!", "…", "@everyone pan left", "🙂", "-", "\x00", "a" * 1000, "zoom " * 200]
)
def test_no_prompt_breaks_it(prompt: str) -> None:
    assert isinstance(coach(prompt), tuple)
    assert rewrite(prompt) is None or rewrite(prompt)


@pytest.mark.parametrize(
    ("prompt", "better"),
    [
        ("zoom in, then pan left, then orbit", "slow zoom in"),
        ("dolly forward while panning left, she smiles", "she smiles, dolly forward"),
        ("she laughs, jumps up, waves and turns around", "she laughs"),
        ("the dog runs, barks, rolls over and catches the ball", "the dog runs"),
        ("whip pan to the right", "panning right"),
        (
            "A stunning castle on a hill with many towers, fog drifts through the valley, slow zoom in, pan left",
            "fog drifts through the valley, slow zoom in",
        ),
        (
            "Boat rocking on the waves. Camera pans right quickly and zooms in!",
            "Boat rocking on the waves, panning right",
        ),
        ("mother and son wave at the camera", None),
        (
            "the leaves of the old oak tree move softly in the wind, zoom in, pan left",
            "the leaves of the old oak tree move softly in the wind, slow zoom in",
        ),
        ("a beautiful castle at sunset", None),
        ("two people talking", None),
        ("slow zoom in, she smiles", None),
    ],
)
def test_the_rewrite_puts_movement_first_in_the_prompts_own_words(prompt: str, better: str | None) -> None:
    assert better == rewrite(prompt)


def test_every_rewrite_mends_something_and_breaks_nothing() -> None:
    offered = [one for one in WORKED_ON + HELD_OUT if rewrite(one.prompt) is not None]

    assert len(offered) > 20
    for one in offered:
        better = str(rewrite(one.prompt))
        assert {f.rule for f in coach(better)} < {f.rule for f in coach(one.prompt)}
        own = {word.strip(".,!").lower() for word in one.prompt.split()}
        offers = {word for phrase in CAMERA_PHRASES for word in phrase.phrase.split()}
        assert {word.strip(",").lower() for word in better.split()} <= own | offers


@pytest.mark.parametrize("one", CAMERA_PHRASES, ids=lambda one: one.key)
def test_every_offered_camera_phrase_is_read_as_what_it_says(one) -> None:
    plan = read_prompt(one.phrase)

    assert not plan.is_default
    assert [(one.kind, one.direction)] * (one.kind is not None) == [(m.kind, m.direction) for m in plan.moves]
    assert all(phrase_of(move) == one.phrase for move in plan.moves)
    assert () == coach(one.phrase)
