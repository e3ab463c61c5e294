"""The statements behind the promise: a delivery is sent, and settled, once.

A delivery goes pending -> claimed -> sending -> sent, refused, unknown, skipped or cancelled.
"""

from dataclasses import dataclass

from bot.chat.event import Person, Platform
from bot.records import Delivery, DeliveryState, Rule
from bot.store.queue.claims import SUPERSEDED, Claim, Claims
from bot.store.queue.due import LATE, Due
from bot.store.queue.pacing import ASTRAY, Lanes
from bot.store.reminder_rules import LAST_ON, read_delivery, read_rule
from bot.store.statements import ON


@dataclass(frozen=True, slots=True)
class Context:
    """A delivery with its rule, and how many before it went unanswered, one after the other."""

    delivery: Delivery
    rule: Rule
    member: str
    ignored: int
    channel: str | None

    @property
    def person(self) -> Person:
        rule = self.rule
        return Person(
            platform=rule.platform, tenant=rule.tenant, user=rule.user, channel=self.channel
        )


class Deliveries(Due, Lanes, Claims):
    """Within one transaction. Instants are epoch seconds, those of lanes microseconds."""

    # Send

    async def context(self, claim: Claim) -> Context | None:
        """What the message is made of; None if the claim is no longer good."""
        rows = await self._fetch(
            "SELECT d.*, r.member_id, m.seen_at FROM deliveries d"
            " JOIN reminder_rules r ON r.id = d.rule_id JOIN members m ON m.id = r.member_id"
            " WHERE d.id = :id AND d.fence = :fence",
            id=claim.id,
            fence=claim.fence,
        )
        if not rows:
            return None
        rules = await self._fetch(
            f"SELECT r.*, m.zone, {LAST_ON}, (SELECT COUNT(*) FROM deliveries d"
            " WHERE d.rule_id = r.id AND d.state = 'sent' AND d.again_of IS NULL"
            " AND d.settled_at > m.seen_at) AS ignored FROM reminder_rules r"
            " JOIN members m ON m.id = r.member_id WHERE r.id = :rule",
            rule=rows[0]["rule_id"],
        )
        return Context(
            read_delivery(rows[0]),
            read_rule(rules[0]),
            rows[0]["member_id"],
            rules[0]["ignored"],
            claim.channel,
        )

    async def begin(self, claim: Claim, kind: str, epoch: int, now: int, lease_until: int) -> bool:
        """Write down that the request goes out now (microseconds); False if it must not.

        `epoch` is the time by which members live.
        """
        rows = await self._fetch(
            "UPDATE deliveries SET state = 'sending', kind = :kind, attempts = attempts + 1,"
            " asked_at = COALESCE(asked_at, :now / 1000000), lease_until = :lease_until"
            " WHERE id = :id AND fence = :fence AND state = 'claimed'"
            f" AND {ON.format('deliveries')} AND NOT {SUPERSEDED.format('deliveries', ':epoch')}"
            " AND NOT EXISTS (SELECT 1 FROM send_lanes l"
            " WHERE l.platform = deliveries.platform AND l.tenant = deliveries.tenant"
            " AND l.held_until > :now AND l.held_at <= :now + :astray) RETURNING id",
            id=claim.id,
            fence=claim.fence,
            kind=kind,
            epoch=epoch,
            now=now,
            lease_until=lease_until,
            astray=ASTRAY,
        )
        return bool(rows)

    # Settle

    async def settle(self, claim: Claim, state: DeliveryState, reason: str, now: int) -> str | None:
        """Close a delivery; its kind, None if somebody else has it by now."""
        rows = await self._fetch(
            "UPDATE deliveries SET state = :state, reason = :reason, settled_at = :now,"
            " lease_until = NULL WHERE id = :id AND fence = :fence"
            " AND state IN ('claimed', 'sending') RETURNING kind",
            id=claim.id,
            fence=claim.fence,
            state=state,
            reason=reason,
            now=now,
        )
        return str(rows[0]["kind"]) if rows else None

    async def try_again(self, claim: Claim, due_at: int, now: int, *, nothing_sent: bool) -> None:
        """Put a delivery back. Where certainly nothing was sent, that was no attempt.

        One that has been overtaken by the next of its rule while it was under way stays away.
        """
        await self._fetch(
            "UPDATE deliveries SET state = 'pending', lease_until = NULL,"
            " due_at = CASE WHEN due_at < :due_at THEN :due_at ELSE due_at END,"
            " attempts = attempts - :spared,"
            " asked_at = CASE WHEN :spared = 1 AND attempts = 1 THEN NULL ELSE asked_at END"
            " WHERE id = :id AND fence = :fence AND state = 'sending'",
            id=claim.id,
            fence=claim.fence,
            due_at=due_at,
            spared=int(nothing_sent),
        )
        await self._fetch(
            f"UPDATE deliveries SET state = 'cancelled', settled_at = :now, reason = '{LATE}'"
            " WHERE id = :id AND fence = :fence AND state = 'pending' AND EXISTS (SELECT 1"
            " FROM deliveries n WHERE n.rule_id = deliveries.rule_id"
            " AND n.local_date > deliveries.local_date AND n.again_of IS NULL"
            " AND n.state <> 'cancelled')",
            id=claim.id,
            fence=claim.fence,
            now=now,
        )

    async def hinder(self, claim: Claim, code: str, now: int) -> int | None:
        """A refusal that is not the member's doing: since when it is waited out."""
        rows = await self._fetch(
            "UPDATE deliveries SET hindered = :code,"
            " hindered_at = CASE WHEN hindered_at <= :now THEN hindered_at ELSE :now END"
            " WHERE id = :id AND fence = :fence AND state = 'sending' RETURNING hindered_at",
            id=claim.id,
            fence=claim.fence,
            code=code,
            now=now,
        )
        return int(rows[0]["hindered_at"]) if rows else None

    async def hindered_since(self, platform: Platform, tenant: str) -> int | None:
        """Since when the first of those has waited that are refused in a tenant."""
        rows = await self._fetch(
            "SELECT MIN(hindered_at) AS since FROM deliveries WHERE platform = :platform"
            " AND tenant = :tenant AND hindered IS NOT NULL AND settled_at IS NULL",
            platform=platform,
            tenant=tenant,
        )
        return None if rows[0]["since"] is None else int(rows[0]["since"])

    async def leave_unknown(self, claim: Claim, look_at: int) -> None:
        """Nobody knows how the request ended: look again at that time."""
        await self._fetch(
            "UPDATE deliveries SET lease_until = :look_at"
            " WHERE id = :id AND fence = :fence AND state = 'sending'",
            id=claim.id,
            fence=claim.fence,
            look_at=look_at,
        )

    async def switch_off(self, platform: Platform, tenant: str, began: int, now: int) -> None:
        """A request begun then was told that the token is dead: send nothing more there.

        A tenant that has been installed anew since then stays on.
        """
        await self._fetch(
            "INSERT INTO tenants (platform, tenant, state, changed_at)"
            " VALUES (:platform, :tenant, 'off', :now) ON CONFLICT (platform, tenant)"
            " DO UPDATE SET state = 'off', changed_at = :now"
            " WHERE tenants.state = 'active'"
            " AND NOT tenants.changed_at BETWEEN :began + 1 AND :now",
            platform=platform,
            tenant=tenant,
            began=began,
            now=now,
        )

    async def rest_rule(self, rule: str, state: str, reason: str, *, tell: bool, now: int) -> None:
        """Pause or stop a rule on the bot's own account; `tell` the member when they come by."""
        await self._fetch(
            "UPDATE reminder_rules SET state = :state, reason = :reason, untold = :untold,"
            " next_at = NULL, updated_at = :now WHERE id = :rule AND state = 'active'",
            rule=rule,
            state=state,
            reason=reason,
            untold=int(tell),
            now=now,
        )
