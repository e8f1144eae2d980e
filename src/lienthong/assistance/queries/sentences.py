"""Vietnamese sentences of the rules, as a page sorts them."""

from __future__ import annotations

from typing import Final

NOT_FITTING: Final = "Không thuộc diện"
"""How the rules begin a sentence about a category that was tried and does not fit."""
