"""Values that a register spreads over two or three columns: dates in parts, names in two, a column for each sex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from lienthong.kernel.text import nfc
from lienthong.verification.tables.labels import key_of_label, key_without_asides
from lienthong.verification.tables.mapping import BySex, Joined, Source
from lienthong.verification.tables.table import Table
from lienthong.verification.tables.vocabulary import OF_OTHERS, TableKind

_DAY, _MONTH, _YEAR = {"ngay", "ngay sinh"}, {"thang", "thang sinh"}, {"nam", "nam sinh"}
_FIRST_NAMES = {
    "ho dem",
    "ho",
    "ho va ten dem",
    "ho va chu dem",
    "ho lot",
    "ho chu dem",
    "ho va dem",
    "ho ten dem",
    "ho va ten lot",
}
_MALE, _FEMALE = "nam", "nu"


def compound_columns(
    table: Table, free: Sequence[str], contents: Mapping[str, Mapping[str, float]], kind: TableKind
) -> dict[str, Source]:
    """Find the values that are spread over neighbouring columns.

    Args:
        table: What was read.
        free: The columns that nobody has claimed, in the order of the file.
        contents: What each of them holds.
        kind: What the file is for.
    """
    found: dict[str, Source] = {}
    if kind is TableKind.COMMUNES:
        return found
    heads = [head for head in free if not any(f" {word} " in f" {key_of_label(head)} " for word in OF_OTHERS)]
    _take_merged(table, heads, found)
    for first, second, third in zip(heads, heads[1:], heads[2:], strict=False):
        if _last(first) in _DAY and _last(second) in _MONTH and _last(third) in _YEAR:
            found.setdefault("birth_date", Joined((first, second, third)))
    for first, second in pairwise(heads):
        if _last(first) in _FIRST_NAMES and _last(second) in {"ten", "ten khai sinh"}:
            found.setdefault("full_name", Joined((first, second)))
        pair = _sexes(first, second)
        if pair:
            _take_sexes(pair, contents, found)
    return found


def _take_merged(table: Table, heads: Sequence[str], found: dict[str, Source]) -> None:
    for group in table.merged_heads:
        if not set(group) <= set(heads):
            continue
        key = key_without_asides(group[0])
        if key in {"ho va ten", "ho ten", "ho ten doi tuong", "ho va ten doi tuong"} and len(group) == 2:
            found.setdefault("full_name", Joined(group))
        elif "sinh" in key.split() and len(group) == 3:
            found.setdefault("birth_date", Joined(group))


def _last(head: str) -> str:
    return key_without_asides(head.rsplit(" – ", maxsplit=1)[-1])


def _sexes(first: str, second: str) -> BySex | None:
    """Return the pair when the two heads are "Nam" and "Nữ", alone or below one name."""
    if _stem(first) != _stem(second):
        return None
    words = (key_of_label(first).split()[-1:], key_of_label(second).split()[-1:])
    # Without diacritics "năm" is written like "nam": the other column decides, and the letters where they are there.
    if "năm" in nfc(first.rsplit(" – ", maxsplit=1)[-1]).lower().split()[-1:]:
        return None
    if words == ([_MALE], [_FEMALE]):
        return BySex(first, second)
    if words == ([_FEMALE], [_MALE]):
        return BySex(second, first)
    return None


def _stem(head: str) -> str:
    return " ".join(key_of_label(head).split()[:-1])


def _take_sexes(pair: BySex, contents: Mapping[str, Mapping[str, float]], found: dict[str, Source]) -> None:
    dates = [contents[head].get("birth_date", 0.0) for head in pair.columns if contents[head]]
    holds_dates = bool(dates) and min(dates) > 0.6
    if holds_dates or "sinh" in _stem(pair.male).split():
        found.setdefault("birth_date", pair)
    found.setdefault("sex", pair)
