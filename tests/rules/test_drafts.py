"""Changes of the law are read as people write them, refused with the key, and give the law they say."""

from datetime import date

import pytest

from lienthong.rules import drafts
from lienthong.rules.drafts import Change, ChangeRefused, law_with, read_changes, read_draft, tables_with
from lienthong.rules.merit.levels import MONTHLY, load_tables

ON = date(2026, 12, 1)


def test_a_file_of_changes_becomes_the_law_of_the_day() -> None:
    draft = read_draft(
        """
name: Mức chuẩn 600.000 đồng
on: 2026-12-01
changes:
  - parameter: base_level
    value: 600.000
  - parameter: coefficients:severe_disability
    value: 1,8
  - parameter: ages:social_pension_from
    value: 70
    from: 2027-07-01
""".encode()
    )

    assert (draft.name, draft.on) == ("Mức chuẩn 600.000 đồng", ON)
    law, later = law_with(ON, draft.changes), law_with(date(2027, 7, 1), draft.changes)
    assert (law.base, law.tenths("severe_disability"), law.age("social_pension_from")) == (600_000, 18, 75)
    assert later.age("social_pension_from") == 70
    assert str(law.base_level.reference) == "Phương án giả định"


def test_the_change_that_applies_last_holds() -> None:
    changes = (
        Change(parameter="base_level", value=700_000, applied_from=date(2027, 1, 1)),
        Change(parameter="base_level", value=600_000),
    )

    assert [law_with(day, changes).base for day in (ON, date(2027, 1, 1))] == [600_000, 700_000]


def test_changes_written_out_are_read_back() -> None:
    changes = read_changes(
        [
            {"parameter": "care_support:care_in_household", "value": "1.5", "from": "01/07/2027"},
            {"parameter": "combination:pension_beside_allowance", "value": "both"},
            {"parameter": "social_pension:level", "value": 650000},
        ]
    )

    assert read_changes(drafts.as_plain(changes)) == changes
    assert changes[0].value == 15


@pytest.mark.parametrize(
    ("content", "key", "words"),
    [
        ({"parameter": "severe_disability", "value": 2}, "changes.1.parameter", "coefficients:severe_disability"),
        ({"parameter": "bậc lương", "value": 2}, "changes.1.parameter", "Các tham số: base_level"),
        ({"parameter": "base_level"}, "changes.1.value", "chưa ghi giá trị mới"),
        ({"parameter": "base_level", "value": 600005}, "changes.1.value", "bội số của 10"),
        ({"parameter": "base_level", "value": "6.00.000"}, "changes.1.value", "số nguyên"),
        ({"parameter": "base_level", "value": -1}, "changes.1.value", "số nguyên"),
        ({"parameter": "coefficients:severe_disability", "value": "1,55"}, "changes.1.value", "một số lẻ"),
        ({"parameter": "coefficients:severe_disability", "value": "hai"}, "changes.1.value", "phải là hệ số"),
        ({"parameter": "coefficients:severe_disability", "value": "NaN"}, "changes.1.value", "một số lẻ"),
        ({"parameter": "ages:oldest_from", "value": 300}, "changes.1.value", "từ 0 đến 120 tuổi"),
        ({"parameter": "combination:pension_beside_allowance", "value": "đôi khi"}, "changes.1.value", "both, highest"),
        ({"parameter": "base_level", "value": 600000, "from": "31/02/2027"}, "changes.1.from", "không phải là ngày"),
        ({"parameter": "base_level", "giá": 1}, "changes.1.giá", "không có mục này"),
        ("base_level", "changes.1", "các cặp"),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(content: object, key: str, words: str) -> None:
    with pytest.raises(ChangeRefused) as refusal:
        read_changes([content])

    assert refusal.value.key == key
    assert words in str(refusal.value)


def test_one_parameter_twice_from_one_day_is_refused() -> None:
    with pytest.raises(ChangeRefused, match="đã có một giá trị khác"):
        read_changes([{"parameter": "base_level", "value": 600000}, {"parameter": "base_level", "value": 700000}])


@pytest.mark.parametrize("content", [None, [], {}, "base_level"])
def test_no_change_at_all_is_refused(content: object) -> None:
    with pytest.raises(ChangeRefused, match="ít nhất một"):
        read_changes(content)


def test_what_does_not_apply_yet_cannot_be_changed() -> None:
    with pytest.raises(ChangeRefused, match="chưa có trợ cấp hưu trí xã hội"):
        law_with(date(2024, 8, 1), (Change(parameter="social_pension:level", value=600_000),))


def test_another_standard_multiplies_every_level_of_people_with_merit() -> None:
    change = Change(parameter=drafts.MERIT_STANDARD, value=6_024_000)
    tables = tables_with(ON, (change,))

    assert tables is not None
    was = load_tables()[MONTHLY][-1].levels["heroic_mother"]
    assert tables[MONTHLY][-1].levels["heroic_mother"] == 2 * was
    assert tables_with(ON, (Change(parameter="base_level", value=600_000),)) is None


def test_every_parameter_is_named_with_its_value_of_the_day() -> None:
    found = {one.name: one for one in drafts.changeable_on(ON)}

    assert found["base_level"].today == "540.000"
    assert found["coefficients:severe_disability"].today == "1,5"
    assert found["ages:social_pension_from"].today == "75"
    assert set(found) <= set(drafts.parameter_names())
