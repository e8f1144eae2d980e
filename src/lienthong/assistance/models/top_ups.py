"""What a law that reaches back adds to what was decided once: a decision of its own, paid for itself."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.assistance.models.law_changes import LawChangeRow
from lienthong.assistance.models.of_grants import REFERENCES, OfGrant, exactly_one, once_each
from lienthong.assistance.models.proposals import Proposal
from lienthong.assistance.models.revocable import Revocable, withdrawn_in_full
from lienthong.assistance.states import Benefit, OnceKind, Programme
from lienthong.people.models import Person
from lienthong.units.models import AdministrativeUnit


class TopUp(OfGrant, Revocable):
    """What is paid besides a decision that was paid once, because a new law gives more. Bổ sung chênh lệch.

    Proposed in the commune, or of merit at the province, and decided by another. ``before`` is what the decision and its earlier
    top-ups came to; ``lines`` keep words, amount and article of each part. From one sum it is raised once.
    """

    what = OnceKind.TOP_UP
    named_in = "top_ups"
    dossier_code = ""

    law_row = models.ForeignKey(
        LawChangeRow, on_delete=models.PROTECT, related_name="top_ups", verbose_name=_("dòng chênh lệch theo mức mới")
    )
    programme = models.CharField(_("chương trình"), max_length=30, choices=Programme.choices)  # type: ignore[assignment]
    benefit = models.CharField(_("khoản hưởng"), max_length=20, choices=Benefit.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("người được xét"))
    payee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("người nhận tiền"))
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("nơi chi trả")
    )
    before = models.BigIntegerField(_("mức đã ghi"))
    amount = models.BigIntegerField(_("số tiền bổ sung"))
    lines = models.JSONField(_("các khoản"))
    reasons = models.JSONField(_("lý do"))
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="+", verbose_name=_("đề xuất"))
    decision_number = models.CharField(_("số quyết định"), max_length=60, blank=True)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người đề xuất"))
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người quyết định"))
    granted_at = models.DateTimeField(_("quyết định lúc"))

    class Meta:
        verbose_name = _("bổ sung chênh lệch")
        constraints = [
            models.CheckConstraint(
                condition=exactly_one(*REFERENCES.values()), name="top_up_of_one",
                violation_error_message=_("Mỗi lần bổ sung thuộc đúng một quyết định chi một lần."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, before__gte=0), name="top_up_positive",
                violation_error_message=_("Số tiền bổ sung phải lớn hơn 0."),
            ),
            models.CheckConstraint(
                condition=~Q(prepared_by=F("granted_by")), name="top_up_by_two",
                violation_error_message=_("Người đề xuất không được tự quyết định đề xuất của mình."),
            ),
            withdrawn_in_full("top_up_withdrawn_in_full"),
            *once_each(
                "before", name="top_up_once", condition=Q(withdrawn_at=None),
                message=_("Chênh lệch này đã được bổ sung rồi."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.law_row_id}: {self.amount}"

    @property
    def matter(self) -> str:
        """How payment lines tell it apart from the decision that it adds to, and from others."""
        return f"{self.what.value}-{self.pk}"

    @property
    def stream(self) -> str:
        """Name of the event stream in which it is told: that of the decision."""
        return str(self.grant.stream)

    @property
    def subject_id(self) -> int:
        """Whose it is: as of the decision."""
        return self.person_id

    @property
    def deceased_id(self) -> int | None:
        """Who died, where the decision is about a death."""
        found: int | None = self.grant.deceased_id
        return found

    @property
    def receiver(self) -> str:
        """Who receives it, by name."""
        return self.payee.full_name


def standing_top_ups(grant: Any) -> models.QuerySet[TopUp]:
    """Return what was added to a decision and stands, oldest first."""
    return TopUp.objects.filter(**{REFERENCES[OnceKind(grant.what)]: grant}, withdrawn_at=None).order_by("pk")
