"""Existing lists of poor and near-poor households that came as files, row by row accounted for."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.people.models import Household
from lienthong.poverty.states import HouseholdClass, ImportState, RowOutcome
from lienthong.units.models import AdministrativeUnit


class ListImport(models.Model):
    """A file with the classes of households from one day on: staged, shown, then written whole or not at all.

    Danh sách nhập. ``reading`` is what was read of the file: {heads, rows, source, notices, skipped, preview};
    ``mapping`` is {field of ours: head of the file}, remembered for the next file with the same ``signature``.
    """

    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("xã, phường")
    )
    file_name = models.CharField(_("tệp"), max_length=255)
    sha256 = models.CharField(max_length=64)
    valid_from = models.DateField(_("phân loại từ ngày"))
    class_of_all = models.CharField(
        _("phân loại của mọi dòng"), max_length=10, choices=HouseholdClass.choices, blank=True
    )
    signature = models.CharField(max_length=32)
    mapping = models.JSONField(_("cột"), default=dict)
    reading = models.JSONField(_("đã đọc"), default=dict)
    state = models.CharField(_("trạng thái"), max_length=10, choices=ImportState.choices, default=ImportState.READ)
    loaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người nhập"))
    loaded_at = models.DateTimeField(_("nhập lúc"))
    committed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    committed_at = models.DateTimeField(_("ghi lúc"), null=True)

    class Meta:
        verbose_name = _("danh sách nhập")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ImportState.COMMITTED) | Q(committed_by__isnull=False, committed_at__isnull=False),
                name="list_import_committed_by_somebody",
                violation_error_message=_("Danh sách đã ghi phải có người ghi và lúc ghi."),
            ),
            models.CheckConstraint(
                condition=Q(committed_by=None) | ~Q(committed_by=F("loaded_by")),
                name="list_import_four_eyes",
                violation_error_message=_("Người ghi danh sách phải khác người nạp."),
            ),
        ]
        indexes = [
            models.Index(fields=["signature", "-loaded_at"], name="list_import_by_signature"),
            models.Index(fields=["unit", "-loaded_at"], name="list_import_by_unit"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def stream(self) -> str:
        """Name of the import's event stream."""
        return f"list-import:{self.pk}"

    @property
    def source(self) -> str:
        """How the standings that came of it name their ground."""
        return f"Danh sách nhập: {self.file_name}"[:200]


class ListImportRow(models.Model):
    """One row of an imported list, and what became of it. Dòng của danh sách nhập.

    ``details`` keeps what else the row tells: {head_number, birth, sex, ethnicity, size, hamlet, a_points, b_points,
    reviewed_on, reviewer}. After the import ``household_code`` is another name of ``household``.
    """

    list_import = models.ForeignKey(ListImport, on_delete=models.PROTECT, related_name="rows")
    row_number = models.PositiveIntegerField(_("dòng"))
    household_code = models.CharField(_("mã hộ trong tệp"), max_length=60, blank=True)
    head_name = models.CharField(_("chủ hộ"), max_length=200, blank=True)
    household_class = models.CharField(_("phân loại"), max_length=10, choices=HouseholdClass.choices, blank=True)
    details = models.JSONField(default=dict)
    outcome = models.CharField(_("kết quả"), max_length=10, choices=RowOutcome.choices)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("vì sao"), max_length=600, blank=True)
    notes = ArrayField(models.CharField(max_length=300), default=list, verbose_name=_("cần xem"))

    class Meta:
        verbose_name = _("dòng của danh sách nhập")
        constraints = [
            models.UniqueConstraint(fields=["list_import", "row_number"], name="list_import_row_once"),
            models.CheckConstraint(
                condition=~Q(outcome=RowOutcome.REFUSED) | ~Q(reason=""),
                name="list_import_refusal_says_why",
                violation_error_message=_("Dòng không nhận phải ghi vì sao."),
            ),
        ]
        indexes = [models.Index(fields=["household_code"], name="list_import_row_by_code")]

    def __str__(self) -> str:
        return f"{self.row_number}. {self.head_name}"
