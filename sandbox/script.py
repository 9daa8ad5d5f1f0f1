"""One scripted visit: start a bot against a sandbox, type a command as a person, watch, keep the video that comes."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from sandbox import options, typed
from sandbox.botprocess import BotDied, BotProcess
from sandbox.calls import Call
from sandbox.errors import ClientRefused, DownloadFailed, NotAnswered, SandboxError
from sandbox.events import Event
from sandbox.messages import Attachment, Message
from sandbox.page.suggestion import Suggestion
from sandbox.person import Person
from sandbox.readable import plain
from sandbox.screen import Screen
from sandbox.server import Sandbox
from sandbox.waiting import wait_for_event


@dataclass(frozen=True)
class Script:
    """What to do: the command typed by whom (none to wait for visitors of the page), where its video and the bot's
    log go, and the bot's own command line; `suggestion` stands ready in the page, `bot_name` names the application.

    ``options`` are added to those in ``typed`` as they are, so that no quoting is needed.
    """

    typed: str | None
    folder: Path
    bot: Sequence[str]
    name: str = "Ada"
    once: bool = False
    timeout_seconds: float = 600.0
    port: int = 0
    options: Sequence[tuple[str, str]] = ()
    suggestion: Suggestion | None = None
    bot_name: str | None = None


class Failed(SandboxError):
    """The visit ended without a video; `reason` says why in one line, `log` is the end of the bot's output."""

    def __init__(self, reason: str, log: str = "") -> None:
        self.reason = " ".join(reason.split())
        self.log = log
        super().__init__(self.reason)


class BotRefused(SandboxError):
    """The bot told the person no, in the private ``answer`` or else in public."""

    def __init__(self, text: str, answer: Message | None = None) -> None:
        super().__init__(text)
        self.answer = answer


async def perform(script: Script, console: Console) -> None:
    """Do it all; Failed if there is no video. Unless `once`, it goes on until the bot ends or it is cancelled."""
    script.folder.mkdir(parents=True, exist_ok=True)
    log = script.folder / "bot.log"
    async with Sandbox.open(script.port) as sandbox:
        sandbox.page.suggestion = script.suggestion
        if script.bot_name is not None:
            sandbox.name_bot(script.bot_name)
        try:
            async with BotProcess.start(script.bot, sandbox.url, log) as bot:
                await _watched(bot, script, sandbox, console)
        except OSError as error:
            raise Failed(f"the bot cannot be started: {error}") from error


async def _watched(bot: BotProcess, script: Script, sandbox: Sandbox, console: Console) -> None:
    step = "the bot did not become ready"
    try:
        started = time.perf_counter()
        await bot.alive_during(sandbox.bot_ready(script.timeout_seconds))
        console.print(f"The bot is ready after {time.perf_counter() - started:.1f} s")
        if not script.once:
            console.print(f"Open {sandbox.page_url} in a browser to try it yourself", soft_wrap=True)
        step = "the bot sent no video"
        if script.typed is not None:
            await bot.alive_during(_visit(script, sandbox, console))
        console.print(f"The sandbox runs at {sandbox.url}", soft_wrap=True)
        if not script.once:
            console.print("Ctrl-C ends it.")
            raise BotDied(await bot.ended())
    except TimeoutError:
        raise Failed(f"{step} within {script.timeout_seconds:.0f} s", bot.last_words()) from None
    except BotRefused as error:
        raise Failed(f"the bot refused: {error}") from error
    except NotAnswered as error:
        raise Failed(f"the bot did not answer within {error.waited_seconds:.0f} s", bot.last_words()) from error
    except ClientRefused as error:
        raise Failed(f"this cannot be typed: {error}") from error
    except (BotDied, DownloadFailed) as error:
        raise Failed(str(error), bot.last_words()) from error


async def _visit(script: Script, sandbox: Sandbox, console: Console) -> None:
    person = sandbox.person(script.name)
    options = "".join(f" {name}:{value}" for name, value in script.options)
    console.print(Text(f"{script.name} types {script.typed}{options}"), soft_wrap=True)
    with Screen(console, person, sandbox.world).following():
        clip = await _clip(script, sandbox, person)
    video = next(file for file in clip.shown_attachments if _is_video(file))
    path = _unused(script.folder / video.filename)
    path.write_bytes(await person.download(video))
    console.print(Text(plain(clip, sandbox.world)), soft_wrap=True)
    console.print(Text(f"The video is {path.resolve()}"), soft_wrap=True)


async def _clip(script: Script, sandbox: Sandbox, person: Person) -> Message:
    """Type the command and wait for the video; a question instead of it is agreed to by its first button, once."""
    call = await _type(script, sandbox, person)
    try:
        return await _video(script, sandbox, person, call)
    except BotRefused as refusal:
        agreed = await _agree(person, refusal)
    return await _video(script, sandbox, person, agreed)


async def _agree(person: Person, refusal: BotRefused) -> Call:
    """Press the first button of the answer; without one, or where it only opens a form, it is a refusal."""
    buttons = [] if refusal.answer is None else refusal.answer.buttons
    if refusal.answer is None or not buttons:
        raise refusal
    call = await person.click(refusal.answer, str(buttons[0].custom_id))
    if call.modal is not None:
        raise refusal
    return call


async def _video(script: Script, sandbox: Sandbox, person: Person, call: Call) -> Message:
    """Wait for the message that brings the video, or find out why there is none."""

    def outcome(event: Event | None) -> Message | None:
        notices = [message for message in person.reads() if message.author.bot and person.was_notified_by(message)]
        clip = next((message for message in notices if any(map(_is_video, message.shown_attachments))), None)
        if clip is None:
            _check_refusal(sandbox, person, call, notices)
        return clip

    return await wait_for_event(sandbox.world.events, outcome, script.timeout_seconds)


async def _type(script: Script, sandbox: Sandbox, person: Person) -> Call:
    line = typed.read(script.typed or "").plus(script.options)
    first, *more = line.name.split()
    command = next((one for one in person.offered_commands() if one.answers_to(first, person.user.locale)), None)
    known = [] if command is None else options.descend(command, more)[1]
    return await person.command(line.name, typed.values(line, known, sandbox.named))


def _check_refusal(sandbox: Sandbox, person: Person, call: Call, notices: list[Message]) -> None:
    """A notice to the person without a video is the bot's refusal, and so is a private answer that stands alone.

    A private answer beside a public message is advice: the bot is at work.
    """
    # A click is answered in the message that was clicked, which is older than the click; that says nothing new.
    answers = [one for one in (call.message, *call.followups) if one is not None and one.id > call.id]
    at_work = any(m.author.bot and not m.ephemeral and m.id > call.id for m in person.reads())
    private = next((one for one in answers if one.ephemeral and not one.thinking), None)
    if private is not None and not at_work:
        raise BotRefused(plain(private, sandbox.world), private)
    if notices:
        raise BotRefused(plain(notices[0], sandbox.world))


def _is_video(file: Attachment) -> bool:
    return (file.content_type or "").startswith("video/")


def _unused(path: Path) -> Path:
    """The path itself, or the first numbered neighbour that does not exist yet."""
    number = 1
    free = path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free
