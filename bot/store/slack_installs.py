"""Statements about Slack installs: tables `slack_installs` and `slack_oauth_states`."""

from dataclasses import dataclass

from bot.store.statements import Statements


@dataclass(frozen=True, slots=True)
class Install:
    """The bot in a tenant: `sealed` is encrypted, `mark` tells one token from the next."""

    tenant: str
    sealed: str
    mark: str
    expires_at: int | None
    installed_at: int


class SlackInstalls(Statements):
    """Within one transaction. Instants are epoch seconds."""

    async def find(self, tenant: str) -> Install | None:
        rows = await self._tx.fetch(
            """
            SELECT tenant, sealed, mark, expires_at, installed_at
            FROM slack_installs
            WHERE tenant = :tenant
            """,
            tenant=tenant,
        )
        return Install(**rows[0]) if rows else None

    async def save(self, install: Install) -> None:
        """A new install: it replaces an older one."""
        await self._tx.run(
            """
            INSERT INTO slack_installs (tenant, sealed, mark, expires_at, installed_at)
            VALUES (:tenant, :sealed, :mark, :expires_at, :installed_at)
            ON CONFLICT (tenant) DO UPDATE
            SET sealed = excluded.sealed, mark = excluded.mark,
                expires_at = excluded.expires_at, installed_at = excluded.installed_at,
                renewing_until = NULL
            """,
            tenant=install.tenant,
            sealed=install.sealed,
            mark=install.mark,
            expires_at=install.expires_at,
            installed_at=install.installed_at,
        )

    async def begin_renewal(self, tenant: str, mark: str, now: int, until: int) -> bool:
        """Take the lease on renewing this token; False if another process holds it."""
        rows = await self._tx.run(
            """
            UPDATE slack_installs SET renewing_until = :until
            WHERE tenant = :tenant AND mark = :mark AND COALESCE(renewing_until, 0) <= :now
            RETURNING tenant
            """,
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
            UPDATE slack_installs
            SET sealed = :sealed, mark = :mark, expires_at = :expires_at,
                renewing_until = NULL
            WHERE tenant = :tenant AND mark = :old
            RETURNING tenant
            """,
            tenant=install.tenant,
            sealed=install.sealed,
            mark=install.mark,
            expires_at=install.expires_at,
            old=old_mark,
        )
        return bool(rows)

    async def remove(self, tenant: str, mark: str) -> bool:
        """Forget the token; False if it has been replaced or is gone."""
        rows = await self._tx.run(
            "DELETE FROM slack_installs WHERE tenant = :tenant AND mark = :mark RETURNING tenant",
            tenant=tenant,
            mark=mark,
        )
        return bool(rows)

    async def purge(self, tenant: str) -> None:
        """Forget whatever token a workspace has."""
        await self._tx.run("DELETE FROM slack_installs WHERE tenant = :tenant", tenant=tenant)

    async def issue_state(self, state: str, now: int, expires_at: int) -> None:
        await self._tx.run("DELETE FROM slack_oauth_states WHERE expires_at <= :now", now=now)
        await self._tx.run(
            "INSERT INTO slack_oauth_states (state, expires_at) VALUES (:state, :expires_at)",
            state=state,
            expires_at=expires_at,
        )

    async def consume_state(self, state: str, now: int) -> bool:
        """Whether the state was issued, is not too old, and had not been used before."""
        rows = await self._tx.run(
            """
            DELETE FROM slack_oauth_states
            WHERE state = :state AND expires_at > :now
            RETURNING state
            """,
            state=state,
            now=now,
        )
        return bool(rows)
