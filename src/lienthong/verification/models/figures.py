"""Quality of a register by commune and month, and sampled reviews."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.units.models import AdministrativeUnit
from lienthong.verification.models.batches import Batch, Verdict
from lienthong.verification.models.registers import Register
from lienthong.verification.states import Judged


class QualityFigure(models.Model):
    """How many entries of a register are correct, complete, clean and alive, in one commune at the end of a month.

    Chỉ số đúng, đủ, sạch, sống. ``month`` is the first day of the month. A frozen row is not counted anew. ``detail`` maps
    each part, and ``whole`` for all four, to {"yes", "no", "unknown"}; the columns repeat who is "yes".
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="quality", verbose_name=_("sổ"))
    commune = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("xã, phường")
    )
    month = models.DateField(_("tháng"))
    entries = models.PositiveIntegerField(_("số bản ghi"))
    correct_entries = models.PositiveIntegerField(_("đúng"))
    complete_entries = models.PositiveIntegerField(_("đủ"))
    clean_entries = models.PositiveIntegerField(_("sạch"))
    alive_entries = models.PositiveIntegerField(_("sống"))
    detail = models.JSONField(default=dict)
    counted_at = models.DateTimeField(_("đếm lúc"), null=True)
    frozen_at = models.DateTimeField(_("chốt lúc"), null=True)

    class Meta:
        verbose_name = _("chỉ số chất lượng")
        constraints = [
            models.UniqueConstraint(
                fields=["register", "commune", "month"], name="quality_once_a_month", nulls_distinct=False,
                violation_error_message=_("Tháng này đã có chỉ số của xã."),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="quality_month_begins_on_first",
                violation_error_message=_("Tháng được ghi bằng ngày đầu tháng."),
            ),
            models.CheckConstraint(
                condition=Q(
                    correct_entries__lte=F("entries"), complete_entries__lte=F("entries"), clean_entries__lte=F("entries"), alive_entries__lte=F("entries")
                ),
                name="quality_within_entries",
                violation_error_message=_("Số bản ghi đạt không thể nhiều hơn số bản ghi."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.register_id} {self.month:%m/%Y} {self.commune_id}"


class ReviewSample(models.Model):
    """Links drawn from a batch to be judged by people who do not see the score. Mẫu rà soát.

    ``strata`` maps each stratum to {"links": all of it, "drawn": of it}; the same seed draws the same sample.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="samples")
    seed = models.PositiveIntegerField(_("hạt giống"))
    size = models.PositiveIntegerField(_("cỡ mẫu"))
    strata = models.JSONField(_("tầng"), default=dict)
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    drawn_at = models.DateTimeField(_("rút lúc"))
    closed_at = models.DateTimeField(_("khép lúc"), null=True)

    class Meta:
        verbose_name = _("mẫu rà soát")

    def __str__(self) -> str:
        return f"{self.batch_id} #{self.seed}"

    @property
    def stream(self) -> str:
        """Name of the sample's event stream."""
        return f"review_sample:{self.pk}"


class ReviewItem(models.Model):
    """One link of a sample. ``position`` is its place in the shuffled order. Bản ghi trong mẫu."""

    sample = models.ForeignKey(ReviewSample, on_delete=models.PROTECT, related_name="items", db_index=False)
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    stratum = models.CharField(_("tầng"), max_length=40)

    class Meta:
        verbose_name = _("bản ghi trong mẫu")
        constraints = [
            models.UniqueConstraint(fields=["sample", "position"], name="review_item_position_once"),
            models.UniqueConstraint(fields=["sample", "verdict"], name="review_item_verdict_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sample_id}/{self.position}"


class Judgement(models.Model):
    """What one reviewer says of one link, without the score and without the other's word. Only ever added. Nhận định."""

    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="judgements", db_index=False)
    judge = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    judged = models.CharField(_("nhận định"), max_length=10, choices=Judged.choices)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    judged_at = models.DateTimeField()

    class Meta:
        verbose_name = _("nhận định")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "judge"], name="judgement_once_per_judge",
                violation_error_message=_("Bạn đã nhận định bản ghi này."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.item_id} {self.judged}"
