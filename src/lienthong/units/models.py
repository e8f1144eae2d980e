"""Tables of places, agencies, their successions, assignments of fields, and working calendars."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from lienthong.units.states import AgencyKind, AgencyLevel, Share, UnitKind


class ValidSpan(Func):
    """The half-open span of a row as a PostgreSQL ``daterange``."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self) -> None:
        super().__init__(F("valid_from"), F("valid_until"))


class DatedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows that hold for a half-open span of days."""

    def valid_on(self, day: date) -> Self:
        """Keep the rows that hold on ``day``."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day)


class AdministrativeUnit(models.Model):
    """A place as it was between two days, known by its code and the day it began.

    Đơn vị hành chính. A code alone is not enough: all 92 communes of 2025-07-01 reuse an old code, 46 of them under
    another name.
    """

    code = models.CharField(_("mã đơn vị"), max_length=10)
    name = models.CharField(_("tên"), max_length=120)
    kind = models.CharField(_("loại"), max_length=12, choices=UnitKind.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="children", verbose_name=_("trực thuộc")
    )
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)
    instrument = models.CharField(_("văn bản"), max_length=200, blank=True)
    sort_key = models.CharField(max_length=255, editable=False, db_collation="C")
    search_key = models.CharField(max_length=200, editable=False)
    confidence = models.CharField(max_length=10)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("đơn vị hành chính")
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="unit_code_and_first_day"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="unit_span",
                violation_error_message=_("Ngày kết thúc của đơn vị phải sau ngày bắt đầu."),
            ),
            ExclusionConstraint(
                name="unit_code_once_a_day",
                expressions=[("code", RangeOperators.EQUAL), (ValidSpan(), RangeOperators.OVERLAPS)],
                violation_error_message=_("Mỗi ngày một mã chỉ thuộc một đơn vị."),
            ),
        ]
        indexes = [models.Index(fields=["parent", "sort_key"], name="unit_children")]

    def __str__(self) -> str:
        return self.name


class UnitBoundary(models.Model):
    """Where a unit lies on the ground: polygons of rings, simplified for maps on a page. Ranh giới đơn vị hành chính.

    ``polygons`` are as GeoJSON has the co-ordinates of a MultiPolygon: longitude and latitude in degrees. The box is that of
    the whole. Only loading writes it.
    """

    unit = models.OneToOneField(
        AdministrativeUnit, on_delete=models.CASCADE, related_name="boundary", verbose_name=_("đơn vị")
    )
    polygons = models.JSONField(_("đa giác"))
    west = models.FloatField(_("kinh độ nhỏ nhất"))
    south = models.FloatField(_("vĩ độ nhỏ nhất"))
    east = models.FloatField(_("kinh độ lớn nhất"))
    north = models.FloatField(_("vĩ độ lớn nhất"))
    source = models.CharField(_("nguồn"), max_length=200)
    loaded_at = models.DateTimeField(_("nạp lúc"))

    class Meta:
        verbose_name = _("ranh giới đơn vị hành chính")
        constraints = [
            models.CheckConstraint(
                condition=Q(west__lt=F("east")) & Q(south__lt=F("north")),
                name="boundary_box",
                violation_error_message=_("Ranh giới phải bao quanh một vùng đất."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)


class UnitChange(models.Model):
    """One event of law that changed places. Sự kiện sắp xếp đơn vị hành chính."""

    code = models.CharField(max_length=60, unique=True)
    on = models.DateField(_("ngày có hiệu lực"))
    instrument = models.CharField(_("văn bản"), max_length=200)
    title = models.CharField(_("nội dung"), max_length=300)

    class Meta:
        verbose_name = _("sự kiện sắp xếp đơn vị")

    def __str__(self) -> str:
        return self.title


class UnitSuccession(models.Model):
    """An edge of a change: all or a part of one unit became part of another. Kế thừa địa bàn."""

    change = models.ForeignKey(UnitChange, on_delete=models.PROTECT, related_name="edges")
    predecessor = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="edges_out")
    successor = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="edges_in")
    share = models.CharField(_("phần chuyển"), max_length=5, choices=Share.choices)
    share_percent = models.DecimalField(_("tỷ lệ dân số"), max_digits=5, decimal_places=2, null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("kế thừa địa bàn")
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="unit_edge_once")]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class Agency(models.Model):
    """An office of the state as it was between two days. Cơ quan, đơn vị."""

    code = models.CharField(_("mã cơ quan"), max_length=35)
    legal_code = models.CharField(_("mã định danh"), max_length=40, blank=True)
    name = models.CharField(_("tên"), max_length=200)
    kind = models.CharField(_("loại"), max_length=20, choices=AgencyKind.choices)
    level = models.CharField(_("cấp"), max_length=10, choices=AgencyLevel.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="children", verbose_name=_("trực thuộc")
    )
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, related_name="agencies", verbose_name=_("địa bàn")
    )
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    sort_key = models.CharField(max_length=400, editable=False, db_collation="C")
    confidence = models.CharField(max_length=10)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("cơ quan")
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="agency_code_and_first_day"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="agency_span",
                violation_error_message=_("Ngày kết thúc của cơ quan phải sau ngày bắt đầu."),
            ),
            ExclusionConstraint(
                name="agency_code_once_a_day",
                expressions=[("code", RangeOperators.EQUAL), (ValidSpan(), RangeOperators.OVERLAPS)],
                violation_error_message=_("Mỗi ngày một mã chỉ thuộc một cơ quan."),
            ),
        ]
        indexes = [models.Index(fields=["unit", "kind"], name="agency_by_unit")]

    def __str__(self) -> str:
        return self.name


