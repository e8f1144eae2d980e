"""Dated facts of a person that no lower context holds, and areas of which the law speaks.

Recorded once, ended and followed; what was recorded by mistake is withdrawn, never edited.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.assistance.states import ProposalState
from lienthong.people.models import Person
from lienthong.rules.disability import DisabilityKind, DisabilityLevel
from lienthong.rules.merit.facts import Category, Relation
from lienthong.units.models import AdministrativeUnit, DatedQuerySet, ValidSpan

_SPAN = Q(valid_until=None) | Q(valid_until__gt=F("valid_from"))
_SPAN_MESSAGE = _("Ngày kết thúc phải sau ngày bắt đầu.")


class Circumstance(models.Model):
    """A dated fact of a person, by its name in the rules. Hoàn cảnh của người được xét.

    ``name`` is a field of ``PersonFacts``, or ``merit.<field>`` of ``MeritFacts``; ``value`` is what their plain files hold.
    """

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="circumstances", verbose_name=_("người được xét")
    )
    name = models.CharField(_("thông tin"), max_length=60)
    value = models.JSONField(_("nội dung"))
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)
    evidence = models.CharField(_("căn cứ"), max_length=300)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    recorded_at = models.DateTimeField(_("ghi lúc"))
    withdrawn_at = models.DateTimeField(_("rút lúc"), null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("hoàn cảnh")
        constraints = [
            models.CheckConstraint(condition=_SPAN, name="circumstance_span", violation_error_message=_SPAN_MESSAGE),
            ExclusionConstraint(
                name="circumstance_one_a_day",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    (ValidSpan(), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("Mỗi ngày một thông tin của một người chỉ có một giá trị."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.name}"


class DisabilityCertificate(models.Model):
    """A certificate of disability. Giấy xác nhận khuyết tật."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="disability_certificates", verbose_name=_("người khuyết tật")
    )
    level = models.CharField(
        _("mức độ khuyết tật"), max_length=20, choices=[(one.value, one.in_words) for one in DisabilityLevel]
    )
    kind = models.CharField(
        _("dạng khuyết tật"), max_length=20, choices=[(one.value, one.in_words) for one in DisabilityKind]
    )
    number = models.CharField(_("số giấy xác nhận"), max_length=60)
    issued_on = models.DateField(_("ngày cấp"))
    issued_by = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("nơi cấp")
    )
    form_items = models.JSONField(_("mục khuyết tật trong phiếu Mẫu số 02"), null=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    recorded_at = models.DateTimeField(_("ghi lúc"))
    withdrawn_at = models.DateTimeField(_("rút lúc"), null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("giấy xác nhận khuyết tật")
        constraints = [
            models.CheckConstraint(condition=_SPAN, name="certificate_span", violation_error_message=_SPAN_MESSAGE),
            ExclusionConstraint(
                name="certificate_one_a_day",
                expressions=[("person", RangeOperators.EQUAL), (ValidSpan(), RangeOperators.OVERLAPS)],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("Mỗi ngày một người chỉ có một Giấy xác nhận khuyết tật còn hiệu lực."),
            ),
        ]
        indexes = [models.Index(fields=["number"], name="certificate_by_number")]

    def __str__(self) -> str:
        return self.number


class MeritClaim(models.Model):
    """One ground on which a person is due benefits as a person with merit or as a relative. Diện người có công.

    ``data`` is the claim by its plain names in ``rules.merit``. Proposed by one officer and recognised by another.
    """

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="merit_claims", verbose_name=_("người hưởng")
    )
    category = models.CharField(
        _("diện"), max_length=40, choices=[(one.value, one.in_words) for one in Category], db_index=True
    )
    relation = models.CharField(
        _("quan hệ"), max_length=20, blank=True, choices=[(one.value, one.in_words) for one in Relation]
    )
    data = models.JSONField(_("nội dung"))
    decision_number = models.CharField(_("số quyết định"), max_length=60)
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người đề xuất"))
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người duyệt"))
    recorded_at = models.DateTimeField(_("ghi lúc"))
    withdrawn_at = models.DateTimeField(_("rút lúc"), null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("diện người có công")
        constraints = [
            models.CheckConstraint(condition=_SPAN, name="merit_claim_span", violation_error_message=_SPAN_MESSAGE),
            models.CheckConstraint(
                condition=~Q(prepared_by=F("recorded_by")),
                name="merit_claim_by_two",
                violation_error_message=_("Người đề xuất không được tự duyệt diện người có công."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} ({self.decision_number})"


class DifficultArea(models.Model):
    """A commune, or a hamlet of it, that is among the especially difficult ones. Xã, thôn đặc biệt khó khăn.

    An empty ``hamlet`` is the whole commune.
    """

    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("xã"))
    hamlet = models.CharField(_("thôn, xóm, tổ dân phố"), max_length=120, blank=True)
    reference = models.CharField(_("văn bản"), max_length=200)
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    recorded_at = models.DateTimeField(_("ghi lúc"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("địa bàn đặc biệt khó khăn")
        constraints = [
            models.CheckConstraint(condition=_SPAN, name="difficult_area_span", violation_error_message=_SPAN_MESSAGE),
            ExclusionConstraint(
                name="difficult_area_once_a_day",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("hamlet", RangeOperators.EQUAL),
                    (ValidSpan(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Địa bàn này đã được ghi là đặc biệt khó khăn trong khoảng thời gian đó."),
            ),
        ]

    def __str__(self) -> str:
        return self.hamlet or str(self.unit)


class DifficultAreaDraft(models.Model):
    """An area that one officer of the province put down and another decides on. Địa bàn đặc biệt khó khăn chờ duyệt."""

    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("xã"))
    hamlet = models.CharField(_("thôn, xóm, tổ dân phố"), max_length=120, blank=True)
    reference = models.CharField(_("văn bản"), max_length=200)
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=ProposalState.choices, default=ProposalState.PENDING
    )
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người lập"))
    prepared_at = models.DateTimeField(_("lập lúc"))
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người duyệt")
    )
    decided_at = models.DateTimeField(_("duyệt lúc"), null=True)
    note = models.CharField(_("ghi chú"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("địa bàn đặc biệt khó khăn chờ duyệt")
        constraints = [
            models.CheckConstraint(condition=_SPAN, name="area_draft_span", violation_error_message=_SPAN_MESSAGE),
            models.CheckConstraint(
                condition=~Q(state__in=[ProposalState.APPROVED, ProposalState.REFUSED])
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(prepared_by=F("decided_by"))),
                name="area_draft_by_two",
                violation_error_message=_("Người lập địa bàn không được tự duyệt."),
            ),
        ]
        indexes = [models.Index(fields=["state", "prepared_at"], name="area_draft_waiting")]

    def __str__(self) -> str:
        return self.place

    @property
    def place(self) -> str:
        """The hamlet and its commune, or the commune."""
        return f"{self.hamlet}, {self.unit.name}" if self.hamlet else self.unit.name

    @property
    def stream(self) -> str:
        """Name of the draft's event stream."""
        return f"difficult-area:{self.pk}"
