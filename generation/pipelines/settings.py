"""How this machine runs the diffusion pipelines: read from the environment, without torch."""

from collections.abc import Container, Iterable
from math import inf
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field
from pydantic.types import PathType
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

GPU_PREFIX = "STILLMOTION_GPU_"

AtHome = Annotated[Path, AfterValidator(Path.expanduser)]
"""A path that may begin with ``~``: no shell looks at what stands in a file or between quotes."""

PlanName = Literal["resident", "offload", "stream", "stream_int8"]


def _names(value: object) -> object:
    """The parts between the commas of a text; anything else is as it was."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


class PipelineSettings(BaseSettings):
    """Where the weights are and how they run; a worker's process builds it once from its own environment."""

    model_config = SettingsConfigDict(
        env_prefix=GPU_PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

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


def written_names(settings: type[BaseSettings]) -> set[str]:
    """How the settings of a class are written in the environment: with its prefix, or as an alias says."""
    prefix = str(settings.model_config["env_prefix"])
    aliases = {name: field.validation_alias for name, field in settings.model_fields.items()}
    return {
        str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"{prefix}{name.upper()}"
        for name, alias in aliases.items()
    }


def misspelt(environment: Iterable[str], prefix: str, known: Container[str]) -> list[str]:
    """Names of the environment that begin like settings and are none of the known; pydantic overlooks those."""
    return sorted(name for name in environment if name.upper().startswith(prefix) and name.upper() not in known)
