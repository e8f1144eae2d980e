"""Runs of payments and their lines."""

from __future__ import annotations

from typing import cast

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.payments.models.accounts import Payee, PaymentAccount
from lienthong.payments.states import (
    LIVE_STATES,
    OPEN_STATES,
    Channel,
    Ground,
    LineState,
    RunState,
)
from lienthong.people.models import Organization, Person
from lienthong.units.models import AdministrativeUnit

_SIGNERS = ("prepared_by", "checked_by", "approved_by", "released_by")


def _all_different() -> Q:
    condition = Q()
    for place, one in enumerate(_SIGNERS):
        for other in _SIGNERS[place + 1 :]:
            condition &= Q(**{one: None}) | Q(**{other: None}) | ~Q(**{one: F(other)})
    return condition


class PaymentRun(models.Model):
    """What is paid in one month, collected, signed and sent at once. Đợt chi trả.

    ``number`` 1 is the month's regular run, 2 and on what is paid beside it. ``since`` is the first month that sources were asked
    for in full, ``changed_since`` the moment from which they were asked for every change. ``amount`` is what is owed by the
    planned lines before deductions, ``deducted`` what is kept back of it. ``shortfalls`` are the budgets that do not suffice:
    then the run stands still, with the sentence in ``stopped``. ``digest`` is of the lines as they were prepared.
    """

    month = models.DateField(_("tháng"))
    number = models.PositiveSmallIntegerField(_("đợt số"))
    state = models.CharField(_("trạng thái"), max_length=12, choices=RunState.choices, default=RunState.COLLECTING)
    version = models.PositiveIntegerField(default=1)
    since = models.DateField(_("tính lại từ tháng"))
    changed_since = models.DateTimeField(_("tính các thay đổi từ lúc"), null=True)
    started_at = models.DateTimeField(_("bắt đầu lúc"))
    collected_at = models.DateTimeField(_("tổng hợp lúc"), null=True)
    rule_version = models.CharField(_("phiên bản quy định"), max_length=64, blank=True)
    progress = models.JSONField(_("tiến độ"), default=dict)
    stopped = models.CharField(_("vì sao dừng"), max_length=2000, blank=True)
    shortfalls = models.JSONField(_("thiếu dự toán"), default=list)
    notices = models.JSONField(_("lưu ý"), default=list)
    lines_total = models.PositiveIntegerField(_("số khoản"), default=0)
    amount_total = models.BigIntegerField(_("số tiền"), default=0)
    deducted_total = models.BigIntegerField(_("khấu trừ"), default=0)
    held_lines = models.PositiveIntegerField(_("số khoản tạm giữ"), default=0)
    held_amount = models.BigIntegerField(_("số tiền tạm giữ"), default=0)
    digest = models.CharField(max_length=64, blank=True)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người lập"))
    prepared_at = models.DateTimeField(_("lập lúc"), null=True)
    checked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người kiểm tra")
    )
    checked_at = models.DateTimeField(_("kiểm tra lúc"), null=True)
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người duyệt")
    )
    approved_at = models.DateTimeField(_("duyệt lúc"), null=True)
    released_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người chuyển chi trả")
    )
    released_at = models.DateTimeField(_("chuyển chi trả lúc"), null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(_("khóa sổ lúc"), null=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(_("hủy lúc"), null=True)
    cancelled_reason = models.CharField(_("lý do hủy"), max_length=500, blank=True)
    client_key = models.UUIDField(null=True, unique=True)

    class Meta:
        verbose_name = _("đợt chi trả")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "number"],
                name="payment_run_once",
                violation_error_message=_("Tháng này đã có đợt chi trả với số đó."),
            ),
            models.UniqueConstraint(
                fields=["month"],
                condition=Q(state__in=OPEN_STATES),
                name="payment_run_one_open",
                violation_error_message=_("Tháng này đang có một đợt chi trả chưa chuyển."),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1, since__day=1, since__lte=F("month")),
                name="payment_run_months",
                violation_error_message=_(
                    "Tháng được ghi bằng ngày mồng một; tháng tính lại không thể sau tháng chi trả."
                ),
            ),
            models.CheckConstraint(
                condition=_all_different(),
                name="payment_run_four_people",
                violation_error_message=_(
                    "Người lập, người kiểm tra, người duyệt và người chuyển chi trả phải khác nhau."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=(RunState.COLLECTING, RunState.CANCELLED))
                | (Q(prepared_at__isnull=False, collected_at__isnull=False) & ~Q(digest="")),
                name="payment_run_prepared_in_full",
                violation_error_message=_("Đợt đã lập phải ghi lúc tổng hợp, lúc lập và mã của danh sách."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=(RunState.COLLECTING, RunState.PREPARED, RunState.CANCELLED))
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="payment_run_checked_in_full",
                violation_error_message=_("Đợt đã kiểm tra phải ghi người và lúc kiểm tra."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(RunState.APPROVED, RunState.RELEASED, RunState.CLOSED))
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="payment_run_approved_in_full",
                violation_error_message=_("Đợt đã duyệt phải ghi người và lúc duyệt."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(RunState.RELEASED, RunState.CLOSED))
                | Q(released_by__isnull=False, released_at__isnull=False),
                name="payment_run_released_in_full",
                violation_error_message=_("Đợt đã chuyển chi trả phải ghi người và lúc chuyển."),
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.CANCELLED)
                | (Q(cancelled_by__isnull=False, cancelled_at__isnull=False) & ~Q(cancelled_reason="")),
                name="payment_run_cancelled_in_full",
                violation_error_message=_("Đợt đã hủy phải ghi người hủy, lúc hủy và lý do."),
            ),
        ]

    def __str__(self) -> str:
        words = (
            gettext("tháng %(month)s") if self.number == 1 else gettext("tháng %(month)s, đợt bổ sung số %(number)s")
        )
        return words % {"month": f"{self.month:%m/%Y}", "number": self.number - 1}

    @property
    def stream(self) -> str:
        """Name of the run's event stream."""
        return f"payment-run:{self.pk}"

    @property
    def net_total(self) -> int:
        """What leaves the province's account: the planned lines less what is kept back, in đồng."""
        return self.amount_total - self.deducted_total


