"""Reads content packs: YAML files in, one cross-checked `bot.pack.model.Pack` out."""
