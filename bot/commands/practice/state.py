"""Where practice stands."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from bot.commands.conversation import State
from bot.pack.base import RoleId
from bot.records import Rating

What: TypeAlias = Literal["practice", "mock", "overview"]


class Choosing(State):
    """The member was asked for which role they practise, and goes on to `then`."""

    step: Literal["choosing"] = "choosing"
    then: What = "practice"


class Resting(State):
    """The overview: nothing is asked."""

    step: Literal["resting"] = "resting"
    role: RoleId


class Asking(State):
    """A question, and from `shown` on what a good answer contains.

    `put_off` are the questions that the member wants to see another time.
    """

    step: Literal["asking"] = "asking"
    role: RoleId
    question: str
    shown: bool = False
    put_off: tuple[str, ...] = ()


class Mocking(State):
    """A mock interview since `began_at` (epoch seconds), at the first question without a rating."""

    step: Literal["mocking"] = "mocking"
    role: RoleId
    began_at: int
    questions: tuple[str, ...] = Field(min_length=1)
    ratings: tuple[Rating, ...] = ()
    shown: bool = False

    @property
    def question(self) -> str:
        return self.questions[min(len(self.ratings), len(self.questions) - 1)]


class Mocked(State):
    """A mock interview that is over, after `minutes`."""

    step: Literal["mocked"] = "mocked"
    role: RoleId
    minutes: int
    questions: tuple[str, ...]
    ratings: tuple[Rating, ...]


PracticeState: TypeAlias = Annotated[
    Choosing | Resting | Asking | Mocking | Mocked, Field(discriminator="step")
]
