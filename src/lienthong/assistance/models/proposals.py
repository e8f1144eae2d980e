"""What one officer proposes and another decides."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.assistance.models.entitlements import Entitlement
from lienthong.assistance.states import Benefit, Programme, ProposalKind, ProposalState
from lienthong.people.models import Person
from lienthong.units.models import AdministrativeUnit


class Proposal(models.Model):
    """A change that waits for the decision of another person. Đề xuất.

    ``payload`` holds what is to be done, ``reasons`` the decision of the rules as it was printed for whoever decides.
    """

    kind = models.CharField(_("loại"), max_length=12, choices=ProposalKind.choices)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="assistance_proposals", verbose_name=_("người hưởng")
    )
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("xã"))
    programme = models.CharField(_("chương trình"), max_length=30, choices=Programme.choices)
    benefit = models.CharField(_("khoản hưởng"), max_length=20, choices=Benefit.choices, blank=True)
    entitlement = models.ForeignKey(
        Entitlement, on_delete=models.PROTECT, null=True, related_name="proposals", verbose_name=_("quyết định hưởng")
    )
    payload = models.JSONField(_("nội dung"))
    reasons = models.JSONField(_("lý do"))
    words = models.TextField(_("tóm tắt"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=ProposalState.choices, default=ProposalState.PENDING
    )
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người đề xuất"))
    prepared_at = models.DateTimeField(_("đề xuất lúc"))
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người duyệt")
    )
    decided_at = models.DateTimeField(_("duyệt lúc"), null=True)
    decision_number = models.CharField(_("số quyết định"), max_length=60, blank=True)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("đề xuất")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[ProposalState.APPROVED, ProposalState.REFUSED])
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(prepared_by=F("decided_by"))),
                name="proposal_by_two",
                violation_error_message=_("Người đề xuất không được tự duyệt đề xuất của mình."),
            ),
            models.UniqueConstraint(
                fields=["entitlement", "kind"],
                condition=Q(state=ProposalState.PENDING, entitlement__isnull=False),
                name="proposal_one_at_a_time",
                violation_error_message=_("Đã có một đề xuất như vậy đang chờ duyệt."),
            ),
            models.UniqueConstraint(
                fields=["person", "programme", "benefit", "kind"],
                condition=Q(state=ProposalState.PENDING, kind=ProposalKind.GRANT),
                name="proposal_one_grant_at_a_time",
                violation_error_message=_("Đã có một đề xuất hưởng khoản này cho người này đang chờ duyệt."),
            ),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="proposal_by_unit")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"

    @property
    def stream(self) -> str:
        """Name of the proposal's event stream."""
        return f"assistance-proposal:{self.pk}"
