"""The playground's settings: its port, on HOST."""

import logging
from typing import ClassVar

from bot.config.settings import PlatformSettings
from bot.config.values import Port


class Settings(PlatformSettings):
    local = True
    requirements = "requirements-playground.txt"
    # At DEBUG the libraries under NiceGUI write down what the page and the server tell each other.
    loggers: ClassVar = {
        "engineio": logging.WARNING,
        "httpcore": logging.WARNING,
        "httpx": logging.WARNING,
        "nicegui": logging.INFO,
        "socketio": logging.WARNING,
        "uvicorn": logging.WARNING,
        "watchfiles": logging.WARNING,
    }

    playground_port: Port = 8090
