"""Asking one by one: which question to put to a query service next, from what a record says."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from lienthong.kernel.old_encodings import decode_tcvn3, decode_vni, looks_like_tcvn3, looks_like_vni
from lienthong.kernel.text import new_tone_placement, nfc, old_tone_placement, title_name
from lienthong.verification.linkage.dates import FIRST_OF_JANUARY, UNKNOWN_YEAR, read_birth_dates
from lienthong.verification.linkage.numbers import read_numbers


@dataclass(frozen=True, slots=True)
class Variant:
    """One question. Cách hỏi.

    Attributes:
        number: 12 or 9 digits; empty to ask without.
        full_name: The name to ask for.
        birth_date: ``dd/mm/yyyy``, ``yyyy``, or empty to ask without.
        words: Why this question, for the officer.
    """

    number: str
    full_name: str
    birth_date: str
    words: str


def variants(record: dict[str, str | None], *, this_year: int) -> list[Variant]:
    """Rank the questions for one record: as it stands first, then with one likely slip mended, then with less.

    Args:
        record: ``number``, ``full_name``, ``birth_date`` as typed.
        this_year: For years written with two digits.
    """
    number = _number(record.get("number") or "")
    names = list(dict.fromkeys(_names(record.get("full_name") or "")))
    births = list(dict.fromkeys(_births(record.get("birth_date") or "", this_year)))
    name, birth = names[0] if names else ("", ""), births[0] if births else ("", "")
    asked = [Variant(number, name[0], birth[0], "như trong sổ, đã chuẩn hóa")] if number else []
    asked += [Variant(number, spelled, birth[0], words) for spelled, words in names[1:] if number]
    asked += [Variant(number, name[0], day, words) for day, words in births[1:] if number]
    if number:
        asked.append(Variant(number, name[0], "", "số và họ tên, không ngày sinh"))
    asked += [
        Variant("", spelled, day, "không hỏi theo số: " + (words or more or "họ tên và ngày sinh"))
        for spelled, words in names
        for day, more in births
        if spelled and day
    ]
    unique = {
        (one.number, one.full_name, one.birth_date): one for one in reversed(asked) if one.full_name or one.number
    }
    return list(reversed(unique.values()))


def _number(typed: str) -> str:
    read = read_numbers(pl.Series([typed]))
    if read.number[0] >= 0:
        return str(read.number[0]).zfill(12)
    return str(read.old_number[0]).zfill(9) if read.old_number[0] >= 0 else ""


def _names(typed: str) -> list[tuple[str, str]]:
    name = " ".join(nfc(typed).split())
    for looks, decode in ((looks_like_tcvn3, decode_tcvn3), (looks_like_vni, decode_vni)):
        if not name.isascii() and looks(name):
            name = decode(name)
    name = title_name(name)
    if not name:
        return []
    words = name.split()
    spelled = [
        (name, ""),
        (old_tone_placement(name), "dấu đặt kiểu cũ (hòa)"),
        (new_tone_placement(name), "dấu đặt kiểu mới (hoà)"),
        (" ".join(_with_other_i(word) for word in words), "i và y đổi cho nhau"),
    ]
    if len(words) > 2:
        spelled.append((" ".join([words[-1], *words[:-1]]), "đưa chữ cuối lên đầu, khi tên ghi trước họ"))
    first: dict[str, str] = {}
    for text, why in spelled:
        first.setdefault(text, why)
    return list(first.items())


def _with_other_i(word: str) -> str:
    if len(word) > 1 and word[-1] in "iy" and word[-2].lower() not in "aeiouâêôơư":
        return word[:-1] + ("y" if word[-1] == "i" else "i")
    return word


def _births(typed: str, this_year: int) -> list[tuple[str, str]]:
    read = read_birth_dates(pl.Series([typed]), newest_year=this_year)
    year, month_day = int(read.year[0]), int(read.month_day[0])
    if year == UNKNOWN_YEAR:
        return [("", "không ngày sinh")]
    month, day = divmod(month_day, 100)
    if not month_day:
        return [(str(year), ""), (f"01/01/{year}", "ngày 01/01 thay cho ngày không rõ")]
    ways = [(f"{day:02d}/{month:02d}/{year}", "")]
    if month_day == FIRST_OF_JANUARY:
        ways.append((str(year), "chỉ năm sinh, vì 01/01 thường là điền tạm"))
    elif day <= 12 and day != month:
        ways.append((f"{month:02d}/{day:02d}/{year}", "đổi ngày và tháng"))
    if read.is_year_short[0]:
        ways.append((f"{day:02d}/{month:02d}/{year + (100 if year < 2000 else -100)}", "năm ở thế kỷ khác"))
    return ways
