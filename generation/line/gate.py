"""Which waiting jobs may begin: none of a model that rests but its trial, and none of a class that is paused."""

import asyncio

from generation.health import ModelHealth, News, Rest, Woken
from generation.queue import JobQueue
from generation.teaching.closures import Closures
from storage.jobs import Waiting

LOOK_SECONDS = 5.0
"""Between two looks whether a resting model should be tried again."""


class Gate:
    """Sets the jobs of resting models and paused classes aside, and lets them back into the line."""

    def __init__(self, queue: JobQueue, health: ModelHealth, closures: Closures) -> None:
        self._queue = queue
        self._health = health
        health.listen(self._on_health)
        self._closures = closures
        closures.listen(self._on_closure)

    def joined(self, model_id: str) -> None:
        """A job of the model joined the line; it is the trial if one is due."""
        if model_id in self._health.due():
            self._try(model_id)

    async def keep_trying(self) -> None:
        """Until cancelled, try each resting model when its pause is over."""
        while True:
            for model_id in self._health.due():
                self._try(model_id)
            await asyncio.sleep(LOOK_SECONDS)

    def _try(self, model_id: str) -> None:
        """Let the oldest job of a resting model through; without one the model waits on the menu for its next job."""
        probe = self._queue.let_through(model_id)
        self._health.try_with(model_id, None if probe is None else probe.job_id)

    def _on_health(self, news: News) -> None:
        if isinstance(news, Rest):
            self._queue.pause(news.model_id)
        elif isinstance(news, Woken):
            self._queue.resume(news.model_id)

    def _on_closure(self, guild_id: int) -> None:
        if not self._closures.is_paused(guild_id):
            self._queue.resume_class(guild_id)
            return
        for one in self._queue.pause_class(guild_id):
            self._health.left(one.job_id)

    def may_begin(self, waiting: Waiting) -> bool:
        """Whether a job that was handed out may still begin; its model or its class may have stopped just then.

        If its class did, it is no model's trial any more.
        """
        if self._closures.is_paused(waiting.guild_id):
            self._health.left(waiting.job_id)
            return False
        return self._health.may_begin(waiting.model_id, waiting.job_id)
