"""What groups of statements have in common: the transaction that they run in, and a condition."""

from bot.store.database import Transaction

ON = (
    "NOT EXISTS (SELECT 1 FROM tenants t WHERE t.platform = {0}.platform"
    " AND t.tenant = {0}.tenant AND t.state <> 'active')"
)
"""The workspace of a row, by its alias, is on."""


class Statements:
    """Within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._fetch = transaction.fetch
        self._skip_locked = transaction.skip_locked
        self._locking = transaction.locking
