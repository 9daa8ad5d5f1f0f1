"""Holding a bot's requests against Discord's official document."""

import subprocess
import sys
from pathlib import Path

import aiohttp
import discord
import pytest
from workshop_bot import WorkshopBot

from sandbox import Person, Sandbox, Upload
from sandbox.validation import validator_for

AUTHORISED = {"Authorization": "Bot x"}


@pytest.fixture
def document(openapi: Path | None) -> Path:
    if openapi is None:
        pytest.skip("Discord's OpenAPI document is neither named by DISCORD_OPENAPI nor beside the repository")
    return openapi


async def test_everything_discord_py_sends_is_within_the_document(
    document: Path, bot: WorkshopBot, sandbox: Sandbox, ada: Person
) -> None:
    await (await ada.command("weigh", {"file": Upload("a.txt", b"a")})).finished()
    await ada.command("draw")
    message = (await ada.command("count")).message
    assert message is not None
    await ada.click(message, "More")
    await ada.click(message, "Form")
    await ada.autocomplete("travel", "city", "L")
    place = bot.place(sandbox.channel)
    mention = discord.AllowedMentions(users=[discord.Object(ada.id)])
    posted = await place.send(
        "hello", nonce="n", allowed_mentions=mention, reference=place.get_partial_message(message.id)
    )
    await posted.edit(content="changed", attachments=[])
    await posted.delete()
    assert sandbox.violations == []
    assert {request.verdict.kind for request in sandbox.requests} == {"valid"}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"content": 5}, "$.content"),
        ({"content": "a", "embeds": [{"color": "red"}]}, "$.embeds[0].color"),
        ({"content": "a", "attachments": [{"filename": "a.txt"}]}, "$.attachments[0]"),
        (
            {"components": [{"type": 1, "components": [{"type": 2, "style": 1, "label": 3}]}]},
            "$.components[0].components[0].label",
        ),
    ],
)
async def test_a_planted_mistake_is_found(
    document: Path, sandbox: Sandbox, body: dict[str, object], where: str
) -> None:
    url = f"{sandbox.url}/api/v10/channels/{sandbox.channel.id}/messages"
    async with aiohttp.ClientSession(headers=AUTHORISED) as session, session.post(url, json=body) as response:
        await response.read()
    (violation,) = sandbox.violations
    assert where in violation.verdict.problems[0]
    assert violation.verdict.operation == "create_message"


async def test_a_mistake_inside_a_form_is_found(document: Path, sandbox: Sandbox) -> None:
    form = aiohttp.FormData()
    form.add_field("payload_json", '{"content": ["not", "text"]}')
    form.add_field("files[0]", b"data", filename="a.txt")
    url = f"{sandbox.url}/api/v10/channels/{sandbox.channel.id}/messages"
    async with aiohttp.ClientSession(headers=AUTHORISED) as session, session.post(url, data=form) as response:
        await response.read()
    assert "$.content" in sandbox.violations[0].verdict.problems[0]


async def test_a_path_that_does_not_exist_is_a_violation(document: Path, sandbox: Sandbox) -> None:
    async with (
        aiohttp.ClientSession(headers=AUTHORISED) as session,
        session.get(f"{sandbox.url}/api/v10/users/@me/wallet") as response,
    ):
        assert response.status == 404
    assert [request.verdict.kind for request in sandbox.violations] == ["unknown"]
    assert sandbox.unsupported == sandbox.violations


async def test_an_unknown_key_is_only_a_warning(document: Path, sandbox: Sandbox) -> None:
    url = f"{sandbox.url}/api/v10/channels/{sandbox.channel.id}/messages"
    body = {"content": "a", "colour": "red", "embeds": [{"title": "a", "size": 3}]}
    async with aiohttp.ClientSession(headers=AUTHORISED) as session, session.post(url, json=body) as response:
        assert response.status == 200
    assert sandbox.violations == []
    warnings = sandbox.requests[-1].verdict.warnings
    assert [warning.split()[0] for warning in warnings] == ["/colour", "/embeds/0/size"]


def test_the_document_is_read_once(document: Path) -> None:
    assert validator_for(document) is validator_for(document)


def test_literal_paths_win_over_parameters(document: Path) -> None:
    validator = validator_for(document)
    own = validator.judge("GET", "/users/@me", None, has_body=False)
    original = validator.judge("GET", "/webhooks/1/t/messages/@original", None, has_body=False)
    assert own.operation == "get_my_user"
    assert original.operation == "get_original_webhook_message"


async def test_without_a_document_nothing_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISCORD_OPENAPI", raising=False)
    async with Sandbox.open() as sandbox:
        async with (
            aiohttp.ClientSession(headers=AUTHORISED) as session,
            session.get(f"{sandbox.url}/api/v10/users/@me/wallet") as response,
        ):
            assert response.status == 404
        assert [request.verdict.kind for request in sandbox.requests] == ["unchecked"]


def test_the_sandbox_needs_neither_discord_py_nor_a_validator() -> None:
    program = (
        "import sys, sandbox; print({'discord', 'jsonschema_rs', 'bot', 'generation', 'storage'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
