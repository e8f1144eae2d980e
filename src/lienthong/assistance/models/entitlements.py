"""What a person receives, what it comes to month by month, and what is kept back of it."""

from __future__ import annotations

from typing import cast

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.assistance.states import (
    LIVE_STATES,
    Benefit,
    EntitlementState,
    PayeeGround,
    Programme,
    RecoveryState,
)
from lienthong.people.models import Organization, Person
from lienthong.units.models import AdministrativeUnit


class MonthSpan(Func):
    """The half-open span of months of a row as a PostgreSQL ``daterange``."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self) -> None:
        super().__init__(F("first_month"), F("end_month"))


class Entitlement(models.Model):
    """That a person receives one benefit of one programme, since when, who pays and who is paid. Quyết định hưởng.

    Paid is a person, ``payee``, or for care in an institution that institution, ``payee_organization``. A month is written as its first day. ``last_month`` is the last that is paid; empty while it goes on.
    """

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="entitlements", verbose_name=_("người hưởng")
    )
    programme = models.CharField(_("chương trình"), max_length=30, choices=Programme.choices)
    benefit = models.CharField(_("khoản hưởng"), max_length=20, choices=Benefit.choices)
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("nơi chi trả")
    )
    payee = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người nhận tiền")
    )
    payee_organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("cơ sở nhận tiền")
    )
    payee_ground = models.CharField(
        _("tư cách người nhận"), max_length=12, choices=PayeeGround.choices, default=PayeeGround.SELF
    )
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=EntitlementState.choices, default=EntitlementState.ACTIVE
    )
    first_month = models.DateField(_("hưởng từ tháng"))
    last_month = models.DateField(_("hưởng đến hết tháng"), null=True)
    suspended_from = models.DateField(_("tạm dừng từ tháng"), null=True)
    suspended_for_refusal_on = models.DateField(_("ngày tạm dừng do không chấp hành xác định lại"), null=True)
    ended_because = models.CharField(_("lý do thôi hưởng"), max_length=500, blank=True)
    dossier_code = models.CharField(_("số hồ sơ"), max_length=60, blank=True)
    decision_number = models.CharField(_("số quyết định"), max_length=60, blank=True)
    decided_on = models.DateField(_("quyết định ngày"))
    source = models.CharField(_("nguồn"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("quyết định hưởng")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person", "benefit"],
                condition=Q(state__in=LIVE_STATES),
                name="entitlement_one_of_a_kind",
                violation_error_message=_("Người này đang hưởng khoản này rồi."),
            ),
            models.CheckConstraint(
                condition=Q(
                    benefit=Benefit.INSTITUTION,
                    payee=None,
                    payee_organization__isnull=False,
                    payee_ground=PayeeGround.INSTITUTION,
                )
                | (
                    Q(payee__isnull=False, payee_organization=None)
                    & ~Q(benefit=Benefit.INSTITUTION)
                    & ~Q(payee_ground=PayeeGround.INSTITUTION)
                ),
                name="entitlement_one_payee",
                violation_error_message=_(
                    "Trợ cấp nuôi dưỡng trong cơ sở trả cho cơ sở; khoản khác trả cho một người."
                ),
            ),
            models.CheckConstraint(
                condition=Q(last_month=None) | Q(last_month__gte=F("first_month")),
                name="entitlement_span",
                violation_error_message=_("Tháng cuối không thể trước tháng đầu."),
            ),
            models.CheckConstraint(
                condition=~Q(state=EntitlementState.ENDED) | Q(last_month__isnull=False),
                name="entitlement_ended_has_a_last_month",
                violation_error_message=_("Đã thôi hưởng thì phải ghi tháng hưởng cuối cùng."),
            ),
            models.CheckConstraint(
                condition=Q(first_month__day=1) & (Q(last_month=None) | Q(last_month__day=1)),
                name="entitlement_months",
                violation_error_message=_("Tháng được ghi bằng ngày đầu tháng."),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "programme", "state"], name="entitlement_by_unit"),
            models.Index(fields=["programme", "state", "benefit"], name="entitlement_by_programme"),
        ]

    def __str__(self) -> str:
        return f"{self.get_benefit_display()} ({self.get_state_display()})"

    @property
    def receiver(self) -> Person | Organization:
        """Who is paid: a person, or the institution."""
        return cast("Person | Organization", self.payee_organization or self.payee)

    @property
    def stream(self) -> str:
        """Name of the entitlement's event stream."""
        return f"entitlement:{self.pk}"


