"""Vietnamese sentences of the rules, as pages and papers sort them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from lienthong.assistance.states import NOT_MONTHLY, Benefit

NOT_FITTING: Final = ("Không thuộc diện", "Không ở độ tuổi của các diện")
"""How the rules begin a sentence about categories that were tried and do not fit."""


def unnumbered(sentence: str) -> str:
    """Leave out the number that an assessment begins its sentences with; the list numbers them.

    Examples:
        >>> unnumbered("2. Đủ điều kiện vì: đủ 80 tuổi."), unnumbered("20/2021/NĐ-CP. Hết.")
        ('Đủ điều kiện vì: đủ 80 tuổi.', '20/2021/NĐ-CP. Hết.')
    """
    number, dot, rest = str(sentence).partition(". ")
    return rest if dot and number.isdecimal() else str(sentence)


def each_words(benefit: str) -> str:
    """Say how often a benefit is paid that is not paid each month; empty for one that is."""
    if benefit == Benefit.YEARLY:
        return _("mỗi năm")
    return _("một lần") if benefit in NOT_MONTHLY else ""
