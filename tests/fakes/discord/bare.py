"""The smallest discord.py bot: what the fake is tested with."""

from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route


class BareBot(discord.AutoShardedClient):
    """Answers `/hello` with "hello"."""

    def __init__(self, **options: Any) -> None:
        super().__init__(intents=discord.Intents(guilds=True), **options)
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(app_commands.Command(name="hello", description="Hi", callback=hello))

    async def setup_hook(self) -> None:
        await self.tree.sync()


async def hello(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("hello")


def point_at(api_url: str, gateway_url: str) -> None:
    """Send discord.py, for the whole process, to this server."""
    Route.BASE = api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
