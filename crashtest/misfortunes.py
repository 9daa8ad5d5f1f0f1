"""What befalls finished clips and their channels while the bot is down, and what may be missing because of it."""

from pathlib import Path

from crashtest.points import Deed
from sandbox.model import Channel
from sandbox.server import Sandbox
from storage.jobs import Job

PERMISSION = "attach_files"
ROOM_NAME = "room-to-close"


class Misfortunes:
    """``lost`` are the jobs whose file was destroyed; ``barred`` those whose channel may take nothing any more."""

    def __init__(self, sandbox: Sandbox, files: Path) -> None:
        self._sandbox = sandbox
        self._files = files
        self._room: Channel | None = None
        self.lost: set[int] = set()
        self.barred: set[int] = set()

    def room_for(self, deed: Deed) -> Channel | None:
        """Where clips are asked for: a channel of its own if it will be closed, else None for the usual one."""
        if deed is Deed.CLOSE:
            self._room = self._sandbox.guild.add_channel(ROOM_NAME)
        return self._room

    def strike(self, deed: Deed, untold: list[Job]) -> None:
        """The bot is dead, and nobody was told how ``untold`` ended."""
        if deed is Deed.LOSE:
            self._lose([job for job in untold if job.state == "succeeded" and job.delivery == "pending"])
        elif deed is Deed.FORBID:
            self._sandbox.deny(PERMISSION)
            self.barred |= {job.id for job in untold}
        elif deed is Deed.CLOSE:
            assert self._room is not None
            self.barred |= {job.id for job in untold if job.channel_id == self._room.id}
            self._sandbox.delete_channel(self._room)
            self._room = None

    def end(self) -> None:
        """Files can be attached again, and nobody asks in a channel of its own any more."""
        self._sandbox.allow(PERMISSION)
        self._room = None

    def copies_expected(self, job: Job) -> int:
        """How many clips of the job the class's channels must hold."""
        if job.state != "succeeded" or job.id in self.lost:
            return 0
        return int(job.id not in self.barred or job.delivery == "posted")

    def _lose(self, finished: list[Job]) -> None:
        for job in finished:
            assert job.clip is not None
            (self._files / job.clip[:2] / job.clip).unlink()
            self.lost.add(job.id)
