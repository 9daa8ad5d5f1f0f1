"""The command line, with a bot of a dozen lines that knows nothing of the sandbox but its address."""

import asyncio
import io
import re
import signal
import sys
import textwrap
from pathlib import Path

import pytest
from rich.console import Console
from sample_images import png

from sandbox import Sandbox
from sandbox.__main__ import main
from sandbox.posting import Draft
from sandbox.screen import Screen

BOT = """
    import asyncio, io, signal, sys, discord, yarl
    url = sys.argv[1]
    discord.http.Route.BASE = url + "/api/v10"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url.replace("http", "ws") + "/gateway")
    client = discord.Client(intents=discord.Intents(guilds=True))
    tree = discord.app_commands.CommandTree(client)

    @tree.command(description="Films")
    async def film(interaction: discord.Interaction, still: discord.Attachment, how: str) -> None:
        if how == "die":
            sys.exit("gone")
        if how == "silent":
            return
        if how == "refuse":
            await interaction.response.send_message("I will not, **sorry**", ephemeral=True)
            return
        if how in ("ask", "ask and refuse", "ask by form"):
            view = discord.ui.View()
            view.add_item(Agree(still, how))
            view.add_item(discord.ui.Button(label="No", custom_id="no"))
            await interaction.response.send_message("Do you agree?", view=view, ephemeral=True)
            return
        await interaction.response.send_message("working")
        await interaction.edit_original_response(content="half way")
        clip = discord.File(io.BytesIO(await still.read()), "clip.mp4")
        await interaction.channel.send(f"{interaction.user.mention} done", file=clip)

    class Agree(discord.ui.Button):
        def __init__(self, still: discord.Attachment, how: str) -> None:
            super().__init__(label="Yes")
            self.still, self.how = still, how

        async def callback(self, interaction: discord.Interaction) -> None:
            if self.how == "ask by form":
                form = discord.ui.Modal(title="Really?")
                form.add_item(discord.ui.TextInput(label="Say why"))
                await interaction.response.send_modal(form)
                return
            await interaction.response.defer()
            if self.how == "ask and refuse":
                await interaction.followup.send("Still no", ephemeral=True)
                return
            clip = discord.File(io.BytesIO(await self.still.read()), "clip.mp4")
            await interaction.channel.send(f"{interaction.user.mention} done", file=clip)

    async def main() -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
        async with client:
            client.setup_hook = tree.sync
            try:
                await client.start("token")
            except asyncio.CancelledError:
                print("stopped politely")

    asyncio.run(main())
"""


@pytest.fixture
def film(tmp_path: Path):
    """Run the scripted visit with one way of behaving; returns exit status, output and errors."""
    still, bot = tmp_path / "my still.png", tmp_path / "bot.py"
    still.write_bytes(png())
    bot.write_text(textwrap.dedent(BOT), encoding="utf-8")

    async def run(how: str, *more: str) -> tuple[int | None, str, str]:
        typed = f'/film still:"@{still}" how:"{how}"'
        command = ["-m", "sandbox", "--type", typed, "--save", str(tmp_path / "out"), "--once", *more]
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, "--", sys.executable, str(bot), "{url}",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
        return process.returncode, out.decode(), err.decode()

    return run


async def test_the_video_is_saved_and_the_bot_stopped(film, tmp_path: Path) -> None:
    status, out, err = await film("well")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert re.fullmatch(r"The bot is ready after \d+\.\d s", lines[0])
    assert lines[1].startswith("Ada types /film")
    assert ["working", "half way"] == lines[2:4]
    assert lines[-2] == f"The video is {tmp_path / 'out' / 'clip.mp4'}"
    assert (tmp_path / "out" / "clip.mp4").read_bytes() == png()
    assert "stopped politely" in (tmp_path / "out" / "bot.log").read_text(encoding="utf-8")


async def test_a_question_is_agreed_to_by_its_first_button(film, tmp_path: Path) -> None:
    status, out, err = await film("ask")
    assert (status, err) == (0, "")
    assert "Do you agree?" in out
    assert (tmp_path / "out" / "clip.mp4").read_bytes() == png()


@pytest.mark.parametrize(
    ("how", "more", "reason"),
    [
        ("refuse", (), "the bot refused: I will not, sorry"),
        ("ask and refuse", (), "the bot refused: Still no"),
        ("ask by form", (), "the bot refused: Do you agree?"),
        ("silent", (), "the bot did not answer within 3 s"),
        ("die", (), "the bot ended with 1"),
        ("well", ("--timeout", "0.01"), "the bot did not become ready within 0 s"),
    ],
)
async def test_without_a_video_the_reason_is_one_line(film, how: str, more: tuple[str, ...], reason: str) -> None:
    status, _, err = await film(how, *more)
    assert status == 1
    assert err.splitlines()[-1] == reason


@pytest.mark.parametrize("port", ["99999", "-1", "x"])
def test_what_is_no_port_is_named(
    port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["sandbox", f"--port={port}"])

    with pytest.raises(SystemExit):
        main()
    assert f"{port!r} is not a port from 0 to 65535" in capsys.readouterr().err


_ANY_BOT = """
import discord, yarl
{lines}
bot = discord.Client(intents=discord.Intents.default())
@bot.event
async def on_ready():
    face = await bot.user.display_avatar.read()
    message = await bot.guilds[0].text_channels[0].send("hello")
    print(message.content, face[1:4].decode(), flush=True)
    await bot.close()
bot.run("any token", log_handler=None)
"""


async def test_alone_it_prints_three_lines_that_point_any_bot_at_it() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    lines = [(await process.stdout.readline()).decode().strip() for _ in range(8)]
    pointing = [line for line in lines if line.startswith("discord.")]
    assert len(pointing) == 3
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _ANY_BOT.format(lines="\n".join(pointing)), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await bot.communicate()
    assert said == b"hello PNG\n"
    process.send_signal(signal.SIGINT)
    _, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")


async def test_on_a_terminal_the_newest_words_stand_on_one_line(sandbox: Sandbox) -> None:
    ada, target = sandbox.person("Ada"), io.StringIO()
    console = Console(file=target, force_terminal=True, width=40)
    with Screen(console, ada, sandbox.world).following():
        message = sandbox.posting.post(sandbox.channel, sandbox.world.bot, Draft({"content": "**one**"}))
        sandbox.posting.edit(message, Draft({"content": "two " * 30}))
    shown = target.getvalue()
    assert shown.index("one") < shown.index("two two")
    assert "…" in shown
    assert "two " * 30 not in shown
    assert "**" not in shown


async def test_an_interrupt_after_the_video_stops_the_bot_too(tmp_path: Path) -> None:
    bot, still = tmp_path / "bot.py", tmp_path / "still.png"
    bot.write_text(textwrap.dedent(BOT), encoding="utf-8")
    still.write_bytes(png())
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--type", f"/film still:@{still} how:well", "--save", str(tmp_path),
        "--", sys.executable, str(bot), "{url}", stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    while b"Ctrl-C" not in await process.stdout.readline():
        assert not process.stdout.at_eof()
    process.send_signal(signal.SIGINT)
    await process.communicate()
    assert process.returncode == 0
    assert "stopped politely" in (tmp_path / "bot.log").read_text(encoding="utf-8")
