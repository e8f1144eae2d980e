"""Guess which column of a file is which of ours: by the heads, then by what stands below them. Đoán cột.

A guess is shown to a person, who confirms it; the confirmed mapping is kept under the signature of the head.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lienthong.verification.tables.contents import SAMPLE_ROWS, shares
from lienthong.verification.tables.labels import key_of_label, key_without_asides
from lienthong.verification.tables.mapping import ColumnMapping, FirstOf, Source, columns_of
from lienthong.verification.tables.refusals import ColumnsMissing
from lienthong.verification.tables.table import Table
from lienthong.verification.tables.two_columns import compound_columns
from lienthong.verification.tables.vocabulary import NEEDED, NEVER, OF_OTHERS, VIETNAMESE, WORDS, TableKind

_WHOLE, _WHOLE_WITHOUT_ASIDE, _PART, _COMPOUND, _GIVEN = 0.98, 0.95, 0.92, 0.9, 1.0
_LEAST = 0.5
_BY_CONTENT_ALONE = 0.7
# Below this share of fitting cells a head is doubted: "Số CCCD" over telephone numbers.
_DOUBTED = 0.2
_CHECKED_BY_CONTENT = ("number", "birth_date", "sex", "ethnicity", "full_name")


@dataclass(frozen=True, slots=True)
class Guess:
    """A mapping, how sure each part of it is, and what stays open. Kết quả đoán cột.

    Attributes:
        confidence: For each of our columns found, from 0 to 1; 1 where a person said so.
        unmapped: Columns of the file that are not used.
        missing: Groups of our columns of which one at least is needed and none was found.
        signature: Mark of the head, under which a confirmed mapping is remembered.
    """

    mapping: ColumnMapping
    confidence: Mapping[str, float]
    unmapped: tuple[str, ...]
    missing: tuple[tuple[str, ...], ...]
    signature: str

    def require(self, table: Table) -> ColumnMapping:
        """Return the mapping, when nothing that is needed is missing.

        Raises:
            ColumnsMissing: With what is missing and which columns the file has.
        """
        if not self.missing:
            return self.mapping
        if len(table.heads) == 1:
            raise ColumnsMissing(
                f"Tệp chỉ có một cột (“{table.heads[0]}”; đọc theo {table.source}). Hãy kiểm tra dấu phân cách, hoặc gửi "
                "tệp có đủ họ tên, ngày sinh và số định danh."
            )
        lacking = "; ".join(" hoặc ".join(VIETNAMESE[field] for field in group) for group in self.missing)
        raise ColumnsMissing(
            f"Không tìm thấy cột: {lacking}. Các cột của tệp: {', '.join(table.heads[:40])}. "
            "Hãy chỉ rõ cột nào là trường nào, hoặc kiểm tra có đúng tệp không."
        )


def guess_mapping(table: Table, *, kind: TableKind, given: Mapping[str, Any] | None = None) -> Guess:
    """Guess the mapping of a table.

    Args:
        table: What was read.
        kind: What it is for.
        given: Plain data of a mapping file: what a person has said already, and is not guessed again.

    Raises:
        MappingRefused: What is given names columns or fields that do not exist.
    """
    said = ColumnMapping.from_plain_data(given, kind=kind, heads=table.heads).columns if given else {}
    found: dict[str, Source | None] = dict(said)
    confidence = {field: _GIVEN for field, source in said.items() if source is not None}
    free = [head for head in table.heads if head not in {one for source in said.values() for one in columns_of(source)}]
    sample = table.frame.head(SAMPLE_ROWS)
    contents = {head: shares(sample[head]) for head in free}

    for field, source in compound_columns(table, free, contents, kind).items():
        if field not in found:
            found[field], confidence[field] = source, _COMPOUND
    _by_names(found, confidence, [head for head in free if head not in _used(found)], contents, kind)
    _by_contents(found, confidence, [head for head in free if head not in _used(found)], contents, kind)
    if kind is TableKind.REGISTER:
        _one_number(found, confidence, is_said="number" in said)

    used = _used(found)
    missing = tuple(group for group in NEEDED[kind] if all(found.get(field) is None for field in group))
    ordered = {field: found[field] for field in WORDS[kind] if field in found}
    unmapped = tuple(head for head in table.heads if head not in used)
    return Guess(ColumnMapping(kind, ordered), confidence, unmapped, missing, table.signature)


def _used(found: Mapping[str, Source | None]) -> set[str]:
    return {head for source in found.values() for head in columns_of(source)}


def _by_names(
    found: dict[str, Source | None], confidence: dict[str, float], free: list[str],
    contents: Mapping[str, Mapping[str, float]], kind: TableKind,
) -> None:  # fmt: skip
    """Give each of our columns the head that names it best; the surest pair goes first."""
    worths = []
    for place, head in enumerate(free):
        for field, words in WORDS[kind].items():
            worth = _name_fits(head, field, words)
            if worth < _LEAST:
                continue
            fits = contents[head].get(field, 0.0)
            if field in _CHECKED_BY_CONTENT and contents[head] and fits < _DOUBTED:
                worth *= 0.6
            worths.append((worth + 0.01 * fits, -place, head, field, worth))
    taken: set[str] = set()
    for _rank, _place, head, field, worth in sorted(worths, reverse=True):
        if field not in found and head not in taken and worth >= _LEAST:
            found[field], confidence[field] = head, round(worth, 2)
            taken.add(head)


def _name_fits(head: str, field: str, words: tuple[str, ...]) -> float:
    key, plain = key_of_label(head), key_without_asides(head)
    if key in words:
        return _WHOLE
    if plain in words:
        return _WHOLE_WITHOUT_ASIDE
    padded = f" {key} "
    if any(f" {word} " in padded for word in (*OF_OTHERS, *NEVER.get(field, ()))):
        return 0.0
    if " – " in head and key_without_asides(head.rsplit(" – ", maxsplit=1)[-1]) in words:
        return _PART
    contained = [word for word in words if len(word) > 3 and f" {word} " in padded]
    if not contained:
        return 0.0
    return 0.6 + 0.3 * max(len(word.split()) for word in contained) / len(key.split())


def _by_contents(
    found: dict[str, Source | None], confidence: dict[str, float], free: list[str],
    contents: Mapping[str, Mapping[str, float]], kind: TableKind,
) -> None:  # fmt: skip
    """Take columns whose head says nothing by what they hold."""
    left = [head for head in free if contents[head] and not _speaks_of_others(head)]
    order = (
        "number",
        "old_number",
        "birth_date",
        "sex",
        "ethnicity",
        "full_name",
        "head_name",
        "commune_code",
        "village",
        "is_head",
    )
    for field in order:
        if field in found or field not in WORDS[kind]:
            continue
        best, best_worth = None, _BY_CONTENT_ALONE
        for head in left:
            worth = _content_fits(field, contents[head])
            if worth > best_worth:
                best, best_worth = head, worth
        if best is not None:
            found[field], confidence[field] = best, round(0.8 * best_worth, 2)
            left.remove(best)


def _content_fits(field: str, held: Mapping[str, float]) -> float:
    if field == "number":
        return held["number"] * (1.0 if held["twelve_digits"] >= 0.1 else 0.75)
    if field == "old_number":
        return held["nine_digits"]
    if field == "full_name":
        return held["full_name"] * (0.8 + 0.2 * held["distinct"])
    if field == "head_name":
        # A household head comes once for each member, so the same names return.
        return held["full_name"] * (0.8 + 0.2 * (1 - held["distinct"]))
    return held.get(field, 0.0)


def _speaks_of_others(head: str) -> bool:
    return any(f" {word} " in f" {key_of_label(head)} " for word in OF_OTHERS)


def _one_number(found: dict[str, Source | None], confidence: dict[str, float], *, is_said: bool) -> None:
    """A register has one number: the old one stands in where the new one is missing."""
    old = found.pop("old_number", None)
    confidence.pop("old_number", None)
    if old is None or is_said:
        return
    number = found.get("number")
    heads = (*columns_of(number), *columns_of(old))
    found["number"] = FirstOf(heads) if len(heads) > 1 else heads[0]
    confidence["number"] = min(confidence.get("number", _COMPOUND), _COMPOUND)
