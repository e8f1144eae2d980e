"""Figures of a unit, each a link to its records."""
