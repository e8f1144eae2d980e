"""Rounds of review, the part of each commune in them, and the households on its list."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.people.models import Household
from lienthong.poverty.models.standards import PointsTableVersion
from lienthong.poverty.states import (
    AreaKind,
    CommuneState,
    GoneReason,
    HouseholdClass,
    ListingSource,
    Movement,
    RequestKind,
    RoundKind,
    VisitState,
)
from lienthong.units.models import AdministrativeUnit


class ReviewRound(models.Model):
    """A yearly or monthly round over the province, under one standard. Đợt rà soát.

    ``period`` is the year (``2026``) of a periodic round, the month (``2026-11``) of a regular one.
    """

    kind = models.CharField(_("loại"), max_length=10, choices=RoundKind.choices)
    period = models.CharField(_("kỳ"), max_length=7)
    standard_id = models.CharField(_("chuẩn nghèo"), max_length=20)
    points_table = models.ForeignKey(
        PointsTableVersion, on_delete=models.PROTECT, null=True, related_name="rounds", verbose_name=_("bảng điểm")
    )
    points_column = models.CharField(_("vùng của bảng điểm"), max_length=40, blank=True)
    starts_on = models.DateField(_("bắt đầu"))
    ends_on = models.DateField(_("kết thúc"))
    instrument = models.CharField(_("kế hoạch, văn bản"), max_length=200, blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(_("mở lúc"))
    closed_at = models.DateTimeField(_("đóng lúc"), null=True)

    class Meta:
        verbose_name = _("đợt rà soát")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period"],
                name="round_once_a_period",
                violation_error_message=_("Kỳ này đã có một đợt rà soát cùng loại."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="round_span",
                violation_error_message=_("Ngày kết thúc không thể trước ngày bắt đầu."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period}"

    @property
    def in_words(self) -> str:
        """The round as in a sentence. Whoever reads it also reads when an old points table makes it fit for trials only."""
        year, _dash, month = self.period.partition("-")
        when = gettext("tháng %(month)s/%(year)s") if month else gettext("năm %(year)s")
        words = f"{self.get_kind_display()}, {when % {'month': month.lstrip('0'), 'year': year}}"
        is_trial = self.points_table is not None and self.points_table.is_superseded
        return words + gettext(" (bảng điểm cũ, chỉ để thử)") if is_trial else words

    @property
    def stream(self) -> str:
        """Name of the round's event stream."""
        return f"review-round:{self.pk}"


class CommuneReview(models.Model):
    """The part of one commune in a round, as the commune was on the round's days. Rà soát của một xã.

    ``households_total`` is how many households live there, the whole of which the poor are a share. ``frozen`` is the
    report as it was sent to the province: {figure: number}.
    """

    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="communes")
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("xã, phường")
    )
    state = models.CharField(_("tiến độ"), max_length=10, choices=CommuneState.choices, default=CommuneState.LISTING)
    households_total = models.PositiveIntegerField(_("tổng số hộ"), null=True)
    population_total = models.PositiveIntegerField(_("tổng số nhân khẩu"), null=True)
    listed_at = models.DateTimeField(_("chốt danh sách lúc"), null=True)
    reported_at = models.DateTimeField(_("báo cáo lúc"), null=True)
    frozen = models.JSONField(_("số liệu đã báo cáo"), default=dict)

    class Meta:
        verbose_name = _("rà soát của xã")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "unit"],
                name="commune_once_in_round",
                violation_error_message=_("Xã này đã có trong đợt."),
            ),
        ]
        indexes = [models.Index(fields=["unit"], name="commune_review_by_unit")]

    def __str__(self) -> str:
        return f"{self.unit} – {self.round}"

    @property
    def stream(self) -> str:
        """Name of the commune review's event stream."""
        return f"commune-review:{self.pk}"


