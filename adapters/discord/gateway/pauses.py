"""Backoff: how long to wait before a connection is tried again."""

import random

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 10.0
STEADY_SECONDS = 30.0  # a connection that lasted so long was a good one


def between(low: float, high: float) -> float:
    return random.uniform(low, high)  # noqa: S311 (jitter, not a secret)


class Pauses:
    """None after a good connection, then more and more, up to what still brings the bot back soon.

    Being taken in does not make a connection a good one: Discord may hang up at once, for ever.
    """

    def __init__(self) -> None:
        self.in_vain = 0  # connections since the last good one

    def after(self, lasted: float | None) -> float:
        """Seconds to wait, given for how many the shard had been taken in (None: not at all)."""
        self.in_vain = 0 if (lasted or 0.0) > STEADY_SECONDS else self.in_vain + 1
        if self.in_vain == 0 or (self.in_vain == 1 and lasted is not None):
            return 0.0
        longest = min(FIRST_PAUSE * 2.0 ** min(self.in_vain, 10), LONGEST_PAUSE)
        return longest * between(0.8, 1.2)  # so that not all bots come back at once
