"""Which column of an existing list is which of ours: by the head, else by what stands below it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl
from django.utils.translation import gettext_lazy as _

from lienthong.kernel.text import fold
from lienthong.poverty.states import HouseholdClass
from lienthong.verification.tables.contents import shares
from lienthong.verification.tables.labels import key_of_label, key_without_asides
from lienthong.verification.tables.table import Table

FIELDS: Final = {
    "household_code": _("Mã hộ"),
    "head_name": _("Họ tên chủ hộ"),
    "head_number": _("Số định danh của chủ hộ"),
    "birth": _("Ngày sinh của chủ hộ"),
    "sex": _("Giới tính chủ hộ"),
    "ethnicity": _("Dân tộc"),
    "size": _("Số nhân khẩu"),
    "hamlet": _("Thôn, tổ dân phố"),
    "household_class": _("Phân loại hộ"),
    "poor_mark": _("Cột đánh dấu hộ nghèo"),
    "near_poor_mark": _("Cột đánh dấu hộ cận nghèo"),
    "a_points": _("Điểm B1"),
    "b_points": _("Điểm B2"),
    "reviewed_on": _("Ngày rà soát"),
    "reviewer": _("Người rà soát"),
}
_WORDS: Final = {
    "household_code": (
        "family code", "ma ho", "ma so ho", "ma ho ngheo", "ma ho can ngheo", "ma ho gia dinh", "ma so ho gia dinh", "so ho",
        "household code",
    ),
    "head_name": (
        "family hostname", "chu ho", "ho ten chu ho", "ho va ten chu ho", "ten chu ho", "ho va ten", "ho ten",
        "ho ten dai dien ho", "ho va ten chu ho gia dinh",
    ),
    "head_number": (
        "cccd", "so cccd", "so dinh danh", "so dinh danh ca nhan", "so cccd chu ho", "cccd chu ho", "so can cuoc",
        "so cmnd cccd", "so cccd cmnd", "cmnd cccd", "so dinh danh chu ho", "so dinh danh ca nhan chu ho", "so giay to",
    ),
    "birth": ("ngay sinh", "nam sinh", "ngay thang nam sinh", "ngay sinh chu ho", "nam sinh chu ho"),
    "sex": ("family hostgender", "gioi tinh", "gioi tinh chu ho", "nam nu"),
    "ethnicity": ("dan toc", "thanh phan dan toc", "dan toc chu ho"),
    "size": ("family numberofmembers", "so nhan khau", "so khau", "nhan khau", "so thanh vien", "tong so nhan khau"),
    "hamlet": ("thon", "xom", "thon xom", "to dan pho", "thon to dan pho", "thon ban", "xom to dan pho", "dia chi thon"),
    "household_class": (
        "classify", "phan loai", "phan loai ho", "loai ho", "ket qua", "ket qua phan loai", "dien", "dien ho",
        "ket qua ra soat",
    ),
    "poor_mark": ("ho ngheo", "ngheo", "la ho ngheo"),
    "near_poor_mark": ("ho can ngheo", "can ngheo", "la ho can ngheo"),
    "a_points": ("b1point", "diem b1", "tong diem b1", "b1"),
    "b_points": ("b2point", "diem b2", "tong diem b2", "b2"),
    "reviewed_on": ("date", "ngay ra soat", "ngay", "ngay khao sat", "ngay dieu tra"),
    "reviewer": ("reviewer", "nguoi ra soat", "ra soat vien", "dieu tra vien", "can bo ra soat"),
}  # fmt: skip
_CLASSES: Final = {
    "ho ngheo": HouseholdClass.POOR, "ngheo": HouseholdClass.POOR, "hn": HouseholdClass.POOR,
    "ho can ngheo": HouseholdClass.NEAR_POOR, "can ngheo": HouseholdClass.NEAR_POOR, "hcn": HouseholdClass.NEAR_POOR,
    "ho khong ngheo": HouseholdClass.NOT_POOR, "khong ngheo": HouseholdClass.NOT_POOR,
    "ho thoat ngheo": HouseholdClass.NOT_POOR, "thoat ngheo": HouseholdClass.NOT_POOR,
    "thoat can ngheo": HouseholdClass.NOT_POOR, "ho thoat can ngheo": HouseholdClass.NOT_POOR,
    "ho co muc song trung binh": HouseholdClass.AVERAGE, "muc song trung binh": HouseholdClass.AVERAGE,
    "ho muc song trung binh": HouseholdClass.AVERAGE,
}  # fmt: skip
_BY_CONTENT: Final = (("head_number", "twelve_digits"), ("birth", "birth_date"), ("hamlet", "village"), ("sex", "sex"))
_LEAST = 0.7


def class_of(text: str) -> HouseholdClass | None:
    """Read a class as offices write it; None where it is none."""
    return _CLASSES.get(" ".join(fold(text).replace(".", " ").split()))


def guess_columns(table: Table, *, remembered: Mapping[str, str] | None = None) -> dict[str, str]:
    """Guess the columns of a list.

    Args:
        table: What was read.
        remembered: What somebody confirmed for a file with the same heads; kept as far as the heads are there.

    Returns:
        Our fields with the head of each; a field that was not found is left out.
    """
    if remembered:
        return {field: head for field, head in remembered.items() if field in FIELDS and head in table.heads}
    found: dict[str, str] = {}
    free = list(table.heads)
    for read in (key_of_label, key_without_asides):
        for field, words in _WORDS.items():
            ranked = [head for word in words for head in free if read(head) == word]
            if field not in found and ranked:
                found[field] = ranked[0]
                free.remove(ranked[0])
    for head in [one for one in free if "household_class" not in found and _holds_classes(table.frame[one])]:
        found.setdefault("household_class", head)
    free = [head for head in free if head not in found.values()]
    held = {head: shares(table.frame[head]) for head in free}
    for field, share in _BY_CONTENT:
        best = max(free, key=lambda head: held[head].get(share, 0.0), default=None)
        if field not in found and best is not None and held[best].get(share, 0.0) >= _LEAST:
            found[field] = best
            free.remove(best)
    if "head_name" not in found:
        best = max(free, key=lambda head: held[head].get("full_name", 0.0), default=None)
        if best is not None and held[best].get("full_name", 0.0) >= _LEAST:
            found["head_name"] = best
    return found


def lacking(columns: Iterable[str], *, class_of_all: str) -> list[str]:
    """Name what a list cannot do without and has not."""
    chosen = set(columns)
    missing = [] if chosen & {"head_name", "household_code"} else [str(_("Họ tên chủ hộ hoặc Mã hộ"))]
    if not class_of_all and not chosen & {"household_class", "poor_mark", "near_poor_mark"}:
        missing.append(str(_("Phân loại hộ")))
    return missing


def _holds_classes(cells: pl.Series) -> bool:
    words = cells.drop_nulls().head(300).to_list()
    return bool(words) and sum(class_of(word) is not None for word in words) >= _LEAST * len(words)
