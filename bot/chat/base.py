"""What every piece of a reply is made of: frozen models, limits, colours."""

from pydantic import BaseModel, ConfigDict, Field

from bot.chat.limits import length


class Frozen(BaseModel):
    """Limits are checked in `model_post_init`: a validator would run again for every part each time
    that a part is put into a message, and a message into a reply.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


def fits(what: str, text: str, limit: int, least: int = 1) -> None:
    if not least <= length(text) <= limit:
        raise ValueError(f"{what} has {length(text)} characters, {least} to {limit} fit: {text!r}")


class Accent(Frozen):
    """A colour, "#RRGGBB", on a light and on a dark ground."""

    light: str = Field(pattern=r"^#[0-9A-Fa-f]{6}$")
    dark: str = Field(pattern=r"^#[0-9A-Fa-f]{6}$")
