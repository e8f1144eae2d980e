"""``./lienthong assess``."""

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from lienthong.rules.social_assistance.facts import FIELDS
from lienthong.rules.social_assistance.plain_facts import person_as_plain
from tests.rules.social_assistance.worlds import ORDINARY

DISABLED = "birth_date: 12/03/1990\ndisability: severe\n"


def written(folder: Path, text: str | bytes, name: str = "facts.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def ordinary(**changed: Any) -> str:
    return yaml.safe_dump({**person_as_plain(ORDINARY), **changed}, allow_unicode=True)


def ask(capsys: pytest.CaptureFixture[str], path: Path, *arguments: str, on: str = "2026-08-15") -> dict[str, Any]:
    call_command("assess", str(path), "--on", on, "--json", *arguments)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        call_command("assess", *arguments)
    said = capsys.readouterr()
    assert (stopped.value.code, said.out) == (2, "")
    return said.err


def test_gives_amount_lines_articles_and_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, ordinary(birth_date="12/03/1990", disability="severe"))

    found = ask(capsys, file)

    assert (found["outcome"], found["amount"], found["monthly_total"]) == ("granted", 810_000, 810_000)
    (line,) = found["lines"]
    assert (line["category"], line["tenths"], line["level"]) == ("disability", 15, 540_000)
    assert "20/2021/NĐ-CP, Điều 5 khoản 6" in found["articles"]
    assert any("theo nguồn thứ cấp" in notice for notice in found["notices"])
    assert found["sentences"][0].startswith("1. Theo pháp luật áp dụng cho ngày 15/08/2026")


def test_repeats_what_was_known_on_an_earlier_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, ordinary(birth_date="12/03/1990", disability="severe"))

    assert ask(capsys, file, "--known-on", "04/10/2026")["amount"] == 750_000
    assert ask(capsys, file, "--known-on", "05/10/2026")["amount"] == 810_000


def test_json_is_read_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = {**person_as_plain(ORDINARY), "birth_date": 1990, "disability": "severe"}
    file = written(tmp_path, json.dumps(facts), "facts.json")

    assert ask(capsys, file)["amount"] == 810_000


def test_what_is_left_out_is_unknown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ask(capsys, written(tmp_path, DISABLED))

    assert (found["outcome"], found["amount"]) == ("unknown", None)
    assert found["lowest"] < found["highest"]
    assert "care" not in [one["fact"] for one in found["missing"]]
    assert {"fact": "is_pregnant", "text": "có đang mang thai hay không"} in found["missing"]


def test_sentences_for_the_citizen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("assess", str(written(tmp_path, DISABLED)), "--on", "15/08/2026")

    said = capsys.readouterr().out
    assert said.startswith("1. Theo pháp luật áp dụng cho ngày 15/08/2026, chưa kết luận được")
    assert "Để kết luận, cần biết thêm: " in said


def test_what_is_received_for_merit_is_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    merit = {"claims": [{"category": "war_invalid", "rate": 61, "has_especially_severe_condition": False}]}
    facts = ordinary(birth_date="12/03/1950", disability="severe", merit={**merit, "is_lonely": False})

    found = ask(capsys, written(tmp_path, facts), on="2024-08-15")

    assert found["merit"]["outcome"] == "granted"
    assert found["outcome"] == "refused"
    assert found["monthly_total"] == found["merit"]["monthly_total"] > 0
    assert any("văn bản khác" in reason["text"] and reason["holds"] is False for reason in found["combination"])


@pytest.mark.parametrize(("children", "total", "is_told"), [(1, 1_807_000, False), (2, 1_890_000, True)])
def test_of_two_programmes_the_total_counts_the_higher(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], children: int, total: int, is_told: bool
) -> None:
    born = [{"birth_date": f"{2012 + place}-01-01"} for place in range(children)]
    told = {"poverty": "poor", "marital": "widowed", "children": born, "disability": "severe"}
    merit = {"claims": [{"category": "affected_child", "rate": 70}]}
    file = written(tmp_path, ordinary(birth_date="01/01/1985", **told, merit=merit))

    found = ask(capsys, file)
    call_command("assess", str(file), "--on", "2026-08-15")
    said = capsys.readouterr().out

    assert found["merit"]["monthly_total"] == 1_807_000
    assert found["monthly_total"] == total
    assert bool(found["monthly_total_notices"]) is is_told
    assert ("Lưu ý: Chỉ được hưởng một mức cao nhất: trợ cấp xã hội 1.890.000" in said) is is_told


