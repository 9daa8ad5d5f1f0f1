"""The report on a class: everybody who is known, a list or a role; as words, a table and a picture; for instructors."""

import csv
import io

from classroom import QUICK, StartBot, clip_of
from classroom import told as job_told
from contest import instructor, told
from PIL import Image

from sandbox.messages import Message
from sandbox.person import Person, Upload
from sandbox.server import Sandbox

STRANGER = 223456789012345678


def a_list(*lines: str) -> Upload:
    return Upload("class.csv", "\n".join(lines).encode(), content_type="text/csv")


async def table(person: Person, message: Message) -> list[dict[str, str]]:
    file = next(one for one in message.attachments if one.filename.endswith(".csv"))
    data = await person.download(file)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def line(message: Message, begins: str) -> str:
    return next(one for one in message.content.splitlines() if one.startswith(begins))


async def test_a_class_is_reported_with_who_made_who_is_stuck_and_who_never_tried(
    sandbox: Sandbox, start_bot: StartBot, ada: Person, still: Upload
) -> None:
    ines, late = instructor(sandbox), sandbox.guild.add_role("Late group")
    eve, cleo = sandbox.person("=SUM(1)", roles=[late]), sandbox.person("Cleo", roles=[late])
    async with start_bot() as house:
        await ada.command("animate", {"still": still, **QUICK, "seconds": 0.5})
        await clip_of(ada)
        await job_told(house)
        await told(ines, "class pause", reason="a break")
        await (await cleo.command("animate", {"still": still, **QUICK})).finished()
        await (await cleo.command("cancel", {})).finished()
        await told(eve, "credits")
    async with start_bot() as house:
        report = await told(ines, "class report")
        picture = Image.open(io.BytesIO(await ines.download(report.attachments[1])))
        rows = await table(ines, report)
        listed = await told(ines, "class report", people=a_list("id,name", f"{eve.id},Eve", f"{STRANGER},-"), weeks=2)
        of_role = await told(ines, "class report", role=late)
        wrong = await told(ines, "class report", people=a_list("id", "Ben", str(ada.id)))
        both = await told(ines, "class report", role=late, people=a_list(str(ada.id)))
        log = str((await told(ines, "class log")).embeds[0]["description"]).splitlines()
        assert [] == sandbox.violations

    assert "**Everybody I know here: 3 people**" in report.content
    assert "1 of them has clips · 1 clip made, 0 failed · 1 credit of their own used." in report.content
    assert f"**Ordered, but no clip yet,** 1: {cleo.mention}" == line(report, "**Ordered")
    assert f"**Not tried yet,** 1: {eve.mention}" == line(report, "**Not tried")
    assert "Discord does not tell me who is in this server" in line(report, "-#")
    assert not ada.was_notified_by(report)
    assert "Clips a week:" in str(report.attachments[1].description)
    assert (1200, "PNG") == (picture.width, picture.format)
    made = {row["name"]: row for row in rows}
    assert ["'=SUM(1)", "Ada", "Cleo"] == list(made)
    assert ("has clips", "1", "1", "399") == tuple(
        made["Ada"][column] for column in ("progress", "clips", "own credits used", "credits left")
    )
    assert made["Ada"]["last seen (UTC)"].endswith("Z")
    assert f"**Not tried yet,** 2: <@{STRANGER}> {eve.mention}" == line(listed, "**Not tried").replace(
        f"{eve.mention} <@{STRANGER}>", f"<@{STRANGER}> {eve.mention}"
    )
    assert "2 people who are not on your list have ordered clips here." in line(listed, "-#")
    assert f"**<@&{late.id}>: 2 people**" in of_role.content
    assert "as I saw them last" in line(of_role, "-#")
    assert "line 2: “Ben” is no user id" in wrong.content
    assert "not by both" in both.content
    assert 3 == sum("looked at the report" in one for one in log)
