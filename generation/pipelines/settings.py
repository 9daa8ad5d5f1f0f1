"""How this machine runs the diffusion pipelines: read from the environment, without torch."""

from math import inf
from typing import Annotated, Literal

from pydantic import AliasChoices, BeforeValidator, Field
from pydantic.types import PathType
from pydantic_settings import BaseSettings, NoDecode

from storage.settings import PREFIX, READ_FROM, AtHome

GPU_PREFIX = f"{PREFIX}GPU_"

PlanName = Literal["resident", "offload", "stream", "stream_int8"]


def _names(value: object) -> object:
    """The parts between the commas of a text; anything else is as it was."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


class PipelineSettings(BaseSettings):
    """Where the weights are and how they run; a worker's process builds it once from its own environment."""

    model_config = READ_FROM | {"env_prefix": GPU_PREFIX}

    device: Literal["cuda", "cpu"] = Field(default="cuda", description="What the models run on.")
    device_index: int = Field(
        default=0,
        ge=0,
        validation_alias=AliasChoices("STILLMOTION_DEVICE_INDEX", "device_index"),
        description="The first card to use; each further worker takes the next.",
    )
    workers: int = Field(
        default=1,
        ge=1,
        validation_alias=AliasChoices("STILLMOTION_WORKERS", "workers"),
        description="Workers on this machine, which share its memory.",
    )
    models_folder: Annotated[AtHome, PathType("dir")] | None = Field(
        default=None, description="A folder of owner/name repositories that goes before the hub cache."
    )
    dtype: Literal["bfloat16", "float32"] = Field(default="bfloat16", description="Of transformers and text encoders.")
    plan: PlanName | None = Field(default=None, description="A memory plan instead of the one that fits the card.")
    attention: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)] = Field(
        default=("_flash_3_hub", "sage", "native"),
        description="Attention backends between commas, the first that works is used.",
    )
    compile: bool = Field(default=False, description="Compile the transformer blocks, warmed up over the shapes.")
    compile_backend: str = Field(default="inductor", description="The torch.compile backend.")
    host_bytes: int | None = Field(
        default=None,
        ge=0,
        description="Most host memory of each worker for weights that wait; half of its share of the machine's "
        "memory if unset.",
    )
    preview_seconds: float = Field(
        default=2.0, ge=0, lt=inf, description="Least time before the first preview of a clip, and between two."
    )
    embeddings_bytes: int = Field(default=10**9, ge=0, description="Most host memory for embeddings of prompts.")
    repeat_seconds: float = Field(
        default=0.2, ge=0, lt=inf, description="Least time between two reports of the same step."
    )

    @property
    def place(self) -> str:
        """The torch device of this worker, such as "cuda:0" or "cpu"."""
        return "cpu" if self.device == "cpu" else f"cuda:{self.device_index}"
