"""The people that the page lets a visitor be: two students and an instructor to begin with, more on request."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sandbox.permissions import P
from sandbox.person import Person

if TYPE_CHECKING:
    from sandbox.server import Sandbox

INSTRUCTOR: Final = "Instructor"
_INSTRUCTOR_COLOR: Final = 0xE6B450
_INSTRUCTOR_MAY: Final = int(
    P.MANAGE_GUILD
    | P.MANAGE_CHANNELS
    | P.MANAGE_MESSAGES
    | P.MANAGE_THREADS
    | P.MODERATE_MEMBERS
    | P.PIN_MESSAGES
    | P.MANAGE_ROLES
)
MAX_NAME: Final = 32  # Discord's help page on display names


@dataclass(frozen=True)
class Part:
    """Somebody to be."""

    name: str
    locale: str
    instructor: bool = False


FIRST_CAST: Final = (
    Part("Ada", "en-US"),
    Part("Ben", "de"),
    Part("Ms. Hopper", "en-US", instructor=True),
)


class Cast:
    """Everybody who can be acted as, by account id; those made elsewhere with `Sandbox.person` belong to it too."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._complete = False

    def ensure(self) -> None:
        """Add whoever of the first cast is missing, once; a visitor always finds somebody to be."""
        if self._complete:
            return
        self._complete = True
        present = {person.name for person in self._sandbox.people.values()}
        for part in FIRST_CAST:
            if part.name not in present:
                self.add(part)

    def add(self, part: Part) -> Person:
        """A new member of the first server."""
        sandbox = self._sandbox
        roles = []
        if part.instructor:
            known = next((role for role in sandbox.guild.roles.values() if role.name == INSTRUCTOR), None)
            roles = [known or sandbox.guild.add_role(INSTRUCTOR, _INSTRUCTOR_MAY, _INSTRUCTOR_COLOR)]
        return sandbox.person(part.name, roles=roles, locale=part.locale)

    def find(self, person_id: str, name: str = "") -> Person | None:
        """The person with an id, else with a name, as after a restart of the sandbox; None if there is neither."""
        people = self._sandbox.people
        if person_id.isdecimal() and int(person_id) in people:
            return people[int(person_id)]
        return next((person for person in people.values() if name and person.name == name), None)

    def first(self) -> Person:
        """Somebody to be for a visitor who has not chosen yet."""
        self.ensure()
        return next(iter(self._sandbox.people.values()))
