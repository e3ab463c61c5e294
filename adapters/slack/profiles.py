"""What a member's Slack profile says about time and language: asked for beside the conversation."""

import logging
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from zoneinfo import available_timezones

from adapters.shared.calls import CallError
from adapters.shared.tasks import Background
from adapters.slack.api import Api
from bot.chat.event import Person

log = logging.getLogger(__name__)

FRESH_SECONDS = 60 * 60
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
    """

    def __init__(self, api: Api, background: Background) -> None:
        self._api, self._background = api, background
        self._known: OrderedDict[tuple[str, str], Profile] = OrderedDict()

    def completed(self, person: Person) -> Person:
        """The person with what is known of them; asks for it where that is nothing, or old."""
        key, now = (person.tenant, person.user), time.monotonic()
        known = self._known.get(key, Profile(asked=now - FRESH_SECONDS))
        if now - known.asked >= FRESH_SECONDS:
            self._keep(key, replace(known, asked=now))
            self._background.spawn(f"profile {key}", self._ask(person))
        if known.zone is None and known.locale is None:
            return person
        return person.model_copy(
            update={"zone": known.zone, "zone_at": known.zone_at, "locale": known.locale}
        )

    def told(self, person: Person) -> None:
        """The profile of somebody has changed: what was known of it is old."""
        key = (person.tenant, person.user)
        if known := self._known.get(key):
            self._keep(key, replace(known, zone=person.zone, zone_at=person.zone_at))

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
        zone = user.get("tz")
        self._keep(
            (person.tenant, person.user),
            Profile(
                asked=time.monotonic(),
                zone=zone if zone in _ZONES else None,
                zone_at=at,
                locale=user.get("locale"),
            ),
        )

    def _keep(self, key: tuple[str, str], profile: Profile) -> None:
        self._known[key] = profile
        if len(self._known) > MOST:
            self._known.popitem(last=False)
