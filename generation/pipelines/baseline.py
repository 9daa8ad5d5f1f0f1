"""The same clip as a script with diffusers alone makes it: what our worker is measured against."""

import subprocess
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import torch
from diffusers.utils import export_to_video
from numpy.typing import NDArray
from PIL import Image

from generation.media.encoder import first_encode_arguments
from generation.pipelines.diffusion import DiffusionPipeline
from generation.request import ClipRequest

OURS_ALONE = ("callback_on_step_end", "return_dict")
"""Arguments of our own call that no plain script has."""


def bare_call(pipeline: DiffusionPipeline, request: ClipRequest, still: Path) -> Any:
    """The output of the pipeline's own call, prompt, still and decoding included, with all frames in memory."""
    preset = request.model.presets[request.preset]
    arguments = pipeline._arguments(request, preset)
    for name in OURS_ALONE:
        del arguments[name]
    if preset.guidance > 1:
        arguments["negative_prompt"] = request.model.negative_prompt
    if request.task == "animate":
        arguments["image"] = Image.open(still).convert("RGB")
    # As scripts do; the decoding of LTX-Video draws on the device, where a generator of the host is refused.
    arguments["generator"] = torch.Generator(pipeline.settings.place).manual_seed(request.seed)
    return pipeline.pipe(**arguments | {"prompt": request.prompt, "output_type": "np"})


def encode_alone(pipe: Any, output: Any, request: ClipRequest, folder: Path) -> None:
    """All frames of ``output``, and its sound, through ffmpeg with our own arguments."""
    frames = (output.frames[0] * 255).round().astype(np.uint8)
    sound = ["-f", "f32le", "-ar", str(pipe.vocoder.config.output_sampling_rate)] if request.sound else []
    if request.sound:
        samples: NDArray[np.float32] = output.audio[0].float().cpu().numpy()
        samples.T.astype("<f4").tofile(folder / "sound.f32")
        sound += ["-ac", str(len(samples)), "-i", str(folder / "sound.f32")]
    arguments = first_encode_arguments(request.width, request.height, request.model.fps, sound)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-y", *arguments, str(folder / "bare.mp4")]
    subprocess.run(command, input=frames.tobytes(), check=True)


def export_alone(output: Any, request: ClipRequest, folder: Path) -> None:
    """The frames of ``output`` as the models' documentation writes them; without sound."""
    export_to_video(output.frames[0], str(folder / "plain.mp4"), fps=request.model.fps)
