"""Statements about what is good once, a press or a delivered request: table `shares`."""

from bot.store.statements import Statements


class Marks(Statements):
    """Within one transaction. Instants are epoch seconds."""

    async def first(self, once: str, now: int) -> bool:
        """Whether this is the first time that `once` is asked for."""
        rows = await self._tx.run(
            """
            INSERT INTO shares (once, shared_at)
            VALUES (:once, :now)
            ON CONFLICT DO NOTHING
            RETURNING once
            """,
            once=once,
            now=now,
        )
        return bool(rows)

    async def purge(self, before: int) -> None:
        """Forget what came before then: nothing repeats it after so long."""
        await self._tx.run("DELETE FROM shares WHERE shared_at < :before", before=before)
