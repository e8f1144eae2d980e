"""The base data are loaded whole or not at all, and a second time changes nothing."""

import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lienthong.infra.health import checks
from lienthong.infra.models import Event
from lienthong.units import health
from lienthong.units import services as units
from lienthong.units.models import AdministrativeUnit, Agency, AgencySuccession, FieldAssignment, UnitSuccession
from lienthong.units.services.files import DATA_FOLDER
from lienthong.units.states import AgencyKind
from tests.factories.units import AgencyFactory
from tests.units.conftest import NOW

Edit = Callable[[list[dict[str, str]]], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA_FOLDER, tmp_path / "data"))


def edit(file: Path, change: Edit) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        lines = csv.DictReader(stream)
        columns, rows = list(lines.fieldnames or ()), list(lines)
    change(rows)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(rows)


def row(rows: list[dict[str, str]], code: str) -> dict[str, str]:
    return next(row for row in rows if row["code"] == code)


@pytest.mark.django_db
def test_loads_every_place_of_the_files(places: None) -> None:
    assert AdministrativeUnit.objects.count() == 426
    assert UnitSuccession.objects.count() == 336


@pytest.mark.django_db
def test_a_second_load_changes_nothing(province: None) -> None:
    events = Event.objects.count()

    loaded = [*units.load_places(now=NOW), *units.load_agencies(now=NOW)]

    assert all(table.added == table.changed == table.removed == 0 for table in loaded)
    assert sum(table.unchanged for table in loaded) == 426 + 8 + 336 + 520 + 384 + 206
    assert Event.objects.count() == events


@pytest.mark.django_db
def test_each_commune_has_a_committee_with_the_same_span(province: None) -> None:
    committees = Agency.objects.filter(kind=AgencyKind.COMMUNE_COMMITTEE).select_related("unit").order_by("id")

    assert committees.count() == 405
    assert all(
        (committee.valid_from, committee.valid_until) == (committee.unit.valid_from, committee.unit.valid_until)
        for committee in committees
    )
    tan_cuong = Agency.objects.get(code="H55.05503", valid_until=date(2025, 7, 1))
    assert tan_cuong.name == "Ủy ban nhân dân xã Tân Cương"
    assert tan_cuong.parent is not None
    assert tan_cuong.parent.code == "H55.164"


@pytest.mark.django_db
def test_a_committee_of_the_other_province_carries_its_identification(province: None) -> None:
    assert Agency.objects.filter(code__startswith="H03.", valid_until=date(2025, 7, 1)).count() == 108
    assert not Agency.objects.filter(code__startswith="H03.", valid_until=None).exists()


@pytest.mark.django_db
def test_committees_follow_as_their_communes_do(province: None) -> None:
    edges = AgencySuccession.objects.filter(on=date(2025, 7, 1), predecessor__kind=AgencyKind.COMMUNE_COMMITTEE)

    assert edges.count() == 283


@pytest.mark.django_db
def test_a_corrected_name_is_changed_and_counted(places: None, folder: Path) -> None:
    edit(folder / "administrative_units.csv", lambda rows: row(rows, "05434").update(name="Phường Thử"))

    loaded = units.load_places(now=NOW, folder=folder)

    assert (loaded[0].added, loaded[0].changed) == (0, 1)
    renamed = AdministrativeUnit.objects.order_by("valid_from").filter(code="05434")[0]
    assert (renamed.name, renamed.search_key) == ("Phường Thử", "phuong thu")


@pytest.mark.django_db
def test_an_edge_no_longer_named_is_removed(places: None, folder: Path) -> None:
    edit(folder / "unit_successions.csv", lambda rows: rows.pop(0) and None)

    assert units.load_places(now=NOW, folder=folder)[2].removed == 1


@pytest.mark.django_db
def test_an_agency_that_no_file_names_stays(province: None) -> None:
    own = AgencyFactory()

    units.load_agencies(now=NOW)

    assert Agency.objects.filter(pk=own.pk).exists()


