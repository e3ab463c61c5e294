"""The statements about small facts: settings, and what is good once."""

from bot.store.statements import Statements


class Marks(Statements):
    """Within one transaction. Instants are epoch seconds."""

    async def share_once(self, once: str, now: int) -> bool:
        """Whether this is the first time that `once` is asked for."""
        rows = await self._fetch(
            "INSERT INTO shares (once, shared_at) VALUES (:once, :now)"
            " ON CONFLICT DO NOTHING RETURNING once",
            once=once,
            now=now,
        )
        return bool(rows)

    async def setting(self, name: str) -> str | None:
        rows = await self._fetch("SELECT value FROM settings WHERE name = :name", name=name)
        return str(rows[0]["value"]) if rows else None

    async def set_setting(self, name: str, value: str) -> None:
        await self._fetch(
            "INSERT INTO settings (name, value) VALUES (:name, :value)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name=name,
            value=value,
        )

    async def settings(self, prefix: str) -> dict[str, str]:
        """Every setting whose name begins with `prefix`, which has no % or _."""
        rows = await self._fetch(
            "SELECT name, value FROM settings WHERE name LIKE :pattern", pattern=f"{prefix}%"
        )
        return {row["name"]: row["value"] for row in rows}

    async def drop_setting(self, name: str) -> None:
        await self._fetch("DELETE FROM settings WHERE name = :name", name=name)
