"""What one worker keeps in host memory for later, and how much room is left there."""

from generation.pipelines.memory import waiting_limit_bytes
from generation.pipelines.settings import PipelineSettings


class Waiting:
    """Bytes of host memory by model, under the limit of the settings. Importing it needs no torch."""

    def __init__(self, settings: PipelineSettings) -> None:
        self._limit_bytes = waiting_limit_bytes(settings)
        self._kept_bytes: dict[str, int] = {}

    def note(self, model_id: str, size_bytes: int) -> None:
        """That model now keeps so much; 0 forgets it."""
        self._kept_bytes[model_id] = size_bytes

    @property
    def is_over(self) -> bool:
        """Whether more is kept than may be."""
        return sum(self._kept_bytes.values()) > self._limit_bytes

    def room_bytes(self, model_id: str) -> int:
        """What is left for that model besides what the others keep."""
        others = sum(size for name, size in self._kept_bytes.items() if name != model_id)
        return max(0, self._limit_bytes - others)
