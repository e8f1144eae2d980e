"""Places and agencies for tests."""

from datetime import UTC, date, datetime
from typing import Any

import factory

from lienthong.kernel.text import fold, sort_key
from lienthong.rules.working_time import official_calendar
from lienthong.units.calendar_format import days_to_json, hours_to_json
from lienthong.units.models import AdministrativeUnit, Agency, FieldAssignment, WorkCalendarVersion
from lienthong.units.states import AgencyKind, AgencyLevel, UnitKind

FIRST_DAY = date(2020, 3, 1)


class AdministrativeUnitFactory(factory.django.DjangoModelFactory[AdministrativeUnit]):
    """A commune of its own province, unless another ``parent`` is given."""

    class Meta:
        model = AdministrativeUnit

    code = factory.Sequence(lambda number: f"{90000 + number:05d}")
    name = factory.Sequence(lambda number: f"Xã Thử nghiệm {number}")
    kind = UnitKind.COMMUNE
    parent = factory.SubFactory("tests.factories.units.AdministrativeUnitFactory", province=True)
    valid_from = FIRST_DAY
    sort_key = factory.LazyAttribute(lambda unit: sort_key(unit.name))
    search_key = factory.LazyAttribute(lambda unit: fold(unit.name))
    confidence = "verified"

    class Params:
        province = factory.Trait(
            code=factory.Sequence(lambda number: f"P{number}"),
            name=factory.Sequence(lambda number: f"Tỉnh Thử nghiệm {number}"),
            kind=UnitKind.PROVINCE,
            parent=None,
        )
        district = factory.Trait(
            code=factory.Sequence(lambda number: f"D{number}"),
            name=factory.Sequence(lambda number: f"Huyện Thử nghiệm {number}"),
            kind=UnitKind.DISTRICT,
            parent=factory.SubFactory("tests.factories.units.AdministrativeUnitFactory", province=True),
        )


class AgencyFactory(factory.django.DjangoModelFactory[Agency]):
    """A department of a province; ``desk`` receives there, ``committee`` is that of a commune."""

    class Meta:
        model = Agency

    code = factory.Sequence(lambda number: f"H99.S{number}")
    name = factory.Sequence(lambda number: f"Sở Thử nghiệm {number}")
    kind = AgencyKind.DEPARTMENT
    level = AgencyLevel.PROVINCE
    unit = factory.SubFactory(AdministrativeUnitFactory, province=True)
    valid_from = FIRST_DAY
    sort_key = factory.LazyAttribute(lambda agency: sort_key(agency.name))
    confidence = "verified"

    class Params:
        desk = factory.Trait(
            code=factory.Sequence(lambda number: f"H99.M{number}"),
            name=factory.Sequence(lambda number: f"Trung tâm Phục vụ hành chính công {number}"),
            kind=AgencyKind.ONE_STOP_DESK,
        )
        committee = factory.Trait(
            code=factory.LazyAttribute(lambda agency: f"H99.{agency.unit.code}"),
            name=factory.LazyAttribute(lambda agency: f"Ủy ban nhân dân {agency.unit.name}"),
            kind=AgencyKind.COMMUNE_COMMITTEE,
            level=AgencyLevel.COMMUNE,
            unit=factory.SubFactory(AdministrativeUnitFactory),
        )


class FieldAssignmentFactory(factory.django.DjangoModelFactory[FieldAssignment]):
    """A department that is competent for social protection in its province."""

    class Meta:
        model = FieldAssignment

    field_code = "social-protection"
    level = factory.LazyAttribute(lambda assignment: assignment.agency.level)
    agency = factory.SubFactory(AgencyFactory)
    valid_from = FIRST_DAY
    confidence = "verified"


class WorkCalendarVersionFactory(factory.django.DjangoModelFactory[WorkCalendarVersion]):
    """The province's calendar with the official days off."""

    class Meta:
        model = WorkCalendarVersion

    agency = None
    number = factory.Sequence(lambda number: number + 1)
    published_at = datetime(2022, 1, 1, tzinfo=UTC)
    note = "Lịch của kiểm thử"

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        calendar = official_calendar()
        return {
            "days": days_to_json(calendar.days),
            "hours": hours_to_json(calendar.hours),
            "known_from": calendar.known.valid_from,
            "known_until": calendar.known.valid_until,
            "announced_until": calendar.announced_until,
        } | kwargs
