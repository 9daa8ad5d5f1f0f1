"""Tiny random checkpoints of every model on the menu, in the published folder layouts, made in seconds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKLLTX2Audio,
    AutoencoderKLLTX2Video,
    AutoencoderKLLTXVideo,
    AutoencoderKLWan,
    FlowMatchEulerDiscreteScheduler,
    LTX2Pipeline,
    LTX2VideoTransformer3DModel,
    LTXPipeline,
    LTXVideoTransformer3DModel,
    UniPCMultistepScheduler,
    WanImageToVideoPipeline,
    WanPipeline,
    WanTransformer3DModel,
)
from diffusers.pipelines.ltx2 import LTX2TextConnectors
from diffusers.pipelines.ltx2.vocoder import LTX2VocoderWithBWE
from safetensors.torch import save_file
from transformers import (
    CLIPImageProcessor,
    CLIPVisionConfig,
    CLIPVisionModel,
    T5Config,
    T5EncoderModel,
    UMT5Config,
    UMT5EncoderModel,
)

from generation.catalog import Lora, Model
from tests.checkpoint_texts import TEXT_WIDTH, gemma, gemma_tokenizer, t5_settings, t5_tokenizer

WAN_LAYERS = 3


def build_checkpoint(model: Model, root: Path) -> Path:
    """Write ``model``'s repository, and those of its LoRAs, as folders under ``root``; idempotent."""
    assert model.repository
    folder = root / model.repository
    if not folder.exists():
        torch.manual_seed(0)
        BUILDERS[model.id](folder)
    for preset in model.presets.values():
        if preset.lora and not (root / preset.lora.repository / preset.lora.files[0]).exists():
            build_lora(preset.lora, root)
    return folder


def build_lora(lora: Lora, root: Path, *, width: int = 24, rank: int = 2, layers: int = WAN_LAYERS) -> None:
    """LoRA files with the original Wan key names, and the bias differences that the published ones carry."""
    for number, file in enumerate(lora.files):
        generator = torch.Generator().manual_seed(100 + number)
        tensors: dict[str, torch.Tensor] = {}
        for layer in range(layers):
            for name in ("self_attn.q", "self_attn.k", "self_attn.v", "self_attn.o", "cross_attn.q", "cross_attn.o"):
                key = f"diffusion_model.blocks.{layer}.{name}"
                tensors[f"{key}.lora_down.weight"] = torch.randn(rank, width, generator=generator)
                tensors[f"{key}.lora_up.weight"] = torch.randn(width, rank, generator=generator)
                tensors[f"{key}.diff_b"] = torch.randn(width, generator=generator) * 0.1
        path = root / lora.repository / file
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(tensors, path)


def _wan_vae(*, wide: bool) -> AutoencoderKLWan:
    common: dict[str, Any] = {"dim_mult": [1, 1, 1, 1], "num_res_blocks": 1, "temperal_downsample": [False, True, True]}
    if not wide:
        return AutoencoderKLWan(base_dim=8, z_dim=16, **common).eval()
    sizes = {"base_dim": 8, "decoder_base_dim": 8, "z_dim": 48, "in_channels": 12, "out_channels": 12}
    scale = {"latents_mean": [0.0] * 48, "latents_std": [1.0] * 48, "patch_size": 2, "scale_factor_spatial": 16}
    return AutoencoderKLWan(is_residual=True, **sizes, **scale, **common).eval()


def _wan_transformer(channels: int, latent: int, **more: Any) -> WanTransformer3DModel:
    return WanTransformer3DModel(
        patch_size=(1, 2, 2),
        num_attention_heads=2,
        attention_head_dim=12,
        num_layers=WAN_LAYERS,
        in_channels=channels,
        out_channels=latent,
        text_dim=TEXT_WIDTH,
        freq_dim=32,
        ffn_dim=32,
        cross_attn_norm=True,
        qk_norm="rms_norm_across_heads",
        **more,
    ).eval()


def _wan(folder: Path, cls: type, channels: int, *, wide: bool = False, two: bool = False, **more: Any) -> None:
    latent = 48 if wide else 16
    extra = more.pop("transformer", {})
    more["transformer_2"] = _wan_transformer(channels, latent) if two else None
    cls(
        tokenizer=t5_tokenizer(),
        text_encoder=UMT5EncoderModel(UMT5Config(**t5_settings())).eval(),
        vae=_wan_vae(wide=wide),
        transformer=_wan_transformer(channels, latent, **extra),
        scheduler=UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, num_train_timesteps=1000, flow_shift=3.0
        ),
        **more,
    ).save_pretrained(folder)


def _wan_clip(folder: Path) -> None:
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 3, "num_attention_heads": 2}
    vision = CLIPVisionModel(CLIPVisionConfig(**sizes, image_size=28, patch_size=14)).eval()
    processor = CLIPImageProcessor(size={"shortest_edge": 28}, crop_size={"height": 28, "width": 28})
    image = {"image_dim": 16, "added_kv_proj_dim": 24}
    _wan(folder, WanImageToVideoPipeline, 36, image_encoder=vision, image_processor=processor, transformer=image)


