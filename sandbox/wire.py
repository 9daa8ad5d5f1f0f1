"""The few shapes that every JSON body on Discord's wire shares."""

from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]


def iso8601(unix_seconds: float) -> str:
    """Unix seconds as the ISO 8601 text that Discord writes, in UTC with microseconds."""
    return datetime.fromtimestamp(unix_seconds, UTC).isoformat(timespec="microseconds")
