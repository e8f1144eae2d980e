"""What banks answer: statements and their lines."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.documents.models import StoredFile
from lienthong.payments.models.runs import PaymentLine, PaymentRun
from lienthong.payments.states import Match, StatementFormat


class Statement(models.Model):
    """A statement or report of a bank, taken in once. Sao kê của ngân hàng.

    ``sha256`` is of the file, letter for letter; ``number`` the bank's own.
    """

    bank_code = models.CharField(_("mã ngân hàng"), max_length=6, blank=True)
    account_number = models.CharField(_("số tài khoản chi"), max_length=34, blank=True)
    format = models.CharField(_("định dạng"), max_length=10, choices=StatementFormat.choices)
    number = models.CharField(_("số sao kê"), max_length=70, blank=True)
    run = models.ForeignKey(
        PaymentRun, on_delete=models.PROTECT, null=True, related_name="statements", verbose_name=_("đợt")
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    opening = models.BigIntegerField(_("số dư đầu"), null=True)
    closing = models.BigIntegerField(_("số dư cuối"), null=True)
    from_day = models.DateField(_("từ ngày"), null=True)
    to_day = models.DateField(_("đến ngày"), null=True)
    lines_total = models.PositiveIntegerField(_("số dòng"), default=0)
    amount_total = models.BigIntegerField(_("tổng tiền"), default=0)
    progress = models.JSONField(_("tiến độ"), default=dict)
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField(_("nhập lúc"))
    reconciled_at = models.DateTimeField(_("đối soát lúc"), null=True)

    class Meta:
        verbose_name = _("sao kê")
        constraints = [
            models.CheckConstraint(
                condition=Q(from_day=None) | Q(to_day=None) | Q(to_day__gte=models.F("from_day")),
                name="statement_span",
                violation_error_message=_("Ngày cuối của sao kê không thể trước ngày đầu."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.sha256[:12]

    @property
    def stream(self) -> str:
        """Name of the statement's event stream."""
        return f"statement:{self.pk}"


class StatementLine(models.Model):
    """One line of a statement and the payment that it answers. Dòng sao kê.

    ``amount`` is signed: negative leaves the province's account. ``outcome`` is what the bank says in its own code.
    """

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines", verbose_name=_("sao kê"))
    number = models.PositiveIntegerField(_("số thứ tự"))
    reference = models.CharField(_("mã tham chiếu"), max_length=70, blank=True)
    amount = models.BigIntegerField(_("số tiền"))
    booked_on = models.DateField(_("ngày hạch toán"), null=True)
    account_number = models.CharField(_("tài khoản đối ứng"), max_length=34, blank=True)
    name = models.CharField(_("tên đối ứng"), max_length=140, blank=True)
    text = models.CharField(_("nội dung"), max_length=500, blank=True)
    outcome = models.CharField(_("kết quả"), max_length=20, blank=True)
    match = models.CharField(_("khớp"), max_length=10, choices=Match.choices, default=Match.NONE)
    payment_line = models.ForeignKey(
        PaymentLine, on_delete=models.PROTECT, null=True, related_name="statement_lines", verbose_name=_("khoản chi")
    )
    matched_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    matched_at = models.DateTimeField(_("khớp lúc"), null=True)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("dòng sao kê")
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "number"],
                name="statement_line_once",
                violation_error_message=_("Dòng này của sao kê đã được nhập."),
            ),
            models.CheckConstraint(
                condition=Q(match__in=(Match.NONE, Match.NOT_OURS), payment_line=None)
                | (~Q(match__in=(Match.NONE, Match.NOT_OURS)) & Q(payment_line__isnull=False)),
                name="statement_line_matched_in_full",
                violation_error_message=_("Dòng đã khớp phải ghi khoản chi của nó."),
            ),
        ]
        indexes = [
            models.Index(fields=["statement"], condition=Q(match=Match.NONE), name="statement_line_unmatched"),
        ]

    def __str__(self) -> str:
        return f"{self.statement} {self.number}"
