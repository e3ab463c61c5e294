"""How fast one member may go: a bucket of tokens each, so that nobody can keep the rest waiting."""

from collections import OrderedDict

from bot.chat.event import Person

_MEMBERS = 10_000  # remembered at once; whoever was forgotten starts with a full bucket


class Pace:
    """`a_minute` events a minute for each member, as many at once, none refused where it is 0."""

    def __init__(self, a_minute: int) -> None:
        self._size = a_minute
        self._buckets: OrderedDict[tuple[str, str, str], tuple[float, float]] = OrderedDict()

    def takes(self, person: Person, now: float) -> bool:
        """Whether one more event of this person may be answered; `now` is in seconds."""
        if not self._size:
            return True
        key = (person.platform, person.tenant, person.user)
        tokens, since = self._buckets.pop(key, (float(self._size), now))
        tokens = min(self._size, tokens + max(now - since, 0) * self._size / 60)
        taken = tokens >= 1
        self._buckets[key] = (tokens - taken, now)
        if len(self._buckets) > _MEMBERS:
            self._buckets.popitem(last=False)
        return taken
