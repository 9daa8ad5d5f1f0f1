"""Text encoders with random weights, and tokenizers that need no download, for measuring and for tests."""

import string
from typing import Any

from tokenizers.processors import TemplateProcessing
from transformers import Gemma3Config, Gemma3ForConditionalGeneration, GemmaTokenizer, T5Tokenizer

CHARACTERS = string.ascii_letters + string.digits + string.punctuation


def text_width(*, tiny: bool) -> int:
    """Width of the T5 embeddings: T5-XXL and UMT5-XXL have 4096."""
    return 32 if tiny else 4096


def t5_tokenizer() -> Any:
    """A T5 tokenizer of single characters; its unknown token is the third, as T5 wants it."""
    special = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    return T5Tokenizer(vocab=special + [(c, -3.0) for c in CHARACTERS], extra_ids=0, model_max_length=512)


def t5_settings(*, tiny: bool, vocabulary: int) -> dict[str, Any]:
    """Configuration of T5-XXL (32128 tokens) or UMT5-XXL (256384 tokens), or of a tiny encoder like them."""
    full = {"vocab_size": vocabulary, "d_kv": 64, "d_ff": 10240, "num_layers": 24, "num_heads": 64}
    small = {"vocab_size": 256, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4}
    return {
        **(small if tiny else full),
        "d_model": text_width(tiny=tiny),
        "relative_attention_num_buckets": 8 if tiny else 32,
        "dropout_rate": 0,
        "feed_forward_proj": "gated-gelu",
        "is_encoder_decoder": False,
        "pad_token_id": 0,
        "eos_token_id": 1,
    }


def gemma_tokenizer() -> Any:
    """A Gemma tokenizer of bytes and characters that begins each text as the published one does."""
    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    tokens = special + [f"<0x{byte:02X}>" for byte in range(256)] + ["▁", *CHARACTERS]
    vocabulary = {token: index for index, token in enumerate(tokens)}
    tokenizer = GemmaTokenizer(vocab=vocabulary, merges=[], model_max_length=1024)
    tokenizer._tokenizer.post_processor = TemplateProcessing(
        single="<bos> $A", pair="<bos> $A <bos> $B", special_tokens=[("<bos>", 2)]
    )
    return tokenizer


def gemma(*, tiny: bool) -> Any:
    """Gemma 3 12B, or a tiny model like it."""
    text: dict[str, Any] = {
        "vocab_size": 262208,
        "hidden_size": 3840,
        "intermediate_size": 15360,
        "num_hidden_layers": 48,
        "num_attention_heads": 16,
        "num_key_value_heads": 8,
        "head_dim": 256,
    }
    vision: dict[str, Any] = {
        "hidden_size": 1152,
        "intermediate_size": 4304,
        "num_hidden_layers": 27,
        "num_attention_heads": 16,
        "image_size": 896,
        "patch_size": 14,
    }
    if not tiny:
        return Gemma3ForConditionalGeneration(Gemma3Config(text_config=text, vision_config=vision)).eval()
    text |= {"vocab_size": 512, "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "head_dim": 8}
    text |= {"num_attention_heads": 2, "num_key_value_heads": 1}
    text["layer_types"] = ["sliding_attention", "full_attention"]
    vision |= {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = Gemma3Config(
        text_config=text,
        vision_config=vision | {"image_size": 28},
        mm_tokens_per_image=4,
        boi_token_index=500,
        eoi_token_index=501,
        image_token_index=502,
    )
    return Gemma3ForConditionalGeneration(config).eval()
