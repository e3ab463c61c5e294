"""Discord's refusals of a direct message, and whose doing each is. docs/operations.md has them all.

A 401 says that the token is dead, and is not among them.
"""

from collections.abc import Mapping

from adapters.discord.api import RefusedError
from adapters.shared.calls import LimitedError
from adapters.shared.refusals import Cause, judge
from bot.adapter import Hindered, Refused

EDGES = ("403 from the edge", "429 from the edge")
"""Answers without JSON: not Discord's own, but of the wall before it."""

_TURNED_AWAY = "not Discord itself turns the bot away: look at this address’s network and proxy"
_TOO_MANY = (
    "too many requests came from this address: nothing is sent to Discord until it may be again;"
    " see what else here calls it"
)
_CARD = "Discord cannot read the card, which is a fault of Crossroads: please report it"

CAUSES: Mapping[str, Cause] = {
    "50007": Cause("member", "Discord says that your direct messages are closed to me"),
    "50278": Cause("member", "Discord says that we no longer share a server"),
    "403": Cause("operator", "Discord does not say why: look at the app’s page in the portal"),
    "10003": Cause("platform", "Discord does not know the channel that it has just opened"),
    "10013": Cause("platform", "Discord does not know the account any more"),
    "20026": Cause(
        "operator", "Discord has flagged the app: ask Discord’s support", everybody=True
    ),
    "40001": Cause("operator", "the token may not do this: look at the portal", everybody=True),
    "40003": Cause(
        "platform", "direct messages were opened too fast for Discord: wait", everybody=True
    ),
    "50001": Cause("operator", "the app has no access to this conversation"),
    "50006": Cause("operator", _CARD),
    "50013": Cause("operator", "the app may not write in this conversation"),
    "50033": Cause("platform", "Discord does not take the account as a recipient"),
    "50035": Cause("operator", _CARD),
}


def refusal(error: RefusedError) -> Refused | Hindered:
    if error.edge:  # whatever stands there in Discord's place answers everybody alike
        code = f"{error.status} from the edge"
        return Hindered(code, _TURNED_AWAY, known=code in EDGES, everybody=True)
    return judge(CAUSES, "Discord", str(error.code or error.status), error.said)


def gone() -> Refused | Hindered:
    """The channel of somebody's direct messages has been opened, and is not there."""
    return judge(CAUSES, "Discord", "10003")


def silence(error: LimitedError) -> Hindered:
    """The edge wants no request at all."""
    return Hindered(EDGES[1], _TOO_MANY, everybody=True, seconds=error.seconds)
