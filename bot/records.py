"""Records of a person as a file that Discord takes: JSON as it is, or zipped where it is too large."""

import io
import zipfile

import discord


def as_file(interaction: discord.Interaction, data: bytes, name: str) -> discord.File:
    """The JSON as ``name``.json, or as a zip with it where the upload limit is smaller."""
    assert interaction.guild is not None
    if len(data) <= min(interaction.filesize_limit, interaction.guild.filesize_limit):
        return discord.File(io.BytesIO(data), filename=f"{name}.json")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.json", data)
    packed.seek(0)
    return discord.File(packed, filename=f"{name}.zip")
