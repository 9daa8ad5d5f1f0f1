"""What may be chosen in a class at this moment: the menu without what rests, is off, or is not the session's."""

from collections.abc import Sequence

from bot.errors import Refused
from generation.catalog import Catalog, Model, Task
from generation.dispatch import Dispatcher
from generation.errors import RequestError
from generation.teaching.class_rules import Rules
from generation.teaching.sessions import Sessions


class Menu:
    """The models as people of a class are offered them."""

    def __init__(self, catalog: Catalog, rules: Rules, sessions: Sessions, dispatcher: Dispatcher) -> None:
        self._catalog = catalog
        self._rules = rules
        self._sessions = sessions
        self._dispatcher = dispatcher

    async def offered(self, guild_id: int | None, task: Task) -> list[Model]:
        """The menu of this class for the task: without models that rest, and without those its instructors took off.

        In a session that is held with one model it is that one, where it can be used.
        """
        off, held_with = frozenset[str](), None
        if guild_id is not None:
            off = (await self._rules.of(guild_id)).models_off
            session = await self._sessions.running(guild_id)
            held_with = None if session is None else session.model_id
        able = [
            model
            for model in self._catalog
            if task in model.tasks and model.id not in off and not self.is_resting(model)
        ]
        return [model for model in able if model.id == held_with] or able

    def choose(self, model_id: str | None, task: Task, offered: Sequence[Model]) -> Model:
        """The model of that id, or the first one offered; never one that rests. Raises Refused or RequestError."""
        if model_id is not None and model_id not in self._catalog.models:
            raise RequestError("unknown_model", model=model_id)
        able = [model for model in self._catalog if task in model.tasks]
        if model_id is None and not able:
            raise Refused(f"nobody-can-{task}")
        model = (offered or able)[0] if model_id is None else self._catalog[model_id]
        if self.is_resting(model):
            raise Refused("model-resting", model=model.label)
        return model

    def is_resting(self, model: Model) -> bool:
        """Whether the model is off the menu for now."""
        return self._dispatcher.health.is_resting(model.id)