class HouseholdReview(models.Model):
    """A household on the list of a round, from the plan to the result. Hộ trong danh sách rà soát.

    Names and places are as they were then. ``class_before`` is the class held when the list was made, ``surveyed_class``
    what the deciding score says (None: not known yet), ``proposed_class`` what the village and the answers to objections
    made of it, ``final_class`` what was decided. ``ever_listed`` tells whether the household was poor or near-poor in any
    round before the last. ``deprivations`` repeats the codes of the deciding score, for reports.
    """

    commune_review = models.ForeignKey(CommuneReview, on_delete=models.PROTECT, related_name="households")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="poverty_reviews", verbose_name=_("hộ")
    )
    head_name = models.CharField(_("chủ hộ"), max_length=120)
    head_sort_key = models.CharField(max_length=400, db_collation="C", editable=False)
    head_sex = models.CharField(_("giới tính chủ hộ"), max_length=8, blank=True)
    ethnicity = models.CharField(_("dân tộc"), max_length=30, blank=True)
    size = models.PositiveSmallIntegerField(_("nhân khẩu"), null=True)
    hamlet = models.CharField(_("thôn, tổ dân phố"), max_length=120, blank=True)
    area = models.CharField(_("khu vực"), max_length=5, choices=AreaKind.choices)
    line_may_jump = models.BooleanField(_("chuẩn có thể đổi do thị trấn không còn"), default=False)
    source = models.CharField(_("lý do đưa vào"), max_length=12, choices=ListingSource.choices)
    visit_state = models.CharField(
        _("khảo sát"), max_length=12, choices=VisitState.choices, default=VisitState.TO_VISIT
    )
    gone_reason = models.CharField(_("vì sao không còn"), max_length=10, choices=GoneReason.choices, blank=True)
    revisit_reason = models.CharField(_("vì sao khảo sát lại"), max_length=300, blank=True)
    enumerator = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người khảo sát")
    )
    class_before = models.CharField(_("trước rà soát"), max_length=10, choices=HouseholdClass.choices)
    ever_listed = models.BooleanField(default=False)
    deciding_score = models.ForeignKey(
        "poverty.Score", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("kết quả chấm điểm")
    )
    surveyed_class = models.CharField(_("theo khảo sát"), max_length=10, choices=HouseholdClass.choices, null=True)
    proposed_class = models.CharField(_("đề nghị"), max_length=10, choices=HouseholdClass.choices, null=True)
    final_class = models.CharField(_("kết quả"), max_length=10, choices=HouseholdClass.choices, null=True)
    movement = models.CharField(_("biến động"), max_length=20, choices=Movement.choices, blank=True)
    deprivations = ArrayField(models.CharField(max_length=40), default=list, verbose_name=_("thiếu hụt"))
    causes = ArrayField(models.CharField(max_length=20), default=list, verbose_name=_("nguyên nhân"))
    a_points = models.IntegerField(_("điểm B1"), null=True)
    b_points = models.IntegerField(_("điểm B2"), null=True)
    has_no_labour = models.BooleanField(_("hộ không có khả năng lao động"), null=True)
    has_merit_member = models.BooleanField(_("hộ có người có công"), null=True)
    decision = models.ForeignKey(
        "poverty.RecognitionDecision", on_delete=models.PROTECT, null=True, related_name="households"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("hộ trong danh sách rà soát")
        constraints = [
            models.UniqueConstraint(
                fields=["commune_review", "household"],
                name="household_once_in_review",
                violation_error_message=_("Hộ này đã có trong danh sách."),
            ),
            models.CheckConstraint(
                condition=~Q(visit_state=VisitState.GONE) | ~Q(gone_reason=""),
                name="gone_household_says_why",
                violation_error_message=_("Hộ không còn ở địa bàn thì phải ghi vì sao."),
            ),
            models.CheckConstraint(
                condition=Q(final_class=None)
                | Q(decision__isnull=False)
                | Q(movement__in=["none", "poor_gone", "near_poor_gone"]),
                name="final_class_has_decision",
                violation_error_message=_("Kết quả cuối cùng phải thuộc một quyết định."),
            ),
        ]
        indexes = [
            models.Index(fields=["commune_review", "hamlet", "head_sort_key"], name="review_by_hamlet"),
            models.Index(fields=["household"], name="review_by_household"),
            models.Index(fields=["enumerator", "visit_state"], name="review_by_enumerator"),
            # The province counts the rounds of years from this alone.
            models.Index(
                fields=["commune_review", "final_class"],
                name="review_by_class",
                include=["movement"],
                condition=Q(final_class__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.head_name} – {self.commune_review}"

    @property
    def stream(self) -> str:
        """Name of the review's event stream."""
        return f"household-review:{self.pk}"


class ReviewRequest(models.Model):
    """A household asks to be reviewed, by a dossier or by word to the commune. Giấy đề nghị rà soát."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+", verbose_name=_("hộ"))
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("đề nghị"), max_length=10, choices=RequestKind.choices)
    received_on = models.DateField(_("nhận ngày"))
    dossier_code = models.CharField(_("mã hồ sơ"), max_length=40, blank=True)
    note = models.CharField(_("nội dung"), max_length=500, blank=True)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    review = models.ForeignKey(HouseholdReview, on_delete=models.PROTECT, null=True, related_name="requests")
    withdrawn_on = models.DateField(_("rút ngày"), null=True)

    class Meta:
        verbose_name = _("giấy đề nghị rà soát")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier_code"],
                condition=~Q(dossier_code=""),
                name="request_once_a_dossier",
                violation_error_message=_("Hồ sơ này đã được ghi thành giấy đề nghị."),
            ),
        ]
        indexes = [models.Index(fields=["unit", "received_on"], name="request_by_unit")]

    def __str__(self) -> str:
        return f"{self.household} {self.kind}"
