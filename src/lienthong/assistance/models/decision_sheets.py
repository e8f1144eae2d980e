"""What was decided about somebody, as it was told them on the day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.assistance.models.proposals import Proposal
from lienthong.assistance.states import Benefit, Programme, ProposalKind
from lienthong.people.models import Person
from lienthong.units.models import AdministrativeUnit


class DecisionSheet(models.Model):
    """A decision as it is explained to the person, frozen when it was taken. Thông báo kết quả xét trợ cấp.

    ``data`` holds every word of the paper (``papers.DecisionSheetPaper``), so that it prints alike in five years, whatever the
    law, the facts and the names are by then. Written with the decision, never changed. It is addressed to ``person``; of
    what a death brings that is whoever is paid or asked, and ``about`` who died. Of what an earlier decision brings to an end by
    itself ``decided_by`` is empty.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("người được xét"))
    about = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người chết, mất tích")
    )
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("xã"))
    programme = models.CharField(_("chương trình"), max_length=30, choices=Programme.choices)
    benefit = models.CharField(_("khoản hưởng"), max_length=20, choices=Benefit.choices, blank=True)
    kind = models.CharField(_("loại"), max_length=12, choices=ProposalKind.choices)
    is_granted = models.BooleanField(_("được chấp thuận"))
    proposal = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, null=True, related_name="sheet", verbose_name=_("đề xuất")
    )
    dossier_code = models.CharField(_("số hồ sơ"), max_length=60, blank=True)
    decision_number = models.CharField(_("số quyết định"), max_length=60, blank=True)
    outcome = models.TextField(_("kết quả"))
    data = models.JSONField(_("nội dung"))
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người quyết định")
    )
    decided_at = models.DateTimeField(_("quyết định lúc"))

    class Meta:
        verbose_name = _("thông báo kết quả xét trợ cấp")
        indexes = [models.Index(fields=["person", "decided_at"], name="sheet_by_person")]

    def __str__(self) -> str:
        return self.outcome
