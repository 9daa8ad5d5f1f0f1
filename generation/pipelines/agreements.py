"""Which numbers the parts of a pipeline must agree on, and of which classes they must be: one table for each family.

Rows are as the pipelines of diffusers 0.42.1 connect their parts; where a configuration is silent its class's default
counts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, Final

from generation.catalog import Model

Layout = Mapping[str, Any]

MEL_COMPRESSION: Final = 4
"""Bins of a mel spectrogram in one of its latents; the same in every audio VAE of LTX-2."""

KINDS: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "Wan": {
        "transformer": frozenset({"WanTransformer3DModel"}),
        "transformer_2": frozenset({"WanTransformer3DModel"}),
        "vae": frozenset({"AutoencoderKLWan"}),
        "text_encoder": frozenset({"UMT5EncoderModel"}),
        "image_encoder": frozenset({"CLIPVisionModel", "CLIPVisionModelWithProjection"}),
        "scheduler": frozenset({"UniPCMultistepScheduler"}),
    },
    "LTX2": {
        "transformer": frozenset({"LTX2VideoTransformer3DModel"}),
        "vae": frozenset({"AutoencoderKLLTX2Video"}),
        "audio_vae": frozenset({"AutoencoderKLLTX2Audio"}),
        "vocoder": frozenset({"LTX2Vocoder", "LTX2VocoderWithBWE"}),
        "connectors": frozenset({"LTX2TextConnectors"}),
        "text_encoder": frozenset({"Gemma3ForConditionalGeneration", "Gemma4UnifiedForConditionalGeneration"}),
        "scheduler": frozenset({"FlowMatchEulerDiscreteScheduler"}),
    },
    "LTX": {
        "transformer": frozenset({"LTXVideoTransformer3DModel"}),
        "vae": frozenset({"AutoencoderKLLTXVideo"}),
        "text_encoder": frozenset({"T5EncoderModel"}),
        "scheduler": frozenset({"FlowMatchEulerDiscreteScheduler"}),
    },
}
"""The classes that each part may be of, by the prefix of the pipeline class's name: see ``prefix_of``."""

USUAL: Final[Mapping[str, Layout]] = {
    "WanTransformer3DModel": {
        "in_channels": 16, "out_channels": 16, "text_dim": 4096, "num_attention_heads": 40, "attention_head_dim": 128,
    },
    "UniPCMultistepScheduler": {"prediction_type": "epsilon", "use_flow_sigmas": False},
    "AutoencoderKLWan": {"z_dim": 16, "scale_factor_spatial": 8, "scale_factor_temporal": 4},
    "LTXVideoTransformer3DModel": {
        "in_channels": 128, "out_channels": 128, "caption_channels": 4096, "cross_attention_dim": 2048,
        "num_attention_heads": 32, "attention_head_dim": 64,
    },
    "AutoencoderKLLTXVideo": {"latent_channels": 128},
    "LTX2VideoTransformer3DModel": {
        "in_channels": 128, "out_channels": 128, "caption_channels": 3840, "cross_attention_dim": 4096,
        "audio_in_channels": 128, "audio_out_channels": 128, "audio_cross_attention_dim": 2048,
        "audio_sampling_rate": 16000, "audio_hop_length": 160, "use_prompt_embeddings": True,
    },
    "AutoencoderKLLTX2Video": {"latent_channels": 128},
    "AutoencoderKLLTX2Audio": {
        "latent_channels": 8, "output_channels": 2, "mel_bins": 64, "sample_rate": 16000, "mel_hop_length": 160,
    },
    "LTX2TextConnectors": {
        "caption_channels": 3840, "text_proj_in_factor": 49, "per_modality_projections": False,
        "video_hidden_dim": 4096, "audio_hidden_dim": 2048,
        "video_connector_num_attention_heads": 30, "video_connector_attention_head_dim": 128,
        "audio_connector_num_attention_heads": 30, "audio_connector_attention_head_dim": 128,
    },
    "LTX2Vocoder": {"in_channels": 128},
    "LTX2VocoderWithBWE": {
        "in_channels": 128, "input_sampling_rate": 16000, "upsample_factors": [5, 2, 2, 2, 2, 2],
    },
}  # fmt: skip
"""What the classes assume where a configuration is silent, as far as it is compared."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that a part's configuration says: None where it cannot be told. ``says`` has {} in its place."""

    part: str
    says: str
    of: Callable[[Layout], object]


Agreement = tuple[Quantity, Quantity]


def prefix_of(pipeline: str) -> str:
    """The key of ``KINDS`` that a pipeline class's name starts with; of several the longest."""
    return max((prefix for prefix in KINDS if pipeline.startswith(prefix)), key=len)


def transformer_names(model: Model) -> tuple[str, ...]:
    """The parts that denoise: one, or two experts that meet at the model's ``boundary``."""
    return ("transformer", "transformer_2") if model.boundary else ("transformer",)


def agreements(prefix: str, model: Model, layout: Layout, settings: Mapping[str, Layout]) -> Iterator[Agreement]:
    """The pairs that must be equal; ``settings`` has the configurations, completed by ``USUAL``, by part."""
    if prefix == "Wan":
        for name in transformer_names(model):
            yield from _wan(name, model, layout, settings[name])
    elif prefix == "LTX2":
        yield from _ltx2_texts(settings)
        yield from _ltx2_sound(settings)
        yield from _latents("transformer")
    else:
        yield _told("transformer", "reads text {} wide", "caption_channels"), _t5()
        yield _told("transformer", "attends to text {} wide", "cross_attention_dim"), _inner("transformer")
        yield from _latents("transformer")


