"""What does not fit between who is entitled and who receives; and what a change of the law would cost."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.assistance.models.entitlements import Entitlement
from lienthong.assistance.states import Benefit, FindingKind, FindingState, Programme, ReviewState
from lienthong.people.models import Person
from lienthong.units.models import AdministrativeUnit


class LeftOutReview(models.Model):
    """One pass over everybody, or over one commune: asked for by somebody, or made each week. Lượt rà soát người hưởng."""

    on = models.DateField(_("rà soát cho ngày"))
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("xã")
    )
    state = models.CharField(_("trạng thái"), max_length=10, choices=ReviewState.choices, default=ReviewState.WAITING)
    progress = models.JSONField(_("tiến độ"), default=dict)
    people = models.PositiveIntegerField(_("số người đã rà soát"), default=0)
    counts = models.JSONField(_("số lượng"), default=dict)
    problem = models.TextField(_("vướng mắc"), blank=True)
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người yêu cầu")
    )
    asked_at = models.DateTimeField(_("yêu cầu lúc"))
    finished_at = models.DateTimeField(_("xong lúc"), null=True)

    class Meta:
        verbose_name = _("lượt rà soát người hưởng")
        constraints = [
            models.UniqueConstraint(
                models.F("state"),
                condition=Q(state=ReviewState.WAITING, unit=None),
                name="left_out_review_waits_once",
                violation_error_message=_("Một lượt rà soát toàn tỉnh đang chờ."),
            ),
        ]
        indexes = [models.Index(fields=["-asked_at"], name="left_out_review_by_time")]

    def __str__(self) -> str:
        return f"{self.on} ({self.get_state_display()})"

    @property
    def stream(self) -> str:
        """Name of the review's event stream."""
        return f"left-out-review:{self.pk}"


class Finding(models.Model):
    """One person who should receive and does not, or receives and should not. Phát hiện khi rà soát đối tượng.

    ``amount`` is what the rules give a month, at most where something is to be asked; ``paid`` what is paid. ``ground`` is the
    digest of what the finding rests on: one that was settled or set aside comes back only when that has changed. Of a
    funeral that a death offers it is the circumstance, as the dossier answers it.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="findings", verbose_name=_("người"))
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("xã"))
    kind = models.CharField(_("loại"), max_length=20, choices=FindingKind.choices)
    programme = models.CharField(_("chương trình"), max_length=30, choices=Programme.choices)
    benefit = models.CharField(_("khoản hưởng"), max_length=20, choices=Benefit.choices)
    amount = models.BigIntegerField(_("số tiền mỗi tháng"), null=True)
    reasons = models.JSONField(_("lý do"))
    missing = models.JSONField(_("còn thiếu"))
    assumed = models.JSONField(_("coi như"), default=list)
    is_certain = models.BooleanField(_("đã chắc chắn"), default=True)
    paid = models.BigIntegerField(_("đang được tính mỗi tháng"), default=0)
    ground = models.CharField(_("mã băm căn cứ"), max_length=64, blank=True)
    entitlement = models.ForeignKey(
        Entitlement, on_delete=models.PROTECT, null=True, related_name="findings", verbose_name=_("quyết định hưởng")
    )
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
        indexes = [
            models.Index(fields=["unit", "state", "kind"], name="finding_by_unit"),
            models.Index(fields=["person", "kind", "programme", "benefit"], name="finding_by_person"),
        ]

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
    progress = models.JSONField(_("tiến độ"), default=dict)
    problem = models.TextField(_("vướng mắc"), blank=True)

    class Meta:
        verbose_name = _("phương án giả định")

    def __str__(self) -> str:
        return self.name
