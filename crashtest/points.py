"""The points of a job's life between any two effects: where they lie in the bot's own code, and who gets there."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal


class Deed(Enum):
    """What has to be done for the bot to reach a point; from RETURN on, it is left work behind and started again."""

    CLIP = "ask for a clip"
    CANCEL = "ask for a clip and cancel it"
    BREAK = "ask for a clip and kill its worker in every attempt"
    STOP = "ask for a clip and stop the bot politely while it is rendered"
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

POINTS = (
    Point("asked", "bot.pictures:Pictures", "fetch", "before"),
    Point("still kept", _BLOBS, "adopt", "after", only=".png"),
    Point("held, not committed", "storage.ledger", "hold", "after"),
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
    Point("job succeeded, not captured", "storage.ledger", "capture", "before"),
    Point("captured, not committed", "storage.ledger", "capture", "after"),
    Point("settled", _ORDERS, "complete", "after"),
    Point("about to post", _DELIVERIES, "begin_posting", "after"),
    Point("post under way", _DELIVERY, "_send", "before"),
    Point("posted, not marked", _DELIVERY, "_send", "after"),
    Point("status closed, not marked", _STATUS, "close", "after"),
    Point("before the mark", _DELIVERIES, "delivered", "before"),
    Point("marked", _DELIVERIES, "delivered", "after"),
    Point("cancelled, not released", "storage.ledger", "release", "before", Deed.CANCEL),
    Point("released, not committed", "storage.ledger", "release", "after", Deed.CANCEL),
    Point("cancelled", _ORDERS, "cancel", "after", Deed.CANCEL),
    Point("attempt lost, not noted", _ORDERS, "fail", "before", Deed.BREAK),
    Point("attempt noted as lost", _ORDERS, "fail", "after", Deed.BREAK),
    Point("failed and released, not committed", "storage.ledger", "release", "after", Deed.BREAK),
    Point("failure told, not marked", "bot.posting:ClipPost", "say", "after", Deed.BREAK, only="could not be made"),
    Point("about to hand back", _ORDERS, "hand_back", "before", Deed.STOP),
    Point("handed back, not committed", "storage.jobs", "hand_back", "after", Deed.STOP),
    Point("handed back", _ORDERS, "hand_back", "after", Deed.STOP),
    Point("about to recover", _ORDERS, "recover", "before", Deed.RETURN, first="rendering"),
    Point("recovered", _ORDERS, "recover", "after", Deed.RETURN, first="claimed"),
    Point("searched for an earlier post", _DELIVERY, "_posted_before", "after", Deed.RETURN, first="post under way"),
    Point("about to post after the restart", _DELIVERIES, "begin_posting", "after", Deed.RETURN, first="settled"),
    Point("posted after the restart, not marked", _DELIVERY, "_send", "after", Deed.RETURN, first="settled"),
    Point("file lost, not refunded", "storage.ledger", "refund", "before", Deed.LOSE, first="settled"),
    Point("refunded, not committed", "storage.ledger", "refund", "after", Deed.LOSE, first="settled"),
    Point("refunded, not told", _ORDERS, "refund", "after", Deed.LOSE, first="settled"),
    Point("forbidden, not given up", _DELIVERIES, "abandon_delivery", "before", Deed.FORBID, first="settled"),
    Point("forbidden and given up", _DELIVERIES, "abandon_delivery", "after", Deed.FORBID, first="settled"),
    Point("closed, not given up", _DELIVERIES, "abandon_delivery", "before", Deed.CLOSE, first="settled"),
    Point("closed and given up", _DELIVERIES, "abandon_delivery", "after", Deed.CLOSE, first="settled"),
)
