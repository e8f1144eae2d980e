"""Work that a person must do after a verdict."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.units.models import AdministrativeUnit
from lienthong.verification.models.batches import Verdict
from lienthong.verification.models.registers import RegisterEntry
from lienthong.verification.states import (
    ALERTS_PAYMENT,
    ENDED_CASES,
    OPEN_CASES,
    STATUS_CHOICES,
    CaseEffect,
    CaseState,
    Decision,
)


class Case(models.Model):
    """One record that needs a person, from the verdict that opened it to the decision. Việc cần xử lý.

    ``commune``, ``village`` and ``probability`` repeat entry and verdict, for the work list. ``proposal`` is what would
    be written: {column: [old, new]}. ``verdict_digest`` is of the verdict as it was when the case took it up: what has ended
    stays ended while a later verdict says the same. ``touches_number`` says that it would write an identity number: then whoever
    proposes does not decide.
    """

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="cases", db_index=False)
    entry = models.ForeignKey(RegisterEntry, on_delete=models.PROTECT, related_name="cases", db_index=False)
    verdict_digest = models.CharField(max_length=32, blank=True)
    commune = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False,
        verbose_name=_("xã, phường"),
    )  # fmt: skip
    village = models.CharField(_("thôn, tổ dân phố"), max_length=120, blank=True)
    kind = models.CharField(_("loại"), max_length=20, choices=STATUS_CHOICES)
    probability = models.FloatField(_("độ tin cậy"))
    state = models.CharField(_("trạng thái"), max_length=16, choices=CaseState.choices, default=CaseState.OPEN)
    decision = models.CharField(_("quyết định"), max_length=16, choices=Decision.choices, blank=True)
    proposal = models.JSONField(_("đề xuất"), default=dict)
    touches_number = models.BooleanField(_("đụng tới số định danh"), default=False)
    note = models.CharField(_("ghi chú"), max_length=1000, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("đề xuất lúc"), null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True)
    opened_at = models.DateTimeField(_("mở lúc"))
    closed_at = models.DateTimeField(_("khép lúc"), null=True)
    effect = models.CharField(
        _("tác động chi trả"), max_length=16, choices=CaseEffect.choices, blank=True, default=CaseEffect.NONE
    )
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("việc cần xử lý")
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state__in=OPEN_CASES), name="case_one_open_per_entry",
                violation_error_message=_("Bản ghi này đã có một việc đang mở."),
            ),
            models.CheckConstraint(
                condition=Q(touches_number=False) | Q(decided_by=None) | Q(proposed_by=None) | ~Q(decided_by=F("proposed_by")),
                name="case_number_decided_by_another",
                violation_error_message=_("Người quyết định về số định danh phải khác người đề xuất."),
            ),
            models.CheckConstraint(
                condition=Q(touches_number=False) | ~Q(state=CaseState.DECIDED) | Q(proposed_by__isnull=False, decided_by__isnull=False),
                name="case_number_needs_two",
                violation_error_message=_("Quyết định về số định danh cần hai người: một người đề xuất, một người quyết định."),
            ),
            models.CheckConstraint(
                condition=Q(touches_number=True) | ~Q(proposal__has_key="number") | ~Q(decision__in=(Decision.ACCEPT, Decision.CORRECT_OURS)),
                name="case_number_is_marked",
                violation_error_message=_("Người quyết định về số định danh phải khác người đề xuất."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ENDED_CASES) | Q(closed_at__isnull=False),
                name="case_ended_has_time",
                violation_error_message=_("Việc đã khép phải có giờ khép."),
            ),
            models.CheckConstraint(
                condition=Q(effect="") | Q(state__in=ENDED_CASES, decided_by__isnull=False),
                name="case_effect_after_a_person",
                violation_error_message=_("Chỉ cảnh báo chi trả sau khi có người xem và quyết định."),
            ),
            models.CheckConstraint(
                condition=Q(effect="") | Q(kind__in=ALERTS_PAYMENT),
                name="case_effect_of_dead_or_double",
                violation_error_message=_("Chỉ cảnh báo chi trả sau khi có người xem và quyết định."),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["commune", "state", "-probability", "id"], name="case_work_list", condition=Q(state__in=OPEN_CASES)
            ),
            models.Index(fields=["commune", "kind", "id"], name="case_by_kind"),
            models.Index(fields=["entry", "-id"], name="case_of_entry"),
            models.Index(fields=["verdict"], name="case_of_verdict"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"

    @property
    def stream(self) -> str:
        """Name of the case's event stream."""
        return f"case:{self.pk}"


class Inquiry(models.Model):
    """One question about the person of a case to whoever holds the population data. Lượt hỏi từng người.

    ``asked`` is what was asked. ``person`` is who was found, kept only where exactly one came back and is nobody else;
    of others nothing is kept but how many they were.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="inquiries")
    label = models.CharField(_("cách hỏi"), max_length=200)
    asked = models.JSONField(_("đã hỏi"), default=dict)
    answers = models.PositiveIntegerField(_("số người trả về"), default=0)
    person = models.JSONField(_("người tìm được"), default=dict)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(_("hỏi lúc"))

    class Meta:
        verbose_name = _("lượt hỏi từng người")

    def __str__(self) -> str:
        return f"{self.case_id} {self.label}"