class EntitlementRate(models.Model):
    """What an entitlement comes to in each month of a span, and why. Mức hưởng theo tháng.

    Never edited: a rate that no longer holds is superseded, and others follow. ``amount`` is 0 while suspended. ``basis`` keeps
    the category, the lines with words, amount and article, and what they rest on.
    """

    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="rates")
    first_month = models.DateField(_("từ tháng"))
    end_month = models.DateField(_("đến trước tháng"), null=True)
    amount = models.BigIntegerField(_("mức hưởng"))
    basis = models.JSONField(_("căn cứ"))
    words = models.TextField(_("diễn giải"))
    recorded_at = models.DateTimeField(_("ghi lúc"))
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người ghi")
    )
    superseded_at = models.DateTimeField(_("được thay lúc"), null=True)

    class Meta:
        verbose_name = _("mức hưởng")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="rate_not_negative",
                violation_error_message=_("Mức hưởng không thể âm."),
            ),
            models.CheckConstraint(
                condition=Q(first_month__day=1)
                & (Q(end_month=None) | (Q(end_month__day=1) & Q(end_month__gt=F("first_month")))),
                name="rate_months",
                violation_error_message=_("Mức hưởng tính theo tháng tròn; tháng cuối phải sau tháng đầu."),
            ),
            ExclusionConstraint(
                name="rate_one_a_month",
                expressions=[("entitlement", RangeOperators.EQUAL), (MonthSpan(), RangeOperators.OVERLAPS)],
                condition=Q(superseded_at=None),
                violation_error_message=_("Mỗi tháng một khoản chỉ có một mức hưởng."),
            ),
        ]
        indexes = [
            models.Index(fields=["first_month", "end_month"], name="rate_by_month", condition=Q(superseded_at=None)),
            models.Index(fields=["recorded_at"], name="rate_by_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.entitlement_id}: {self.amount}"


class Recovery(models.Model):
    """What is to be paid back of one entitlement, and how much is kept back each month. Thu hồi tiền hưởng thừa.

    ``elsewhere`` is what of it came back otherwise, as money or kept back of another benefit: nothing of that is kept back here.
    """

    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="recoveries")
    amount = models.BigIntegerField(_("tổng số phải thu"))
    monthly = models.BigIntegerField(_("khấu trừ mỗi tháng"))
    elsewhere = models.BigIntegerField(_("đã thu cách khác"), default=0)
    first_month = models.DateField(_("khấu trừ từ tháng"))
    reason = models.CharField(_("lý do"), max_length=500)
    overpayment_id = models.BigIntegerField(_("khoản chi thừa"), null=True, unique=True)
    decision_number = models.CharField(_("số quyết định"), max_length=60, blank=True)
    decided_on = models.DateField(_("quyết định ngày"))
    state = models.CharField(_("trạng thái"), max_length=10, choices=RecoveryState.choices, default=RecoveryState.OPEN)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người đề xuất"))
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người duyệt"))
    recorded_at = models.DateTimeField(_("ghi lúc"))

    class Meta:
        verbose_name = _("thu hồi")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(monthly__gt=0) & Q(monthly__lte=F("amount")),
                name="recovery_amounts",
                violation_error_message=_(
                    "Số phải thu và số khấu trừ mỗi tháng phải lớn hơn 0, và mỗi tháng không quá tổng số."
                ),
            ),
            models.CheckConstraint(
                condition=Q(elsewhere__gte=0) & Q(elsewhere__lte=F("amount")),
                name="recovery_elsewhere",
                violation_error_message=_("Số đã thu cách khác không thể âm hay quá tổng số phải thu."),
            ),
            models.CheckConstraint(
                condition=~Q(prepared_by=F("decided_by")),
                name="recovery_by_two",
                violation_error_message=_("Người đề xuất thu hồi không được tự duyệt."),
            ),
            models.UniqueConstraint(
                fields=["entitlement"],
                condition=Q(state=RecoveryState.OPEN),
                name="recovery_one_at_a_time",
                violation_error_message=_("Khoản này đang được thu hồi theo một quyết định khác."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entitlement_id}: {self.amount}"
