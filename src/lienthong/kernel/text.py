"""Vietnamese text: one normal form, the search key, dictionary order, tone placement, and clean input."""

from __future__ import annotations


class UncleanText(ValueError):
    """The text holds something that may not be stored; the message says what and what to do."""


def nfc(text: str) -> str: raise NotImplementedError
def fold(text: str) -> str: raise NotImplementedError
def sort_key(text: str) -> str: raise NotImplementedError
def person_sort_key(full_name: str) -> str: raise NotImplementedError
def old_tone_placement(text: str) -> str: raise NotImplementedError
def new_tone_placement(text: str) -> str: raise NotImplementedError
def same_ignoring_tone_placement(one: str, other: str) -> bool: raise NotImplementedError
def title_name(text: str) -> str: raise NotImplementedError
def clean_line(text: str, *, at_most: int) -> str: raise NotImplementedError
def decode_tcvn3(text: str | bytes) -> str: raise NotImplementedError
def decode_vni(text: str | bytes) -> str: raise NotImplementedError
def looks_like_tcvn3(text: str | bytes) -> bool: raise NotImplementedError
def looks_like_vni(text: str | bytes) -> bool: raise NotImplementedError
