"""What arrives: who did what, where. Adapters make events; nothing else of a platform crosses."""

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Literal, ParamSpec, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.calendar.zones import valid_zone
from bot.chat.platform import PLATFORMS as PLATFORMS
from bot.chat.platform import Platform as Platform
from bot.chat.wire import PackedAction


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(_Frozen):
    """A user of one platform.

    `tenant` is the space that user ids are unique in: a Slack workspace or enterprise, "discord"
    for all of Discord. `zone` is an IANA zone where the platform tells it, `locale` likewise;
    `zone_at` (epoch seconds) is as of when it said so, None for just now. `channel` is that of
    their direct messages, where it is known.
    """

    platform: Platform
    tenant: str
    user: str
    zone: str | None = None
    zone_at: int | None = None
    locale: str | None = None
    channel: str | None = None

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str | None) -> str | None:
        """Leave out a zone that this machine has no rules for: nothing could be dated with it."""
        return zone if zone and valid_zone(zone) else None


class Place(_Frozen):
    """Where it happened: a channel of a workspace or server, or the direct messages (`direct`)."""

    tenant: str
    channel: str
    direct: bool = False


class Command(_Frozen):
    """A slash command: `/compare pay` is name "compare" and text "pay"."""

    kind: Literal["command"] = "command"
    name: str
    text: str = ""


class Press(_Frozen):
    """A button. `shared` says that the card is public: pressing opens the presser's own copy."""

    kind: Literal["press"] = "press"
    action: PackedAction
    shared: bool = False


class Choice(_Frozen):
    """An option taken from a menu."""

    kind: Literal["choice"] = "choice"
    action: PackedAction
    value: str
    shared: bool = False


class Submission(_Frozen):
    """A form sent in: the values by field name, as typed."""

    kind: Literal["submission"] = "submission"
    action: PackedAction
    values: dict[str, str]


class Garbled(_Frozen):
    """A button, menu or form whose action could not be read: forged, or from another version."""

    kind: Literal["garbled"] = "garbled"


Input: TypeAlias = Annotated[
    Command | Press | Choice | Submission | Garbled, Field(discriminator="kind")
]


class Event(_Frozen):
    """One delivery of a platform. `id` is the platform's own id for it, for logs only."""

    id: str
    person: Person
    place: Place
    input: Input


class MalformedError(ValueError):
    """A payload has not the shape that its platform promises."""


P = ParamSpec("P")
T = TypeVar("T")


def reader(read: Callable[P, T]) -> Callable[P, T]:
    """`read` of a payload, raising MalformedError where it stumbles over the payload's shape."""

    @wraps(read)
    def reading(*payload: P.args, **named: P.kwargs) -> T:
        try:
            return read(*payload, **named)
        except MalformedError:
            raise
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            # Neither cause nor message: they may quote the payload.
            raise MalformedError(f"{type(error).__name__} in {read.__name__}") from None

    return reading
