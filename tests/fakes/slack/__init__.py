"""Slack on loopback: the Web API, Socket Mode, HTTP delivery, and what each person sees."""

from tests.fakes.slack.delivery import Ack, NotAcknowledgedError
from tests.fakes.slack.faults import Held, RateLimited, Refused, ResetAfterAccepting, ServerError
from tests.fakes.slack.person import Person
from tests.fakes.slack.screen import Card
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.world import Workspace

__all__ = [
    "Ack",
    "Card",
    "FakeSlack",
    "Held",
    "NotAcknowledgedError",
    "Person",
    "RateLimited",
    "Refused",
    "ResetAfterAccepting",
    "ServerError",
    "Workspace",
]
