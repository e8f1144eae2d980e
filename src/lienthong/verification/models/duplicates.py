"""Two records that may be one person, inside a register or between two."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.verification.models.cases import Case
from lienthong.verification.models.registers import RegisterEntry
from lienthong.verification.states import PairState


class DuplicatePair(models.Model):
    """Two records that the engine takes for one person, until somebody decides. Cặp bản ghi nghi trùng.

    ``entry`` is the one with the smaller id. ``kept`` is the record that stays; ``case`` the work that the decision opened
    for the other.
    """

    entry = models.ForeignKey(RegisterEntry, on_delete=models.PROTECT, related_name="pairs", db_index=False)
    other = models.ForeignKey(RegisterEntry, on_delete=models.PROTECT, related_name="pairs_as_other")
    probability = models.FloatField(_("độ tin cậy"))
    explanation = models.TextField(_("giải thích"), blank=True)
    state = models.CharField(_("trạng thái"), max_length=10, choices=PairState.choices, default=PairState.OPEN)
    found_at = models.DateTimeField(_("phát hiện lúc"))
    kept = models.ForeignKey(RegisterEntry, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True)

    class Meta:
        verbose_name = _("cặp bản ghi nghi trùng")
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "other"], name="pair_once", violation_error_message=_("Cặp bản ghi này đã có.")
            ),
            models.CheckConstraint(
                condition=Q(entry__lt=F("other")), name="pair_in_order",
                violation_error_message=_("Hai bản ghi của một cặp phải khác nhau."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PairState.SAME, PairState.DIFFERENT])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="pair_decided_by_a_person",
                violation_error_message=_("Chỉ một người mới quyết định được về cặp bản ghi nghi trùng."),
            ),
            models.CheckConstraint(
                condition=Q(state=PairState.SAME, kept__isnull=False) | ~Q(state=PairState.SAME) & Q(kept=None),
                name="pair_keeps_one",
                violation_error_message=_("Khi hai bản ghi là một người, phải chọn bản ghi được giữ."),
            ),
            models.CheckConstraint(
                condition=Q(kept=None) | Q(kept=F("entry")) | Q(kept=F("other")), name="pair_keeps_its_own",
                violation_error_message=_("Bản ghi được giữ phải là một trong hai bản ghi của cặp."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "-probability", "id"], name="pair_work_list")]

    def __str__(self) -> str:
        return f"{self.entry_id}–{self.other_id}"

    @property
    def stream(self) -> str:
        """Name of the pair's event stream."""
        return f"duplicate_pair:{self.pk}"
