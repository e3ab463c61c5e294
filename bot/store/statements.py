"""Base of every group of statements: the transaction that they run in."""

from bot.store.database import Transaction


class Statements:
    """Within one transaction. Instants are epoch seconds, where nothing else is said."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction
