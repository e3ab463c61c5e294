"""What every model of a pack begins with: frozen, and ids that are short and stable."""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Id: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,23}$")]
"""Ids go into packed actions: short, and stable once published."""
RoleId: TypeAlias = Id
"""One of the pack's roles."""
StartId: TypeAlias = Id
"""One of the places that the pack's members start from."""
Colour: TypeAlias = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
