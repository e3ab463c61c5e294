"""Statements about installs by OAuth: tables `installs` and `oauth_states`."""

from dataclasses import dataclass

from bot.chat.event import Platform
from bot.store.statements import Statements


@dataclass(frozen=True, slots=True)
class Install:
    """The bot in a tenant: `sealed` is encrypted, `mark` tells one token from the next."""

    platform: Platform
    tenant: str
    sealed: str
    mark: str
    expires_at: int | None
    installed_at: int


class Installs(Statements):
    """Within one transaction. Instants are epoch seconds."""

    async def find(self, platform: Platform, tenant: str) -> Install | None:
        rows = await self._tx.fetch(
            """
            SELECT platform, tenant, sealed, mark, expires_at, installed_at
            FROM installs
            WHERE platform = :platform AND tenant = :tenant
            """,
            platform=platform,
            tenant=tenant,
        )
        return Install(**rows[0]) if rows else None

    async def save(self, install: Install) -> None:
        """A new install: it replaces an older one."""
        await self._tx.run(
            """
            INSERT INTO installs (platform, tenant, sealed, mark, expires_at, installed_at)
            VALUES (:platform, :tenant, :sealed, :mark, :expires_at, :installed_at)
            ON CONFLICT (platform, tenant) DO UPDATE
            SET sealed = excluded.sealed, mark = excluded.mark,
                expires_at = excluded.expires_at, installed_at = excluded.installed_at,
                renewing_until = NULL
            """,
            platform=install.platform,
            tenant=install.tenant,
            sealed=install.sealed,
            mark=install.mark,
            expires_at=install.expires_at,
            installed_at=install.installed_at,
        )

    async def begin_renewal(
        self, platform: Platform, tenant: str, mark: str, now: int, until: int
    ) -> bool:
        """Take the lease on renewing this token; False if another process holds it."""
        rows = await self._tx.run(
            """
            UPDATE installs SET renewing_until = :until
            WHERE platform = :platform AND tenant = :tenant AND mark = :mark
              AND COALESCE(renewing_until, 0) <= :now
            RETURNING tenant
            """,
            platform=platform,
            tenant=tenant,
            mark=mark,
            now=now,
            until=until,
        )
        return bool(rows)

    async def renew(self, old_mark: str, install: Install) -> bool:
        """Store a renewed token; False if a new install came first."""
        rows = await self._tx.run(
            """
            UPDATE installs
            SET sealed = :sealed, mark = :mark, expires_at = :expires_at,
                renewing_until = NULL
            WHERE platform = :platform AND tenant = :tenant AND mark = :old
            RETURNING tenant
            """,
            platform=install.platform,
            tenant=install.tenant,
            sealed=install.sealed,
            mark=install.mark,
            expires_at=install.expires_at,
            old=old_mark,
        )
        return bool(rows)

    async def remove(self, platform: Platform, tenant: str, mark: str) -> bool:
        """Forget the token; False if it has been replaced or is gone."""
        rows = await self._tx.run(
            """
            DELETE FROM installs
            WHERE platform = :platform AND tenant = :tenant AND mark = :mark
            RETURNING tenant
            """,
            platform=platform,
            tenant=tenant,
            mark=mark,
        )
        return bool(rows)

    async def purge(self, platform: Platform, tenant: str) -> None:
        """Forget whatever token a tenant has."""
        await self._tx.run(
            "DELETE FROM installs WHERE platform = :platform AND tenant = :tenant",
            platform=platform,
            tenant=tenant,
        )

    async def issue_state(self, state: str, now: int, expires_at: int) -> None:
        await self._tx.run("DELETE FROM oauth_states WHERE expires_at <= :now", now=now)
        await self._tx.run(
            "INSERT INTO oauth_states (state, expires_at) VALUES (:state, :expires_at)",
            state=state,
            expires_at=expires_at,
        )

    async def consume_state(self, state: str, now: int) -> bool:
        """Whether the state was issued, is not too old, and had not been used before."""
        rows = await self._tx.run(
            """
            DELETE FROM oauth_states
            WHERE state = :state AND expires_at > :now
            RETURNING state
            """,
            state=state,
            now=now,
        )
        return bool(rows)
