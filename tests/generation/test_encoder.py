"""The MP4 that ffmpeg makes of frames and sound, read back by other programs."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import psutil
import pytest
from synthetic import FPS, HEIGHT, WIDTH, make, moving, tone

from generation.errors import RenderFailed
from generation.media.encoder import Encoded, Metadata
from generation.media.frames import decode_frames, frame_at, last_frame
from generation.media.metadata import LABEL
from generation.media.probe import probe
from generation.pipelines.base import Frame, Sound


def psnr(one: Frame, other: Frame) -> float:
    return float(10 * np.log10(255**2 / np.mean((one.astype(float) - other) ** 2)))


def encoders_running() -> list[str]:
    """Children of this process that were started to encode, by their command lines."""
    lines = [" ".join(child.cmdline()) for child in psutil.Process().children()]
    return [line for line in lines if "ffmpeg" in line or not line]


def test_a_clip_is_h264_that_plays_everywhere(tmp_path: Path) -> None:
    encoded = make(tmp_path / "clip.mp4", moving())
    facts = probe(tmp_path / "clip.mp4")
    assert encoded == Encoded(facts.size_bytes, WIDTH, HEIGHT, 24, 1)
    assert (facts.codec, facts.profile, facts.pixel_format) == ("avc1", "High", "yuv420p")
    assert (facts.width, facts.height, facts.frames, facts.fps) == (WIDTH, HEIGHT, 24, FPS)
    assert facts.duration_seconds == 1.5
    assert facts.colours == ("bt709", "bt709", "bt709", "tv")
    assert facts.faststart
    assert facts.sound_codec == ""


def test_another_reader_agrees_with_the_probe(tmp_path: Path) -> None:
    av = pytest.importorskip("av", reason="PyAV comes with the gpu extra")
    make(tmp_path / "clip.mp4", moving(), sound=tone(1.5))
    facts = probe(tmp_path / "clip.mp4")
    with av.open(str(tmp_path / "clip.mp4")) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.width, context.height, context.pix_fmt) == (facts.width, facts.height, facts.pixel_format)
        assert (stream.frames, float(stream.average_rate)) == (facts.frames, facts.fps)
        assert (int(context.color_primaries), int(context.color_trc), int(context.colorspace)) == (1, 1, 1)
        assert context.profile == facts.profile
        assert container.streams.audio[0].rate == facts.sound_rate
        assert sum(1 for _ in container.decode(video=0)) == facts.frames


def test_frames_come_back_as_they_went_in(tmp_path: Path) -> None:
    make(tmp_path / "clip.mp4", moving())
    decoded = list(decode_frames(tmp_path / "clip.mp4"))
    assert len(decoded) == 24
    assert min(psnr(one, other) for one, other in zip(decoded, moving(), strict=True)) > 34
    assert np.array_equal(frame_at(tmp_path / "clip.mp4", 0), decoded[0])
    assert np.array_equal(last_frame(tmp_path / "clip.mp4"), decoded[-1])


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255), (200, 150, 120)])
def test_colours_survive_the_matrix_and_the_range(tmp_path: Path, colour: tuple[int, int, int]) -> None:
    make(tmp_path / "clip.mp4", (np.full((HEIGHT, WIDTH, 3), colour, np.uint8) for _ in range(3)))
    decoded = frame_at(tmp_path / "clip.mp4", 0)
    assert np.abs(decoded.astype(int) - colour).max() <= 4


def test_texts_are_kept_inside_the_clip(tmp_path: Path) -> None:
    texts = Metadata(
        title="Ein Stück", description="alt; text = 'quoted'\nline", recipe='{"seed": 7, "prompt": "a\\nb=c"}'
    )
    make(tmp_path / "clip.mp4", moving(3), metadata=texts)
    found = probe(tmp_path / "clip.mp4").metadata
    kept = {"title": texts.title, "description": texts.description, "comment": texts.recipe}
    assert found == {**kept, "artist": LABEL}


def test_characters_that_no_argument_can_carry_are_dropped(tmp_path: Path) -> None:
    make(tmp_path / "clip.mp4", moving(3), metadata=Metadata(description="a\0b\ud800c"))
    assert probe(tmp_path / "clip.mp4").metadata == {"description": "abc", "artist": LABEL}


@pytest.mark.parametrize("channels", [1, 2])
def test_sound_becomes_aac_as_long_as_it_was(tmp_path: Path, channels: int) -> None:
    make(tmp_path / "clip.mp4", moving(), sound=tone(1.5, channels))
    facts = probe(tmp_path / "clip.mp4")
    assert (facts.sound_codec, facts.sound_rate) == ("mp4a", 24000)
    assert facts.sound_seconds == pytest.approx(1.5, abs=0.1)
    assert facts.frames == 24


def test_an_odd_side_loses_its_last_line(tmp_path: Path) -> None:
    encoded = make(tmp_path / "clip.mp4", moving(4, 101, 67), width=101, height=67)
    assert (encoded.width, encoded.height) == (100, 66)
    expected = next(moving(1, 101, 67))[:66, :100]
    assert psnr(frame_at(tmp_path / "clip.mp4", 0), expected) > 32


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((WIDTH, HEIGHT, 3), np.uint8),
        np.zeros((HEIGHT, WIDTH, 4), np.uint8),
        np.full((HEIGHT, WIDTH, 3), np.nan, np.float32),
        np.zeros((HEIGHT, WIDTH), np.uint8),
    ],
)
def test_a_frame_of_another_shape_or_type_fails_the_clip(tmp_path: Path, wrong: np.ndarray) -> None:
    with pytest.raises(RenderFailed) as caught:
        make(tmp_path / "clip.mp4", iter([*moving(2), wrong]))
    assert caught.value.fault == "bad_frames"
    assert "frame 2" in caught.value.cause
    assert list(tmp_path.iterdir()) == []


def test_no_frames_at_all_fail_the_clip(tmp_path: Path) -> None:
    with pytest.raises(RenderFailed, match="no frame came"):
        make(tmp_path / "clip.mp4", iter(()))


def test_sound_that_is_not_finite_fails_the_clip(tmp_path: Path) -> None:
    with pytest.raises(RenderFailed) as caught:
        make(tmp_path / "clip.mp4", moving(3), sound=Sound(np.full((1, 100), np.nan, np.float32), 24000))
    assert caught.value.fault == "bad_frames"


def test_frames_that_are_views_are_encoded_as_they_look(tmp_path: Path) -> None:
    make(tmp_path / "clip.mp4", (frame[:, ::-1] for frame in moving(3)))
    assert psnr(frame_at(tmp_path / "clip.mp4", 0), next(moving(1))[:, ::-1]) > 32


def test_an_exception_of_the_frames_passes_and_leaves_nothing_behind(tmp_path: Path) -> None:
    def breaking() -> Iterator[Frame]:
        yield from moving(5)
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        make(tmp_path / "clip.mp4", breaking())
    assert list(tmp_path.iterdir()) == []
    assert encoders_running() == []


def test_an_older_clip_stays_when_a_new_one_fails(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"older")
    with pytest.raises(RenderFailed):
        make(tmp_path / "clip.mp4", iter(()))
    assert (tmp_path / "clip.mp4").read_bytes() == b"older"


def stand_in(folder: Path, body: str) -> str:
    """An executable that stands where ffmpeg should be."""
    program = folder / "ffmpeg"
    program.write_text(f"#!{sys.executable}\nimport sys, os, time\n{body}\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("sys.exit('no such codec')", "no such codec"),
        (
            "sys.stdin.buffer.read(200_000); sys.stderr.write('x' * 2_000_000 + '\\nfull stop'); sys.exit(3)",
            "full stop",
        ),
        ("sys.stdin.buffer.read(100); os.kill(os.getpid(), 9)", "exit -9"),
        ("sys.stdin.close(); os.close(0); time.sleep(0.2); sys.exit('closed early')", "closed early"),
    ],
)
def test_a_dying_ffmpeg_says_why_and_never_hangs(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, body: str, said: str
) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", stand_in(tmp_path_factory.mktemp("bin"), body))
    with pytest.raises(RenderFailed) as caught:
        make(tmp_path / "clip.mp4", moving(60))
    assert caught.value.fault == "encoder"
    assert said in caught.value.cause
    assert list(tmp_path.iterdir()) == []
    assert encoders_running() == []


def test_a_missing_ffmpeg_is_an_encoder_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "nothing here"))
    with pytest.raises(RenderFailed) as caught:
        make(tmp_path / "clip.mp4", moving(3))
    assert caught.value.fault == "encoder"


@pytest.mark.parametrize("cut", [0, 20, 600])
def test_a_file_that_is_no_whole_mp4_is_not_probed(tmp_path: Path, cut: int) -> None:
    make(tmp_path / "clip.mp4", moving(3))
    (tmp_path / "cut.mp4").write_bytes((tmp_path / "clip.mp4").read_bytes()[:cut])
    with pytest.raises(RenderFailed) as caught:
        probe(tmp_path / "cut.mp4")
    assert caught.value.fault == "encoder"


def test_a_damaged_clip_does_not_decode_silently(tmp_path: Path) -> None:
    make(tmp_path / "clip.mp4", moving())
    data = bytearray((tmp_path / "clip.mp4").read_bytes())
    start = data.index(b"mdat") + 4
    data[start:] = bytes(len(data) - start)
    (tmp_path / "clip.mp4").write_bytes(data)
    with pytest.raises(RenderFailed):
        frame_at(tmp_path / "clip.mp4", 0)


def test_the_probe_tells_full_range_and_a_moov_at_the_end(tmp_path: Path) -> None:
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error",
        "-f", "lavfi", "-i", "testsrc=size=64x48:rate=25:duration=0.4",
        "-vf", "format=yuv444p", "-c:v", "libx264", str(tmp_path / "other.mp4"),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    facts = probe(tmp_path / "other.mp4")
    assert (facts.profile, facts.pixel_format, facts.faststart) == ("High 4:4:4", "yuv444p", False)
    assert (facts.fps, facts.frames) == (25, 10)
