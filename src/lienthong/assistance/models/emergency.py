"""What was given once to whom something happened."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.assistance.models.proposals import Proposal
from lienthong.assistance.models.revocable import Revocable, withdrawn_in_full
from lienthong.assistance.states import (
    Benefit,
    EmergencyGrantKind,
    EmergencyGrantState,
    EmergencyPayee,
    OnceKind,
    Programme,
)
from lienthong.people.models import Household, Person
from lienthong.rules.emergency.facts import Cause, ProtectedGroup
from lienthong.units.models import AdministrativeUnit

CAUSES = [(one.value, one.in_words) for one in Cause]


class EmergencyGrant(Revocable):
    """What is given once after an emergency, in money or in rice. Quyết định trợ giúp xã hội khẩn cấp.

    ``person`` is whom it is for: who was injured, who died where the registers know them, else who represents the household.
    ``facts``, ``reasons`` and ``articles`` keep the decision as it was explained on the day.
    """

    what = OnceKind.EMERGENCY
    programme = Programme.SOCIAL
    benefit = Benefit.EMERGENCY

    kind = models.CharField(_("loại trợ giúp"), max_length=10, choices=EmergencyGrantKind.choices)
    cause = models.CharField(_("nguyên nhân"), max_length=20, choices=CAUSES, blank=True)
    happened_on = models.DateField(_("ngày xảy ra"))
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="emergency_grants", verbose_name=_("người, hộ được trợ giúp")
    )
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("hộ gia đình")
    )
    deceased = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người chết, mất tích")
    )
    deceased_name = models.CharField(_("họ tên người chết, mất tích"), max_length=120, blank=True)
    deceased_number = models.CharField(_("số định danh người chết, mất tích"), max_length=12, blank=True)
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("xã"))
    payee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("người nhận"))
    payee_ground = models.CharField(_("tư cách người nhận"), max_length=12, choices=EmergencyPayee.choices)
    amount = models.BigIntegerField(_("số tiền"), default=0)
    rice_kg = models.PositiveIntegerField(_("số gạo (kg)"), default=0)
    facts = models.JSONField(_("thông tin đã dùng"))
    words = models.CharField(_("cách tính"), max_length=500)
    reasons = models.JSONField(_("lý do"))
    articles = models.JSONField(_("điều khoản"))
    listed_on = models.DateField(_("ngày thôn lập danh sách"), null=True)
    met_on = models.DateField(_("ngày thôn họp xét"), null=True)
    urgent_reason = models.CharField(_("lý do rất khẩn cấp, không qua họp thôn"), max_length=300, blank=True)
    dossier_code = models.CharField(_("số hồ sơ"), max_length=60, blank=True)
    proposal = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("đề xuất")
    )
    decision_number = models.CharField(_("số quyết định"), max_length=60, blank=True)
    prepared_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người đề xuất")
    )
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người quyết định"))
    granted_at = models.DateTimeField(_("quyết định lúc"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=EmergencyGrantState.choices, default=EmergencyGrantState.GRANTED
    )
    handed_out_on = models.DateField(_("ngày phát gạo"), null=True)
    handed_out_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người ghi đã phát")
    )

    class Meta:
        verbose_name = _("trợ giúp xã hội khẩn cấp")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=EmergencyGrantKind.RICE, rice_kg__gt=0, amount=0)
                | (~Q(kind=EmergencyGrantKind.RICE) & Q(rice_kg=0, amount__gt=0)),
                name="emergency_grant_money_or_rice",
                violation_error_message=_("Hỗ trợ gạo ghi số ki-lô-gam; các khoản khác ghi số tiền lớn hơn 0."),
            ),
            models.CheckConstraint(
                condition=Q(kind=EmergencyGrantKind.PROTECTION, cause="")
                | (~Q(kind=EmergencyGrantKind.PROTECTION) & ~Q(cause="")),
                name="emergency_grant_cause",
                violation_error_message=_("Ghi nguyên nhân; riêng chăm sóc tạm thời thì ghi diện cần bảo vệ khẩn cấp."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[EmergencyGrantState.GRANTED, EmergencyGrantState.REVOKED], handed_out_on=None,
                    handed_out_by=None,
                )
                | Q(
                    state=EmergencyGrantState.HANDED_OUT, kind=EmergencyGrantKind.RICE, handed_out_on__isnull=False,
                    handed_out_by__isnull=False,
                ),
                name="emergency_grant_handed_out",
                violation_error_message=_("Chỉ gạo được ghi đã phát, kèm ngày phát và người ghi."),
            ),
            models.CheckConstraint(
                condition=Q(state=EmergencyGrantState.REVOKED, withdrawn_at__isnull=False)
                | (~Q(state=EmergencyGrantState.REVOKED) & Q(withdrawn_at=None)),
                name="emergency_grant_revoked",
                violation_error_message=_("Quyết định đã thu hồi phải ghi lúc thu hồi."),
            ),
            withdrawn_in_full("emergency_grant_withdrawn_in_full"),
            models.CheckConstraint(
                condition=~Q(dossier_code="") | (Q(prepared_by__isnull=False) & ~Q(prepared_by=F("granted_by"))),
                name="emergency_grant_by_two",
                violation_error_message=_("Người đề xuất không được tự quyết định đề xuất của mình."),
            ),
            models.CheckConstraint(
                condition=Q(met_on=None) | Q(listed_on=None) | Q(met_on__gte=F("listed_on")),
                name="emergency_grant_listed_before_met",
                violation_error_message=_("Ngày họp thôn không thể trước ngày lập danh sách."),
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "happened_on"], condition=~Q(kind=EmergencyGrantKind.DEATH) & Q(withdrawn_at=None),
                name="emergency_grant_once_per_person",
                violation_error_message=_("Người này đã được hỗ trợ khoản này vì cùng sự việc."),
            ),
            models.UniqueConstraint(
                fields=["household", "kind", "happened_on"],
                condition=Q(
                    household__isnull=False, kind__in=[EmergencyGrantKind.RICE, EmergencyGrantKind.HOUSE], withdrawn_at=None
                ),
                name="emergency_grant_once_per_household",
                violation_error_message=_("Hộ này đã được hỗ trợ khoản này vì cùng sự việc."),
            ),
            models.UniqueConstraint(
                fields=["deceased"], condition=Q(deceased__isnull=False, withdrawn_at=None),
                name="emergency_grant_once_per_deceased",
                violation_error_message=_("Người chết này đã được hỗ trợ mai táng khẩn cấp."),
            ),
            models.UniqueConstraint(
                fields=["deceased_number"], condition=~Q(deceased_number="") & Q(withdrawn_at=None),
                name="emergency_grant_once_per_number",
                violation_error_message=_("Người chết mang số này đã được hỗ trợ mai táng khẩn cấp."),
            ),
            models.UniqueConstraint(
                fields=["person", "deceased_name", "happened_on"],
                condition=Q(kind=EmergencyGrantKind.DEATH, deceased=None, deceased_number="", withdrawn_at=None),
                name="emergency_grant_once_per_name",
                violation_error_message=_("Người chết này đã được hỗ trợ mai táng khẩn cấp."),
            ),
            models.UniqueConstraint(
                fields=["dossier_code"], condition=~Q(dossier_code=""), name="emergency_grant_once_per_dossier",
                violation_error_message=_("Hồ sơ này đã được quyết định hỗ trợ."),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["unit", "kind", "state"], name="emergency_grant_by_unit"),
            models.Index(fields=["granted_at"], name="emergency_grant_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.happened_on:%d/%m/%Y})"

    @property
    def cause_words(self) -> str:
        """What happened, in words; of temporary care why the person needs protection."""
        group = self.facts.get("group")
        return ProtectedGroup(group).in_words if group else str(self.get_cause_display())

    @property
    def stream(self) -> str:
        """Name of the grant's event stream."""
        return f"emergency-grant:{self.pk}"

    @property
    def subject_id(self) -> int:
        """Whom it is for."""
        return self.person_id

    @property
    def receiver(self) -> str:
        """Who receives it, by name."""
        return self.payee.full_name
