"""Turns class sessions into the texts that people read; pure."""

from collections.abc import Sequence

from bot.quoting import fitting, quoted
from bot.rendering import JobTexts
from bot.words import Value, Words, timestamp
from generation.line.standing import ClassStanding, DeviceState
from storage.class_rules import Closure
from storage.jobs import Waiting
from storage.sessions import ClassSession, Tally

MESSAGE_LIMIT = 2000
DEVICES_LIMIT = 600
"""Characters of the board for what the devices do; those who wait have what is left, room for about forty people."""

MORE_ROOM = 30
"""Characters kept free for saying how many more there are."""


class SessionTexts:
    """The texts about one session; those for everybody in the session's own locale."""

    def __init__(self, words: Words, texts: JobTexts) -> None:
        self._words = words
        self._texts = texts

    def board(self, session: ClassSession, tally: Tally, standing: ClassStanding, closure: Closure | None) -> str:
        """The pinned message while the session runs, or its last clips are being made."""
        say, locale = self._words, session.locale
        lines = self._head(session, tally)
        if closure is not None:
            lines.append(say(locale, f"class-{closure.state}", reason=quoted(closure.reason)))
        lines += ["", say(locale, "session-so-far", numbers=self.numbers(locale, tally)), ""]
        lines += [say(locale, "session-machine"), self._devices(session, standing.devices), ""]
        # A paused class has nobody in line: all of them wait for it to go on.
        is_paused = closure is not None and closure.state == "paused"
        waiting = sorted(standing.set_aside, key=lambda job: job.job_id) if is_paused else standing.waiting
        lines.append(say(locale, "session-waiting", count=len(waiting)))
        last = [self.mark(session, "board")]
        if standing.set_aside and not is_paused:
            last.insert(0, say(locale, "queue-set-aside", count=len(standing.set_aside)))
        room = MESSAGE_LIMIT - len("\n".join([*lines, "", *last]))
        return "\n".join([*lines, *self._people(locale, waiting, room), *last])

    def _head(self, session: ClassSession, tally: Tally) -> list[str]:
        say, locale = self._words, session.locale
        if session.ended_at is None:
            about = {"until": timestamp(session.ends_at, "t"), "distance": timestamp(session.ends_at)}
            return [say(locale, "session-head", **about), self._terms(session)]
        return [say(locale, "session-head-over"), say(locale, "session-draining", unfinished=tally.unfinished)]

    def closed_board(self, session: ClassSession, tally: Tally) -> str:
        """The board once its last clip is over."""
        head = self._words(session.locale, "session-head-over")
        return "\n".join([head, *self._result(session, tally), self.mark(session, "board")])

    def closing(self, session: ClassSession, tally: Tally) -> str:
        """The message that ends a session: what came of it."""
        return "\n".join([*self._result(session, tally), self.mark(session, "summary")])

    def _result(self, session: ClassSession, tally: Tally) -> list[str]:
        say, locale = self._words, session.locale
        minutes, numbers = _minutes(session), self.numbers(locale, tally)
        lines = [say(locale, "session-closing", numbers=numbers, minutes=minutes)]
        if tally.failed or tally.cancelled:
            both = "yes" if tally.failed and tally.cancelled else "no"
            lines.append(say(locale, "session-lost", failed=tally.failed, cancelled=tally.cancelled, both=both))
        return lines

    def mark(self, session: ClassSession, part: str) -> str:
        """Stands in one message of this session and in no other, so that it can be found again."""
        return f"-# class session {session.id} · {self._words(session.locale, f'session-part-{part}')}"

    def numbers(self, locale: str, tally: Tally) -> str:
        """How many clips for how many people, how long they waited, and what the class has used."""
        if not tally.made and not tally.demonstrations:
            return self._words(locale, "session-numbers-none")
        wait = tally.median_wait_seconds
        return self._words(
            locale,
            "session-numbers",
            made=tally.made,
            people=tally.people,
            demonstrations=tally.demonstrations,
            wait="unknown" if wait is None else self._texts.waits.duration(locale, wait),
            spent=tally.spent_credits,
        )

    def _terms(self, session: ClassSession) -> str:
        clips: Value = "none" if session.clips_per_person is None else session.clips_per_person
        model = "any" if session.model_id is None else self._texts.model_label(session.model_id)
        return self._words(session.locale, "session-terms", clips=clips, model=model)

    def _devices(self, session: ClassSession, devices: Sequence[DeviceState]) -> str:
        lines = [self._device(session, device) for device in devices]
        shown = fitting(lines, DEVICES_LIMIT)
        more = len(lines) - len(shown.splitlines())
        return f"{shown}\n{self._words(session.locale, 'queue-more', more=more)}" if more else shown

    def _device(self, session: ClassSession, device: DeviceState) -> str:
        """What the device does: of other servers' clips nothing but that there is one, and of none its number.

        Under an entry of a blind challenge that number stands where the maker's name does not.
        """
        say, locale, job = self._words, session.locale, device.job
        if not device.is_up:
            return say(locale, "session-device-down", device=device.name)
        if job is None:
            loaded = "none" if device.resident is None else self._texts.model_label(device.resident)
            return say(locale, "session-device-free", device=device.name, loaded=loaded)
        if job.guild_id != session.guild_id:
            return say(locale, "session-device-elsewhere", device=device.name)
        return say(
            locale,
            "session-device-busy",
            device=device.name,
            user=str(job.user_id),
            model=self._texts.model_label(job.model_id),
            since=timestamp(job.started_at or job.created_at),
            lane=job.lane,
        )

    def _people(self, locale: str, waiting: Sequence[Waiting], room: int) -> list[str]:
        """Everybody who waits, in one line of the ``room`` that there is; no line for nobody."""
        names = [
            self._words(locale, "session-person", place=place, user=str(job.user_id), lane=job.lane)
            for place, job in enumerate(waiting, 1)
        ]
        shown = fitting([f"{name} · " for name in names], room - MORE_ROOM).splitlines()
        left = len(names) - len(shown)
        more = [self._words(locale, "queue-more", more=left)] if left else []
        return ["".join([*shown, *more]).removesuffix(" · ")] if names else []

    def started(self, locale: str, session: ClassSession) -> str:
        """What the instructor is told privately who started it: until when, and where the board is."""
        state = session.pin or "pending" if session.board != "abandoned" else "abandoned"
        about = {"until": timestamp(session.ends_at, "t"), "distance": timestamp(session.ends_at)}
        where = {"channel": str(session.channel_id), "link": self.link(session, session.board_message_id) or ""}
        board = self._words(locale, f"session-board-{state}", **where)
        return f"{self._words(locale, 'session-started', **about)}\n{board}"

    def stopped(self, locale: str, session: ClassSession, tally: Tally) -> str:
        """What the instructor is told privately who stopped it."""
        return self._words(
            locale,
            "session-stopped",
            unfinished=tally.unfinished,
            channel=str(session.channel_id),
            numbers=self.numbers(locale, tally),
        )

    def listed(self, locale: str, session: ClassSession, tally: Tally) -> str:
        """One line of a list of sessions."""
        state = "running" if session.ended_at is None else "draining" if session.tally is None else "over"
        message_id = session.closing_message_id or session.board_message_id
        return self._words(
            locale,
            "sessions-line",
            session=str(session.id),
            when=timestamp(session.started_at, "f"),
            minutes=_minutes(session),
            user=str(session.started_by),
            state=state,
            until=timestamp(session.ends_at, "t"),
            numbers=self.numbers(locale, tally),
            link=self.link(session, message_id) or "none",
        )

    @staticmethod
    def link(session: ClassSession, message_id: int | None) -> str | None:
        """The address of a message about the session; None while there is none."""
        if message_id is None:
            return None
        return f"https://discord.com/channels/{session.guild_id}/{session.channel_id}/{message_id}"


def _minutes(session: ClassSession) -> int:
    ended_at = session.ends_at if session.ended_at is None else session.ended_at
    return max(1, round((ended_at - session.started_at) / 60))
