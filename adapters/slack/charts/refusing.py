"""Charts where Slack takes them: a workspace that refuses one gets words, from then on at once."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from adapters.slack import render
from adapters.slack.api import RefusedError
from bot.chat.chart import Chart
from bot.chat.reply import Message

log = logging.getLogger(__name__)

Json: TypeAlias = dict[str, Any]

UNKNOWN_BLOCK = ("invalid_blocks", "invalid_blocks_format")
MOST = 10_000  # workspaces


def unknown_block(error: Exception) -> bool:
    """Whether Slack refused what a message is made of; a response URL says so in its text."""
    return isinstance(error, RefusedError) and any(code in error.error for code in UNKNOWN_BLOCK)


class Charts:
    """Remembers, as long as the process lives, which workspaces refuse charts."""

    def __init__(self) -> None:
        self._refusing: OrderedDict[str, None] = OrderedDict()

    def drawn(self, tenant: str, card: Message) -> bool:
        """Whether the card has a chart that is worth trying."""
        return tenant not in self._refusing and any(isinstance(p, Chart) for p in card.parts)

    async def send(
        self, tenant: str, card: Message, send: Callable[[Json], Awaitable[None]]
    ) -> None:
        """Send the card with its charts, and once more in words if Slack refuses those."""
        if self.drawn(tenant, card):
            try:
                await send(render.message(card, charts=True))
            except RefusedError as error:
                if not unknown_block(error):
                    raise
                log.warning("tenant %s: Slack refuses charts: %s", tenant, error)
                self._remember(tenant)
            else:
                return
        await send(render.message(card))

    def _remember(self, tenant: str) -> None:
        self._refusing[tenant] = None
        while len(self._refusing) > MOST:
            self._refusing.popitem(last=False)
