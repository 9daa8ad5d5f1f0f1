"""Reading typed commands and messages."""

from pathlib import Path

import pytest

from sandbox import ClientRefused, Sandbox, Upload
from sandbox.posting import Draft
from sandbox.readable import plain
from sandbox.typed import Typed, read, values


@pytest.mark.parametrize(
    ("text", "name", "options"),
    [
        ("/credits", "credits", {}),
        ("/class session start", "class session start", {}),
        ('/animate still:@a.png prompt:"slow zoom in"', "animate", {"still": "@a.png", "prompt": "slow zoom in"}),
        ('/animate still:"@my photo.png"', "animate", {"still": "@my photo.png"}),
        ("/animate prompt:don't seed:7", "animate", {"prompt": "don't", "seed": "7"}),
        ('/animate prompt:"a: b # c"', "animate", {"prompt": "a: b # c"}),
    ],
)
def test_a_typed_command_is_split(text: str, name: str, options: dict[str, str]) -> None:
    assert read(text) == Typed(name, options)


@pytest.mark.parametrize("text", ["", '/animate prompt:"open', "/animate prompt:a stray"])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ClientRefused) as refused:
        read(text)
    assert refused.value.rule == "unreadable"


def test_values_take_the_registered_types(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"abc")
    known = [
        {"name": name, "type": kind}
        for name, kind in {"file": 11, "text": 3, "count": 4, "share": 10, "yes": 5, "who": 6}.items()
    ]
    known.append({"name": "size", "type": 4, "choices": [{"name": "Large", "value": 3}]})
    typed = read(f"/x file:@{file} text:12 count:12 share:0.5 yes:true who:@Ben size:Large")
    assert values(typed, known, lambda kind, name: (kind, name)) == {
        "file": Upload("a.txt", b"abc"),
        "text": "12",
        "count": 12,
        "share": 0.5,
        "yes": True,
        "who": ("user", "Ben"),
        "size": 3,
    }


@pytest.mark.parametrize(
    ("kind", "text", "rule"),
    [(11, "@missing.png", "no_such_file"), (4, "many", "wrong_type"), (5, "perhaps", "wrong_type")],
)
def test_a_value_of_the_wrong_type_is_refused(kind: int, text: str, rule: str) -> None:
    with pytest.raises(ClientRefused) as refused:
        values(Typed("x", {"o": text}), [{"name": "o", "type": kind}], lambda kind, name: None)
    assert refused.value.rule == rule


async def test_a_message_is_put_into_plain_words(sandbox: Sandbox) -> None:
    ada = sandbox.person("Ada")
    then = int(sandbox.clock.now()) + 7200
    text = f"**{ada.mention}** in {sandbox.channel.mention} <t:{then}:R>\n-# `small` __print__ \\`5\\* \\_"
    message = sandbox.posting.post(sandbox.channel, sandbox.world.bot, Draft({"content": text}))
    assert plain(message, sandbox.world) == "@Ada in #general in 2 h\nsmall print `5* _"
