"""Decisions of the commune's chair, and the class that each household holds from one day to another."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.people.models import Household
from lienthong.poverty.models.rounds import CommuneReview, HouseholdReview
from lienthong.poverty.states import DecisionKind, DecisionState, HouseholdClass
from lienthong.units.models import DatedQuerySet, ValidSpan


class RecognitionDecision(models.Model):
    """A decision of the chair on the households of a commune. Quyết định công nhận."""

    commune_review = models.ForeignKey(CommuneReview, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(_("loại"), max_length=10, choices=DecisionKind.choices)
    number = models.CharField(_("số"), max_length=60, blank=True)
    signed_on = models.DateField(_("ký ngày"), null=True)
    applies_from = models.DateField(_("áp dụng từ ngày"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=DecisionState.choices, default=DecisionState.PREPARED
    )
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người trình"))
    prepared_at = models.DateTimeField(_("trình lúc"))
    signed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người ký")
    )
    signed_at = models.DateTimeField(_("ký lúc"), null=True)
    sent_back_reason = models.CharField(_("lý do trả lại"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("quyết định công nhận")
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("prepared_by")),
                name="recognition_four_eyes",
                violation_error_message=_("Người ký phải khác người trình."),
            ),
            models.CheckConstraint(
                condition=~Q(state=DecisionState.SIGNED)
                | (Q(signed_by__isnull=False, signed_at__isnull=False, signed_on__isnull=False) & ~Q(number="")),
                name="recognition_signed_in_full",
                violation_error_message=_("Quyết định đã ký phải có số, ngày ký và người ký."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.get_kind_display()} ({self.get_state_display()})"

    @property
    def stream(self) -> str:
        """Name of the decision's event stream."""
        return f"recognition:{self.pk}"


class HouseholdStanding(models.Model):
    """The class that a household holds between two days, and on what ground. Phân loại hộ theo thời gian.

    Ended and followed, never edited; what was taken from an older list says from which.
    """

    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="poverty_standings", verbose_name=_("hộ")
    )
    household_class = models.CharField(_("phân loại"), max_length=10, choices=HouseholdClass.choices)
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)
    review = models.ForeignKey(HouseholdReview, on_delete=models.PROTECT, null=True, related_name="standings")
    decision = models.ForeignKey(RecognitionDecision, on_delete=models.PROTECT, null=True, related_name="standings")
    certificate_number = models.CharField(_("số giấy chứng nhận"), max_length=40, blank=True)
    source = models.CharField(_("nguồn"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("phân loại hộ")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="standing_span",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
            models.CheckConstraint(
                condition=Q(decision__isnull=False) | ~Q(source=""),
                name="standing_has_a_ground",
                violation_error_message=_("Phân loại hộ phải ghi quyết định hoặc nguồn."),
            ),
            ExclusionConstraint(
                name="standing_one_class_a_day",
                expressions=[("household", RangeOperators.EQUAL), (ValidSpan(), RangeOperators.OVERLAPS)],
                violation_error_message=_("Mỗi ngày một hộ chỉ thuộc một loại."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household}: {self.household_class}"
