"""Candidates in one order, such as by age: as it is, and as it will be without touching it."""

from bisect import bisect_left, insort
from collections.abc import Callable

from sortedcontainers import SortedKeyList

from generation.line.fairness import Candidate

Key = tuple[float, ...]
"""What candidates are ordered by; it ends with the job's id, so that no two are equal."""


class Order:
    """Candidates in one order; each change takes time logarithmic in their number."""

    def __init__(self, key: Callable[[Candidate], Key]) -> None:
        self.key = key
        self.members: SortedKeyList = SortedKeyList(key=key)

    @property
    def first(self) -> Candidate | None:
        """Whoever leads, if there is anybody."""
        return self.members[0] if self.members else None

    def add(self, candidate: Candidate) -> None:
        """Take a place by the key."""
        self.members.add(candidate)

    def remove(self, candidate: Candidate) -> None:
        """Leave; raises ValueError for one that is not in order."""
        self.members.remove(candidate)


class OrderAhead(Order):
    """An order as it will be: what comes and goes is kept here, and the one that it looks at stays as it is.

    That one is read from its front only as far as it is asked for, so nothing is copied.
    """

    def __init__(self, order: Order) -> None:
        # Not the parent's: there are no members of its own that stand in order.
        self.key = order.key
        self._rest = ((order.key(candidate), candidate) for candidate in order.members)
        self._next = next(self._rest, None)
        self._came: list[tuple[Key, Candidate]] = []
        self._gone: set[int] = set()

    @property
    def first(self) -> Candidate | None:
        """See Order.first."""
        while self._next is not None and self._next[1].job.job_id in self._gone:
            self._next = next(self._rest, None)
        if self._came and (self._next is None or self._came[0] < self._next):
            return self._came[0][1]
        return None if self._next is None else self._next[1]

    def add(self, candidate: Candidate) -> None:
        """See Order.add."""
        insort(self._came, (self.key(candidate), candidate))

    def remove(self, candidate: Candidate) -> None:
        """Leave; one that never came must be of the order that this one looks at."""
        key = self.key(candidate)
        at = bisect_left(self._came, (key,))
        if at < len(self._came) and self._came[at][0] == key:
            del self._came[at]
        else:
            self._gone.add(candidate.job.job_id)