class AgencySuccession(models.Model):
    """One agency took over from another, in some ``fields`` or, when there are none, in all. Kế thừa cơ quan."""

    predecessor = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="edges_out")
    successor = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="edges_in")
    on = models.DateField(_("ngày chuyển giao"))
    fields = ArrayField(models.CharField(max_length=40), default=list, verbose_name=_("lĩnh vực chuyển giao"))
    instrument = models.CharField(_("văn bản"), max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("kế thừa cơ quan")
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="agency_edge_once")]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class FieldAssignment(models.Model):
    """Which agency is competent for a field of work at a level, from one day to another.

    Phân công lĩnh vực. ``agency`` is empty at commune level, where the committee of the commune itself is competent;
    ``division`` is the part of the agency that does the work, where it is known.
    """

    field_code = models.CharField(_("lĩnh vực"), max_length=40)
    level = models.CharField(_("cấp"), max_length=10, choices=AgencyLevel.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="assignments")
    division = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="division_assignments")
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)
    instrument = models.CharField(_("văn bản"), max_length=200, blank=True)
    confidence = models.CharField(max_length=10)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("phân công lĩnh vực")
        constraints = [
            models.UniqueConstraint(
                fields=["field_code", "level", "agency", "valid_from"], name="assignment_once", nulls_distinct=False
            ),
        ]
        indexes = [models.Index(fields=["field_code", "level"], name="assignment_by_field")]

    def __str__(self) -> str:
        return f"{self.field_code} {self.level}"


class WorkCalendarVersion(models.Model):
    """One published state of a working calendar: exceptional days and office hours. Never edited, only followed.

    Phiên bản lịch làm việc. ``days`` maps an ISO day to {kind, reason, source, confidence}; ``hours`` is a list of
    {valid_from, weekday, periods}, Monday being 1. The calendar answers from ``known_from`` until ``known_until``; from
    ``announced_until`` on it is computed from the law alone. ``agency`` is empty for the province's own calendar.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="calendars")
    number = models.PositiveIntegerField(_("phiên bản"))
    published_at = models.DateTimeField(_("công bố lúc"))
    published_by = models.BigIntegerField(null=True)
    note = models.CharField(_("lý do"), max_length=300)
    days = models.JSONField(_("ngày nghỉ, ngày làm bù"))
    hours = models.JSONField(_("giờ làm việc"))
    known_from = models.DateField(_("lịch có từ ngày"))
    known_until = models.DateField(_("lịch có đến trước ngày"))
    announced_until = models.DateField(_("đã công bố đến trước ngày"), null=True)

    class Meta:
        verbose_name = _("lịch làm việc")
        constraints = [
            models.UniqueConstraint(fields=["agency", "number"], name="calendar_version_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"Lịch làm việc, phiên bản {self.number}"
