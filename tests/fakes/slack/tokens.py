"""Tokens as the adapter keeps them, for a single workspace."""

from adapters.slack.api import Bot
from bot.store.database import Transaction


class OneToken:
    """The token of T1, until it dies."""

    def __init__(self, token: str) -> None:
        self.token: str | None = token

    async def bot(self, tenant: str) -> Bot | None:
        return Bot(self.token) if self.token and tenant == "T1" else None

    async def recent(self, tenant: str) -> Bot | None:
        return await self.bot(tenant)

    async def look(self, transaction: Transaction, tenant: str) -> None:
        """Nothing to read: there is the one."""

    async def token_died(self, tenant: str, token: str) -> None:
        self.token = None

    async def uninstalled(self, tenant: str, at: int) -> None:
        self.token = None
