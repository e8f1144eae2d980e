"""Tables of many accounts that came as files, row by row accounted for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.payments.models.accounts import Payee
from lienthong.payments.states import AccountImportState, AccountRowOutcome, AccountSource, Channel, NameCheck
from lienthong.people.models import Organization, Person


class AccountImport(models.Model):
    """A file of accounts: read and shown, then written whole by a second person, or not at all. Danh sách tài khoản nhập.

    Both are jobs: ``progress`` says how far they are, ``asked_at`` since when, ``reason`` why the last one ended without its work.
    """

    file_name = models.CharField(_("tệp"), max_length=255)
    sha256 = models.CharField(max_length=64)
    source = models.CharField(_("nguồn"), max_length=10, choices=AccountSource.choices)
    valid_from = models.DateField(_("dùng từ ngày"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=AccountImportState.choices, default=AccountImportState.STAGED
    )
    reason = models.CharField(_("vì sao"), max_length=2000, blank=True)
    progress = models.JSONField(_("tiến độ"), default=dict)
    asked_at = models.DateTimeField(_("yêu cầu lúc"), null=True)
    loaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người nạp"))
    loaded_at = models.DateTimeField(_("nạp lúc"))
    committed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người ghi")
    )
    committed_at = models.DateTimeField(_("ghi lúc"), null=True)

    class Meta:
        verbose_name = _("danh sách tài khoản nhập")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=AccountImportState.COMMITTED)
                | Q(committed_by__isnull=False, committed_at__isnull=False),
                name="account_import_committed_in_full",
                violation_error_message=_("Danh sách đã ghi phải có người ghi và lúc ghi."),
            ),
            models.CheckConstraint(
                condition=~Q(state=AccountImportState.REFUSED) | ~Q(reason=""),
                name="account_import_refused_says_why",
                violation_error_message=_("Danh sách không nhận phải ghi vì sao."),
            ),
            models.CheckConstraint(
                condition=Q(committed_by=None) | ~Q(committed_by=F("loaded_by")),
                name="account_import_four_eyes",
                violation_error_message=_("Người ghi danh sách tài khoản phải khác người nạp."),
            ),
        ]
        indexes = [models.Index(fields=["-loaded_at"], name="account_import_newest")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def stream(self) -> str:
        """Name of the import's event stream."""
        return f"account-import:{self.pk}"


class AccountImportRow(models.Model):
    """One row of a file of accounts, of a person or an organisation, and what becomes of it. Dòng của danh sách tài khoản nhập."""

    account_import = models.ForeignKey(AccountImport, on_delete=models.PROTECT, related_name="rows", db_index=False)
    row_number = models.PositiveIntegerField(_("dòng"))
    full_name = models.CharField(_("họ và tên"), max_length=255, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("tổ chức")
    )
    channel = models.CharField(_("kênh chi trả"), max_length=12, choices=Channel.choices, blank=True)
    bank_code = models.CharField(_("mã ngân hàng"), max_length=6, blank=True)
    number = models.CharField(_("số tài khoản"), max_length=34, blank=True)
    holder_name = models.CharField(_("tên chủ tài khoản"), max_length=140, blank=True)
    name_check = models.CharField(_("đối chiếu tên"), max_length=10, choices=NameCheck.choices, blank=True)
    outcome = models.CharField(_("kết quả"), max_length=10, choices=AccountRowOutcome.choices)
    reason = models.CharField(_("vì sao"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("dòng của danh sách tài khoản nhập")
        constraints = [
            models.UniqueConstraint(fields=["account_import", "row_number"], name="account_import_row_once"),
            models.CheckConstraint(
                condition=~Q(outcome=AccountRowOutcome.REFUSED) | ~Q(reason=""),
                name="account_import_refusal_says_why",
                violation_error_message=_("Dòng không nhận phải ghi vì sao."),
            ),
            models.CheckConstraint(
                condition=Q(person=None) | Q(organization=None),
                name="account_import_row_of_one",
                violation_error_message=_("Một dòng là của một người hoặc của một tổ chức."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row_number}. {self.full_name}"

    @property
    def payee(self) -> Payee | None:
        """Whose account it is; None where nobody was found."""
        return self.organization or self.person
