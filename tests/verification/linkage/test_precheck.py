"""What is wrong with a register with no database at all."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from lienthong.verification.linkage import Finding, precheck
from lienthong.verification.linkage.vocabulary import Field

YEAR = 2026
# Born in 1985, a woman, registered in Thái Nguyên: 019, 1 for a woman of the 20th century, 85.
RIGHT = {
    "record_id": "R1", "number": "019185001234", "full_name": "Ma Thị Lan", "birth_date": "05/07/1985", "sex": "Nữ",
    "ethnicity": "Tày", "commune_code": "05443",
}  # fmt: skip


def found(*changes: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [{**RIGHT, "record_id": f"R{place}", **change} for place, change in enumerate(changes)]
    told = precheck(pl.DataFrame(rows, schema=dict.fromkeys(RIGHT, pl.String)), this_year=YEAR)
    return list(told.select("record_id", "finding").iter_rows())


def test_nothing_is_wrong_with_a_right_record() -> None:
    assert found({}) == []


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"number": None}, Finding.NUMBER_MISSING),
        ({"number": "  "}, Finding.NUMBER_MISSING),
        ({"number": "090123456"}, Finding.NUMBER_OLD),
        ({"number": "90123456"}, Finding.NUMBER_OLD),
        ({"number": "19185001234"}, Finding.NUMBER_ZERO_LOST),
        ({"number": "1.919E+10"}, Finding.NUMBER_SHORTENED),
        ({"number": "0191850012344"}, Finding.NUMBER_WRONG_LENGTH),
        ({"number": "1918500"}, Finding.NUMBER_WRONG_LENGTH),
        ({"number": "111111111111"}, Finding.NUMBER_MADE_UP),
        ({"number": "không có"}, Finding.NUMBER_MADE_UP),
        ({"number": "999185001234"}, Finding.NUMBER_UNKNOWN_PROVINCE),
        ({"number": "019085001234"}, Finding.NUMBER_OTHER_SEX),
        ({"sex": "Nam"}, Finding.NUMBER_OTHER_SEX),
        ({"number": "019186001234"}, Finding.NUMBER_OTHER_YEAR),
        ({"number": "019385001234"}, Finding.NUMBER_OTHER_YEAR),
        ({"full_name": None}, Finding.NAME_MISSING),
        ({"full_name": "Lan"}, Finding.NAME_ONE_WORD),
        ({"full_name": "Ma Thị Lan 2"}, Finding.NAME_HAS_DIGITS),
        ({"full_name": "NguyÔn V¨n §¹t"}, Finding.NAME_OLD_ENCODING),
        ({"full_name": "Nguyeãn Vaên Ñaït"}, Finding.NAME_OLD_ENCODING),
        ({"birth_date": None}, Finding.BIRTH_MISSING),
        ({"birth_date": "không nhớ"}, Finding.BIRTH_UNREADABLE),
        ({"birth_date": "1985"}, Finding.BIRTH_YEAR_ONLY),
        ({"birth_date": "00/00/1985"}, Finding.BIRTH_YEAR_ONLY),
        ({"birth_date": "01/01/1985"}, Finding.BIRTH_FIRST_OF_JANUARY),
        ({"birth_date": "05/07/2085", "number": "019585001234"}, Finding.BIRTH_UNLIKELY),
        ({"birth_date": "05/07/1890", "number": None}, Finding.BIRTH_UNLIKELY),
        ({"sex": None}, Finding.SEX_MISSING),
        ({"sex": "?"}, Finding.SEX_MISSING),
        ({"ethnicity": ""}, Finding.ETHNICITY_MISSING),
        ({"commune_code": None}, Finding.COMMUNE_MISSING),
    ],
)
def test_each_finding_is_found(change: dict[str, Any], finding: Finding) -> None:
    kinds = {kind for _record, kind in found(change)}

    assert finding in kinds
    assert len(kinds) <= 2


def test_what_stands_in_two_rows_is_said_of_both() -> None:
    told = found({}, {"full_name": "MA THỊ LAN"}, {"full_name": "Lò Văn Sơn", "number": "019085009999", "sex": "Nam"})

    assert ("R0", Finding.NUMBER_TWICE) in told
    assert ("R1", Finding.NUMBER_TWICE) in told
    assert ("R0", Finding.PERSON_TWICE) in told
    assert ("R1", Finding.PERSON_TWICE) in told
    assert not [kind for record, kind in told if record == "R2"]


def test_a_year_of_two_digits_is_compared_as_such() -> None:
    assert found({"birth_date": "05/07/85"}) == []
    assert ("R0", Finding.NUMBER_OTHER_YEAR) in found({"birth_date": "05/07/86"})


def test_findings_come_in_the_order_of_rows_with_a_field_and_a_sentence() -> None:
    frame = pl.DataFrame([{**RIGHT, "record_id": name, "sex": None} for name in ("B", "A", "C")])

    told = precheck(frame, this_year=YEAR)

    assert told["record_id"].to_list()[0::1][0] == "B"
    assert list(dict.fromkeys(told["record_id"])) == ["B", "A", "C"]
    assert set(told["field"]) <= set(Field)
    assert told["message"].str.ends_with(".").all()
    assert told["finding"].is_in(list(Finding)).all()


def test_a_register_of_nothing_but_ids_misses_everything_and_an_empty_one_nothing() -> None:
    ids = pl.DataFrame({"record_id": ["R1", "R2"]})

    missing = precheck(ids, this_year=YEAR)
    nothing = precheck(ids.clear(), this_year=YEAR)

    assert missing.filter(pl.col("record_id") == "R1")["finding"].to_list() == [
        Finding.NUMBER_MISSING, Finding.NAME_MISSING, Finding.BIRTH_MISSING, Finding.SEX_MISSING,
        Finding.ETHNICITY_MISSING, Finding.COMMUNE_MISSING,
    ]  # fmt: skip
    assert nothing.height == 0
    assert nothing.columns == ["record_id", "finding", "field", "message"]