def grid(prefix: str) -> tuple[Quantity, Quantity]:
    """Pixels of a side, and frames after the first, that sides and lengths are multiples of; ``says`` is empty."""
    if prefix == "Wan":
        side = Quantity("vae", "", lambda vae: 2 * vae["scale_factor_spatial"])
        return side, _told("vae", "", "scale_factor_temporal")
    return _told("vae", "", "spatial_compression_ratio"), _told("vae", "", "temporal_compression_ratio")


def _wan(name: str, model: Model, layout: Layout, settings: Layout) -> Iterator[Agreement]:
    latent = _told("vae", "makes {} channels", "z_dim")
    anchored = "animate" in model.pipelines and not layout.get("expand_timesteps")
    with_still = Quantity("vae", "makes {} with those of a still", lambda vae: 2 * vae["z_dim"] + 4)
    yield _told(name, "is {} channels wide", "in_channels"), with_still if anchored else latent
    yield _told(name, "returns {} channels", "out_channels"), latent
    yield _told(name, "reads text {} wide", "text_dim"), _t5()
    if settings.get("image_dim"):
        encoder = _told("image_encoder", "makes it {} wide", "hidden_size")
        yield _told(name, "reads the still {} wide", "image_dim"), encoder
        yield _told(name, "attends to the still {} wide", "added_kv_proj_dim"), _inner(name)


def _latents(name: str) -> Iterator[Agreement]:
    latent = _told("vae", "makes {}", "latent_channels")
    yield _told(name, "is {} channels wide", "in_channels"), latent
    yield _told(name, "returns {} channels", "out_channels"), latent


def _ltx2_texts(settings: Mapping[str, Layout]) -> Iterator[Agreement]:
    """Gemma's layers pass through the connectors, one for the picture and one for the sound, to the transformer."""
    text = Quantity("text_encoder", "makes it {} wide", lambda text: text.get("text_config", {}).get("hidden_size"))
    layers = Quantity("text_encoder", "has {}, its input being one", _layers)
    yield _told("connectors", "read text {} wide", "caption_channels"), text
    yield _told("connectors", "read {} layers of text", "text_proj_in_factor"), layers
    read = _told("connectors", "read it {} wide", "caption_channels")
    yield _told("transformer", "is made for captions {} wide", "caption_channels"), read
    for what, prefix in (("video", ""), ("audio", "audio_")):
        made = _inner("connectors", f"make it {{}} wide for {what}", f"{what}_connector_")
        if settings["connectors"]["per_modality_projections"]:
            yield _told("connectors", f"project text to {{}} for {what}", f"{what}_hidden_dim"), made
        width = (
            "caption_channels" if settings["transformer"]["use_prompt_embeddings"] else f"{prefix}cross_attention_dim"
        )
        yield _told("transformer", f"reads text {{}} wide for {what}", width), made


def _ltx2_sound(settings: Mapping[str, Layout]) -> Iterator[Agreement]:
    """The audio VAE's latents are the transformer's channels of sound, and its spectrograms the vocoder's."""
    latent = Quantity("audio_vae", "makes {}", lambda vae: _share(_times(vae, "latent_channels", "mel_bins")))
    yield _told("transformer", "takes {} channels of sound", "audio_in_channels"), latent
    yield _told("transformer", "returns {} channels of sound", "audio_out_channels"), latent
    rate, hop = _told("audio_vae", "is for {}", "sample_rate"), _told("audio_vae", "makes {}", "mel_hop_length")
    yield _told("transformer", "is made for {} Hz", "audio_sampling_rate"), rate
    yield _told("transformer", "is made for steps of {} samples", "audio_hop_length"), hop
    mel = Quantity("audio_vae", "makes {}", lambda vae: _times(vae, "output_channels", "mel_bins"))
    yield _told("vocoder", "reads {} channels", "in_channels"), mel
    if "input_sampling_rate" in settings["vocoder"]:
        yield _told("vocoder", "is made for {} Hz", "input_sampling_rate"), rate
        yield Quantity("vocoder", "makes steps of {} samples", lambda voice: prod(voice["upsample_factors"])), hop


def _t5() -> Quantity:
    return _told("text_encoder", "makes it {} wide", "d_model")


def _told(part: str, says: str, key: str) -> Quantity:
    return Quantity(part, says, lambda settings: settings.get(key))


def _inner(part: str, says: str = "works {} wide", prefix: str = "") -> Quantity:
    """Heads times the width of a head: what an attention makes."""
    keys = (f"{prefix}num_attention_heads", f"{prefix}attention_head_dim")
    return Quantity(part, says, lambda settings: _times(settings, *keys))


def _times(settings: Layout, one: str, other: str) -> int | None:
    numbers = settings[one], settings[other]
    return None if None in numbers else numbers[0] * numbers[1]


def _share(bins: int | None) -> int | None:
    return None if bins is None else bins // MEL_COMPRESSION


def _layers(text: Layout) -> int | None:
    count = text.get("text_config", {}).get("num_hidden_layers")
    return None if count is None else count + 1
