"""LTX pipelines with random weights, at their published sizes or tiny."""

from typing import Any

import torch
from diffusers import (
    AutoencoderKLLTX2Audio,
    AutoencoderKLLTX2Video,
    AutoencoderKLLTXVideo,
    FlowMatchEulerDiscreteScheduler,
    LTX2Pipeline,
    LTX2VideoTransformer3DModel,
    LTXPipeline,
    LTXVideoTransformer3DModel,
)
from diffusers.pipelines.ltx2 import LTX2TextConnectors
from diffusers.pipelines.ltx2.vocoder import LTX2VocoderWithBWE
from transformers import T5Config, T5EncoderModel

from generation.catalog import Model
from generation.pipelines.random_text import gemma, gemma_tokenizer, t5_settings, t5_tokenizer, text_width

T5_TOKENS = 32128

_LTX2_FLAGS = ("gated_attn", "cross_attn_mod", "audio_gated_attn", "audio_cross_attn_mod", "perturbed_attn")


def random_ltx(model: Model, *, tiny: bool) -> Any:
    """The pipeline that the repository of an LTX entry holds, with random weights on the default device."""
    if not any(name.startswith("LTX2") for name in model.pipelines.values()):
        return _ltx_video(tiny=tiny)
    # A distilled model brings a scheduler that spaces its steps as they are listed.
    distilled = all(preset.sigmas for preset in model.presets.values())
    return LTX2Pipeline(
        scheduler=_scheduler(shifting=not distilled),
        vae=_ltx2_vae(tiny=tiny),
        audio_vae=_ltx2_audio_vae(tiny=tiny),
        vocoder=_vocoder(tiny=tiny),
        connectors=_connectors(tiny=tiny),
        text_encoder=gemma(tiny=tiny),
        tokenizer=gemma_tokenizer(),
        transformer=_ltx2_transformer(tiny=tiny),
    )


def _scheduler(*, shifting: bool) -> Any:
    with torch.device("cpu"):
        return FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=shifting, shift_terminal=0.1 if shifting else None)


def _ltx2_vae(*, tiny: bool) -> Any:
    sizes: dict[str, Any] = {"spatial_compression_ratio": 32, "temporal_compression_ratio": 8}
    if tiny:
        sizes |= {"latent_channels": 16, "block_out_channels": (8, 16, 32, 64)}
        sizes |= {"decoder_block_out_channels": (8, 16, 32), "layers_per_block": (1,) * 5}
        sizes |= {"decoder_layers_per_block": (1,) * 4}
    return AutoencoderKLLTX2Video(**sizes).eval()


def _ltx2_transformer(*, tiny: bool) -> Any:
    sizes: dict[str, Any] = {}
    if tiny:
        sizes = {"in_channels": 16, "out_channels": 16, "num_attention_heads": 2, "attention_head_dim": 8}
        sizes |= {"cross_attention_dim": 16, "audio_in_channels": 8, "audio_out_channels": 8, "num_layers": 2}
        sizes |= {"audio_num_attention_heads": 2, "audio_attention_head_dim": 4, "audio_cross_attention_dim": 8}
        sizes |= {"caption_channels": 16, "rope_double_precision": False}
    flags = dict.fromkeys(_LTX2_FLAGS, True)
    return LTX2VideoTransformer3DModel(**sizes, **flags, rope_type="split", use_prompt_embeddings=False).eval()


def _ltx2_audio_vae(*, tiny: bool) -> Any:
    sizes = {"base_channels": 8, "ch_mult": (1, 1, 1), "num_res_blocks": 1, "latent_channels": 2, "mel_bins": 16}
    return AutoencoderKLLTX2Audio(**(sizes if tiny else {})).eval()


