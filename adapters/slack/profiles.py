"""What a member's Slack profile says about time and language: asked for beside the conversation."""

import logging
import time
from collections import OrderedDict
from zoneinfo import available_timezones

from adapters.slack.api import Api, CallError
from adapters.slack.once import Background
from bot.event import Person

log = logging.getLogger(__name__)

FRESH_SECONDS = 60 * 60
MOST = 20_000
_ZONES = available_timezones()


class Profiles:
    """Zone and locale by person. An event is never held up for them: a person who is new is known
    by the next event.
    """

    def __init__(self, api: Api, background: Background) -> None:
        self._api, self._background = api, background
        self._known: OrderedDict[tuple[str, str], tuple[float, str | None, str | None]] = (
            OrderedDict()
        )

    def completed(self, person: Person) -> Person:
        """The person with what is known of them; asks for it where that is nothing, or old."""
        key = (person.tenant, person.user)
        at, zone, locale = self._known.get(key, (-FRESH_SECONDS, None, None))
        if time.monotonic() - at >= FRESH_SECONDS:
            self._keep(key, zone, locale)
            self._background.spawn(f"profile {key}", self._ask(person))
        if zone is None and locale is None:
            return person
        return person.model_copy(update={"zone": zone, "locale": locale})

    async def _ask(self, person: Person) -> None:
        try:
            answer = await self._api.call(
                person.tenant, "users.info", user=person.user, include_locale="true"
            )
        except CallError as error:
            log.info("the profile of a member cannot be read: %s", error)
            return
        user = answer.get("user", {})
        zone = user.get("tz")
        zone = zone if zone in _ZONES else None
        self._keep((person.tenant, person.user), zone, user.get("locale"))

    def _keep(self, key: tuple[str, str], zone: str | None, locale: str | None) -> None:
        self._known[key] = (time.monotonic(), zone, locale)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
