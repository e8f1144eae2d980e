"""What banks answer: statements and their lines."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.documents.models import StoredFile
from lienthong.payments.models.runs import PaymentLine, PaymentRun
from lienthong.payments.states import Match, Resolution, StatementFormat, Strange


class Statement(models.Model):
    """A statement or report of a bank, taken in once. Sao kê của ngân hàng.

    ``sha256`` is of the file, letter for letter; ``part`` counts the statements in one file; ``content`` is the digest of what the
    statement says, whatever form it came in; ``number`` the bank's own.
    """

    bank_code = models.CharField(_("mã ngân hàng"), max_length=6, blank=True)
    account_number = models.CharField(_("số tài khoản chi"), max_length=34, blank=True)
    format = models.CharField(_("định dạng"), max_length=10, choices=StatementFormat.choices)
    number = models.CharField(_("số sao kê"), max_length=70, blank=True)
    run = models.ForeignKey(
        PaymentRun, on_delete=models.PROTECT, null=True, related_name="statements", verbose_name=_("đợt")
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    part = models.PositiveSmallIntegerField(_("phần"), default=1)
    content = models.CharField(max_length=64, blank=True)
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
            models.UniqueConstraint(
                fields=["sha256", "part"],
                name="statement_file_once",
                violation_error_message=_("Tệp này đã được nhập."),
            ),
            models.UniqueConstraint(
                fields=["content"],
                condition=~Q(content=""),
                name="statement_content_once",
                violation_error_message=_("Sao kê này đã được nhập."),
            ),
            models.CheckConstraint(
                condition=Q(from_day=None) | Q(to_day=None) | Q(to_day__gte=F("from_day")),
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

    ``amount`` is signed: negative leaves the province's account. ``outcome`` is what the bank says in its own code. ``strange`` says
    why a line was not taken by itself, ``named_line`` which payment it speaks of all the same. What a person makes of it is put
    down with a reason; where it changes a payment, a second person confirms.
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
    is_reversal = models.BooleanField(_("bút toán đảo"), default=False)
    bank_reference = models.CharField(_("số bút toán"), max_length=40, blank=True)
    strange = models.CharField(_("vì sao chưa khớp"), max_length=12, choices=Strange.choices, blank=True)
    named_line = models.ForeignKey(
        PaymentLine,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("khoản chi được nhắc đến"),
        db_index=False,
    )
    proposed = models.CharField(_("đề nghị"), max_length=12, choices=Resolution.choices, blank=True)
    proposed_line = models.ForeignKey(
        PaymentLine, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("đề nghị lúc"), null=True)
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
            models.CheckConstraint(
                condition=~Q(match=Match.BY_HAND)
                | (
                    Q(matched_by__isnull=False, proposed_by__isnull=False)
                    & ~Q(matched_by=F("proposed_by"))
                    & ~Q(note="")
                ),
                name="statement_line_by_two_hands",
                violation_error_message=_("Khớp tay phải có lý do và hai người khác nhau: đề nghị và xác nhận."),
            ),
            models.CheckConstraint(
                condition=~Q(match=Match.NOT_OURS) | (Q(matched_by__isnull=False) & ~Q(note="")),
                name="statement_line_set_aside_with_reason",
                violation_error_message=_("Bỏ qua một dòng sao kê phải ghi lý do."),
            ),
        ]
        indexes = [
            models.Index(fields=["statement"], condition=Q(match=Match.NONE), name="statement_line_unmatched"),
            models.Index(fields=["named_line"], condition=~Q(strange=""), name="statement_line_strange"),
        ]

    def __str__(self) -> str:
        return f"{self.statement} {self.number}"
