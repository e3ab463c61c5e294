"""A Discord on loopback that the real client can talk to, for tests."""

from tests.fakes.discord.people import Person
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Interaction, Message, Modal

__all__ = ["FakeDiscord", "Interaction", "Message", "Modal", "Person"]
