"""LTX-2.3 with its sound, and LTX-Video 0.9.7."""

from collections.abc import Iterator, Mapping
from typing import Any

import torch

from generation.catalog import Preset
from generation.pipelines.base import Sound
from generation.pipelines.decoding import check_latents
from generation.pipelines.diffusion import DiffusionPipeline, Latents
from generation.pipelines.embeddings import Embedding
from generation.pipelines.sound import fit_sound
from generation.request import ClipRequest

UNGUIDED: Mapping[str, float] = {
    "stg_scale": 0.0,
    "modality_scale": 1.0,
    "guidance_rescale": 0.0,
    "audio_guidance_scale": 1.0,
    "audio_stg_scale": 0.0,
    "audio_modality_scale": 1.0,
    "audio_guidance_rescale": 0.0,
}
"""Every guidance of LTX-2 off: its call's own defaults would run each step up to four times."""


class LTX2VideoPipeline(DiffusionPipeline):
    """LTX-2.3 behind ``base.Pipeline``: video and sound are denoised together."""

    def _arguments(self, request: ClipRequest, preset: Preset) -> dict[str, Any]:
        arguments = {**UNGUIDED, **super()._arguments(request, preset), "frame_rate": float(request.model.fps)}
        if preset.sigmas is not None:
            arguments["sigmas"] = list(preset.sigmas)
        return arguments

    @torch.no_grad()
    def _encode(self, text: str) -> Embedding:
        embedding, mask, _, _ = self.pipe.encode_prompt(text, do_classifier_free_guidance=False)
        return embedding, mask

    def _named(self, prefix: str, embedding: Embedding) -> dict[str, Any]:
        return {f"{prefix}_embeds": embedding[0], f"{prefix}_attention_mask": embedding[1]}

    def _latents(self, output: Any, generator: torch.Generator) -> Latents:
        video, audio = output
        check_latents(video)
        check_latents(audio)
        return {"video": video.to("cpu"), "audio": audio.to("cpu")}

    def _preview_chunk(self, request: ClipRequest, estimate: torch.Tensor) -> torch.Tensor:
        vae = self.pipe.vae
        part = _middle_frame(self.pipe, request, estimate)
        part = self.pipe._denormalize_latents(part, vae.latents_mean, vae.latents_std, vae.config.scaling_factor)
        chunk: torch.Tensor = vae.decode(part.to(vae.dtype), None, return_dict=False)[0][0]
        return chunk

    @torch.no_grad()
    def _chunks(self, request: ClipRequest, latents: Latents) -> Iterator[torch.Tensor]:
        vae = self.pipe.vae
        yield vae.decode(latents["video"].to(self.settings.place, vae.dtype), None, return_dict=False)[0][0]

    @torch.no_grad()
    def _sound(self, request: ClipRequest, latents: Latents) -> Sound | None:
        if not request.sound:
            return None
        audio = latents["audio"].to(self.settings.place, self.pipe.audio_vae.dtype)
        waves = self.pipe.vocoder(self.pipe.audio_vae.decode(audio, return_dict=False)[0])
        check_latents(waves)
        rate = int(self.pipe.vocoder.config.output_sampling_rate)
        return fit_sound(waves[0].float().cpu().numpy(), rate, request.frames, request.model.fps)


class LTXVideoPipeline(DiffusionPipeline):
    """LTX-Video 0.9.7 behind ``base.Pipeline``; its decoder takes part in the last denoising step."""

    def _arguments(self, request: ClipRequest, preset: Preset) -> dict[str, Any]:
        return {**super()._arguments(request, preset), "frame_rate": request.model.fps}

    @torch.no_grad()
    def _encode(self, text: str) -> Embedding:
        embedding, mask, _, _ = self.pipe.encode_prompt(text, do_classifier_free_guidance=False)
        return embedding, mask

    def _named(self, prefix: str, embedding: Embedding) -> dict[str, Any]:
        return {f"{prefix}_embeds": embedding[0], f"{prefix}_attention_mask": embedding[1]}

    def _latents(self, output: Any, generator: torch.Generator) -> Latents:
        video = output[0]
        check_latents(video)
        # The pipeline's own decoding goes on with the job's generator; drawn on the CPU it is the same on any device.
        noise = torch.randn(video.numel(), generator=generator, dtype=self.pipe.vae.dtype)
        return {"video": video.to("cpu"), "noise": noise}

    def _preview_chunk(self, request: ClipRequest, estimate: torch.Tensor) -> torch.Tensor:
        part = self._plain(_middle_frame(self.pipe, request, estimate))
        chunk: torch.Tensor = self._decode(part, 0.0)
        return chunk

    @torch.no_grad()
    def _chunks(self, request: ClipRequest, latents: Latents) -> Iterator[torch.Tensor]:
        options = request.model.presets[request.preset].options
        when = options.get("decode_timestep", 0.0)
        video = self._plain(_unpacked(self.pipe, request, latents["video"].to(self.settings.place)))
        if self.pipe.vae.config.timestep_conditioning:
            # A tensor, so that it is rounded as in the pipeline's own decoding.
            amount = torch.tensor(options.get("decode_noise_scale", when)).to(video)
            video = (1 - amount) * video + amount * latents["noise"].view(video.shape).to(video)
        yield self._decode(video, when)

    def _plain(self, latents: torch.Tensor) -> torch.Tensor:
        vae = self.pipe.vae
        plain = self.pipe._denormalize_latents(latents, vae.latents_mean, vae.latents_std, vae.config.scaling_factor)
        return plain.to(vae.dtype)  # type: ignore[no-any-return]

    def _decode(self, latents: torch.Tensor, timestep: float) -> torch.Tensor:
        vae = self.pipe.vae
        conditioned = vae.config.timestep_conditioning
        when = torch.tensor([timestep], device=latents.device, dtype=latents.dtype) if conditioned else None
        return vae.decode(latents, when, return_dict=False)[0][0]  # type: ignore[no-any-return]

    def _sound(self, request: ClipRequest, latents: Latents) -> Sound | None:
        return None


def _unpacked(pipe: Any, request: ClipRequest, latents: torch.Tensor) -> torch.Tensor:
    """Latents (1, channels, frames, height, width), whether they come packed into a sequence or not."""
    if latents.ndim == 5:
        return latents
    frames = (request.frames - 1) // pipe.vae_temporal_compression_ratio + 1
    height = request.height // pipe.vae_spatial_compression_ratio
    width = request.width // pipe.vae_spatial_compression_ratio
    sizes = (pipe.transformer_spatial_patch_size, pipe.transformer_temporal_patch_size)
    return pipe._unpack_latents(latents, frames, height, width, *sizes)  # type: ignore[no-any-return]


def _middle_frame(pipe: Any, request: ClipRequest, estimate: torch.Tensor) -> torch.Tensor:
    latents = _unpacked(pipe, request, estimate)
    index = latents.shape[2] // 2
    return latents[:, :, index : index + 1]
