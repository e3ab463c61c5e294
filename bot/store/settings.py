"""Statements about settings, values by name: table `settings`."""

from bot.store.statements import Statements


class StoredSettings(Statements):
    """Within one transaction."""

    async def get(self, name: str) -> str | None:
        rows = await self._tx.fetch("SELECT value FROM settings WHERE name = :name", name=name)
        return str(rows[0]["value"]) if rows else None

    async def beginning_with(self, prefix: str) -> dict[str, str]:
        """Every setting whose name begins with `prefix`, which has no % or _."""
        rows = await self._tx.fetch(
            "SELECT name, value FROM settings WHERE name LIKE :pattern", pattern=f"{prefix}%"
        )
        return {row["name"]: row["value"] for row in rows}

    async def set(self, name: str, value: str) -> None:
        await self._tx.run(
            """
            INSERT INTO settings (name, value)
            VALUES (:name, :value)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """,
            name=name,
            value=value,
        )

    async def delete(self, name: str) -> None:
        await self._tx.run("DELETE FROM settings WHERE name = :name", name=name)
