"""The bare discord.py bot that the answers are measured against: ``python -m benchmarks.pong URL``."""

import asyncio
import sys

import discord
import discord.gateway
import yarl
from discord import app_commands


class Pong(discord.Client):
    """Answers ``/ping`` at once, and does nothing else."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="ping", description="pong")(self.ping)

    async def setup_hook(self) -> None:
        """Register the command."""
        await self.tree.sync()

    async def ping(self, interaction: discord.Interaction) -> None:
        """Answer."""
        await interaction.response.send_message("pong", ephemeral=True)


def main() -> None:
    """Run against the sandbox at the URL given."""
    url = sys.argv[1]
    discord.http.Route.BASE = f"{url}/api/v10"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url).with_scheme("ws") / "gateway"
    asyncio.run(Pong().start("sandbox"))


if __name__ == "__main__":
    main()
