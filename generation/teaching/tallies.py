"""What came of a class session: its clips counted, and how long people waited for them; pure."""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from storage.sessions import SessionClip, Tally


def tally(clips: Sequence[SessionClip]) -> Tally:
    """Counted from every job that the session's pool pays or has paid for."""
    states = Counter(clip.state for clip in clips)
    made = [clip for clip in clips if clip.state == "succeeded"]
    own = [clip for clip in made if clip.lane == "class"]
    waits = [clip.waited_seconds for clip in clips if clip.lane == "class" and clip.waited_seconds is not None]
    return Tally(
        made=len(own),
        demonstrations=len(made) - len(own),
        people=len({clip.user_id for clip in own}),
        failed=states["failed"],
        cancelled=states["cancelled"],
        unfinished=states["queued"] + states["running"],
        spent_credits=sum(clip.price_credits for clip in made if not clip.was_refunded),
        median_wait_seconds=median(waits) if waits else None,
    )
