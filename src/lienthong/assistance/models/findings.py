"""What does not fit between who is entitled and who receives; and what a change of the law would cost."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.assistance.states import Benefit, FindingKind, FindingState, Programme
from lienthong.people.models import Person
from lienthong.units.models import AdministrativeUnit


class Finding(models.Model):
    """One person who should receive and does not, or receives and should not. Phát hiện khi rà soát đối tượng."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="findings", verbose_name=_("người"))
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("xã"))
    kind = models.CharField(_("loại"), max_length=20, choices=FindingKind.choices)
    programme = models.CharField(_("chương trình"), max_length=30, choices=Programme.choices)
    benefit = models.CharField(_("khoản hưởng"), max_length=20, choices=Benefit.choices)
    amount = models.BigIntegerField(_("số tiền mỗi tháng"), null=True)
    reasons = models.JSONField(_("lý do"))
    missing = models.JSONField(_("còn thiếu"))
    found_on = models.DateField(_("phát hiện ngày"))
    run_id = models.CharField(_("lượt rà soát"), max_length=40)
    state = models.CharField(_("trạng thái"), max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    draft_id = models.BigIntegerField(_("hồ sơ nháp"), null=True)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người xử lý")
    )
    decided_at = models.DateTimeField(_("xử lý lúc"), null=True)

    class Meta:
        verbose_name = _("phát hiện")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "programme", "benefit"],
                condition=Q(state=FindingState.OPEN),
                name="finding_open_once",
                violation_error_message=_("Phát hiện này đã có và chưa được xử lý."),
            ),
        ]
        indexes = [models.Index(fields=["unit", "state", "kind"], name="finding_by_unit")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person_id}"

    @property
    def stream(self) -> str:
        """Name of the finding's event stream."""
        return f"finding:{self.pk}"


class Scenario(models.Model):
    """Numbers of the law that are assumed, and what they would cost and whom they would reach. Phương án giả định."""

    name = models.CharField(_("tên phương án"), max_length=200)
    changes = models.JSONField(_("thay đổi"))
    note = models.TextField(_("ghi chú"), blank=True)
    as_of = models.DateField(_("tính cho ngày"))
    results = models.JSONField(_("kết quả"), null=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người lập"))
    created_at = models.DateTimeField(_("lập lúc"))
    computed_at = models.DateTimeField(_("tính lúc"), null=True)

    class Meta:
        verbose_name = _("phương án giả định")

    def __str__(self) -> str:
        return self.name
