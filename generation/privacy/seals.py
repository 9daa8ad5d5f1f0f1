"""Recognises people who were forgotten without keeping who they are: a keyed hash of server and person."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Sealer:
    """Makes seals: HMAC-SHA256 in hex, so that nobody without the ``key`` can try who it might be.

    Seals of one person for different things have nothing in common.
    """

    key: bytes = b""

    def of_person(self, guild_id: int, user_id: int) -> str:
        """For the allowance of the week or month."""
        return self._seal("person", guild_id, user_id)

    def of_share(self, guild_id: int, user_id: int, pool_id: int) -> str:
        """For what each may have of a pool."""
        return self._seal("share", guild_id, user_id, pool_id)

    def _seal(self, what: str, *numbers: int) -> str:
        text = ":".join([what, *map(str, numbers)])
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()


UNKEYED: Final = Sealer()
"""For those who have no data folder to keep a key in."""
