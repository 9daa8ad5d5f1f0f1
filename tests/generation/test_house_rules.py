"""What a class's rules let a person order."""

from dataclasses import replace

import pytest

from generation.catalog import Catalog
from generation.request import ClipRequest, compose
from generation.teaching.house_rules import Asker, RuleRefused, check, limits_of, outstanding_limit
from storage.class_rules import ClassRules, Closure, RoleLimits

EVERYONE, TUTORS, LATE = 1, 2, 3
OPEN = ClassRules(None, frozenset(), frozenset(), (), None)
ASKER = Asker(role_ids=frozenset({EVERYONE, TUTORS}), channel_ids=frozenset({10, 11}))
LIMITS = (RoleLimits(EVERYONE, 2.0, 450_000, 1), RoleLimits(TUTORS, 4.0), RoleLimits(LATE, 30.0, 10**7, 50))


def request(menu: Catalog, seconds: float = 3, shape_id: str = "landscape") -> ClipRequest:
    return compose(menu["draft"], prompt="pan", still="s", shape_id=shape_id, seconds=seconds, seed=1)


def test_an_open_class_and_the_channel_of_a_thread_are_allowed(menu: Catalog) -> None:
    check(OPEN, ASKER, request(menu))
    check(replace(OPEN, channels=frozenset({11}), closure=Closure("paused", "lunch", 1.0)), ASKER, request(menu))


@pytest.mark.parametrize(
    ("rules", "fault", "details"),
    [
        (replace(OPEN, blocked_because="spam"), "blocked", {"reason": "spam"}),
        (replace(OPEN, closure=Closure("draining", "lunch", 1.0)), "draining", {"reason": "lunch"}),
        (replace(OPEN, channels=frozenset({12, 9})), "channel", {"channels": "<#9> <#12>"}),
        (replace(OPEN, models_off=frozenset({"draft"})), "model_off", {"model": "Draft (camera move, no model)"}),
        (replace(OPEN, limits=(RoleLimits(TUTORS, 2.0),)), "seconds", {"limit": "2"}),
        (replace(OPEN, limits=(RoleLimits(EVERYONE, None, 10**5),)), "pixels", {"limit": "0.10", "asked": "832×480"}),
    ],
)
def test_what_a_rule_forbids_is_refused_and_instructors_are_not_bound(
    menu: Catalog, rules: ClassRules, fault: str, details: dict[str, str]
) -> None:
    with pytest.raises(RuleRefused) as caught:
        check(rules, ASKER, request(menu))

    assert (fault, details) == (caught.value.fault, caught.value.details)
    check(rules, replace(ASKER, is_instructor=True), request(menu))


def test_of_several_roles_the_most_generous_number_counts() -> None:
    assert RoleLimits(0, 4.0, 450_000, 1) == limits_of(LIMITS, ASKER.role_ids)
    assert 1 == outstanding_limit(replace(OPEN, limits=LIMITS), ASKER, 5)
    assert 5 == outstanding_limit(OPEN, ASKER, 5)


def test_a_clip_snapped_to_the_next_frame_is_not_too_long(menu: Catalog) -> None:
    rules = replace(OPEN, limits=(RoleLimits(EVERYONE, 2.0),))
    check(rules, ASKER, request(menu, 2))
    with pytest.raises(RuleRefused):
        check(rules, ASKER, request(menu, 2.5))
