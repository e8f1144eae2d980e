"""A law that applies from before it was in force: what it changes for everybody, prepared by one person, approved by another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.assistance.models.entitlements import Entitlement
from lienthong.assistance.models.of_grants import REFERENCES, OfGrant, exactly_one, once_each
from lienthong.assistance.states import DECIDED_AGAIN, Benefit, LawChangeState, LawRowState, Programme
from lienthong.people.models import Person
from lienthong.units.models import AdministrativeUnit

OPEN_STATES = (LawChangeState.RECKONING, LawChangeState.PREPARED, LawChangeState.APPLYING)


class LawChange(models.Model):
    """What the law as it is known on a day changes of what was recorded, from a month on. Áp dụng mức mới.

    ``known_before`` is the last day of the law before; ``values`` are the numbers that changed, with their sources. ``position``
    is the last person done, so that work that was cut off goes on there.
    """

    programme = models.CharField(_("chương trình"), max_length=30, choices=Programme.choices)
    from_month = models.DateField(_("áp dụng từ tháng"))
    until_month = models.DateField(_("đến hết tháng"))
    known_before = models.DateField(_("quy định cũ đến ngày"))
    known_on = models.DateField(_("quy định mới có hiệu lực đến ngày"))
    values = models.JSONField(_("mức thay đổi"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=LawChangeState.choices, default=LawChangeState.RECKONING
    )
    people = models.PositiveIntegerField(_("số người"), default=0)
    months = models.PositiveIntegerField(_("số tháng"), default=0)
    amount = models.BigIntegerField(_("chênh lệch"), default=0)
    arrears = models.BigIntegerField(_("truy lĩnh"), default=0)
    apart = models.PositiveIntegerField(_("số người phải xem riêng"), default=0)
    position = models.BigIntegerField(default=0)
    progress = models.JSONField(_("tiến độ"), default=dict)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người lập"))
    prepared_at = models.DateTimeField(_("lập lúc"))
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người duyệt")
    )
    decided_at = models.DateTimeField(_("duyệt lúc"), null=True)
    decision_number = models.CharField(_("số quyết định"), max_length=60, blank=True)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    finished_at = models.DateTimeField(_("xong lúc"), null=True)

    class Meta:
        verbose_name = _("áp dụng mức mới")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(prepared_by=F("decided_by")),
                name="law_change_by_two",
                violation_error_message=_("Người lập không được tự duyệt."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LawChangeState.APPLYING, LawChangeState.APPLIED])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="law_change_decided_in_full",
                violation_error_message=_("Đã duyệt thì phải ghi người duyệt và thời điểm duyệt."),
            ),
            models.CheckConstraint(
                condition=Q(from_month__day=1, until_month__day=1, until_month__gte=F("from_month")),
                name="law_change_months",
                violation_error_message=_("Tháng được ghi bằng ngày đầu tháng; tháng cuối không trước tháng đầu."),
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state__in=OPEN_STATES),
                name="law_change_one_at_a_time",
                violation_error_message=_("Chương trình này đang có một lần áp dụng mức mới chưa xong."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_programme_display()} {self.from_month:%m/%Y}"

    @property
    def stream(self) -> str:
        """Name of the event stream."""
        return f"law-change:{self.pk}"


class LawChangeRow(OfGrant):
    """What changes for one benefit of one person in one month. Chênh lệch của một tháng.

    It is of a benefit with months, or of a decision that is paid once: then ``month`` is that of the death or the event, and two
    people decide what is added (``TopUp``). ``was_paid`` says whether its money is paid or on its way: then the difference is
    paid in arrears.
    """

    change = models.ForeignKey(LawChange, on_delete=models.PROTECT, related_name="rows", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("người hưởng"))
    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    benefit = models.CharField(_("khoản hưởng"), max_length=20, choices=Benefit.choices)
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("xã"), db_index=False
    )
    month = models.DateField(_("tháng"))
    old = models.BigIntegerField(_("mức đã ghi"))
    new = models.BigIntegerField(_("mức mới"), null=True)
    was_paid = models.BooleanField(_("đã chi tháng đó"))
    state = models.CharField(_("tình trạng"), max_length=10, choices=LawRowState.choices)

    class Meta:
        verbose_name = _("chênh lệch theo mức mới")
        constraints = [
            models.UniqueConstraint(
                fields=["change", "entitlement", "month"],
                name="law_row_once",
                violation_error_message=_("Mỗi khoản mỗi tháng chỉ có một dòng."),
            ),
            models.CheckConstraint(
                condition=exactly_one("entitlement", *REFERENCES.values()),
                name="law_row_of_one",
                violation_error_message=_("Mỗi dòng thuộc đúng một khoản hưởng, hoặc một quyết định chi một lần."),
            ),
            *once_each(
                "change",
                name="law_row_once",
                message=_("Mỗi quyết định chi một lần chỉ có một dòng."),
            ),
            models.CheckConstraint(
                condition=Q(old__gte=0) & (Q(new=None) | Q(new__gte=0)),
                name="law_row_amounts",
                violation_error_message=_("Mức hưởng không thể âm."),
            ),
        ]
        indexes = [
            models.Index(fields=["change", "unit"], name="law_row_by_unit"),
            models.Index(fields=["change", "person"], name="law_row_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.change_id}/{self.person_id} {self.benefit} {self.month:%m/%Y}"

    @property
    def difference(self) -> int | None:
        """The new amount less the old one, đồng; None while the new one is not known."""
        return None if self.new is None else self.new - self.old

    @property
    def handling(self) -> str:
        """How it is dealt with, in words."""
        return handling_words(LawRowState(self.state), self.benefit)


def handling_words(state: LawRowState, benefit: str) -> str:
    """Say how a difference is dealt with: of what is paid once two people decide, whatever else has changed."""
    if state == LawRowState.APART and benefit in DECIDED_AGAIN:
        return _text("khoản chi một lần, xem riêng")
    return str(state.label)
