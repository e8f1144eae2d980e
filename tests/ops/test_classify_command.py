"""``./lienthong classify``."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

HEAD = "code,area,income_per_person"


def ask(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    call_command("classify", *map(str, arguments), "--standard", "2022-2026", "--json")
    return json.loads(capsys.readouterr().out)


def written(folder: Path, text: str, name: str = "h.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_gives_class_deprivations_and_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, f"{HEAD},employment,cleanWater,devices\n0012,rural,1500000,1,1,none\n")

    (household,) = ask(capsys, file)["households"]

    assert household["code"] == "0012"
    assert household["class"] == "poor"
    assert household["deprivations"] == ["employment", "cleanWater", "informationAccessAssets"]
    assert household["reasons"][0]["reference"] == "07/2021/NĐ-CP, Điều 3 khoản 2"


@pytest.mark.parametrize("reasons", ["full", "short"])
def test_members_are_found_by_the_code_of_their_household(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], reasons: str
) -> None:
    file = written(tmp_path, f"{HEAD}\n01,rural,1\n1,rural,1\n")
    people = written(tmp_path, "household_code,age,has_health_insurance\n1,40,0\n01,40,1\n1,5,0\n", "m.csv")

    first, second = ask(capsys, file, "--members", people, "--reasons", reasons)["households"]

    assert "healthInsurance" not in [*first["deprivations"], *first["undecided"]]
    assert second["deprivations"] == ["healthInsurance"]


def test_a_household_of_which_too_little_is_known_has_no_class(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (household,) = ask(capsys, written(tmp_path, f"{HEAD}\n1,,\n"))["households"]

    assert household["class"] is None
    assert "thu nhập bình quân đầu người một tháng" in household["missing"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code,area\n1,rural\n", "dòng 1: cần cột income_per_person"),
        ("area,income_per_person\nrural,1\n", "dòng 1: thiếu cột code"),
        (f"{HEAD}\n1,moon,1\n", "dòng 2, cột area: không có mã “moon”"),
        (f"{HEAD}\n1,rural,-5\n", "dòng 2, cột income_per_person: “-5” là số âm"),
        (f"{HEAD},housing_area_m2\n1,rural,5,8\n2,rural,5,-1\n", "dòng 3, cột housing_area_m2: “-1” là số âm"),
        (f"{HEAD}\n1,rural,1\n1,rural,2\n", "dòng 3, cột code: mã hộ 1 đã có ở dòng 2"),
        (f"{HEAD}\n1,rural,1,9,9\n", "không đọc được tệp CSV"),
        ("", "tệp trống"),
    ],
)
def test_refuses_bad_files_in_a_sentence_and_prints_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        call_command("classify", str(written(tmp_path, text)), "--standard", "2022-2026", "--json")

    said = capsys.readouterr()
    assert (stopped.value.code, said.out) == (2, "")
    assert sentence in said.err


def test_an_impossible_age_and_an_unknown_standard_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, f"{HEAD}\n1,rural,1\n")
    people = written(tmp_path, "household_code,age\n1,200\n", "m.csv")
    for arguments in (("--members", str(people), "--standard", "2022-2026"), ("--standard", "1999")):
        with pytest.raises(SystemExit):
            call_command("classify", str(file), *arguments)

    said = capsys.readouterr().err
    assert "m.csv, dòng 2, cột age: “200” quá lớn" in said
    assert "Không có chuẩn nghèo “1999”" in said