def _ltx2_vae() -> AutoencoderKLLTX2Video:
    return AutoencoderKLLTX2Video(
        latent_channels=16,
        block_out_channels=(8, 16, 32, 64),
        decoder_block_out_channels=(8, 16, 32),
        layers_per_block=(1, 1, 1, 1, 1),
        decoder_layers_per_block=(1, 1, 1, 1),
        spatial_compression_ratio=32,
        temporal_compression_ratio=8,
    ).eval()


def _ltx2_transformer() -> LTX2VideoTransformer3DModel:
    flags = ("gated_attn", "cross_attn_mod", "audio_gated_attn", "audio_cross_attn_mod", "perturbed_attn")
    return LTX2VideoTransformer3DModel(
        in_channels=16,
        out_channels=16,
        num_attention_heads=2,
        attention_head_dim=8,
        cross_attention_dim=16,
        audio_in_channels=8,
        audio_out_channels=8,
        num_layers=2,
        audio_num_attention_heads=2,
        audio_attention_head_dim=4,
        audio_cross_attention_dim=8,
        caption_channels=16,
        rope_double_precision=False,
        rope_type="split",
        **dict.fromkeys(flags, True),
        use_prompt_embeddings=False,
    ).eval()


def _ltx2_sound() -> tuple[AutoencoderKLLTX2Audio, LTX2VocoderWithBWE]:
    vae = AutoencoderKLLTX2Audio(base_channels=8, ch_mult=(1, 1, 1), num_res_blocks=1, latent_channels=2, mel_bins=16)
    vocoder = LTX2VocoderWithBWE(
        in_channels=32,
        hidden_channels=32,
        upsample_kernel_sizes=[16, 10],
        upsample_factors=[16, 10],
        resnet_kernel_sizes=[3],
        resnet_dilations=[[1]],
        bwe_resnet_kernel_sizes=[3],
        bwe_in_channels=32,
        bwe_hidden_channels=32,
        bwe_upsample_kernel_sizes=[24, 10],
        bwe_upsample_factors=[24, 10],
        bwe_resnet_dilations=[[1]],
        num_mel_channels=16,
        filter_length=128,
        window_length=128,
        hop_length=80,
    )
    return vae.eval(), vocoder.eval()


def _ltx2(folder: Path, **scheduler: Any) -> None:
    audio_vae, vocoder = _ltx2_sound()
    connectors = LTX2TextConnectors(
        caption_channels=16,
        text_proj_in_factor=3,
        video_hidden_dim=16,
        audio_hidden_dim=8,
        video_connector_num_attention_heads=2,
        video_connector_attention_head_dim=8,
        audio_connector_num_attention_heads=2,
        audio_connector_attention_head_dim=4,
        video_connector_num_layers=1,
        audio_connector_num_layers=1,
        connector_rope_base_seq_len=32,
        video_connector_num_learnable_registers=16,
        audio_connector_num_learnable_registers=16,
        rope_double_precision=False,
        rope_type="split",
        per_modality_projections=True,
        proj_bias=True,
    ).eval()
    LTX2Pipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(**scheduler),
        vae=_ltx2_vae(),
        audio_vae=audio_vae,
        vocoder=vocoder,
        connectors=connectors,
        text_encoder=gemma(),
        tokenizer=gemma_tokenizer(),
        transformer=_ltx2_transformer(),
    ).save_pretrained(folder)


def _ltx_old(folder: Path) -> None:
    vae = AutoencoderKLLTXVideo(
        latent_channels=16,
        block_out_channels=(8, 8, 8, 8),
        decoder_block_out_channels=(8, 8, 8, 8),
        layers_per_block=(1,) * 5,
        decoder_layers_per_block=(1,) * 5,
        timestep_conditioning=True,
        decoder_inject_noise=(False,) * 5,
    ).eval()
    transformer = LTXVideoTransformer3DModel(
        in_channels=16,
        out_channels=16,
        num_attention_heads=2,
        attention_head_dim=8,
        cross_attention_dim=16,
        caption_channels=TEXT_WIDTH,
        num_layers=2,
    ).eval()
    text = T5EncoderModel(T5Config(**t5_settings())).eval()
    scheduler = FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True, shift_terminal=0.1)
    LTXPipeline(
        scheduler=scheduler, vae=vae, text_encoder=text, tokenizer=t5_tokenizer(), transformer=transformer
    ).save_pretrained(folder)


BUILDERS: dict[str, Callable[[Path], None]] = {
    "wan2.2-i2v-a14b": lambda folder: _wan(folder, WanImageToVideoPipeline, 36, two=True, boundary_ratio=0.9),
    "wan2.2-ti2v-5b": lambda folder: _wan(folder, WanPipeline, 48, wide=True, expand_timesteps=True),
    "wan2.2-t2v-a14b": lambda folder: _wan(folder, WanPipeline, 16, two=True, boundary_ratio=0.875),
    "wan2.1-i2v-14b-480p": _wan_clip,
    "ltx-2.3": lambda folder: _ltx2(folder, use_dynamic_shifting=True, shift_terminal=0.1),
    "ltx-2.3-distilled": lambda folder: _ltx2(folder, use_dynamic_shifting=False),
    "ltx-video-0.9.7-distilled": _ltx_old,
}