INCONSISTENT: list[tuple[str, Edit, str]] = [
    ("administrative_units.csv", lambda rows: row(rows, "05434").update(parent_code="999"), "cấp trên 999"),
    ("administrative_units.csv", lambda rows: row(rows, "05434").update(kind="city"), "loại “city”"),
    ("administrative_units.csv", lambda rows: row(rows, "05434").update(valid_from="2020-13-01"), "dòng"),
    ("administrative_units.csv", lambda rows: row(rows, "05443").update(valid_until=""), "chồng ngày"),
    ("unit_successions.csv", lambda rows: rows[0].update(successor_code="99999"), "một đầu không có"),
    ("unit_successions.csv", lambda rows: rows[0].update(share_kind="part"), "đi trọn vào một nơi"),
    ("unit_successions.csv", lambda rows: rows[0].update(change="2099-x"), "không có sự kiện 2099-x"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("file", "mistake", "told"), INCONSISTENT)
def test_refuses_inconsistent_places_whole(folder: Path, file: str, mistake: Edit, told: str) -> None:
    edit(folder / file, mistake)

    with pytest.raises(units.InconsistentData, match=told):
        units.load_places(now=NOW, folder=folder)

    assert not AdministrativeUnit.objects.exists()


BAD_AGENCIES: list[tuple[str, Edit, str]] = [
    ("agencies.csv", lambda rows: row(rows, "H55.SNV").update(code="Sở Nội vụ"), "mã cơ quan phải có dạng"),
    ("agencies.csv", lambda rows: row(rows, "H55.SNV").update(unit_code="77"), "không có địa bàn 77"),
    ("agencies.csv", lambda rows: row(rows, "H55.SNV").update(kind="shop"), "không có trong danh mục"),
    ("agency_successions.csv", lambda rows: rows[0].update(successor_code="H55.X"), "một đầu không có"),
    ("field_assignments.csv", lambda rows: rows.append(dict(rows[0])), "hai cơ quan cùng được giao"),
    ("field_assignments.csv", lambda rows: rows[0].update(agency_code=""), "cấp xã để trống"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("file", "mistake", "told"), BAD_AGENCIES)
def test_refuses_inconsistent_agencies_whole(places: None, folder: Path, file: str, mistake: Edit, told: str) -> None:
    edit(folder / file, mistake)

    with pytest.raises(units.InconsistentData, match=told):
        units.load_agencies(now=NOW, folder=folder)

    assert not Agency.objects.exists()
    assert not FieldAssignment.objects.exists()


@pytest.mark.django_db
def test_names_every_mistake_at_once(folder: Path) -> None:
    edit(folder / "administrative_units.csv", lambda rows: row(rows, "05434").update(kind="city"))
    edit(folder / "administrative_units.csv", lambda rows: row(rows, "05437").update(parent_code="999"))

    with pytest.raises(units.InconsistentData) as refusal:
        units.load_places(now=NOW, folder=folder)

    assert len(refusal.value.problems) == 2


@pytest.mark.django_db
def test_refuses_a_row_that_overlaps_one_already_there(places: None, folder: Path) -> None:
    edit(folder / "administrative_units.csv", lambda rows: row(rows, "05434").update(valid_from="2020-03-02"))
    edit(folder / "unit_successions.csv", lambda rows: rows.clear())

    with pytest.raises(units.InconsistentData, match="chồng ngày với dòng đã có"):
        units.load_places(now=NOW, folder=folder)


@pytest.mark.django_db
def test_says_which_file_or_column_is_missing(folder: Path) -> None:
    (folder / "unit_changes.csv").write_text("change,on\n", encoding="utf-8")
    with pytest.raises(units.InconsistentData, match=r"unit_changes\.csv thiếu cột instrument, title"):
        units.load_places(now=NOW, folder=folder)

    (folder / "unit_changes.csv").unlink()
    with pytest.raises(units.InconsistentData, match=r"Không có tệp unit_changes\.csv"):
        units.load_places(now=NOW, folder=folder)


@pytest.mark.django_db
def test_the_doctor_finds_the_real_data_sound(province: None) -> None:
    assert [list(check()) for name, check in checks().items() if check.__module__ == health.__name__] == [[]] * 5


@pytest.mark.django_db
def test_the_doctor_finds_a_commune_without_a_committee_for_a_day(province: None) -> None:
    committee = Agency.objects.get(code="H55.05503", valid_until=date(2025, 7, 1))
    Agency.objects.filter(pk=committee.pk).update(valid_until=date(2025, 6, 30))

    assert list(health.communes_without_committee()) == [
        "Xã Tân Cương (05503, từ 01/03/2020) có ngày không có Ủy ban nhân dân"
    ]


@pytest.mark.django_db
def test_the_doctor_finds_a_unit_that_nobody_followed_and_a_field_given_twice(province: None) -> None:
    UnitSuccession.objects.filter(predecessor__code="05503").delete()
    assignment = FieldAssignment.objects.get(field_code="merit", level="province", valid_until=None)
    assignment.pk, assignment.valid_from = None, date(2026, 1, 1)
    assignment.save()

    assert len(list(health.units_without_heir())) == 1
    assert list(health.fields_assigned_twice()) == [
        "Lĩnh vực merit, cấp province: Sở Nội vụ và Sở Nội vụ cùng được giao trong một ngày"
    ]
