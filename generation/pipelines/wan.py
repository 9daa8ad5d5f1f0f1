"""Wan 2.1 and 2.2: image to video and text to video, with one or two experts."""

from collections.abc import Iterator
from typing import Any

import torch

from generation.catalog import Preset
from generation.pipelines.base import Sound
from generation.pipelines.decoding import check_latents, stream_wan, wan_latents
from generation.pipelines.diffusion import DiffusionPipeline, Latents
from generation.pipelines.embeddings import Embedding
from generation.request import ClipRequest

TEXT_TOKENS = 512
"""Length to which the Wan models were trained to pad and cut their prompts."""


class WanVideoPipeline(DiffusionPipeline):
    """Wan behind ``base.Pipeline``; frames are decoded one latent frame at a time."""

    def _arguments(self, request: ClipRequest, preset: Preset) -> dict[str, Any]:
        arguments = super()._arguments(request, preset)
        if preset.guidance_2 is not None:
            arguments["guidance_scale_2"] = preset.guidance_2
        return arguments

    @torch.no_grad()
    def _encode(self, text: str) -> Embedding:
        embedding, _ = self.pipe.encode_prompt(text, None, False, max_sequence_length=TEXT_TOKENS)
        return (embedding,)

    def _named(self, prefix: str, embedding: Embedding) -> dict[str, Any]:
        return {f"{prefix}_embeds": embedding[0]}

    def _latents(self, output: Any, generator: torch.Generator) -> Latents:
        check_latents(output[0])
        return {"video": output[0].to("cpu")}

    def _preview_chunk(self, request: ClipRequest, estimate: torch.Tensor) -> torch.Tensor:
        # The first frame of an animated still hardly moves, so the preview shows the middle of the clip.
        index = estimate.shape[2] // 2 if request.task == "animate" else 0
        part = wan_latents(self.pipe.vae, estimate[:, :, index : index + 1])
        chunk: torch.Tensor = self.pipe.vae.decode(part, return_dict=False)[0][0]
        return chunk

    def _chunks(self, request: ClipRequest, latents: Latents) -> Iterator[torch.Tensor]:
        return stream_wan(self.pipe.vae, wan_latents(self.pipe.vae, latents["video"]))

    def _sound(self, request: ClipRequest, latents: Latents) -> Sound | None:
        return None
