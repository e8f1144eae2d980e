"""A spreadsheet that says which hamlets are rural and which urban: the list of jumps with one more column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from lienthong.kernel.text import fold
from lienthong.poverty.services.areas import Designate, DesignationsRefused
from lienthong.poverty.states import AreaKind
from lienthong.units.models import AdministrativeUnit
from lienthong.verification.tables import TableRefused, read_table
from lienthong.verification.tables.labels import key_of_label
from lienthong.verification.tables.table import ROW_NUMBER

CODE_HEAD, UNIT_HEAD, HAMLET_HEAD, AREA_HEAD = "Mã xã", "Xã, phường", "Thôn, tổ dân phố", "Xếp khu vực"
_AREAS = {"nong thon": AreaKind.RURAL, "thanh thi": AreaKind.URBAN, "rural": AreaKind.RURAL, "urban": AreaKind.URBAN}
_NEEDED = {"code": CODE_HEAD, "hamlet": HAMLET_HEAD, "area": AREA_HEAD}


def read_areas_file(
    path: Path,
    *,
    name: str,
    instrument: str,
    valid_from: date,
    unit_of: Callable[[str], AdministrativeUnit | None],
) -> list[Designate]:
    """Read designations; rows whose area is left empty are left out.

    Args:
        path: Where the file lies.
        name: What its sender calls it.
        instrument: The text that all rows rest on.
        valid_from: From when they hold.
        unit_of: Gives the unit that a code meant on that day.

    Raises:
        TableRefused: It is no table, or columns are missing.
        DesignationsRefused: With everything that is wrong in its rows.
    """
    table = read_table(path, name=name)
    heads = {ours: next((head for head in table.heads if _fits(head, words)), None) for ours, words in _NEEDED.items()}
    if missing := [words for ours, words in _NEEDED.items() if heads[ours] is None]:
        raise TableRefused(
            f"Tệp “{name}” thiếu cột {', '.join(missing)}. Hãy tải danh sách từ trang khu vực về và điền vào đó."
        )
    found: list[Designate] = []
    problems: list[str] = []
    for row in table.frame.iter_rows(named=True):
        where, told = f"Dòng {row[ROW_NUMBER]}", str(row[str(heads["area"])] or "").strip()
        if not told:
            continue
        area = _AREAS.get(fold(told))
        code = str(row[str(heads["code"])] or "").strip()
        unit = unit_of(code.zfill(5) if code.isdecimal() else code)
        if area is None:
            problems.append(f"{where}: “{told}” phải là nông thôn hoặc thành thị.")
        if unit is None:
            problems.append(f"{where}: ngày {valid_from:%d/%m/%Y} không có xã, phường nào mang mã “{code}”.")
        if area is not None and unit is not None:
            hamlet = str(row[str(heads["hamlet"])] or "").strip()
            found.append(
                Designate(
                    unit_id=unit.pk, hamlet=hamlet, area=area, instrument=instrument, valid_from=valid_from, where=where
                )
            )  # fmt: skip
    if problems:
        raise DesignationsRefused(problems)
    if not found:
        raise DesignationsRefused([f"Tệp “{name}” chưa điền cột “{AREA_HEAD}” ở dòng nào."])
    return found


def _fits(head: str, words: str) -> bool:
    return key_of_label(head) == key_of_label(words)
