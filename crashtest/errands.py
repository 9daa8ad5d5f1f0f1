"""What people do beside asking for a clip, from end to end: comparisons, contests, approvals, sessions and more."""

import contextlib
import itertools
import re
from collections.abc import Awaitable, Callable, Mapping

from crashtest.books import LeftOpen
from crashtest.people import ANSWER_SECONDS, SHORT_SECONDS, STATUS_SECONDS, People
from crashtest.points import Deed
from sandbox.calls import Call
from sandbox.errors import SandboxError
from sandbox.messages import Message
from sandbox.permissions import bit
from sandbox.person import Person
from sandbox.server import Sandbox

ERRANDS = (Deed.COMPARE, Deed.CONTEST, Deed.TIDY, Deed.RETRY, Deed.APPROVE, Deed.FORGET, Deed.SESSION)

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
        self._staff = sandbox.guild.add_channel("staff")
        self._people = people
        self._numbers = itertools.count(1)
        self._deeds: dict[Deed, Callable[[], Awaitable[None]]] = {
            Deed.COMPARE: self._compare,
            Deed.CONTEST: self._contest,
            Deed.TIDY: self._tidy,
            Deed.RETRY: self._retry,
            Deed.APPROVE: self._approve,
            Deed.FORGET: self._forget,
            Deed.SESSION: self._session,
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

    async def end(self, left: LeftOpen) -> None:
        """The instructor ends what a dead bot kept them from ending."""
        with contextlib.suppress(SandboxError, TimeoutError, Unheard):
            if left.asks_approval:
                await self._instruct("class approval", switch="off")
            for job_id in left.waiting:
                card = await self._card(job_id)
                await (await self._ines.click(card, "Approve")).finished(ANSWER_SECONDS)
            if left.has_session:
                await self._instruct("class session stop")

    async def _approve(self) -> None:
        await self._switch_approval_on()
        declined, approved = [await self._waiting(self._people.anybody()) for _ in range(2)]
        await _fill(self._ines, await self._ines.click(declined, "Decline"), {"reason": "not this one"})
        await (await self._ines.click(approved, "Approve")).finished(ANSWER_SECONDS)
        await self._instruct("class approval", switch="off")

    async def _forget(self) -> None:
        person = self._people.guest()
        await self._switch_approval_on()
        await self._waiting(person)
        await self._instruct("class approval", switch="off")
        question = await (await person.command("forget-me", {})).finished(ANSWER_SECONDS)
        if question is None:
            raise Unheard
        await (await person.click(question, "Forget me")).finished(ANSWER_SECONDS)

    async def _session(self) -> None:
        await self._instruct("class session start", minutes=5)
        await self._clip(self._people.anybody())
        await self._instruct("class session stop")

    async def _switch_approval_on(self) -> None:
        await self._instruct("class channel", channel=self._staff)
        await self._instruct("class approval", switch="on")

    async def _instruct(self, command: str, **options: object) -> None:
        if await (await self._ines.command(command, options)).finished(ANSWER_SECONDS) is None:
            raise Unheard

    async def _waiting(self, person: Person) -> Message:
        """The card of a new clip of that person."""
        known = {message.id for message in self._ines.reads(self._staff)}
        await self._people.ask(person)
        return await self._ines.waits_for(
            lambda m: m.id not in known and _to_approve(m) is not None and person.mention in m.content,
            self._staff,
            STATUS_SECONDS,
        )

    async def _card(self, job_id: int) -> Message:
        return await self._ines.waits_for(
            lambda m: _to_approve(m) == job_id and bool(m.buttons), self._staff, STATUS_SECONDS
        )

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


def _to_approve(message: Message) -> int | None:
    """The number of the job that the card is to be approved by."""
    found = re.search(r"To approve:\*\* #(\d+) ", message.content)
    return None if found is None else int(found[1])


def _job_of(message: Message) -> int | None:
    """The number of the job whose clip the message carries."""
    names = [re.fullmatch(r"stillmotion-(\d+)\.mp4", attachment.filename) for attachment in message.attachments]
    return next((int(name[1]) for name in names if name is not None), None)
