"""A register that another system or a spreadsheet kept, staged before it is taken over whole or not at all."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.assistance.states import Programme, TakeOverState
from lienthong.people.models import Person
from lienthong.units.models import AdministrativeUnit


class TakeOver(models.Model):
    """One file of people who already receive. Tiếp nhận danh sách đang hưởng."""

    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("xã"))
    programme = models.CharField(_("chương trình"), max_length=30, choices=Programme.choices)
    file_name = models.CharField(_("tên tệp"), max_length=200)
    digest = models.CharField(_("mã băm"), max_length=64)
    month = models.DateField(_("chi trả từ tháng"))
    rows = models.PositiveIntegerField(_("số dòng"))
    problems = models.PositiveIntegerField(_("số dòng chưa nhận được"))
    differing = models.PositiveIntegerField(_("số dòng khác mức theo quy định"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=TakeOverState.choices, default=TakeOverState.STAGED
    )
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người nạp"))
    prepared_at = models.DateTimeField(_("nạp lúc"))
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người duyệt")
    )
    decided_at = models.DateTimeField(_("duyệt lúc"), null=True)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("tiếp nhận danh sách đang hưởng")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=TakeOverState.STAGED) | ~Q(prepared_by=F("decided_by")),
                name="take_over_by_two",
                violation_error_message=_("Người nạp danh sách không được tự duyệt."),
            ),
            models.UniqueConstraint(
                fields=["digest", "unit", "programme"],
                condition=~Q(state=TakeOverState.REFUSED),
                name="take_over_once",
                violation_error_message=_("Tệp này đã được nạp rồi."),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def stream(self) -> str:
        """Name of the take-over's event stream."""
        return f"take-over:{self.pk}"


class TakeOverRow(models.Model):
    """One row of such a file: what it says, whom it means, what is wrong with it, and what the rules give. Dòng danh sách."""

    take_over = models.ForeignKey(TakeOver, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField(_("dòng"))
    said = models.JSONField(_("nội dung dòng"))
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người hưởng")
    )
    payee = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người nhận")
    )
    amount = models.BigIntegerField(_("mức đang hưởng"), null=True)
    by_rules = models.BigIntegerField(_("mức theo quy định"), null=True)
    problems = models.JSONField(_("vướng mắc"))
    note = models.TextField(_("so với quy định"), blank=True)

    class Meta:
        verbose_name = _("dòng danh sách đang hưởng")
        constraints = [
            models.UniqueConstraint(
                fields=["take_over", "number"],
                name="take_over_row_once",
                violation_error_message=_("Mỗi dòng của tệp chỉ được ghi một lần."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.take_over_id}/{self.number}"
