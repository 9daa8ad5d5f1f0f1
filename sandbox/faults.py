"""Things that go wrong on request: failing, slow or broken HTTP, a gateway that drops or refuses, a whole outage."""

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass
class Fault:
    """What happens to the next `times` requests that match; None for `times` means for ever.

    `status` answers with this status; `after_bytes` resets the connection once so many bytes of the body have passed
    (of an upload, or of a download from the CDN); `bytes_per_second` slows the body down. With `applied` the request
    takes effect first and only its answer is lost.
    """

    method: str
    path: str
    status: int | None = None
    times: int | None = 1
    retry_after_seconds: float | None = None
    after_bytes: int | None = None
    bytes_per_second: float | None = None
    applied: bool = False
    code: int = 0
    message: str = ""
    everywhere: bool = False

    def matches(self, method: str, path: str) -> bool:
        """Whether it is meant for this request; `*` in the path stands for anything."""
        return self.method in ("*", method) and fnmatchcase(path, self.path)


class Faults:
    """All faults in force."""

    def __init__(self, drop_gateway: Callable[[int, bool], None]) -> None:
        self.active: list[Fault] = []
        self.is_outage = False
        self.gateway_refused = False
        self._drop_gateway = drop_gateway

    def fail(
        self,
        *,
        method: str = "*",
        path: str = "*",
        status: int = 500,
        times: int | None = 1,
        retry_after: float | None = None,
        after_bytes: int | None = None,
        applied: bool = False,
        code: int = 0,
        message: str = "",
        everywhere: bool = False,
    ) -> Fault:
        """Let the next `times` requests fail whose path, without `/api/v10`, is like `/channels/*/messages`.

        With `after_bytes` the connection is reset after so many bytes of body instead of answering. `retry_after`
        (seconds) belongs to a status of 429, `everywhere` makes that one global.
        """
        fault = Fault(method, path, status, times, retry_after, after_bytes, None, applied, code, message, everywhere)
        if after_bytes is not None:
            fault.status = None
        self.active.append(fault)
        return fault

    def slow(self, *, method: str = "*", path: str = "*", bytes_per_second: float, times: int | None = None) -> Fault:
        """Let bodies of matching requests (uploads), or of CDN downloads, pass only at this rate."""
        fault = Fault(method, path, times=times, bytes_per_second=bytes_per_second)
        self.active.append(fault)
        return fault

    def outage(self, on: bool = True) -> None:
        """Everything at once: HTTP answers 503, the gateway closes and refuses."""
        self.is_outage = on
        self.gateway_refused = on
        if on:
            self.drop_gateway()

    def drop_gateway(self, *, code: int = 1006, resumable: bool = True) -> None:
        """Cut every gateway connection; 1006 means without a close frame. Unless resumable, sessions are forgotten."""
        self._drop_gateway(code, resumable)

    def refuse_gateway(self, on: bool = True) -> None:
        """Turn new gateway connections away with 503 until switched off."""
        self.gateway_refused = on

    def clear(self) -> None:
        """Everything works again."""
        self.active.clear()
        self.is_outage = self.gateway_refused = False

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault for this request, used up by one."""
        for fault in self.active:
            if fault.matches(method, path):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.active.remove(fault)
                return fault
        return None
