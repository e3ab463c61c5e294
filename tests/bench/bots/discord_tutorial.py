"""A quiz in Discord as most tutorials write it: Views, one connection, an await a statement."""

import asyncio
import json
import os
import time
from typing import cast

import aiosqlite
import discord
from discord import app_commands
from discord.ext import commands

from tests.bench.bots import quiz
from tests.fakes.discord.bare import point_at


class Bot(commands.Bot):
    database: aiosqlite.Connection

    def __init__(self) -> None:
        super().__init__(command_prefix="!", intents=discord.Intents.default())
        self.tree.add_command(ask)

    async def setup_hook(self) -> None:
        self.database = await aiosqlite.connect("quiz.db")
        for pragma in quiz.PRAGMAS:
            await self.database.execute(pragma)
        await self.database.executescript(quiz.SCHEMA)
        for question in range(len(quiz.QUESTIONS)):
            self.add_view(QuizView(question))
        await self.tree.sync()

    async def close(self) -> None:
        await self.database.close()
        await super().close()


def embed(question: int) -> discord.Embed:
    return discord.Embed(
        title=quiz.title(question),
        description=quiz.QUESTIONS[question].words,
        colour=discord.Colour.blurple(),
    )


class QuizView(discord.ui.View):
    def __init__(self, question: int) -> None:
        super().__init__(timeout=None)
        for number, label in enumerate(quiz.QUESTIONS[question].options):
            self.add_item(Answer(str(number), label, row=number if number < 4 else 3))
        if question:
            self.add_item(Answer("back", quiz.BACK, row=4))


class Answer(discord.ui.Button[QuizView]):
    def __init__(self, pressed: str, label: str, row: int) -> None:
        super().__init__(label=label, row=row, custom_id=f"quiz-{pressed}")
        self.pressed = pressed

    async def callback(self, interaction: discord.Interaction) -> None:
        database, user = cast("Bot", interaction.client).database, str(interaction.user.id)
        await database.execute(
            "UPDATE members SET seen_at = ? WHERE user = ?", (int(time.time()), user)
        )
        cursor = await database.execute(
            "SELECT question, answers FROM sessions WHERE user = ?", (user,)
        )
        row = await cursor.fetchone()
        if row is None:
            await interaction.response.send_message("Start with /quiz.", ephemeral=True)
            return
        question, answers = quiz.turned(row[0], json.loads(row[1]), self.pressed)
        await database.execute(
            "UPDATE sessions SET question = ?, answers = ? WHERE user = ?",
            (question, json.dumps(answers), user),
        )
        await database.commit()
        await interaction.response.edit_message(embed=embed(question), view=QuizView(question))


@app_commands.command(name="quiz", description="Which way is yours?")
async def ask(interaction: discord.Interaction) -> None:
    database, user = cast("Bot", interaction.client).database, str(interaction.user.id)
    await database.execute("INSERT OR REPLACE INTO members VALUES (?, ?)", (user, int(time.time())))
    await database.execute("INSERT OR REPLACE INTO sessions VALUES (?, 0, '[]')", (user,))
    await database.commit()
    await interaction.response.send_message(embed=embed(0), view=QuizView(0), ephemeral=True)


async def main() -> None:
    point_at(os.environ["DISCORD_API_URL"], os.environ["DISCORD_GATEWAY_URL"])
    async with Bot() as bot:
        await bot.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(main())
