"""Where people and organisations are paid."""

from __future__ import annotations

from typing import cast

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.payments.states import NUMBERED_CHANNELS, AccountSource, Channel, NameCheck
from lienthong.people.models import Organization, Person
from lienthong.units.models import DatedQuerySet, ValidSpan

Payee = Person | Organization
"""Who receives money: somebody, or an organisation for somebody whom it cares for."""
PAYABLE = Q(name_check=NameCheck.SAME, verified_at__isnull=False) | Q(
    name_check=NameCheck.SIMILAR, confirmed_at__isnull=False
)
"""Accounts to which money may go. One that waits for a second person stands beside the one that it is to follow."""


class PaymentAccount(models.Model):
    """Where somebody is paid between two days: an account, a wallet, the post or cash. Tài khoản nhận tiền.

    It is a person's or an organisation's. ``bank_code`` is the bank's number of six digits in the national payment system, ``holder_name`` the holder as the bank
    tells it. Ended and followed, never edited but for what a check finds. ``verified_by`` is the second person who vouches for a
    number that somebody recorded, ``confirmed_by`` the one where the names are only similar; until then the account waits, and
    whoever is paid keeps the one before. Nobody verified it, though it is verified: the source itself vouches.
    """

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="payment_accounts", verbose_name=_("người nhận")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("tổ chức nhận")
    )
    channel = models.CharField(_("kênh chi trả"), max_length=12, choices=Channel.choices)
    bank_code = models.CharField(_("mã ngân hàng"), max_length=6, blank=True)
    number = models.CharField(_("số tài khoản"), max_length=34, blank=True)
    holder_name = models.CharField(_("tên chủ tài khoản"), max_length=140, blank=True)
    source = models.CharField(_("nguồn"), max_length=10, choices=AccountSource.choices)
    name_check = models.CharField(
        _("đối chiếu tên"), max_length=10, choices=NameCheck.choices, default=NameCheck.UNKNOWN
    )
    verified_at = models.DateTimeField(_("xác minh lúc"), null=True)
    verified_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người xác minh")
    )
    confirmed_at = models.DateTimeField(_("xác nhận lúc"), null=True)
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người xác nhận")
    )
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)
    recorded_at = models.DateTimeField(_("ghi lúc"))
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người ghi")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("tài khoản nhận tiền")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organization=None) | Q(person=None, organization__isnull=False),
                name="payment_account_of_one",
                violation_error_message=_("Nơi nhận tiền là của một người hoặc của một tổ chức."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="payment_account_span",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
            models.CheckConstraint(
                condition=~Q(channel__in=NUMBERED_CHANNELS) | ~Q(number=""),
                name="payment_account_has_a_number",
                violation_error_message=_("Phải ghi số tài khoản, số ví hoặc số điện thoại nhận tiền."),
            ),
            models.CheckConstraint(
                condition=~Q(channel=Channel.BANK) | Q(bank_code__regex=r"^[0-9]{6}$"),
                name="payment_account_has_a_bank",
                violation_error_message=_("Mã ngân hàng gồm đúng 6 chữ số."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (~Q(confirmed_by=F("recorded_by")) & (Q(verified_by=None) | ~Q(confirmed_by=F("verified_by")))),
                name="payment_account_second_person",
                violation_error_message=_("Người xác nhận phải khác người ghi và người xác minh."),
            ),
            models.CheckConstraint(
                condition=~Q(channel__in=NUMBERED_CHANNELS)
                | Q(verified_by=None)
                | Q(recorded_by=None)
                | ~Q(verified_by=F("recorded_by")),
                name="payment_account_verified_by_another",
                violation_error_message=_("Số tài khoản phải do người khác người ghi xác minh."),
            ),
            ExclusionConstraint(
                name="payment_account_once_a_day",
                expressions=[("person", RangeOperators.EQUAL), (ValidSpan(), RangeOperators.OVERLAPS)],
                condition=PAYABLE,
                violation_error_message=_("Mỗi ngày một người chỉ nhận tiền ở một nơi."),
            ),
            ExclusionConstraint(
                name="payment_account_of_organization_once_a_day",
                expressions=[("organization", RangeOperators.EQUAL), (ValidSpan(), RangeOperators.OVERLAPS)],
                condition=Q(organization__isnull=False) & PAYABLE,
                violation_error_message=_("Mỗi ngày một tổ chức chỉ nhận tiền ở một nơi."),
            ),
        ]
        indexes = [models.Index(fields=["channel", "bank_code", "number"], name="payment_account_by_number")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.number}".strip()

    @property
    def payee(self) -> Payee:
        """Whose account it is."""
        return cast("Payee", self.organization or self.person)

    @property
    def stream(self) -> str:
        """Name of the account's event stream."""
        return f"payment-account:{self.pk}"
