"""``python -m bot`` and ``stillmotion``: reads the settings, sets up the log, and serves until told to stop."""

# Heavy imports stay inside the functions: the processes that decode stills import this module too.
import argparse
import asyncio
import contextlib
import signal
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from bot.settings import Settings

HOW_TO_START = """\
No DISCORD_TOKEN is set. Put it into the environment or into .env (README, "Run it on Discord"),
or run `python -m bot --sandbox` to try the bot without Discord."""

EMBEDDED = "embedded"
SANDBOX_TOKEN = "sandbox"  # noqa: S105 - a stand-in accepts any token


def main() -> None:
    """Run the bot. Exit status: 0 after a stop, 2 for wrong settings, 1 for anything that broke."""
    parser = argparse.ArgumentParser(prog="stillmotion", description="A Discord bot that animates stills.")
    parser.add_argument(
        "--sandbox",
        nargs="?",
        const=EMBEDDED,
        type=_address,
        metavar="URL",
        help="talk to a stand-in for Discord at URL, or to one started here",
    )
    sandbox: str | None = parser.parse_args().sandbox
    from generation.logs import set_up_log

    settings = _settings()
    set_up_log(settings.log_level, settings.log_format)
    if settings.discord_token is None and sandbox is None:
        sys.exit(HOW_TO_START)
    try:
        asyncio.run(_run(settings, sandbox))
    except Exception as error:
        _explain_and_exit(error)


def _address(text: str) -> str:
    parts = urlsplit(text)
    if text != EMBEDDED and not (parts.scheme in ("http", "https") and parts.hostname):
        msg = f"{text!r} is not an address such as http://127.0.0.1:8000"
        raise argparse.ArgumentTypeError(msg)
    return text


def _settings() -> "Settings":
    from bot.settings import Settings
    from generation.pipelines.settings import PipelineSettings
    from storage.settings import WrongSettings, read_settings

    try:
        return read_settings(Settings, PipelineSettings)
    except WrongSettings as error:
        print(error, file=sys.stderr)
        sys.exit(2)


async def _run(settings: "Settings", sandbox: str | None) -> None:
    from bot.living import serve

    this_task = asyncio.current_task()
    assert this_task is not None
    loop = asyncio.get_running_loop()
    told: list[signal.Signals] = []

    def stop(number: signal.Signals) -> None:
        # Only once: a second signal would interrupt the tidying up.
        if not told:
            this_task.cancel()
        told.append(number)

    # A terminal that is closed hangs up, unless nohup was told otherwise.
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    for number in (signal.SIGINT, signal.SIGTERM, *(() if ignored else (signal.SIGHUP,))):
        loop.add_signal_handler(number, stop, number)
    async with contextlib.AsyncExitStack() as stack:
        if sandbox == EMBEDDED:
            from sandbox.server import Sandbox

            stand_in = await stack.enter_async_context(Sandbox.open())
            sandbox = stand_in.url
            print(f"The sandbox runs at {sandbox}", file=sys.stderr)
        if sandbox is not None:
            _point_at(sandbox)
        token = settings.discord_token.get_secret_value() if settings.discord_token and not sandbox else SANDBOX_TOKEN
        with contextlib.suppress(asyncio.CancelledError):
            await serve(settings, token)


def _point_at(url: str) -> None:
    """Make discord.py talk to ``url`` instead of Discord, for the whole process."""
    import discord.asset
    import discord.gateway
    import discord.http
    import yarl

    discord.http.Route.BASE = f"{url}/api/v10"
    # Without this the token would go to the real gateway.
    gateway = yarl.URL(url).with_scheme("ws") / "gateway"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway
    discord.asset.Asset.BASE = url


def _explain_and_exit(error: Exception) -> None:
    """One sentence for what the operator can mend; the whole story for anything else."""
    import aiohttp
    import discord

    from generation.errors import CatalogError, LockDamaged
    from storage.errors import StorageError

    if isinstance(error, CatalogError):
        sys.exit(f"Cannot start: {error} (setting STILLMOTION_CATALOG)")
    if isinstance(error, LockDamaged):
        sys.exit(f"Cannot start: {error}")
    if isinstance(error, StorageError):
        sys.exit(f"Cannot start: {error} (setting STILLMOTION_DATA_FOLDER)")
    if isinstance(error, discord.LoginFailure):
        sys.exit("Cannot start: Discord does not accept DISCORD_TOKEN. Copy it again from the developer portal.")
    if isinstance(error, aiohttp.ClientConnectorError | discord.DiscordServerError):
        sys.exit(f"Cannot start: Discord cannot be reached ({error}). Is this machine online?")
    raise error


if __name__ == "__main__":
    main()