class PaymentLine(models.Model):
    """What one run pays one person under one benefit for one month. Khoản chi trả.

    Whom it reaches is a person, ``payee``, or an organisation that cares for the person, ``payee_organization``. ``amount`` is
    before ``deducted``, which is kept back to recover an overpayment. ``part`` is 0 for the first payment of that month, higher for
    what was added later. ``matter`` tells what is paid once apart: each decision is paid for itself. ``owed`` is what the source
    said last is owed for the month in total; with it alone
    a line may be carried over without asking the source again. Where the money goes is kept as it was when the run was prepared.
    ``why`` says why the money did not arrive, ``why_code`` the same as a code. ``resumed_by`` is the run that looked at unpaid
    money again and was not cancelled: where there is none, the next one does. Lines that begin to hold money never come to more
    than is owed for the month (a trigger of the database, ``payment_line_within_owed``).
    """

    run = models.ForeignKey(
        PaymentRun, on_delete=models.PROTECT, related_name="lines", verbose_name=_("đợt"), db_index=False
    )
    number = models.PositiveIntegerField(_("số thứ tự"))
    source = models.CharField(_("chương trình"), max_length=40)
    benefit = models.CharField(_("khoản hưởng"), max_length=60)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("người hưởng"), db_index=False
    )
    payee = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người nhận")
    )
    payee_organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("tổ chức nhận"),
        db_index=False,
    )
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("xã, phường"), db_index=False
    )
    for_month = models.DateField(_("của tháng"))
    matter = models.CharField(_("của quyết định chi một lần"), max_length=40, blank=True, default="", db_default="")
    part = models.PositiveSmallIntegerField(_("lần"), default=0)
    ground = models.CharField(_("lý do"), max_length=10, choices=Ground.choices)
    amount = models.BigIntegerField(_("số tiền"))
    deducted = models.BigIntegerField(_("khấu trừ"), default=0)
    owed = models.BigIntegerField(_("phải chi của tháng"))
    words = models.CharField(_("cách tính"), max_length=1000, blank=True)
    basis = models.JSONField(_("căn cứ"), default=dict)
    channel = models.CharField(_("kênh chi trả"), max_length=12, choices=Channel.choices, blank=True)
    account = models.ForeignKey(
        PaymentAccount,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("tài khoản"),
        db_index=False,
    )
    bank_code = models.CharField(_("mã ngân hàng"), max_length=6, blank=True)
    account_number = models.CharField(_("số tài khoản"), max_length=34, blank=True)
    holder_name = models.CharField(_("tên chủ tài khoản"), max_length=140, blank=True)
    state = models.CharField(_("trạng thái"), max_length=12, choices=LineState.choices)
    is_live = models.BooleanField(_("đang giữ tiền của tháng"))
    why = models.CharField(_("vì sao chưa nhận"), max_length=500, blank=True)
    why_code = models.CharField(max_length=30, blank=True)
    carried_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="carried_to", db_index=False
    )
    resumed_by = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    paid_on = models.DateField(_("ngày nhận"), null=True)

    class Meta:
        verbose_name = _("khoản chi trả")
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="payment_line_number"),
            models.UniqueConstraint(
                fields=["source", "person", "benefit", "for_month", "matter", "part"],
                condition=Q(is_live=True),
                name="payment_line_paid_once",
                violation_error_message=_("Người này, khoản này, tháng này đã có trong một đợt chi trả khác."),
            ),
            models.CheckConstraint(
                condition=Q(payee__isnull=False, payee_organization=None)
                | Q(payee=None, payee_organization__isnull=False),
                name="payment_line_one_payee",
                violation_error_message=_("Khoản chi trả cho một người hoặc cho một tổ chức."),
            ),
            models.CheckConstraint(
                condition=Q(is_live=True, state__in=LIVE_STATES) | (Q(is_live=False) & ~Q(state__in=LIVE_STATES)),
                name="payment_line_live_while_it_holds_money",
                violation_error_message=_(
                    "Khoản chờ chuyển, đã chuyển hoặc đã nhận phải được tính; khoản khác thì không."
                ),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, deducted__gte=0, deducted__lte=F("amount"), owed__gte=0),
                name="payment_line_amounts",
                violation_error_message=_("Số tiền phải lớn hơn 0, khấu trừ không vượt quá số tiền."),
            ),
            models.CheckConstraint(
                condition=Q(for_month__day=1),
                name="payment_line_month",
                violation_error_message=_("Tháng được ghi bằng ngày mồng một."),
            ),
            models.CheckConstraint(
                condition=Q(state=LineState.PAID, paid_on__isnull=False) | (~Q(state=LineState.PAID) & Q(paid_on=None)),
                name="payment_line_paid_on_a_day",
                violation_error_message=_("Khoản đã nhận phải ghi ngày nhận; khoản khác thì không."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(LineState.HELD, LineState.FAILED, LineState.RETURNED, LineState.UNCOLLECTED))
                | ~Q(why=""),
                name="payment_line_says_why",
                violation_error_message=_("Khoản chưa nhận được phải ghi vì sao."),
            ),
            models.CheckConstraint(
                condition=Q(is_live=False) | Q(resumed_by=None),
                name="payment_line_resumed_is_not_live",
                violation_error_message=_("Khoản đã được một đợt sau xét chi lại thì không thể coi là đã nhận."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=(LineState.HELD, LineState.CANCELLED)) | ~Q(channel=""),
                name="payment_line_goes_somewhere",
                violation_error_message=_("Khoản được chi phải có kênh chi trả."),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-for_month"], name="payment_line_by_person"),
            models.Index(fields=["run", "unit", "state"], name="payment_line_by_unit"),
            models.Index(
                fields=["payee_organization", "-for_month"],
                condition=Q(payee_organization__isnull=False),
                name="payment_line_by_organization",
            ),
            models.Index(
                fields=["source", "person", "benefit", "for_month"],
                condition=Q(resumed_by=None, state__in=("held", "failed", "returned", "uncollected", "cancelled")),
                name="payment_line_to_resume",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.number}"

    @property
    def receiver(self) -> Payee:
        """Who receives the money: a person or an organisation."""
        return cast("Payee", self.payee_organization or self.payee)

    @property
    def net(self) -> int:
        """What reaches whoever receives it, in đồng."""
        return self.amount - self.deducted
