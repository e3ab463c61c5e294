"""The people of the playground, and where they talk: one room, and direct messages for each."""

from dataclasses import dataclass
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from bot.calendar.zones import zone_of
from bot.chat.event import Person, Place

Channel: TypeAlias = Literal["room", "direct"]

TENANT = "local"
ROOM = "crossroads"


@dataclass(frozen=True, slots=True)
class Local:
    """A member on this machine; `zone` is what a platform would tell of them."""

    id: str
    name: str
    zone: str

    @property
    def person(self) -> Person:
        return Person(platform="playground", tenant=TENANT, user=self.id, zone=self.zone)

    @property
    def tz(self) -> ZoneInfo:
        return zone_of(self.zone)

    def place(self, channel: Channel) -> Place:
        if channel == "room":
            return Place(tenant=TENANT, channel=ROOM)
        return Place(tenant=TENANT, channel=f"direct-{self.id}", direct=True)


LOCALS = (
    Local("ana", "Ana", "Europe/Madrid"),
    Local("ben", "Ben", "America/New_York"),
    Local("chi", "Chi", "Asia/Kolkata"),
)
BY_ID = {local.id: local for local in LOCALS}