def _vocoder(*, tiny: bool) -> Any:
    sizes: dict[str, Any] = {}
    if tiny:
        sizes = {"in_channels": 32, "hidden_channels": 32, "bwe_in_channels": 32, "bwe_hidden_channels": 32}
        sizes |= {"upsample_kernel_sizes": [16, 10], "upsample_factors": [16, 10]}
        sizes |= {"bwe_upsample_kernel_sizes": [24, 10], "bwe_upsample_factors": [24, 10]}
        sizes |= {"resnet_kernel_sizes": [3], "resnet_dilations": [[1]]}
        sizes |= {"bwe_resnet_kernel_sizes": [3], "bwe_resnet_dilations": [[1]], "num_mel_channels": 16}
        sizes |= {"filter_length": 128, "window_length": 128}
    return LTX2VocoderWithBWE(**sizes).eval()


def _connectors(*, tiny: bool) -> Any:
    sizes: dict[str, Any] = {"video_hidden_dim": 4096, "audio_hidden_dim": 2048}
    sizes |= {"video_connector_num_attention_heads": 32, "audio_connector_num_attention_heads": 32}
    sizes |= {"audio_connector_attention_head_dim": 64}
    sizes |= {"video_connector_num_layers": 8, "audio_connector_num_layers": 8}
    if tiny:
        sizes = {"caption_channels": 16, "text_proj_in_factor": 3, "video_hidden_dim": 16, "audio_hidden_dim": 8}
        sizes |= {"video_connector_num_attention_heads": 2, "video_connector_attention_head_dim": 8}
        sizes |= {"audio_connector_num_attention_heads": 2, "audio_connector_attention_head_dim": 4}
        sizes |= {"video_connector_num_layers": 1, "audio_connector_num_layers": 1}
        sizes |= {"video_connector_num_learnable_registers": 16, "audio_connector_num_learnable_registers": 16}
        sizes |= {"connector_rope_base_seq_len": 32, "rope_double_precision": False}
    return LTX2TextConnectors(**sizes, rope_type="split", per_modality_projections=True, proj_bias=True).eval()


def _ltx_video(*, tiny: bool) -> Any:
    text = T5EncoderModel(T5Config(**t5_settings(tiny=tiny, vocabulary=T5_TOKENS))).eval()
    sizes = {"num_attention_heads": 32, "attention_head_dim": 128, "cross_attention_dim": 4096, "num_layers": 48}
    if tiny:
        sizes = {"num_attention_heads": 2, "attention_head_dim": 8, "cross_attention_dim": 16, "num_layers": 2}
        sizes |= {"in_channels": 16, "out_channels": 16}
    return LTXPipeline(
        scheduler=_scheduler(shifting=True),
        vae=_ltx_video_vae(tiny=tiny),
        text_encoder=text,
        tokenizer=t5_tokenizer(),
        transformer=LTXVideoTransformer3DModel(**sizes, caption_channels=text_width(tiny=tiny)).eval(),
    )


def _ltx_video_vae(*, tiny: bool) -> Any:
    if tiny:
        return AutoencoderKLLTXVideo(
            latent_channels=16,
            block_out_channels=(8, 8, 8, 8),
            decoder_block_out_channels=(8, 8, 8, 8),
            layers_per_block=(1,) * 5,
            decoder_layers_per_block=(1,) * 5,
            decoder_inject_noise=(False,) * 5,
            timestep_conditioning=True,
        ).eval()
    return AutoencoderKLLTXVideo(
        block_out_channels=(128, 256, 512, 1024, 2048),
        down_block_types=("LTXVideo095DownBlock3D",) * 4,
        decoder_block_out_channels=(256, 512, 1024),
        layers_per_block=(4, 6, 6, 2, 2),
        decoder_layers_per_block=(5, 5, 5, 5),
        spatio_temporal_scaling=(True,) * 4,
        decoder_spatio_temporal_scaling=(True,) * 3,
        decoder_inject_noise=(False,) * 4,
        downsample_type=("spatial", "temporal", "spatiotemporal", "spatiotemporal"),
        upsample_residual=(True,) * 3,
        upsample_factor=(2,) * 3,
        timestep_conditioning=True,
    ).eval()
