"""The line in all its orders, after any history of joining, leaving and being charged."""

import math
from itertools import cycle

from hypothesis import given
from hypothesis import strategies as st
from line_samples import GUILD, job

from generation.line.fairness import Snapshot, fair_share, first_in_first_out, round_robin
from generation.line.people import Line
from storage.jobs import Waiting

steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 30), st.integers(1, 5)),
        st.tuples(st.just("remove"), st.integers(1, 30), st.just(0)),
        st.tuples(st.just("begin"), st.integers(1, 30), st.just(0)),
        st.tuples(st.just("used"), st.integers(1, 5), st.integers(-50, 50)),
    ),
    max_size=60,
)


Step = tuple[str, int, int]


class Played:
    """A line and what was done to it, to build it afresh."""

    def __init__(self) -> None:
        self.line = Line()
        self.waiting: dict[int, Waiting] = {}
        self.used: list[tuple[tuple[int, int], float, float, float]] = []

    def play(self, history: list[Step], begins_at: int = 0) -> None:
        for now, (step, number, other) in enumerate(history, begins_at):
            if step == "add" and number not in self.waiting:
                self.waiting[number] = job(number, other)
                self.line.add(self.waiting[number], 10.0)
            elif step == "remove":
                assert self.line.remove(number) == self.waiting.pop(number, None)
            elif step == "begin" and number in self.waiting:
                one = self.waiting.pop(number)
                self.line.begin(one, 7.0, float(now))
                self.used.append(((GUILD, one.user_id), 7.0, float(now), float(now)))
            elif step == "used":
                self.line.used((GUILD, number), float(other), float(now))
                self.used.append(((GUILD, number), float(other), float(now), -math.inf))

    def afresh(self) -> Line:
        fresh = Line()
        for one in self.waiting.values():
            fresh.add(one, 10.0)
        for entry in self.used:
            fresh.used(*entry)
        return fresh


def seen(line: Line) -> Snapshot:
    return line.snapshot(99.0, devices=2, resident=(), swap_seconds=lambda _: 1.0)


def served(line: Line) -> list[int]:
    """Everybody in the order of each policy in turn, which looks at every order to its end; empties the line."""
    order, policies = [], cycle((fair_share, round_robin, first_in_first_out))
    while len(line):
        chosen = next(policies)(seen(line))
        line.begin(chosen, 5.0, 99.0)
        order.append(chosen.job_id)
    return order


@given(steps)
def test_any_history_leaves_the_line_as_if_built_afresh(history: list[Step]) -> None:
    played = Played()
    played.play(history)
    fresh = played.afresh()

    assert seen(played.line) == seen(fresh)
    assert len(played.line) == len(played.waiting)
    assert served(played.line) == served(fresh)


@given(steps, steps)
def test_a_line_looked_at_ahead_is_as_if_built_afresh_and_leaves_the_line_alone(
    history: list[Step], ahead: list[Step]
) -> None:
    played = Played()
    played.play(history)
    line, before = played.line, played.afresh()
    played.line = line.ahead()
    played.play(ahead, len(history))

    assert seen(played.line) == seen(played.afresh())
    assert served(played.line) == served(played.afresh())
    assert served(line) == served(before)


def test_looking_ahead_passes_over_everybody_who_left() -> None:
    line = Line()
    for number in range(1, 5):
        line.add(job(number, number), 5.0)
    ahead = line.ahead()
    for number in (1, 2, 3):
        ahead.remove(number)

    assert [4] == served(ahead)
    assert [1, 2, 3, 4] == served(line)


def test_a_job_already_in_line_keeps_its_place() -> None:
    line = Line()
    line.add(job(1, 10, at=5.0), 5.0)
    line.add(job(1, 10, at=9.0), 5.0)

    assert len(line) == 1
    assert line.remove(1) == job(1, 10, at=5.0)
    assert line.remove(1) is None


def test_people_who_left_and_used_nothing_lately_are_forgotten() -> None:
    line = Line()
    line.used((GUILD, 10), 50.0, 0.0)
    line.forget_idle(3600.0, 0.1)
    assert line.charged_seconds((GUILD, 10), 3600.0) > 20
    line.forget_idle(20 * 3600.0, 0.1)

    assert line.charged_seconds((GUILD, 10), 3600.0) == 0.0
