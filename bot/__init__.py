"""The shared core of Crossroads: knows no platform."""