EMERGENCY = """
poverty: near_poor
emergency:
  rice: {cause: lunar_new_year, is_short_of_food: true, persons: 4, happened_on: 01/02/2024}
  injury: {cause: fire, treated_days: 2, at_residence: true}
  death: {cause: natural_disaster, buried_by_others: true, actual_cost: 40000000}
  house: {cause: fire, damage: badly_damaged, happened_on: 2024-09-10}
"""


def test_emergencies_are_decided_each_by_the_law_of_its_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = ask(capsys, written(tmp_path, EMERGENCY), on="2026-08-15")["emergency"]

    assert (found["rice"]["outcome"], found["rice"]["rice_kg"], found["rice"]["amount"]) == ("granted", 60, 0)
    assert (found["rice"]["decided_by"], found["rice"]["within"]) == ("commune_chair", "2 ngày")
    assert found["injury"]["outcome"] == "refused"
    assert any("từ 3 ngày trở lên" in one["text"] and one["holds"] is False for one in found["injury"]["reasons"])
    assert (found["death"]["amount"], found["death"]["articles"][-1]) == (40_000_000, "20/2021/NĐ-CP, Điều 14 khoản 2")
    assert (found["house"]["outcome"], found["house"]["missing"]) == ("unknown", ["nhà còn ở được hay không"])


