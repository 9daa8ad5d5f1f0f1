"""The points between any two effects of what people do: where they lie in the bot's own code, and who gets there."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal


class Deed(Enum):
    """What has to be done for the bot to reach a point; from RETURN on, it is left work behind and started again."""

    CLIP = "ask for a clip"
    CANCEL = "ask for a clip and cancel it"
    BREAK = "ask for a clip and kill its worker in every attempt"
    STOP = "ask for a clip and stop the bot politely while it is rendered"
    COMPARE = "compare two seeds of a still"
    CONTEST = "set a challenge, enter it twice, vote, take an entry back, close it"
    TIDY = "keep a clip private and delete it"
    RETRY = "try a clip that came out still again for free"
    APPROVE = "have clips wait for approval, decline one and approve one"
    FORGET = "wish to be forgotten while a clip waits for approval"
    SESSION = "hold a class session with one clip"
    RETURN = "just start the bot"
    LOSE = "lose the file of a finished clip"
    FORBID = "take the permission to attach files away"
    CLOSE = "delete the channel"


@dataclass(frozen=True, slots=True)
class Point:
    """``when`` relative to a call of ``owner``'s ``function``; ``owner`` is a module or "module:Class".

    ``only`` is a text that must stand in the call's arguments, where a function serves more than one purpose.
    ``first`` is the point at which the bot dies beforehand, so that its next start comes to this one.
    """

    name: str
    owner: str
    function: str
    when: Literal["before", "after"]
    deed: Deed = Deed.CLIP
    only: str = ""
    first: str = ""


_ORDERS, _BLOBS = "generation.orders:Orders", "storage.blobs:BlobStore"
_DELIVERIES = "generation.deliveries:Deliveries"
_DELIVERY, _STATUS = "bot.delivery:Delivery", "bot.status:StatusBoard"
_WORKER = "generation.workers.process:ProcessWorker"
_COMPARISONS, _LEDGER = "generation.comparison_orders:ComparisonOrders", "storage.ledger"
_CHALLENGES, _POSTS = "generation.challenges.use_cases:Challenges", "generation.challenges.posts:ChallengePosts"
_FORGETTINGS, _SESSIONS = "generation.privacy.forgetting:Forgettings", "generation.teaching.sessions:Sessions"
_KEEPING, _COURIER = "generation.privacy.keeping:Keeping", "bot.courier:Courier"

POINTS = (
    Point("asked", "bot.pictures:Pictures", "fetch", "before"),
    Point("still kept", _BLOBS, "adopt", "after", only=".png"),
    Point("held, not committed", _LEDGER, "hold", "after"),
    Point("row added, not committed", "storage.jobs", "add", "after"),
    Point("placed", _ORDERS, "place_all", "after"),
    Point("status posted, not noted", _DELIVERIES, "remember_status", "before"),
    Point("status noted", _DELIVERIES, "remember_status", "after"),
    Point("in line", "generation.dispatch:Dispatcher", "enqueue", "after"),
    Point("claimed, not committed", "storage.jobs", "claim", "after"),
    Point("claimed", _ORDERS, "claim", "after"),
    Point("submitted", _WORKER, "submit", "after"),
    Point("rendering", _WORKER, "_relay", "after", only="done"),
    Point("rendered, file not kept", _BLOBS, "adopt", "before", only=".mp4"),
    Point("file kept", _BLOBS, "adopt", "after", only=".mp4"),
    Point("job succeeded, not captured", _LEDGER, "capture", "before"),
    Point("captured, not committed", _LEDGER, "capture", "after"),
    Point("settled", _ORDERS, "complete", "after"),
    Point("about to post", _DELIVERIES, "begin_posting", "after"),
    Point("post under way", _DELIVERY, "_send", "before"),
    Point("posted, not marked", _DELIVERY, "_send", "after"),
    Point("status closed, not marked", _STATUS, "close", "after"),
    Point("before the mark", _DELIVERIES, "delivered", "before"),
    Point("marked", _DELIVERIES, "delivered", "after"),
    Point("cancelled, not released", _LEDGER, "release", "before", Deed.CANCEL),
    Point("released, not committed", _LEDGER, "release", "after", Deed.CANCEL),
    Point("cancelled", _ORDERS, "cancel", "after", Deed.CANCEL),
    Point("attempt lost, not noted", _ORDERS, "fail", "before", Deed.BREAK),
    Point("attempt noted as lost", _ORDERS, "fail", "after", Deed.BREAK),
    Point("failed and released, not committed", _LEDGER, "release", "after", Deed.BREAK),
    Point("failure told, not marked", "bot.posting:ClipPost", "say", "after", Deed.BREAK, only="could not be made"),
    Point("about to hand back", _ORDERS, "hand_back", "before", Deed.STOP),
    Point("handed back, not committed", "storage.jobs", "hand_back", "after", Deed.STOP),
    Point("handed back", _ORDERS, "hand_back", "after", Deed.STOP),
    Point("about to recover", _ORDERS, "recover", "before", Deed.RETURN, first="rendering"),
    Point("recovered", _ORDERS, "recover", "after", Deed.RETURN, first="claimed"),
    Point("searched for an earlier post", _DELIVERY, "_posted_before", "after", Deed.RETURN, first="post under way"),
    Point("about to post after the restart", _DELIVERIES, "begin_posting", "after", Deed.RETURN, first="settled"),
    Point("posted after the restart, not marked", _DELIVERY, "_send", "after", Deed.RETURN, first="settled"),
    Point("file lost, not refunded", _LEDGER, "refund", "before", Deed.LOSE, first="settled"),
    Point("refunded, not committed", _LEDGER, "refund", "after", Deed.LOSE, first="settled"),
    Point("refunded, not told", _ORDERS, "refund", "after", Deed.LOSE, first="settled"),
    Point("forbidden, not given up", _DELIVERIES, "abandon_delivery", "before", Deed.FORBID, first="settled"),
    Point("forbidden and given up", _DELIVERIES, "abandon_delivery", "after", Deed.FORBID, first="settled"),
    Point("closed, not given up", _DELIVERIES, "abandon_delivery", "before", Deed.CLOSE, first="settled"),
    Point("closed and given up", _DELIVERIES, "abandon_delivery", "after", Deed.CLOSE, first="settled"),
    Point("comparison bound, not committed", "storage.comparisons", "add", "after", Deed.COMPARE),
    Point("comparison placed", _COMPARISONS, "place", "after", Deed.COMPARE),
    Point("about to put side by side", _COMPARISONS, "begin_posting", "after", Deed.COMPARE),
    Point("side by side made", "generation.darkroom:Darkroom", "side_by_side", "after", Deed.COMPARE),
    Point("side by side posted, not marked", _COMPARISONS, "posted", "before", Deed.COMPARE),
    Point("comparison marked", _COMPARISONS, "posted", "after", Deed.COMPARE),
    Point(
        "searched for an earlier side by side",
        _COURIER,
        "_find",
        "after",
        Deed.RETURN,
        only="compare-",
        first="side by side posted, not marked",
    ),
    Point("challenge set", _CHALLENGES, "open", "after", Deed.CONTEST),
    Point("brief posted, thread not opened", "discord:TextChannel", "create_thread", "before", Deed.CONTEST),
    Point("brief posted, not marked", _POSTS, "brief_posted", "before", Deed.CONTEST),
    Point(
        "searched for an earlier brief",
        _COURIER,
        "_find",
        "after",
        Deed.RETURN,
        only="brief",
        first="brief posted, not marked",
    ),
    Point("entered, not committed", "storage.entries", "add", "after", Deed.CONTEST),
    Point("entered", _CHALLENGES, "enter", "after", Deed.CONTEST),
    Point("earlier clip entered", _CHALLENGES, "enter_clip", "after", Deed.CONTEST),
    Point("entry posted, not marked", _POSTS, "clip_posted", "before", Deed.CONTEST),
    Point("entry marked", _POSTS, "clip_posted", "after", Deed.CONTEST),
    Point("entry taken back, not committed", "storage.entries", "withdraw", "after", Deed.CONTEST),
    Point("entry taken back", _CHALLENGES, "withdraw", "after", Deed.CONTEST),
    Point("ended, prize not paid", "storage.challenges", "end", "after", Deed.CONTEST),
    Point("prize paid, not committed", "storage.pools", "prize", "after", Deed.CONTEST),
    Point("closed", _CHALLENGES, "close", "after", Deed.CONTEST),
    Point("about to tell the results", _POSTS, "begin_results", "after", Deed.CONTEST),
    Point("results told, not marked", _POSTS, "results_posted", "before", Deed.CONTEST),
    Point(
        "searched for earlier results",
        _COURIER,
        "_find",
        "after",
        Deed.RETURN,
        only="results",
        first="results told, not marked",
    ),
    Point("kept private", _KEEPING, "keep_private", "after", Deed.TIDY),
    Point("deleted, not committed", "storage.keeping", "erase", "after", Deed.TIDY),
    Point("deleted", _KEEPING, "delete", "after", Deed.TIDY),
    Point("messages removed, not marked", _KEEPING, "messages_gone", "before", Deed.TIDY),
    Point("messages marked as removed", _KEEPING, "messages_gone", "after", Deed.TIDY),
    Point("files removed, not committed", "storage.keeping", "files_gone", "before", Deed.TIDY),
    Point("refunded for a retry, not committed", _LEDGER, "refund", "after", Deed.RETRY),
    Point("retried", "generation.retries:Retries", "retry", "after", Deed.RETRY),
    Point("card posted, not noted", "generation.teaching.cards:Cards", "posted", "before", Deed.APPROVE),
    Point("declined, not refunded", "storage.approvals", "decline", "after", Deed.APPROVE),
    Point("approved, not posted", "generation.teaching.approvals:Approvals", "approve", "after", Deed.APPROVE),
    Point("wished to be forgotten", _FORGETTINGS, "begin", "after", Deed.FORGET),
    Point("taken back and refunded, not forgotten", "storage.approvals", "take_back", "after", Deed.FORGET),
    Point("forgotten, nothing removed", _FORGETTINGS, "fulfil", "after", Deed.FORGET),
    Point("board posted, not noted", _SESSIONS, "board_posted", "before", Deed.SESSION),
    Point("last words said, not noted", _SESSIONS, "closing_posted", "before", Deed.SESSION),
)

BY_NAME = {point.name: point for point in POINTS}
