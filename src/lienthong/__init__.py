"""Liên Thông ("connected through"): one platform for the public services of a Vietnamese province."""

__version__ = "0.1.0"