def test_the_household_of_a_house_is_as_poor_as_the_person(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    house = "emergency: {house: {cause: fire, damage: lost, has_other_home: false}}\n"
    asked = ("poverty: poor\n", "poverty: near_poor\n", "poverty: other\n", "")

    found = [ask(capsys, written(tmp_path, poverty + house))["emergency"]["house"] for poverty in asked]

    assert [one["outcome"] for one in found] == ["granted", "granted", "unknown", "unknown"]
    assert [one["missing"] for one in found[2:]] == [["hộ có hoàn cảnh khó khăn hay không"], ["phân loại hộ"]]


def test_emergencies_are_told_in_sentences_and_stand_in_no_monthly_total(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, ordinary() + EMERGENCY.replace("poverty: near_poor", ""))

    call_command("assess", str(file), "--on", "15/08/2026")
    said = capsys.readouterr().out

    assert "Trợ giúp khẩn cấp, hỗ trợ lương thực: đủ điều kiện." in said
    assert "Được hỗ trợ một lần: 60 kg gạo (15 kg gạo × 4 người × 1 tháng)." in said
    assert "từ 3 ngày trở lên (20/2021/NĐ-CP, Điều 2 khoản 2): không đạt." in said
    assert "Còn thiếu: hộ có hoàn cảnh khó khăn hay không; nhà còn ở được hay không." in said
    assert ask(capsys, written(tmp_path, ordinary()))["monthly_total"] == 0


FUNERAL = """
birth_date: 1940
funeral:
  died_on: 10/08/2026
  received_monthly_social_assistance: true
  in_institution: false
  claimant_arranged_funeral: true
  highest_other_funeral_support: 0
"""


def test_a_funeral_is_decided_by_the_law_of_the_day_of_the_death(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = ask(capsys, written(tmp_path, FUNERAL))["funeral"]

    assert (found["outcome"], found["amount"], found["on"], found["pension"]) == (
        "granted",
        10_800_000,
        "2026-08-10",
        None,
    )
    assert "335/2026/NĐ-CP, Điều 11 khoản 1 điểm a" in found["assistance"]["articles"]
    assert any(one["holds"] for one in found["assistance"]["reasons"])
    known = ask(capsys, written(tmp_path, FUNERAL), "--known-on", "10/08/2026")["funeral"]
    assert known["amount"] == 10_000_000
    old = ask(capsys, written(tmp_path, FUNERAL.replace("10/08/2026", "12/09/2022")))["funeral"]
    assert (old["on"], old["amount"]) == ("2022-09-12", 7_200_000)


def test_where_somebody_died_decides_how_much(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inside = FUNERAL.replace("in_institution: false", "in_institution: true")
    above = FUNERAL.replace("  in_institution: false\n", "").replace("birth_date: 1940", "in_institution: true")

    amounts = [ask(capsys, written(tmp_path, text))["funeral"]["amount"] for text in (inside, above)]

    assert amounts == [27_000_000, 27_000_000], "the section takes over what stands above it"


@pytest.mark.parametrize(
    ("changed", "outcome", "missing"),
    [
        ("  claimant_arranged_funeral: true\n", "unknown", "người đề nghị có đứng ra tổ chức mai táng hay không"),
        ("  highest_other_funeral_support: 0\n", "unknown", "mức hỗ trợ mai táng theo văn bản khác (0 nếu không có)"),
        ("  received_monthly_social_assistance: true\n", "unknown", "người mất có đang hưởng trợ cấp xã hội"),
    ],
)
def test_what_is_not_known_of_a_funeral_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: str, outcome: str, missing: str
) -> None:
    found = ask(capsys, written(tmp_path, FUNERAL.replace(changed, "")))["funeral"]

    assert (found["outcome"], found["amount"]) == (outcome, None)
    assert any(one.startswith(missing) for one in found["assistance"]["missing"])


def test_of_two_laws_the_higher_support_is_paid_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both = FUNERAL + "  received_social_pension: true\n"
    file = written(tmp_path, both)

    found = ask(capsys, file)["funeral"]
    call_command("assess", str(file), "--on", "15/08/2026")
    said = capsys.readouterr().out

    given = {found["assistance"]["amount"], found["pension"]["amount"]}
    assert None not in given
    assert found["amount"] == max(given)
    assert "Hỗ trợ chi phí mai táng, theo pháp luật của ngày 10/08/2026: đủ điều kiện." in said
    assert "Theo quy định về trợ cấp hưu trí xã hội: đủ điều kiện." in said
    assert "Được hỗ trợ một lần: 10.800.000" in said
    open_ = ask(capsys, written(tmp_path, FUNERAL + "  was_eligible: true\n"))["funeral"]
    assert (open_["assistance"]["outcome"], open_["outcome"], open_["amount"]) == ("granted", "unknown", None)
    no = both.replace("claimant_arranged_funeral: true", "claimant_arranged_funeral: false")
    refused = ask(capsys, written(tmp_path, no))["funeral"]
    assert (refused["outcome"], refused["amount"]) == ("refused", None)


def test_a_law_that_was_not_there_on_the_day_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pension = written(tmp_path, "funeral: {died_on: 10/08/2024, was_eligible: true}\n")

    assert "social_pension.yaml, mục funeral_multiple" in refusal(capsys, str(pension), "--on", "15/08/2026")


def test_the_schema_describes_both_sides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    call_command("assess", "--schema")
    schema = json.loads(capsys.readouterr().out)
    facts = {**person_as_plain(ORDINARY), "birth_date": "1990", "children": [{"birth_date": "2024-01-01"}]}
    facts["merit"] = {"claims": [{"category": "war_invalid", "rate": 61}]}
    facts["emergency"] = {
        "rice": {"cause": "fire", "is_short_of_food": True, "persons": 3, "months": 2, "happened_on": "2024-08-10"},
        "protection": {"group": "victim", "needs_protection": True, "from_day": "2024-08-01", "until_day": None},
    }

    facts["funeral"] = {"died_on": "2024-08-10", "was_eligible": None, "highest_other_funeral_support": 0}

    jsonschema.validate(facts, schema)
    found = ask(capsys, written(tmp_path, json.dumps(facts)), on="2024-08-15")
    jsonschema.validate(found, {**schema, "$ref": "#/$defs/output"})

    assert set(schema["$defs"]["facts"]["properties"]) == {*FIELDS, "merit", "emergency", "funeral"}
    for impossible in (
        {"birthdate": "1990"},
        {"emergency": {"rice": {"cause": "war"}}},
        {"emergency": {"gold": {}}},
        {"funeral": {"who": 1}},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(impossible, schema)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("birthdate: 1990\n", "Mục birthdate: không có mục này. Các mục: birth_date, sex"),
        ("disability: very\n", "Mục disability: không có mã “very”. Các mã: extremely_severe"),
        ("birth_date: 2023-02-30\n", "Mục birth_date: “2023-02-30”: Tháng 02/2023 chỉ có 28 ngày"),
        ("birth_date: 31/04/1950\n", "Tháng 04/1950 chỉ có 30 ngày"),
        ("birth_date: 2026-08-16\n", "Mục birth_date: “16/08/2026” sau ngày xét 15/08/2026"),
        ("birth_date: 1850\n", "Mục birth_date: “1850” là năm quá xa"),
        ("birth_date: [1990]\n", "phải là ngày"),
        ("pension: -1\n", "Mục pension: “-1” là số âm"),
        ("pension: 1.5\n", "Mục pension: “1.5” phải là số nguyên đồng"),
        ("pension: 540.000\n", "phải là số nguyên đồng"),
        ("pension: 99999999999\n", "quá lớn"),
        ("has_hiv: maybe\n", "Mục has_hiv: “maybe” phải là true (có) hoặc false (không)"),
        ("has_hiv: 1\n", "Mục has_hiv: “1” phải là true"),
        ("children: 2\n", "Mục children: “2” phải là danh sách"),
        ("children: [2]\n", "Mục children.1: “2” phải là các cặp"),
        ("children: [{name: An}]\n", "Mục children.1.name: không có mục này"),
        ("children: [{}, {birth_date: 2027}]\n", "Mục children.2.birth_date: “2027” sau ngày xét"),
        ("sex: male\nis_pregnant: true\n", "Mục is_pregnant: ghi là có, nhưng giới tính (sex) là nam"),
        ("sex: male\nsex: female\n", "Dòng 2: mục sex ghi hai lần"),
        ("a: &a [1]\nb: *a\n", "dùng dấu neo"),
        ("sex: !!python/name:os.system x\n", "dùng nhãn kiểu"),
        ("sex: [\n", "không đọc được theo YAML"),
        ("- 1\n", "Tệp phải gồm các cặp tên và giá trị"),
        ("just words\n", "Tệp phải gồm các cặp tên và giá trị"),
        ("", "Tệp phải gồm các cặp tên và giá trị"),
        ("sex: male\n---\nsex: male\n", "phần thứ hai"),
        ("? [1]\n: 2\n", "tên mục phải là một từ"),
        (b"\xff\xfe\x00", "không phải văn bản UTF-8"),
        (b"\x00\x01PK\x03\x04", "không đọc được theo YAML"),
        ("x: " + "[" * 4000, "quá nhiều tầng"),
        ("x: 1\n" * 300_000, "lớn hơn"),
        ('{"sex": "male", "sex": "male"}', "Mục sex ghi hai lần"),
        ('{"pension": NaN}', "có giá trị NaN"),
        ('{"pension": 1e400}', "phải là số nguyên đồng"),
        ('{"pension": ' + "9" * 5000 + "}", "số quá dài"),
        ('{"sex": ', "không đọc được theo JSON ở dòng 1"),
        ('{"a": ' * 3000 + "1" + "}" * 3000, "quá nhiều tầng"),
        ("merit: 5\n", "Mục merit: “5” phải là các cặp tên và giá trị"),
        ("merit: {claims: [{category: king}]}\n", "Mục merit.category: không có mã “king”"),
        ("merit: {claims: [{category: war_invalid, rate: 900}]}\n", "Mục merit.claims"),
        ("funeral: 5\n", "Mục funeral: “5” phải là các cặp tên và giá trị"),
        ("funeral: {place: home}\n", "Mục funeral.place: không có mục này. Các mục: died_on, birth_date"),
        ("funeral: {died_on: 31/02/2026}\n", "Mục funeral.died_on: Tháng 02/2026"),
        ("funeral: {died_on: 16/08/2026}\n", "Mục funeral.died_on: “16/08/2026” sau ngày xét 15/08/2026"),
        ("birth_date: 2020\nfuneral: {died_on: 10/08/2019}\n", "Mục funeral.died_on: “10/08/2019” trước ngày sinh 2020"),
        ("funeral: {in_institution: maybe}\n", "Mục funeral.in_institution: “maybe” phải là true"),
        ("funeral: {highest_other_funeral_support: -1}\n", "Mục funeral.highest_other_funeral_support: “-1” là số âm"),
        ("emergency: 5\n", "Mục emergency: “5” phải là các cặp tên và giá trị"),
        ("emergency: {flood: {}}\n", "Mục emergency.flood: không có mục này. Các mục: rice, injury"),
        ("emergency: {rice: 5}\n", "Mục emergency.rice: “5” phải là các cặp"),
        ("emergency: {rice: {cause: war}}\n", "Mục emergency.rice.cause: không có mã “war”"),
        ("emergency: {rice: {damage: lost}}\n", "Mục emergency.rice.damage: không có mục này"),
        ("emergency: {rice: {persons: 0}}\n", "phải lớn hơn 0"),
        ("emergency: {injury: {treated_days: 1.5}}\n", "Mục emergency.injury.treated_days: “1.5” phải là số nguyên"),
        ("emergency: {death: {actual_cost: -1}}\n", "Mục emergency.death.actual_cost: “-1” là số âm"),
        ("emergency: {death: {happened_on: 16/08/2026}}\n", "“16/08/2026” sau ngày xét 15/08/2026"),
        ("emergency: {death: {happened_on: 31/02/2026}}\n", "Mục emergency.death.happened_on: Tháng 02/2026"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | bytes, sentence: str
) -> None:
    said = refusal(capsys, str(written(tmp_path, text)), "--on", "2026-08-15", "--json")

    assert sentence in said
    assert said.startswith("✗ facts.yaml: ")
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--on", "2026-08-15"], "Thiếu tệp thông tin hoặc --on"),
        (["FILE"], "Thiếu tệp thông tin hoặc --on"),
        (["FILE", "--on", "hôm nay"], "--on hôm nay: Ngày “hôm nay” không đọc được"),
        (["FILE", "--on", "2026-08-15", "--known-on", "2026-02-30"], "--known-on 2026-02-30: Tháng 02/2026 chỉ có 28"),
        (["FILE", "--on", "9999-12-31"], "năm quá xa"),
        (["FILE", "--on", "2020-01-01"], "Hãy bổ sung tệp parameters/social_assistance/coefficients.yaml, mục"),
        (["FILE", "--on", "2026-08-15", "--known-on", "2021-01-01"], "theo văn bản có hiệu lực đến ngày 01/01/2021"),
        (["no-such-file.yaml", "--on", "2026-08-15"], "Không có tệp no-such-file.yaml"),
        ([".", "--on", "2026-08-15"], "không đọc được tệp"),
        (["FILE", "--when", "2026-08-15"], "Không hiểu các tùy chọn"),
    ],
)
def test_options_that_cannot_be_taken_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    file = str(written(tmp_path, "sex: male\n"))

    assert sentence in refusal(capsys, *(file if one == "FILE" else one for one in arguments))


VALUES = (
    None, "", " ", "x", "none", "poor", "severe", True, False, 0, 1, -1, 10**30, 1.5, float("inf"), [], [1], {},
    {"a": 1}, [{}], [{"birth_date": "1990"}], "1990", 1990, "31/12/2026", "2026-08-15", "~", "có", "không", "\x00", "🙂",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_whatever_stands_in_the_file_is_taken_or_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    chance = random.Random(seed)
    facts = {chance.choice((*FIELDS, "merit", "x")): chance.choice(VALUES) for _ in range(chance.choice((1, 1, 2, 5)))}
    text = json.dumps(facts) if seed % 2 else yaml.safe_dump(facts, allow_unicode=True)

    try:
        call_command("assess", str(written(tmp_path, text)), "--on", "2026-08-15", "--json")
    except SystemExit as stopped:
        assert stopped.code == 2
        assert capsys.readouterr().err.startswith("✗ ")
    else:
        assert json.loads(capsys.readouterr().out)["outcome"] in {"granted", "refused", "unknown"}


def test_whoever_reads_only_the_beginning_gets_no_trace(tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("birth_date: 1951-03-01\n", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "lienthong", "assess", str(facts), "--on", "2026-11-01"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()

        assert (process.stderr.read(), process.wait()) == (b"", 0)
