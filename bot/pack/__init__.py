"""Reads content packs: YAML files in, one cross-checked `bot.content.Pack` out."""

from bot.pack.load import ContentError, Report, check, default_pack_path, load, run_check

__all__ = ["ContentError", "Report", "check", "default_pack_path", "load", "run_check"]
