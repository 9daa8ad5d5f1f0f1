"""Reads when something begins or ends: a length of time from now, a time of day, or a date and time; pure."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_PART = r"(\d+(?:[.,]\d+)?)\s*(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)"
_LENGTH = re.compile(rf"(?:in\s+)?{_PART}(?:[\s,]*(?:and\s+)?{_PART})*")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def read_moment(text: str, *, now: float, timezone: ZoneInfo) -> float | None:
    """Seconds since the epoch of “in 2 h”, “1 d 12 h”, “18:00” (the next one) or “2026-11-30 18:00”.

    Times of day and dates are of ``timezone`` unless they name an offset. None for what is none of these.
    """
    typed = " ".join(text.casefold().split())
    if _LENGTH.fullmatch(typed):
        return now + sum(float(count.replace(",", ".")) * _UNITS[unit[0]] for count, unit in re.findall(_PART, typed))
    here = datetime.fromtimestamp(now, timezone)
    if time := _TIME.fullmatch(typed):
        moment = here.replace(hour=int(time[1]), minute=int(time[2]), second=0, microsecond=0)
        return (moment if moment > here else moment + timedelta(days=1)).timestamp()
    try:
        moment = datetime.fromisoformat(typed.upper())
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone)).timestamp()
    except (ValueError, OverflowError):
        return None
