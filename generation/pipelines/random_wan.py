"""Wan pipelines with random weights, at their published sizes or tiny."""

from typing import Any

import torch
from diffusers import (
    AutoencoderKLWan,
    UniPCMultistepScheduler,
    WanImageToVideoPipeline,
    WanPipeline,
    WanTransformer3DModel,
)
from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModel, UMT5Config, UMT5EncoderModel

from generation.catalog import Model
from generation.pipelines.random_text import t5_settings, t5_tokenizer, text_width

UMT5_TOKENS = 256384


def random_wan(model: Model, *, tiny: bool) -> Any:
    """The pipeline that the repository of a Wan entry holds, with random weights on the default device.

    An entry that makes text to video as well as animating is the 5B model; one expert that only animates is
    Wan 2.1 with its CLIP encoder.
    """
    both = len(model.pipelines) == 2
    anchored = "animate" in model.pipelines and not both
    clip = anchored and model.boundary is None
    vae = _vae(wide=both, tiny=tiny)
    latent = vae.config.z_dim
    channels = 2 * latent + 4 if anchored else latent
    extra: dict[str, Any] = _image_encoder(tiny=tiny) if clip else {}
    width = {} if not both or tiny else {"num_attention_heads": 24, "num_layers": 30, "ffn_dim": 14336}
    if clip:
        width = {"image_dim": 16, "added_kv_proj_dim": 24} if tiny else {"image_dim": 1280, "added_kv_proj_dim": 5120}
    if both:
        extra["expand_timesteps"] = True
    if model.boundary is not None:
        extra["boundary_ratio"] = model.boundary
    return (WanImageToVideoPipeline if anchored else WanPipeline)(
        tokenizer=t5_tokenizer(),
        text_encoder=UMT5EncoderModel(UMT5Config(**t5_settings(tiny=tiny, vocabulary=UMT5_TOKENS))).eval(),
        vae=vae,
        transformer=_transformer(channels, latent, tiny=tiny, **width),
        transformer_2=_transformer(channels, latent, tiny=tiny) if model.boundary else None,
        scheduler=_scheduler(),
        **extra,
    )


def _scheduler() -> Any:
    with torch.device("cpu"):
        return UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, num_train_timesteps=1000, flow_shift=3.0
        )


def _vae(*, wide: bool, tiny: bool) -> Any:
    depth: dict[str, Any] = {"temperal_downsample": [False, True, True]}
    if tiny:
        depth |= {"base_dim": 8, "dim_mult": [1, 1, 1, 1], "num_res_blocks": 1}
    if not wide:
        return AutoencoderKLWan(z_dim=16, **depth).eval()
    return AutoencoderKLWan(
        **({"base_dim": 160, "dim_mult": [1, 2, 4, 4]} | depth),
        decoder_base_dim=8 if tiny else 256,
        z_dim=48,
        in_channels=12,
        out_channels=12,
        is_residual=True,
        patch_size=2,
        latents_mean=[0.0] * 48,
        latents_std=[1.0] * 48,
        scale_factor_spatial=16,
    ).eval()


def _transformer(channels: int, latent: int, *, tiny: bool, **changes: Any) -> Any:
    sizes: dict[str, Any] = {"num_attention_heads": 40, "attention_head_dim": 128, "num_layers": 40}
    sizes |= {"freq_dim": 256, "ffn_dim": 13824}
    if tiny:
        sizes = {"num_attention_heads": 2, "attention_head_dim": 12, "num_layers": 3, "freq_dim": 32, "ffn_dim": 32}
    return WanTransformer3DModel(
        **(sizes | changes),
        patch_size=(1, 2, 2),
        in_channels=channels,
        out_channels=latent,
        text_dim=text_width(tiny=tiny),
        cross_attn_norm=True,
        qk_norm="rms_norm_across_heads",
    ).eval()


def _image_encoder(*, tiny: bool) -> dict[str, Any]:
    sizes = {"hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 32, "num_attention_heads": 16}
    if tiny:
        sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 3, "num_attention_heads": 2}
    side = 28 if tiny else 224
    encoder = CLIPVisionModel(CLIPVisionConfig(**sizes, image_size=side, patch_size=14)).eval()
    processor = CLIPImageProcessor(size={"shortest_edge": side}, crop_size={"height": side, "width": side})
    return {"image_encoder": encoder, "image_processor": processor}
