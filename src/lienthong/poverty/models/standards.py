"""What the office adds to the law: points tables, lines of the province, and which places are urban."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.poverty.states import ApprovalState, AreaKind, LineKind
from lienthong.units.models import AdministrativeUnit, DatedQuerySet, ValidSpan


class FourEyes(models.Model):
    """Something that one person prepares and another approves. Việc cần hai người."""

    state = models.CharField(_("trạng thái"), max_length=10, choices=ApprovalState.choices, default=ApprovalState.DRAFT)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người lập"))
    prepared_at = models.DateTimeField(_("lập lúc"))
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người duyệt")
    )
    approved_at = models.DateTimeField(_("duyệt lúc"), null=True)

    class Meta:
        abstract = True


def approved_by_another(name: str) -> list[models.CheckConstraint]:
    """Return the constraints of four eyes: whoever approves did not prepare, and what is approved says by whom."""
    return [
        models.CheckConstraint(
            condition=Q(approved_by=None) | ~Q(approved_by=F("prepared_by")),
            name=f"{name}_four_eyes",
            violation_error_message=_("Người duyệt phải khác người lập."),
        ),
        models.CheckConstraint(
            condition=~Q(state=ApprovalState.APPROVED) | Q(approved_by__isnull=False, approved_at__isnull=False),
            name=f"{name}_approved_by_somebody",
            violation_error_message=_("Đã duyệt thì phải ghi ai duyệt, lúc nào."),
        ),
    ]


class PointsTableVersion(FourEyes):
    """A points table of form B1 as it was loaded; once approved it never changes. Bảng điểm B1.

    ``content`` is {"features": [{code, label, kind, levels: [{code, label, minimum, maximum, points: {column: n}}]}]},
    the form of ``rules.poverty.points``. ``is_superseded`` marks a table of an earlier period that serves trials only:
    every screen and print that uses it says so.
    """

    standard_id = models.CharField(_("chuẩn nghèo"), max_length=20)
    number = models.PositiveIntegerField(_("phiên bản"))
    name = models.CharField(_("tên"), max_length=200)
    source = models.CharField(_("căn cứ"), max_length=300)
    is_superseded = models.BooleanField(_("bảng cũ, chỉ để thử"), default=False)
    columns = ArrayField(models.CharField(max_length=40), verbose_name=_("cột vùng"))
    content = models.JSONField(_("nội dung"))
    digest = models.CharField(max_length=64)
    file_name = models.CharField(_("tệp"), max_length=255, blank=True)
    valid_from = models.DateField(_("dùng từ ngày"))

    class Meta:
        verbose_name = _("bảng điểm B1")
        constraints = [
            models.UniqueConstraint(
                fields=["standard_id", "number"],
                name="points_table_number_once",
                violation_error_message=_("Chuẩn này đã có bảng điểm mang số phiên bản đó."),
            ),
            *approved_by_another("points_table"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.standard_id}, {self.number})"


class ProvincialLine(FourEyes):
    """A line of the provincial People's Council above the national one. Chuẩn riêng của tỉnh."""

    area = models.CharField(_("khu vực"), max_length=5, choices=AreaKind.choices)
    kind = models.CharField(_("loại"), max_length=10, choices=LineKind.choices)
    amount = models.BigIntegerField(_("đồng một người một tháng"))
    instrument = models.CharField(_("văn bản"), max_length=200)
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("chuẩn riêng của tỉnh")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="provincial_line_positive",
                violation_error_message=_("Mức chuẩn phải lớn hơn 0."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="provincial_line_span",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
            ExclusionConstraint(
                name="provincial_line_once_a_day",
                expressions=[
                    ("area", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (ValidSpan(), RangeOperators.OVERLAPS),
                ],
                condition=Q(state=ApprovalState.APPROVED),
                violation_error_message=_("Những ngày đó đã có một mức chuẩn riêng được duyệt."),
            ),
            *approved_by_another("provincial_line"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.area} {self.amount}"


class AreaDesignation(FourEyes):
    """A place, or one hamlet of it, is rural or urban between two days. Khu vực của địa bàn.

    Without one, wards and townships are urban and communes rural. What happens to the townships that went into communes
    on 2025-07-01 is for the department to say: here, by hamlet.
    """

    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("xã, phường")
    )
    hamlet = models.CharField(_("thôn, tổ dân phố"), max_length=120, blank=True)
    area = models.CharField(_("khu vực"), max_length=5, choices=AreaKind.choices)
    instrument = models.CharField(_("văn bản"), max_length=200)
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("khu vực của địa bàn")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="area_designation_span",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
            ExclusionConstraint(
                name="area_designation_once_a_day",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("hamlet", RangeOperators.EQUAL),
                    (ValidSpan(), RangeOperators.OVERLAPS),
                ],
                condition=Q(state=ApprovalState.APPROVED),
                violation_error_message=_("Những ngày đó địa bàn này đã được xếp khu vực."),
            ),
            *approved_by_another("area_designation"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.hamlet}: {self.area}"
