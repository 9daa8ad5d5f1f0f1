"""Latents to frames: the Wan decoder as a stream, and the checks that keep a broken clip from being delivered."""

from collections.abc import Iterable, Iterator
from typing import Any

import cv2
import numpy as np
import torch
from PIL import Image

from generation.errors import RenderFailed
from generation.pipelines.base import Frame

BLACK_LEVEL = 8
"""A clip in which no pixel of any frame is brighter than this, of 255, shows nothing on any screen."""


def wan_latents(vae: Any, latents: torch.Tensor) -> torch.Tensor:
    """Undo the normalisation of Wan latents, with the same operations as the diffusers pipeline.

    Brings an offloaded VAE to the card, as its own ``decode`` would.
    """
    if hasattr(vae, "_hf_hook"):
        vae._hf_hook.pre_forward(vae)
    latents = latents.to(device=vae.post_quant_conv.weight.device, dtype=vae.dtype)
    shape = (1, vae.config.z_dim, 1, 1, 1)
    mean = torch.tensor(vae.config.latents_mean).view(shape).to(latents.device, latents.dtype)
    inverse = 1.0 / torch.tensor(vae.config.latents_std).view(shape).to(latents.device, latents.dtype)
    return latents / inverse + mean


@torch.no_grad()
def stream_wan(vae: Any, latents: torch.Tensor) -> Iterator[torch.Tensor]:
    """Decode Wan latents (1, channels, n, h, w) one latent frame at a time, as chunks (3, 1 or 4, height, width).

    Joined, the chunks equal ``vae.decode`` bit for bit: the decoder is causal and carries its own state between
    latent frames. A VAE that tiles cannot stream, and gives one chunk.
    """
    if vae.use_tiling:
        yield vae.decode(latents, return_dict=False)[0][0]
        return
    vae.clear_cache()
    try:
        ready = vae.post_quant_conv(latents)
        for index in range(ready.shape[2]):
            vae._conv_idx = [0]
            first = {"first_chunk": True} if index == 0 else {}
            part = ready[:, :, index : index + 1]
            chunk = vae.decoder(part, feat_cache=vae._feat_map, feat_idx=vae._conv_idx, **first)
            if vae.config.patch_size is not None:
                chunk = _unpatchify(chunk, vae.config.patch_size)
            yield torch.clamp(chunk, min=-1.0, max=1.0)[0]
    finally:
        vae.clear_cache()


def _unpatchify(chunk: torch.Tensor, size: int) -> torch.Tensor:
    batch, packed, frames, height, width = chunk.shape
    channels = packed // (size * size)
    chunk = chunk.view(batch, channels, size, size, frames, height, width)
    return chunk.permute(0, 1, 4, 5, 3, 6, 2).reshape(batch, channels, frames, height * size, width * size)


def to_frames(chunk: torch.Tensor) -> Iterator[Frame]:
    """Frames of a decoded chunk (3, n, height, width) in [-1, 1], one at a time, rounded as diffusers' pipelines round.

    Raises RenderFailed("bad_frames") if a value is not a number.
    """
    _check_finite(chunk, "the decoder")
    for index in range(chunk.shape[1]):
        frame = (chunk[:, index] * 0.5).add_(0.5).clamp_(0, 1).float().mul_(255).round_().to(torch.uint8)
        # A tenth of the time of a permuted copy on a processor; the bytes that leave a card are the same.
        yield np.asarray(cv2.merge(list(frame.cpu().numpy())), dtype=np.uint8)


def check_latents(latents: torch.Tensor) -> None:
    """Raise RenderFailed("bad_frames") if the denoised latents, or the sound, hold values that are not numbers."""
    _check_finite(latents, "the transformer")


def _check_finite(values: torch.Tensor, source: str) -> None:
    # The extremes are not numbers if any value is not, and one look finds both; no tensor of answers is made.
    least, most = torch.aminmax(values)
    if not bool(torch.isfinite(least + most)):
        raise RenderFailed("bad_frames", f"{source} returned values that are not numbers")


def not_black(frames: Iterable[Frame], still: Image.Image | None) -> Iterator[Frame]:
    """Pass frames on; at the end raise RenderFailed("bad_frames") if all were black, unless the still was too."""
    brightest = 0
    for frame in frames:
        brightest = max(brightest, int(frame.max()))
        yield frame
    if brightest <= BLACK_LEVEL and (still is None or int(np.asarray(still).max()) > BLACK_LEVEL):
        raise RenderFailed("bad_frames", f"no pixel is brighter than {brightest}")


def quarter(frame: Frame) -> Frame:
    """The frame at a quarter of its width and height, averaged; at least 8 pixels a side."""
    height, width = frame.shape[:2]
    size = (max(8, width // 4), max(8, height // 4))
    return np.asarray(Image.fromarray(frame).resize(size, Image.Resampling.BOX))
