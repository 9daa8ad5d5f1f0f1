from hypothesis import given
from hypothesis import strategies as st
from line_samples import GUILD, job

from generation.line import Line

steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 30), st.integers(1, 5)),
        st.tuples(st.just("remove"), st.integers(1, 30), st.just(0)),
        st.tuples(st.just("begin"), st.integers(1, 30), st.just(0)),
        st.tuples(st.just("used"), st.integers(1, 5), st.integers(-50, 50)),
    ),
    max_size=60,
)


@given(steps)
def test_any_history_leaves_the_line_as_if_built_afresh(history: list[tuple[str, int, int]]) -> None:
    line, waiting, used = Line(), {}, []
    for now, (step, number, other) in enumerate(history):
        if step == "add" and number not in waiting:
            waiting[number] = job(number, other)
            line.add(waiting[number], 10.0)
        elif step == "remove":
            assert line.remove(number) == waiting.pop(number, None)
        elif step == "begin" and number in waiting:
            one = waiting.pop(number)
            line.begin(one, 7.0, float(now))
            used.append(((GUILD, one.user_id), 7.0, float(now), float(now)))
        elif step == "used":
            line.used((GUILD, number), float(other), float(now))
            used.append(((GUILD, number), float(other), float(now)))
    fresh = Line()
    for one in waiting.values():
        fresh.add(one, 10.0)
    for entry in used:
        fresh.used(*entry)

    views = [
        each.snapshot(99.0, devices=2, resident=(), swap_seconds=lambda _: 1.0) for each in (line, fresh, line.copy())
    ]
    assert views[0] == views[1] == views[2]
    assert len(line) == len(waiting)


def test_a_copy_is_left_alone_by_changes_to_the_line() -> None:
    line = Line()
    line.add(job(1, 10), 5.0)
    line.add(job(2, 10), 5.0)
    copy = line.copy()
    line.begin(job(1, 10), 5.0, 100.0)
    line.remove(2)

    assert (len(line), len(copy)) == (0, 2)
    assert copy.charged_seconds((GUILD, 10), 100.0) == 0.0


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
