"""What classmates do after a first clip, once with a model instead of a camera move: a tiny Wan with random weights."""

import io
import zipfile
from pathlib import Path

from classroom import StartBot, clips_in, picture, told
from test_clip_buttons import answer, finished, ordered

from generation.media.probe import probe
from sandbox.messages import Message
from sandbox.person import Person
from sandbox.server import Sandbox

WAN = "wan2.2-ti2v-5b"


async def test_a_model_clip_is_coached_continued_joined_edited_marked_and_packed(
    start_bot: StartBot, sandbox: Sandbox, ada: Person, tiny_models: Path, tmp_path: Path
) -> None:
    sandbox.limits.enabled = False
    async with start_bot(catalog=tiny_models) as house:
        wish = {"still": picture(64, 64), "prompt": "person moves", "model": WAN, "seed": 7}
        card = await answer(await ada.command("animate", wish))
        assert "Vague" in card.content
        await ada.click(card, "go-draft:1")
        first = await finished(house, ada, 1)

        async def after(message: Message, button: str, job_id: int, given: dict[str, object] | None = None) -> Message:
            call = await ada.click(message, button)
            if call.modal is not None:
                call = await ada.submit(call.modal, given or {})
            await ordered(house, ada, await answer(call), job_id)
            return await finished(house, ada, job_id)

        second = await after(first, "Continue", 2, {"prompt": "she smiles"})
        await after(first, "Edit", 3, {"prompt": "she smiles", "seed": "7"})
        await after(first, "Again", 4)
        await ada.click(second, "Join the parts")
        joined = await ada.waits_for(lambda m: "stillmotion-joined-2.mp4" in clips_in(m))
        film = tmp_path / "joined.mp4"
        film.write_bytes(await ada.download(joined.attachments[0]))

        form = (await ada.click(first, "Mark where it broke")).modal
        assert form is not None
        await answer(await ada.submit(form, {"kind": "face", "seconds": "0.1"}))
        board = await (await ada.command("limits")).finished()
        start = (await ada.command("exercise a")).message
        assert start is not None
        exercise = (await ada.click(start, "Start A")).modal
        assert exercise is not None
        await ada.submit(exercise, {"still": picture(64, 64), "model": WAN, "seconds": ""})
        await told(house, 5)
        page = await answer(await ada.command("history", {"model": WAN}))
        packed = await answer(await ada.command("portfolio"))
        names = zipfile.ZipFile(io.BytesIO(await ada.download(packed.attachments[0]))).namelist()
        recipe = await answer(await ada.click(second, "Recipe"))
        jobs = [await house.orders.job(number) for number in (1, 2, 3, 4, 5)]

    assert ["succeeded"] * 5 == [job.state for job in jobs]
    assert {WAN} == {job.model_id for job in jobs}
    assert 7 == jobs[2].recipe["seed"] != jobs[3].recipe["seed"]
    assert jobs[0].recipe["still"] not in (None, jobs[1].recipe["still"])
    assert 2 * jobs[0].recipe["frames"] - 1 == probe(film).frames
    assert board is not None
    assert "The face changed: Wan 2.2 TI2V 5B 1" in (board.attachments[0].description or "")
    assert 5 == len(page.shown_attachments)
    assert 5 == sum(name.endswith(".mp4") for name in names)
    assert f"\nmodel: {WAN}\n" in recipe.content
    assert [] == sandbox.violations
