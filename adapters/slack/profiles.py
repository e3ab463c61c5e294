"""Time zone and language from a member's Slack profile, asked for beside the conversation."""

import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from zoneinfo import available_timezones

from adapters.shared.calls import CallError
from adapters.shared.tasks import Background
from adapters.slack.api import Api
from bot.chat.event import Person
from bot.store.database import UnavailableError

log = logging.getLogger(__name__)

FRESH_SECONDS = 60 * 60
WEEKLY_SECONDS = 6 * 24 * 60 * 60  # whoever only reads their reminders is looked at with each
MOST = 20_000
_ZONES = available_timezones()


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack said at `zone_at` (epoch seconds); `asked` is when it was asked last."""

    asked: float
    zone: str | None = None
    zone_at: int | None = None
    locale: str | None = None


class Profiles:
    """Zone and locale by person. An event is never held up for them: a person who is new is known
    by the next event.

    Slack would tell of changes too (`user_change`), but of everybody's in the workspace: in a big
    one that alone can use up the 30 000 events an hour that an app is sent.
    """

    def __init__(
        self, api: Api, background: Background, follow: Callable[[Person], Awaitable[None]]
    ) -> None:
        """`follow` is told where somebody's clocks are when that is news."""
        self._api, self._background, self._follow = api, background, follow
        self._known: OrderedDict[tuple[str, str], Profile] = OrderedDict()

    def completed(self, person: Person) -> Person:
        """The person with what is known of them; asks for it where that is nothing, or old."""
        known = self.look(person, FRESH_SECONDS)
        if known.zone is None and known.locale is None:
            return person
        return person.model_copy(
            update={"zone": known.zone, "zone_at": known.zone_at, "locale": known.locale}
        )

    def look(self, person: Person, fresh: float) -> Profile:
        """What is known; asks for it, beside, where the last look is older than `fresh` seconds."""
        key, now = (person.tenant, person.user), time.monotonic()
        known = self._known.get(key)
        if known is None or now - known.asked >= fresh:
            known = replace(known, asked=now) if known else Profile(asked=now)
            self._keep(key, known)
            self._background.spawn(f"profile {key}", self._ask(person))
        return known

    async def _ask(self, person: Person) -> None:
        at = int(time.time())
        try:
            answer = await self._api.call(
                person.tenant, "users.info", user=person.user, include_locale="true"
            )
        except CallError as error:
            log.info("the profile of a member cannot be read: %s", error)
            return
        user = answer.get("user", {})
        key, zone = (person.tenant, person.user), user.get("tz")
        before = self._known.get(key)
        now = Profile(
            asked=time.monotonic(),
            zone=zone if zone in _ZONES else None,
            zone_at=at,
            locale=user.get("locale"),
        )
        self._keep(key, now)
        if now.zone and (before is None or before.zone != now.zone):
            await self._tell(person.model_copy(update={"zone": now.zone, "zone_at": at}))

    async def _tell(self, person: Person) -> None:
        try:
            await self._follow(person)
        except UnavailableError as error:
            log.info("the zone of a member is followed at their next event: %s", error)

    def _keep(self, key: tuple[str, str], profile: Profile) -> None:
        self._known[key] = profile
        if len(self._known) > MOST:
            self._known.popitem(last=False)
