"""Values of the law are dated, carry unit and source, and say which file to complete."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lienthong.kernel.legal import Confidence, LegalReference
from lienthong.rules.parameters import (
    PARAMETERS_FOLDER,
    NoValueInForce,
    UnreadableParameter,
    instrument_of,
    instruments,
    load_parameter,
    load_yaml,
)

FILES = sorted(PARAMETERS_FOLDER.rglob("*.yaml"))


def is_table(content: Any) -> bool:
    """Say whether the values are whole tables, which have readers of their own."""
    values = content.get("values", {}) if isinstance(content, dict) else {}
    return any("value" not in entry for entry in values.values())


def names_in(file: Path) -> list[str]:
    content: dict[str, Any] = load_yaml(file)
    name = file.relative_to(PARAMETERS_FOLDER).with_suffix("").as_posix()
    if "days" in content or any(is_table(one) for one in [content, *content.values()]):
        return []
    return [name] if "values" in content else [f"{name}:{inside}" for inside in content]


NAMES = [name for file in FILES for name in names_in(file)]


@pytest.mark.parametrize("name", NAMES)
def test_every_value_has_unit_source_and_confidence(name: str) -> None:
    parameter = load_parameter(name)

    assert parameter.unit
    assert parameter.vi
    for value in parameter.values:
        assert value.reference.document
        assert value.confidence in set(Confidence)
        assert value.signed_on is None or value.in_force_on is None or value.signed_on <= value.in_force_on


OF_MONEY = ("complaint/", "disability/", "emergency/", "merit/", "payment/", "social_assistance/")


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(OF_MONEY)])
def test_every_value_of_money_has_the_days_of_its_instrument_or_a_word_why_not(name: str) -> None:
    for value in load_parameter(name).values:
        instrument = instrument_of(value.reference)
        assert instrument, value.reference.document
        assert (value.signed_on and value.in_force_on) or instrument.note, value.applied_from


def test_a_value_has_the_days_of_its_instrument_and_may_say_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_instrument = "{value: 1, reference: '335/2026/NĐ-CP, Điều 4', confidence: memory}"
    its_own = "{value: 2, reference: 335/2026/NĐ-CP, confidence: memory, in_force_on: 2027-02-01}"
    of_nobody = "{value: 3, reference: Quy ước, confidence: memory}"
    (tmp_path / "three.yaml").write_text(
        f"vi: x\nunit: đ\nvalues: {{2026-07-01: {of_instrument}, 2027-01-01: {its_own}, 2028-01-01: {of_nobody}}}",
        encoding="utf-8",
    )
    monkeypatch.setattr("lienthong.rules.parameters.PARAMETERS_FOLDER", tmp_path)

    days = [(value.signed_on, value.in_force_on) for value in load_parameter.__wrapped__("three").values]

    assert days == [
        (date(2026, 8, 21), date(2026, 10, 5)),
        (date(2026, 8, 21), date(2027, 2, 1)),
        (None, None),
    ]


def test_every_instrument_was_signed_before_it_came_into_force() -> None:
    for one in instruments().values():
        assert one.signed_on is None or one.in_force_on is None or one.signed_on <= one.in_force_on, one.number


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("1/2026: {vi: x, signed_on: 2026-01-01, in_force_on: 2026-01-01}", "thiếu tên"),
        ("1/2026: {confidence: memory, signed_on: 2026-01-01, in_force_on: 2026-01-01}", "thiếu tên"),
        ("1/2026: {vi: x, confidence: memory, signed_on: 2026-01-01}", "hãy ghi lý do"),
        ("1/2026: {vi: x, confidence: memory, note: x, signed: 2026-01-01}", "không có mục “signed”"),
    ],
)
def test_an_instrument_that_lacks_something_says_what(
    content: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "instruments.yaml"
    file.write_text(content, encoding="utf-8")
    monkeypatch.setattr("lienthong.rules.parameters.INSTRUMENTS_FILE", file)

    with pytest.raises(UnreadableParameter, match=sentence):
        instruments.__wrapped__()


def test_every_official_day_has_kind_reason_source_and_confidence() -> None:
    content = load_yaml(PARAMETERS_FOLDER / "working_time" / "official_days.yaml")

    assert content["unit"]
    for day, entry in content["days"].items():
        assert isinstance(day, date)
        assert set(entry) == {"kind", "reason", "reference", "confidence"}, day
        assert LegalReference.parse(entry["reference"])
        assert Confidence(entry["confidence"])


def test_the_parameters_this_release_needs_are_there() -> None:
    assert {"social_assistance/base_level", "working_time/intake:hand_over_hour", "working_time/office_hours"} <= set(
        NAMES
    )


def test_a_value_applies_from_its_day_on() -> None:
    base = load_parameter("social_assistance/base_level")

    assert [base.value_on(day) for day in (date(2024, 6, 30), date(2024, 7, 1))] == [360_000, 500_000]
    assert base.dated_value_on(date(2022, 1, 1)).reference == LegalReference.parse("20/2021/NĐ-CP, Điều 4 khoản 2")


def test_what_was_decided_later_for_an_earlier_day_can_be_left_out() -> None:
    base, august = load_parameter("social_assistance/base_level"), date(2026, 8, 15)

    assert base.value_on(august) == 540_000
    assert base.value_on(august, known_on=date(2026, 10, 4)) == 500_000
    assert base.value_on(august, known_on=date(2026, 10, 5)) == 540_000


def test_a_day_before_the_first_value_names_the_file_to_complete() -> None:
    with pytest.raises(NoValueInForce, match=r"mức chuẩn.*01/01/2010.*parameters/social_assistance/base_level\.yaml"):
        load_parameter("social_assistance/base_level").value_on(date(2010, 1, 1))


def test_a_text_is_not_taken_for_a_number() -> None:
    hours = load_parameter("working_time/office_hours")

    assert hours.text_on(date(2022, 1, 1)) == "07:30-11:30,13:30-17:00"
    with pytest.raises(TypeError, match="text"):
        hours.value_on(date(2022, 1, 1))


@pytest.mark.parametrize("name", ["no/such/file", "working_time/intake:no_such_name", "working_time/intake"])
def test_a_parameter_that_does_not_exist_is_named(name: str) -> None:
    with pytest.raises(UnreadableParameter):
        load_parameter(name)


def test_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "twice.yaml"
    file.write_text("values:\n  2024-07-01: {value: 1}\n  2024-07-01: {value: 2}\n", encoding="utf-8")

    with pytest.raises(UnreadableParameter, match="2024-07-01” ghi hai lần"):
        load_yaml(file)


def test_on_and_off_are_words(tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text("on: off\nyes: true\n", encoding="utf-8")

    assert load_yaml(file) == {"on": "off", "yes": True}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("vi: x\nvalues: {2024-07-01: {value: 1, reference: A, confidence: memory}}", "đơn vị"),
        ("vi: x\nunit: đ\nvalues: {2024-07-01: {value: 1, confidence: memory}}", "thiếu căn cứ"),
        ("vi: x\nunit: đ\nvalues: {2024-07-01: {value: 1, reference: A}}", "độ tin cậy"),
        ("vi: x\nunit: đ\nvalues: {2024-07-01: {value: 1.5, reference: A, confidence: memory}}", "số nguyên"),
        ("vi: x\nunit: đ\nvalues: {soon: {value: 1, reference: A, confidence: memory}}", "cần một ngày"),
    ],
)
def test_a_file_that_lacks_something_says_what(
    content: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.yaml").write_text(content, encoding="utf-8")
    monkeypatch.setattr("lienthong.rules.parameters.PARAMETERS_FOLDER", tmp_path)

    with pytest.raises(UnreadableParameter, match=sentence):
        load_parameter.__wrapped__("broken")
