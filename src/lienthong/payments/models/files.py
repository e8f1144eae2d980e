"""What is handed to banks and the post, from which account of the province, in whose columns."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.documents.models import StoredFile
from lienthong.payments.models.runs import PaymentRun
from lienthong.payments.states import Channel, FileKind
from lienthong.units.models import AdministrativeUnit, DatedQuerySet


class PayingAccount(models.Model):
    """The province's own account, from which one bank pays. Tài khoản chi của tỉnh."""

    bank_code = models.CharField(_("mã ngân hàng"), max_length=6)
    bank_name = models.CharField(_("tên ngân hàng"), max_length=140, blank=True)
    number = models.CharField(_("số tài khoản"), max_length=34)
    holder_name = models.CharField(_("tên chủ tài khoản"), max_length=140)
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("ghi lúc"))
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(_("duyệt lúc"), null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("tài khoản chi")
        constraints = [
            models.CheckConstraint(
                condition=Q(bank_code__regex=r"^[0-9]{6}$"),
                name="paying_account_has_a_bank",
                violation_error_message=_("Mã ngân hàng gồm đúng 6 chữ số."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="paying_account_span",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("recorded_by")),
                name="paying_account_four_eyes",
                violation_error_message=_("Người duyệt tài khoản chi phải khác người ghi."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank_code} {self.number}"

    @property
    def stream(self) -> str:
        """Name of the paying account's event stream."""
        return f"paying-account:{self.pk}"


class BankTemplate(models.Model):
    """What one bank wants and sends: the columns of its spreadsheet, its form of orders. Mẫu danh sách của ngân hàng.

    ``columns`` is a list of {heading, field, fixed text}; ``first_row`` where lines begin. ``order_kind`` is the form in which
    orders go to the bank, ``plain_letters`` whether names lose their marks on the way. ``incoming`` names columns and labels of
    the bank's own statements, as ``payments.templates`` reads them. It says under which head an account number stands: nothing is
    written by it before a second person approves it; until then the one before is in use.
    """

    bank_code = models.CharField(_("mã ngân hàng"), max_length=6)
    name = models.CharField(_("tên mẫu"), max_length=140)
    columns = models.JSONField(_("các cột"), default=list)
    first_row = models.PositiveSmallIntegerField(_("dòng đầu"), default=2)
    sheet = models.CharField(_("tên trang tính"), max_length=31, blank=True)
    order_kind = models.CharField(_("dạng lệnh chi"), max_length=10, choices=FileKind.choices, default=FileKind.PAIN001)
    plain_letters = models.BooleanField(_("tên không dấu"), default=True)
    incoming = models.JSONField(_("mẫu sao kê"), default=dict)
    version = models.PositiveSmallIntegerField(_("phiên bản"), default=1)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("ghi lúc"))
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(_("duyệt lúc"), null=True)
    superseded_at = models.DateTimeField(_("thay lúc"), null=True)

    class Meta:
        verbose_name = _("mẫu danh sách của ngân hàng")
        constraints = [
            models.UniqueConstraint(
                fields=["bank_code", "version"],
                name="bank_template_once",
                violation_error_message=_("Ngân hàng này đã có mẫu với phiên bản đó."),
            ),
            models.UniqueConstraint(
                fields=["bank_code"],
                condition=Q(superseded_at=None, approved_at__isnull=False),
                name="bank_template_one_in_use",
                violation_error_message=_("Mỗi ngân hàng chỉ dùng một mẫu."),
            ),
            models.UniqueConstraint(
                fields=["bank_code"],
                condition=Q(superseded_at=None, approved_at=None),
                name="bank_template_one_waiting",
                violation_error_message=_("Mỗi ngân hàng chỉ có một mẫu chờ duyệt."),
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(approved_by__isnull=False) & ~Q(approved_by=F("recorded_by")),
                name="bank_template_four_eyes",
                violation_error_message=_("Người duyệt mẫu tệp phải khác người ghi."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        """Name of the event stream of the bank's templates."""
        return f"bank-template:{self.bank_code}"


class PaymentFile(models.Model):
    """A file of a run for one bank or channel, as it was handed over. Tệp chi trả.

    ``banks`` are those of the receivers, ``unit`` the commune of a list that people sign.
    """

    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="files", verbose_name=_("đợt"))
    channel = models.CharField(_("kênh chi trả"), max_length=12, choices=Channel.choices)
    bank_code = models.CharField(_("mã ngân hàng"), max_length=6, blank=True)
    kind = models.CharField(_("loại tệp"), max_length=10, choices=FileKind.choices)
    part = models.PositiveSmallIntegerField(_("phần"), default=1)
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("xã, phường")
    )
    banks = models.JSONField(_("ngân hàng nhận"), default=list)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("tệp"))
    sha256 = models.CharField(max_length=64)
    lines = models.PositiveIntegerField(_("số khoản"))
    amount = models.BigIntegerField(_("số tiền"))
    message_id = models.CharField(_("mã lệnh"), max_length=35, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("lập lúc"))

    class Meta:
        verbose_name = _("tệp chi trả")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "channel", "bank_code", "kind", "part"],
                name="payment_file_once",
                violation_error_message=_("Tệp này của đợt đã được lập."),
            ),
            models.UniqueConstraint(
                fields=["message_id"],
                condition=~Q(message_id=""),
                name="payment_file_message_once",
                violation_error_message=_("Mã lệnh này đã dùng."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.get_channel_display()} {self.bank_code}".strip()
