"""What the codes with which banks reject or return a transfer mean, in Vietnamese; data in ``data/reasons.yaml``.

Lý do từ chối, hoàn trả (ISO 20022 External Code Sets).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from lienthong.rules.parameters import load_yaml

REASONS_FILE = Path(__file__).parents[1] / "data" / "reasons.yaml"
TWICE: Final = frozenset({"AM05", "DUPL", "DU01", "DU02", "DU03", "DU04", "DU05"})
"""Codes of what the bank rejects because it has it already: it says nothing of what became of the first."""


@cache
def reasons() -> Mapping[str, str]:
    """Return the words of every recorded code."""
    return {str(code): str(words) for code, words in load_yaml(REASONS_FILE)["reasons"].items()}


def reason_words(code: str, said: str) -> str:
    """Return why, in a sentence: the meaning of the code, the code itself, and what the bank added.

    Examples:
        >>> reason_words("AC04", "")
        'Tài khoản đã đóng (AC04).'
        >>> reason_words("", "khong tim thay"), reason_words("XX99", "")
        ('Ngân hàng ghi: khong tim thay.', 'Ngân hàng từ chối với mã XX99.')
    """
    known = reasons().get(code, "")
    parts = []
    if known:
        parts.append(f"{known} ({code}).")
    elif code:
        parts.append(f"Ngân hàng từ chối với mã {code}.")
    if said:
        parts.append(f"Ngân hàng ghi: {said.rstrip('.')}.")
    return " ".join(parts)[:500] or "Ngân hàng từ chối, không ghi lý do."
