"""What may be spent in a quarter, and what was paid beyond what is owed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.payments.models.runs import PaymentRun
from lienthong.payments.states import OverpaymentState
from lienthong.people.models import Person


class Budget(models.Model):
    """Money that a decision gives a source for one quarter. Dự toán chi trả.

    ``quarter`` is its first day. What a later decision adds is a row of its own: approved rows of a quarter are added up.
    """

    source = models.CharField(_("chương trình"), max_length=40)
    quarter = models.DateField(_("quý"))
    amount = models.BigIntegerField(_("số tiền"))
    reference = models.CharField(_("quyết định giao dự toán"), max_length=200)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người lập"))
    prepared_at = models.DateTimeField(_("lập lúc"))
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người duyệt")
    )
    approved_at = models.DateTimeField(_("duyệt lúc"), null=True)

    class Meta:
        verbose_name = _("dự toán chi trả")
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount=0),
                name="budget_says_an_amount",
                violation_error_message=_("Dự toán phải có số tiền."),
            ),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=(1, 4, 7, 10)),
                name="budget_of_a_quarter",
                violation_error_message=_("Quý được ghi bằng ngày đầu quý."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("prepared_by")),
                name="budget_four_eyes",
                violation_error_message=_("Người duyệt dự toán phải khác người lập."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="budget_approved_in_full",
                violation_error_message=_("Dự toán đã duyệt phải ghi người duyệt và thời điểm duyệt."),
            ),
            models.UniqueConstraint(
                fields=["source", "quarter", "reference"],
                name="budget_once",
                violation_error_message=_("Quyết định này đã giao dự toán cho chương trình và quý đó."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.quarter:%m/%Y}"

    @property
    def stream(self) -> str:
        """Name of the budget's event stream."""
        return f"budget:{self.pk}"


class Overpayment(models.Model):
    """Money that was paid for a month beyond what is owed for it. Khoản chi thừa.

    Never a negative payment: it waits for somebody to decide what is done about it. One is open for a person, benefit, month and matter;
    it is brought up to date by each run that asks again. What was settled stays counted, so that it is not found twice: ``proposed_by``
    said how it was settled, ``settled_by`` confirmed it as the second person.
    """

    source = models.CharField(_("chương trình"), max_length=40)
    benefit = models.CharField(_("khoản hưởng"), max_length=60)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("người hưởng"))
    for_month = models.DateField(_("của tháng"))
    matter = models.CharField(_("của quyết định chi một lần"), max_length=40, blank=True, default="", db_default="")
    amount = models.BigIntegerField(_("số tiền thừa"))
    run = models.ForeignKey(
        PaymentRun, on_delete=models.PROTECT, related_name="overpayments", verbose_name=_("đợt phát hiện")
    )
    words = models.CharField(_("vì sao"), max_length=1000, blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=OverpaymentState.choices, default=OverpaymentState.OPEN
    )
    found_at = models.DateTimeField(_("phát hiện lúc"))
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("đề nghị lúc"), null=True)
    settled_at = models.DateTimeField(_("xử lý lúc"), null=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("cách xử lý"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("khoản chi thừa")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="overpayment_positive",
                violation_error_message=_("Số tiền thừa phải lớn hơn 0."),
            ),
            models.CheckConstraint(
                condition=~Q(state=OverpaymentState.SETTLED) | (Q(settled_at__isnull=False) & ~Q(note="")),
                name="overpayment_settled_in_full",
                violation_error_message=_("Khoản chi thừa đã xử lý phải ghi cách xử lý và thời điểm."),
            ),
            models.CheckConstraint(
                condition=Q(settled_by=None) | (Q(proposed_by__isnull=False) & ~Q(settled_by=F("proposed_by"))),
                name="overpayment_settled_by_two",
                violation_error_message=_("Người xác nhận khoản chi thừa đã xử lý phải khác người đề nghị."),
            ),
            models.UniqueConstraint(
                fields=["source", "person", "benefit", "for_month", "matter"],
                condition=Q(state=OverpaymentState.OPEN),
                name="overpayment_open_once",
                violation_error_message=_("Tháng này đã có một khoản chi thừa đang chờ xử lý."),
            ),
        ]
        indexes = [models.Index(fields=["source", "person", "benefit", "for_month"], name="overpayment_by_month")]

    def __str__(self) -> str:
        return f"{self.person} {self.for_month:%m/%Y}"

    @property
    def stream(self) -> str:
        """Name of the overpayment's event stream."""
        return f"overpayment:{self.pk}"
