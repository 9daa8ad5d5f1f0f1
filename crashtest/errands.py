"""What people do beside asking for a clip: they compare, hold a contest, tidy up, and try again for free."""

import contextlib
import itertools
import re
from collections.abc import Awaitable, Callable, Mapping

from crashtest.people import ANSWER_SECONDS, SHORT_SECONDS, STATUS_SECONDS, People
from crashtest.points import Deed
from sandbox.calls import Call
from sandbox.errors import SandboxError
from sandbox.messages import Message
from sandbox.permissions import bit
from sandbox.person import Person
from sandbox.server import Sandbox

ERRANDS = (Deed.COMPARE, Deed.CONTEST, Deed.TIDY, Deed.RETRY)

CHALLENGE = {"pool": 20, "prize": 5, "entries": 2, "voting": "open"}
BRIEF = {"title": "Tides", "brief": "Make the sea move."}
STAYS_STILL = "static camera, she turns her head"
"""The draft cannot turn a head, so the clip stays still although movement was asked for."""

RETRY_LABEL = "Try again for free"


class Unheard(Exception):
    """The bot said no, or died before it said anything; there is nothing to go on with."""


class Errands:
    """Each goes once from end to end, or until a dead bot does not answer any more."""

    def __init__(self, sandbox: Sandbox, people: People) -> None:
        role = sandbox.guild.add_role("Instructor", permissions=bit("manage_guild"))
        self._ines = sandbox.person("Ines", roles=[role])
        self._people = people
        self._numbers = itertools.count(1)
        self._deeds: dict[Deed, Callable[[], Awaitable[None]]] = {
            Deed.COMPARE: self._compare,
            Deed.CONTEST: self._contest,
            Deed.TIDY: self._tidy,
            Deed.RETRY: self._retry,
        }

    async def run(self, deed: Deed) -> None:
        """One of ERRANDS."""
        with contextlib.suppress(SandboxError, TimeoutError, Unheard):
            await self._deeds[deed]()

    async def _compare(self) -> None:
        person, number = self._people.anybody(), next(self._numbers)
        form = await person.command("compare", {"vary": "seeds", "still": self._people.still, "seconds": SHORT_SECONDS})
        offer = await _fill(person, form, {"prompt": "pan left", "seeds": f"{number} {number + 1_000_000}"})
        await person.click(offer, next(one.label for one in offer.buttons if one.label.startswith("Go")))

    async def _contest(self) -> None:
        ada, ben = self._people.two()
        clip = await self._clip(ada)
        known = {message.id for message in ada.reads()}
        form = await self._ines.command("challenge post", {"still": self._people.still, **CHALLENGE})
        await _fill(self._ines, form, BRIEF)
        brief = await ada.waits_for(lambda m: m.thread is not None and m.id not in known, None, STATUS_SECONDS)
        await _fill(ada, await ada.click(brief, "Enter"), {"prompt": f"pan left {next(self._numbers)}"})
        await _fill(ada, await ada.click(brief, "Enter"), {"clip": str(_job_of(clip))})
        shown = [await self._entry(ada, brief, number) for number in (1, 2)]
        await (await ben.click(shown[0], "Vote")).finished(ANSWER_SECONDS)
        second = (await ada.autocomplete("challenges withdraw", "entry", ""))[-1]["value"]
        await (await ada.command("challenges withdraw", {"entry": second})).finished(ANSWER_SECONDS)
        challenge = next(one.custom_id.split(":")[1] for one in brief.buttons if one.custom_id)
        await (await self._ines.command("challenge close", {"challenge": int(challenge)})).finished(ANSWER_SECONDS)

    async def _entry(self, person: Person, brief: Message, number: int) -> Message:
        return await person.waits_for(
            lambda m: _job_of(m) is not None and f"**Entry {number}**" in m.content, brief.thread, STATUS_SECONDS
        )

    async def _tidy(self) -> None:
        person = self._people.anybody()
        clip = await self._clip(person)
        for label in ("Keep private", "Delete"):
            if clip.deleted:
                clip = await self._clip(person)
            answer = await (await person.click(clip, label)).finished(ANSWER_SECONDS)
        if answer is not None and answer.buttons:
            await person.click(answer, str(answer.buttons[0].custom_id))

    async def _retry(self) -> None:
        person = self._people.anybody()
        clip = await self._clip(person, STAYS_STILL)
        await (await person.click(clip, RETRY_LABEL)).finished(ANSWER_SECONDS)

    async def _clip(self, person: Person, prompt: str = "pan left") -> Message:
        """A new clip of that person, in the usual channel."""
        known = {message.id for message in person.reads()}
        await self._people.ask(person, prompt=prompt)
        return await person.waits_for(
            lambda m: m.id not in known and _job_of(m) is not None and person.mention in m.content, None, STATUS_SECONDS
        )


async def _fill(person: Person, form: Call, given: Mapping[str, object]) -> Message:
    """The private answer to a form that was opened by ``form``."""
    if form.modal is None:
        raise Unheard
    answer = await (await person.submit(form.modal, given)).finished(ANSWER_SECONDS)
    if answer is None:
        raise Unheard
    return answer


def _job_of(message: Message) -> int | None:
    """The number of the job whose clip the message carries."""
    names = [re.fullmatch(r"stillmotion-(\d+)\.mp4", attachment.filename) for attachment in message.attachments]
    return next((int(name[1]) for name in names if name is not None), None)
