"""What people say about money that did not come, or came wrong."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.payments.models.runs import PaymentLine
from lienthong.payments.states import ComplaintState
from lienthong.people.models import Person
from lienthong.units.models import AdministrativeUnit


class PaymentComplaint(models.Model):
    """What a person says about a payment, and what was answered. Phản ánh về chi trả."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="payment_complaints", verbose_name=_("người hưởng")
    )
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("xã, phường")
    )
    line = models.ForeignKey(
        PaymentLine, on_delete=models.PROTECT, null=True, related_name="complaints", verbose_name=_("khoản chi")
    )
    text = models.CharField(_("nội dung"), max_length=2000)
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=ComplaintState.choices, default=ComplaintState.OPEN
    )
    made_at = models.DateTimeField(_("gửi lúc"))
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(_("trả lời"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(_("đóng lúc"), null=True)
    client_key = models.UUIDField(null=True, unique=True)

    class Meta:
        verbose_name = _("phản ánh về chi trả")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ComplaintState.OPEN) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="complaint_answered_in_full",
                violation_error_message=_("Phản ánh đã trả lời phải ghi nội dung và thời điểm trả lời."),
            ),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="complaint_by_unit")]

    def __str__(self) -> str:
        return f"{self.person}: {self.text[:40]}"

    @property
    def stream(self) -> str:
        """Name of the complaint's event stream."""
        return f"payment-complaint:{self.pk}"
