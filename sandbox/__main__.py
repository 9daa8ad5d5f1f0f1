"""The command line: run a sandbox alone, or start a bot in it, with one typed command or for visitors of the page."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from rich.console import Console

from sandbox.errors import ClientRefused
from sandbox.page.suggestion import Suggestion
from sandbox.script import Failed, Script, perform
from sandbox.server import Sandbox

POINTING = """\
Point any discord.py bot at it, after `import discord, yarl` and before its client is built:

    discord.http.Route.BASE = "{url}/api/v10"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL("{gateway}")
    discord.asset.Asset.BASE = "{url}"
"""


MOST_PORTS = 65535


def main() -> int:
    """Run; the exit status is 0 when a video came or the sandbox was stopped by hand, else 1."""
    arguments, bot = _arguments()
    try:
        asyncio.run(_main(arguments, bot))
    except Failed as failed:
        if failed.log:
            print(failed.log, file=sys.stderr)
        print(failed.reason, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 0
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def _main(arguments: argparse.Namespace, bot: list[str]) -> None:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        suggestion = Suggestion.read(arguments.suggest) if arguments.suggest else None
    except ClientRefused as error:
        raise Failed(f"this cannot be suggested: {error}") from error
    if not bot:
        await _alone(arguments.port, suggestion, arguments.bot_name)
        return
    script = Script(
        typed=arguments.type,
        folder=arguments.save,
        bot=bot,
        name=arguments.name,
        once=arguments.once,
        timeout_seconds=arguments.timeout,
        port=arguments.port,
        options=arguments.option,
        suggestion=suggestion,
        bot_name=arguments.bot_name,
    )
    await perform(script, Console(highlight=False))


async def _alone(port: int, suggestion: Suggestion | None, bot_name: str | None) -> None:
    async with Sandbox.open(port) as sandbox:
        sandbox.page.suggestion = suggestion
        if bot_name is not None:
            sandbox.name_bot(bot_name)
        print(f"The sandbox runs at {sandbox.url}\n\n{POINTING.format(url=sandbox.url, gateway=sandbox.gateway_url)}")
        print(f"Any token is accepted. See and try it at {sandbox.page_url}. Ctrl-C ends it.", flush=True)
        await asyncio.Event().wait()


def _option(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > MOST_PORTS:
        msg = f"{text!r} is not a port from 0 to {MOST_PORTS}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _arguments() -> tuple[argparse.Namespace, list[str]]:
    own, separator, bot = sys.argv[1:], "--" in sys.argv, []
    if separator:
        at = own.index("--")
        own, bot = own[:at], own[at + 1 :]
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description=__doc__, usage="%(prog)s [options] [-- BOT …]"
    )
    parser.add_argument("--port", type=_port, default=0, help="the port on 127.0.0.1; any free one by default")
    parser.add_argument(
        "--type", metavar="COMMAND", help="what to type, e.g. '/animate still:@a.png prompt:\"zoom in\"'"
    )
    parser.add_argument(
        "--option",
        metavar="NAME=VALUE",
        type=_option,
        action="append",
        default=[],
        help="one more option of the command, taken as it is: no quotes needed",
    )
    parser.add_argument(
        "--suggest", metavar="COMMAND", help="what stands ready for visitors of the page, with its files"
    )
    parser.add_argument("--bot-name", metavar="NAME", help="what the application is called")
    parser.add_argument("--save", metavar="FOLDER", type=Path, help="where the video and the bot's log go")
    parser.add_argument("--as", dest="name", metavar="NAME", default="Ada", help="who types")
    parser.add_argument("--once", action="store_true", help="stop after the video")
    parser.add_argument(
        "--timeout", metavar="SECONDS", type=float, default=600.0, help="how long to wait for each step"
    )
    arguments = parser.parse_args(own)
    if (arguments.type or bot) and not (arguments.save and bot):
        parser.error("to start a bot, give --save FOLDER and its command after --; --type needs both")
    return arguments, bot


if __name__ == "__main__":
    sys.exit(main())
