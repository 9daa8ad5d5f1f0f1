"""What a session's board says: it fits into a message however many wait, and tells nothing of other servers."""

from dataclasses import replace

import pytest

from bot.rendering import JobTexts
from bot.sessions.texts import MESSAGE_LIMIT, SessionTexts
from bot.words import load_words
from generation.catalog import Catalog
from generation.line.standing import ClassStanding, DeviceState
from storage.class_rules import Closure
from storage.jobs import Job, Waiting
from storage.sessions import ClassSession, NewSession, Tally

GUILD, ADA = 2**63 - 1, 2**63 - 2
START = 1795219200.0
TALLY = Tally(
    made=40,
    demonstrations=1,
    people=30,
    failed=2,
    cancelled=1,
    unfinished=3,
    spent_credits=4100,
    median_wait_seconds=125.0,
)
SESSION = ClassSession(
    id=1,
    key="1",
    guild_id=GUILD,
    channel_id=2**63 - 3,
    pool_id=1,
    model_id="draft",
    clips_per_person=5,
    locale="en-US",
    started_by=ADA,
    started_at=START,
    ends_at=START + 3000,
    ended_by=None,
    ended_at=None,
    tally=None,
    board="posted",
    board_message_id=1,
    pin="pinned",
    closing=None,
    closing_message_id=None,
)
ENDED = replace(SESSION, ended_by=0, ended_at=START + 3000)


@pytest.fixture
def texts(menu: Catalog) -> SessionTexts:
    words = load_words()
    return SessionTexts(words, JobTexts(words, menu))


def waiting(count: int) -> list[Waiting]:
    return [Waiting(at, GUILD, ADA - at, "draft", START, 1, "class", {}) for at in range(count)]


def job(guild_id: int = GUILD) -> Job:
    nothing = dict.fromkeys(Job.__dataclass_fields__)
    known = {"id": 7, "guild_id": guild_id, "user_id": ADA, "model_id": "draft", "started_at": START, "lane": "class"}
    return Job(**{**nothing, **known})  # type: ignore[arg-type] # as much of one as the board looks at


def test_everybody_of_a_class_is_named_in_order_and_devices_say_what_they_do(texts: SessionTexts) -> None:
    devices = [
        DeviceState("gpu-0", "draft", job(), is_up=True),
        DeviceState("gpu-1", "draft", job(GUILD - 1), is_up=True),
        DeviceState("gpu-2", "draft", None, is_up=True),
        DeviceState("gpu-3", None, None, is_up=True),
        DeviceState("gpu-4", None, job(), is_up=False),
    ]
    lines = texts.board(SESSION, TALLY, ClassStanding(waiting(3), waiting(1), devices), None).splitlines()
    label = "Draft (camera move, no model)"
    assert [
        f"gpu-0 · <@{ADA}> with {label}, since <t:{int(START)}:R>",
        "gpu-1 · busy with a clip of another server",
        f"gpu-2 · free · {label} is loaded",
        "gpu-3 · free",
        "gpu-4 · is being started",
    ] == lines[lines.index("**Machine**") + 1 :][:5]
    assert "**Waiting: 3**, in the order of service" in lines
    assert f"1\N{NO-BREAK SPACE}<@{ADA}> · 2\N{NO-BREAK SPACE}<@{ADA - 1}> · 3\N{NO-BREAK SPACE}<@{ADA - 2}>" in lines
    assert any(line.startswith("1 more clip waits for a model") for line in lines)
    assert (
        "So far: **40** clips for **30** people and 1 demonstration · median wait **2 min 5 s** "
        "· 4100 credits of the class used" in lines
    )


@pytest.mark.parametrize("count", [0, 1, 30, 38, 60, 500])
def test_the_board_fits_into_one_message_and_says_how_many_it_leaves_out(texts: SessionTexts, count: int) -> None:
    devices = [DeviceState(f"worker-{number}", "draft", job(), is_up=True) for number in range(16)]
    paused = Closure("paused", "*" * 200, START)
    for session, closure in ((SESSION, None), (SESSION, paused), (ENDED, paused)):
        people = waiting(count)
        standing = ClassStanding(*(([], people) if closure else (people, [])), devices)
        board = texts.board(session, TALLY, standing, closure)
        assert len(board) <= MESSAGE_LIMIT
        named = board.count("\N{NO-BREAK SPACE}<@")
        assert (count > named) == ("more\n-# class session" in board)
        assert min(count, 15) <= named <= count
        assert board.splitlines()[-1] == "-# class session 1 · board"
    devices = devices[:2]
    assert (
        min(count, 40) <= texts.board(SESSION, TALLY, ClassStanding(waiting(count), [], devices), None).count("<@") - 2
    )


@pytest.mark.parametrize(
    ("tally", "said"),
    [
        (TALLY, "2 clips failed and 1 order was taken back; nobody paid for that."),
        (replace(TALLY, failed=0, cancelled=2), "-# 2 orders were taken back; nobody paid for that."),
        (replace(TALLY, failed=1, cancelled=0), "-# 1 clip failed; nobody paid for that."),
        (
            replace(TALLY, made=0, demonstrations=0, people=0, failed=0, cancelled=0),
            "after 50 minutes: no clip was made.\n",
        ),
    ],
)
def test_last_words_say_what_came_of_it(texts: SessionTexts, tally: Tally, said: str) -> None:
    closing = texts.closing(ENDED, tally)
    assert said in closing
    assert "after 50 minutes: " in closing
    assert texts.closed_board(ENDED, tally).startswith("## Class session · over\n**The class session is over**")


def test_a_new_session_has_every_field_of_the_table_but_what_comes_later() -> None:
    later = {"id", "ended_by", "ended_at", "tally", "board", "board_message_id", "pin", "closing", "closing_message_id"}
    assert set(NewSession.__dataclass_fields__) == set(ClassSession.__dataclass_fields__) - later
