"""The shared core of Crossroads: knows no platform."""

__version__ = "0.1.0"
