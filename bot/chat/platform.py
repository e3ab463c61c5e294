"""The platforms that there are; by itself, because the command line names them before all else."""

from typing import Literal, TypeAlias, get_args

Platform: TypeAlias = Literal["slack", "discord", "playground"]
PLATFORMS: tuple[Platform, ...] = get_args(Platform)
