"""The websocket: resuming, starting anew, several clients, shards, intents and compression."""

import asyncio
import json
import zlib

import aiohttp
import discord
import pytest
from workshop_bot import Hasty, WorkshopBot

from sandbox import Person, Sandbox
from sandbox.gateway import RESUME_SECONDS


class Listener(discord.Client):
    """Collects what it hears."""

    def __init__(self, intents: discord.Intents) -> None:
        super().__init__(intents=intents, guild_ready_timeout=0.0)
        self.heard: asyncio.Queue[discord.Message] = asyncio.Queue()
        self.resumed = asyncio.Event()
        self.tree = discord.app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        self.heard.put_nowait(message)

    async def on_resumed(self) -> None:
        self.resumed.set()


def all_messages() -> discord.Intents:
    return discord.Intents(guilds=True, guild_messages=True, message_content=True)


async def test_what_was_missed_comes_with_the_resume(sandbox: Sandbox, connect, ada: Person) -> None:
    async with connect(Listener(all_messages())) as client:
        sandbox.faults.drop_gateway()
        await sandbox.bot_gone()
        await ada.say("while you were away")
        await asyncio.wait_for(client.resumed.wait(), 30)
        message = await asyncio.wait_for(client.heard.get(), 30)
        assert message.content == "while you were away"
        assert len(sandbox.gateway.sessions) == 1


async def test_a_forgotten_session_starts_anew(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    (before,) = sandbox.gateway.sessions
    sandbox.faults.drop_gateway(resumable=False)
    await sandbox.bot_gone()
    await sandbox.bot_ready(timeout_seconds=30)
    (after,) = sandbox.gateway.sessions
    assert after != before
    assert (await ada.command("whisper")).message is not None


async def test_a_session_cannot_be_resumed_for_ever(bot: WorkshopBot, sandbox: Sandbox) -> None:
    (before,) = sandbox.gateway.sessions
    sandbox.faults.refuse_gateway(True)
    sandbox.faults.drop_gateway()
    await sandbox.bot_gone()
    sandbox.clock.advance(RESUME_SECONDS + 1)
    sandbox.faults.refuse_gateway(False)
    await sandbox.bot_ready(timeout_seconds=30)
    assert before not in sandbox.gateway.sessions or sandbox.gateway.sessions[before].connection is None


async def test_the_server_can_ask_for_a_reconnect(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    sandbox.faults.drop_gateway(code=4000)
    await sandbox.bot_gone()
    await sandbox.bot_ready(timeout_seconds=30)
    assert (await ada.command("whisper")).message is not None


@pytest.mark.parametrize(("code", "kept"), [(1000, 0), (4000, 1)])
async def test_only_a_normal_close_ends_the_session(sandbox: Sandbox, code: int, kept: int) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(sandbox.gateway_url) as socket:
        await socket.send_json({"op": 2, "d": {"token": "x", "intents": 1, "properties": {}}})
        while (await socket.receive_json())["t"] != "READY":
            pass
        await socket.close(code=code)
    await sandbox.bot_gone()
    assert len(sandbox.gateway.sessions) == kept


async def test_without_the_content_intent_only_own_matters_are_readable(sandbox: Sandbox, connect, ada: Person) -> None:
    async with connect(Listener(discord.Intents(guilds=True, guild_messages=True))) as client:
        await ada.say("not for you")
        await ada.say(f"{sandbox.world.bot.mention} for you")
        contents = [(await asyncio.wait_for(client.heard.get(), 30)).content for _ in range(2)]
    assert contents == ["", f"{sandbox.world.bot.mention} for you"]


async def test_without_the_message_intent_nothing_is_heard(bot: WorkshopBot, sandbox: Sandbox, ada: Person) -> None:
    heard: list[str] = []
    bot._connection.dispatch = lambda event, *_: heard.append(event)  # type: ignore[method-assign]
    await ada.say("hello")
    await ada.command("whisper")
    assert "message" not in heard


async def test_shards_share_the_servers_between_them(sandbox: Sandbox, connect) -> None:
    other = sandbox.add_guild("Other")

    class Sharded(Hasty, discord.AutoShardedClient):
        def __init__(self) -> None:
            super().__init__(intents=discord.Intents(guilds=True), shard_count=2, guild_ready_timeout=0.0)
            self.tree = discord.app_commands.CommandTree(self)
            self.tree.add_command(discord.app_commands.Command(name="where", description="x", callback=where))

        async def setup_hook(self) -> None:
            await self.tree.sync()

    async def where(interaction: discord.Interaction) -> None:
        assert interaction.guild is not None
        await interaction.response.send_message(f"{interaction.guild.name} {interaction.guild.shard_id}")

    async with connect(Sharded()) as client:
        assert {guild.id for guild in client.guilds} == {sandbox.guild.id, other.id}
        for guild in (sandbox.guild, other):
            call = await sandbox.person("Ada", guild).command("where")
            assert call.message is not None
            assert call.message.content == f"{guild.name} {(guild.id >> 22) % 2}"


async def test_members_are_fetched_in_a_chunk(sandbox: Sandbox, connect, ada: Person, ben: Person) -> None:
    async with connect(
        WorkshopBot(discord.Intents(guilds=True, members=True), chunk_guilds_at_startup=False)
    ) as client:
        guild = client.get_guild(sandbox.guild.id)
        assert guild is not None
        members = await guild.chunk()
        assert {ada.id, ben.id} <= {member.id for member in members}


@pytest.mark.parametrize("compressed", [True, False])
async def test_frames_are_compressed_when_asked_for(sandbox: Sandbox, compressed: bool) -> None:
    query = "?v=10&encoding=json" + ("&compress=zlib-stream" if compressed else "")
    inflate = zlib.decompressobj()

    def read(message: aiohttp.WSMessage) -> dict[str, object]:
        assert (message.type is aiohttp.WSMsgType.BINARY) is compressed
        return json.loads(inflate.decompress(message.data) if compressed else message.data)

    async with aiohttp.ClientSession() as session, session.ws_connect(sandbox.gateway_url + query) as socket:
        assert read(await socket.receive())["op"] == 10
        await socket.send_json({"op": 1, "d": None})
        assert read(await socket.receive())["op"] == 11
        await socket.send_json({"op": 2, "d": {"token": "x", "intents": 1, "properties": {}}})
        assert [read(await socket.receive())["t"] for _ in range(2)] == ["READY", "GUILD_CREATE"]


async def test_a_client_without_a_heartbeat_is_put_out(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.gateway.HEARTBEAT_SECONDS", 0.05)
    async with aiohttp.ClientSession() as session, session.ws_connect(sandbox.gateway_url) as socket:
        assert (await socket.receive_json())["d"]["heartbeat_interval"] == 50
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == 4009


@pytest.mark.parametrize(("frame", "code"), [({"op": 3, "d": {}}, 4003), ({"op": 2, "d": {"token": ""}}, 4004)])
async def test_a_client_that_breaks_the_rules_is_put_out(sandbox: Sandbox, frame: dict[str, object], code: int) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(sandbox.gateway_url) as socket:
        await socket.receive()
        await socket.send_json(frame)
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == code
