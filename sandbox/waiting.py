"""Waiting for something to become true in the sandbox, woken by its events and never by polling."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sandbox.events import Event, EventHub

T = TypeVar("T")


async def wait_for_event(events: EventHub, find: Callable[[Event | None], T | None], timeout_seconds: float) -> T:
    """The first result of `find` that is not None; it is asked once at the start with None, then on every event.

    Raises TimeoutError after so many seconds of wall time, and whatever `find` raises.
    """
    found = find(None)
    if found is not None:
        return found
    future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    def listen(event: Event) -> None:
        if future.done():
            return
        try:
            result = find(event)
        except Exception as error:
            future.set_exception(error)
            return
        if result is not None:
            future.set_result(result)

    unsubscribe = events.subscribe(listen)
    try:
        async with asyncio.timeout(timeout_seconds):
            return await future
    finally:
        unsubscribe()
