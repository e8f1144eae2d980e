"""From which probability on a link is accepted: proposed by one, confirmed by another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.verification.models.batches import Batch


class ThresholdChoice(models.Model):
    """One decision on the threshold, made on the figures of a batch. Lần chọn ngưỡng chấp nhận.

    ``figures`` is what stood on the page when it was proposed: {links, expected_wrong}. The newest confirmed choice holds
    for the batches made after it.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="threshold_choices")
    threshold = models.FloatField(_("ngưỡng chấp nhận"))
    figures = models.JSONField(_("số liệu khi đề xuất"), default=dict)
    reason = models.CharField(_("lý do"), max_length=500)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("đề xuất lúc"))
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("xác nhận lúc"), null=True)
    discarded_at = models.DateTimeField(_("hủy lúc"), null=True)

    class Meta:
        verbose_name = _("lần chọn ngưỡng")
        constraints = [
            models.UniqueConstraint(
                Value(1), name="threshold_one_waits",
                condition=Q(confirmed_at=None, discarded_at=None),
                violation_error_message=_("Đang có một ngưỡng chờ xác nhận."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")), name="threshold_confirmed_by_another",
                violation_error_message=_("Người xác nhận ngưỡng phải khác người đề xuất."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, discarded_at=None),
                name="threshold_confirmed_whole",
                violation_error_message=_("Ngưỡng được xác nhận phải có người và giờ xác nhận."),
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=0.5, threshold__lte=1), name="threshold_is_a_share",
                violation_error_message=_("Ngưỡng chấp nhận phải từ 0,5 đến 1."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["-confirmed_at", "-id"], name="threshold_newest_first")]

    def __str__(self) -> str:
        return f"{self.threshold:.4f}"
