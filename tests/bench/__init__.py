"""Measurements: each module prints its figures and their ratio to a bare app in the same run."""
