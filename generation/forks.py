"""Where child processes come from: forked by a server that has what they need, so that one starts in milliseconds."""

import multiprocessing
from multiprocessing.context import ForkServerContext

PRELOADED = [
    "generation.darkroom",
    "generation.stills",
    "generation.workers.child",
    "generation.media.anonymous",
    "generation.media.board",
    "generation.media.contact_sheet",
    "generation.media.decode",
    "generation.media.fitting",
    "generation.media.frames",
    "generation.media.joining",
    "generation.media.reel",
    "generation.media.side_by_side",
    "generation.media.thumbnails",
    "generation.media.usage",
]
"""Imported once, by the server: Pillow, NumPy, OpenCV and our own; torch is left to the workers that need it."""


def fork_context() -> ForkServerContext:
    """The one server of this process; it starts with the first child and ends with the last."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context
