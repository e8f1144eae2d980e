"""What devices sent, the visits that came of it, their scores, and what makes one worth a second look."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.documents.models import StoredFile
from lienthong.poverty.models.forms import EnumeratorDevice, FormVersion
from lienthong.poverty.models.rounds import HouseholdReview
from lienthong.poverty.models.standards import PointsTableVersion
from lienthong.poverty.states import AreaKind, FlagKind, HouseholdClass, SubmissionState
from lienthong.units.models import AdministrativeUnit


class Submission(models.Model):
    """One filled form as a device sent it, kept letter for letter. Phiếu gửi về.

    What cannot be used (a household not on the list, one that is decided) is set aside for an officer, never refused
    after it was taken in and never lost. ``unit`` is the commune that it was sent for, ``household_code`` what the form names.
    """

    instance_id = models.CharField(max_length=120, unique=True)
    deprecated_id = models.CharField(max_length=120, blank=True)
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="submissions")
    xml = models.TextField()
    digest = models.CharField(max_length=64)
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=SubmissionState.choices, default=SubmissionState.ACCEPTED
    )
    reason = models.CharField(_("lý do"), max_length=500, blank=True)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    device = models.ForeignKey(EnumeratorDevice, on_delete=models.PROTECT, null=True, related_name="submissions")
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("xã, phường")
    )
    household_code = models.CharField(_("mã hộ ghi trong phiếu"), max_length=20, blank=True)
    received_at = models.DateTimeField(_("nhận lúc"))
    completed_at = models.DateTimeField(_("đủ tệp lúc"), null=True)

    class Meta:
        verbose_name = _("phiếu gửi về")
        indexes = [
            models.Index(fields=["state", "-received_at"], name="submission_by_state"),
            models.Index(fields=["deprecated_id"], name="submission_by_deprecated", condition=~Q(deprecated_id="")),
        ]

    def __str__(self) -> str:
        return self.instance_id


class SubmissionMedia(models.Model):
    """A photo that a submission names; its file arrives with it or later. Ảnh của phiếu."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="media")
    name = models.CharField(_("tên tệp"), max_length=255)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("ảnh của phiếu")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "name"],
                name="media_once_in_submission",
                violation_error_message=_("Tệp này đã có trong phiếu."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Visit(models.Model):
    """An enumerator was at a household and filled a form. Lượt khảo sát.

    ``answers`` is what the form said, ``is_current`` whether it counts: the visit that ended last, of one form, whenever it
    arrived; an edited submission follows the one it replaces.
    """

    review = models.ForeignKey(HouseholdReview, on_delete=models.PROTECT, related_name="visits")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="visit")
    form_id = models.CharField(_("phiếu"), max_length=20)
    visited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người khảo sát")
    )
    started_at = models.DateTimeField(_("bắt đầu"))
    ended_at = models.DateTimeField(_("kết thúc"))
    latitude = models.FloatField(_("vĩ độ"), null=True)
    longitude = models.FloatField(_("kinh độ"), null=True)
    accuracy_m = models.FloatField(_("sai số, mét"), null=True)
    answers = models.JSONField(_("câu trả lời"))
    answers_digest = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("lượt khảo sát")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gte=F("started_at")),
                name="visit_ends_after_it_begins",
                violation_error_message=_("Giờ kết thúc không thể trước giờ bắt đầu."),
            ),
            models.UniqueConstraint(
                fields=["review", "form_id"],
                condition=Q(is_current=True),
                name="visit_one_current_per_form",
                violation_error_message=_("Mỗi hộ chỉ có một lượt khảo sát được tính cho mỗi phiếu."),
            ),
        ]
        indexes = [models.Index(fields=["answers_digest"], name="visit_by_answers")]

    def __str__(self) -> str:
        return f"{self.review} {self.ended_at:%d/%m/%Y}"


class Score(models.Model):
    """What the rules said of one visit, with everything they were asked. Never changed. Kết quả chấm điểm.

    ``facts`` are the inputs, ``result`` the classification with items, reasons and articles (``rules.poverty``), ``table_digest``
    that of the points table: the score stands as it was, whatever is loaded later.
    """

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="scores")
    standard_id = models.CharField(_("chuẩn nghèo"), max_length=20)
    points_table = models.ForeignKey(PointsTableVersion, on_delete=models.PROTECT, null=True, related_name="+")
    table_digest = models.CharField(max_length=64, blank=True)
    points_column = models.CharField(max_length=40, blank=True)
    area = models.CharField(_("khu vực"), max_length=5, choices=AreaKind.choices)
    provincial_lines = models.JSONField(default=dict)
    facts = models.JSONField(_("dữ kiện"))
    result = models.JSONField(_("kết quả"))
    a_points = models.IntegerField(_("điểm B1"), null=True)
    b_points = models.IntegerField(_("điểm B2"), null=True)
    deprivations = ArrayField(models.CharField(max_length=40), default=list)
    outcome = models.CharField(_("phân loại"), max_length=10, choices=HouseholdClass.choices, null=True)
    computed_at = models.DateTimeField(_("tính lúc"))

    class Meta:
        verbose_name = _("kết quả chấm điểm")

    def __str__(self) -> str:
        return f"{self.visit}: {self.outcome}"


class VisitFlag(models.Model):
    """A visit is worth a second look, for a reason; an officer clears it or sends somebody again. Dấu hiệu cần kiểm tra."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="flags")
    kind = models.CharField(_("dấu hiệu"), max_length=20, choices=FlagKind.choices)
    words = models.CharField(_("cụ thể"), max_length=500)
    raised_at = models.DateTimeField(_("phát hiện lúc"))
    cleared_at = models.DateTimeField(_("xem xong lúc"), null=True)
    cleared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("kết luận"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("dấu hiệu cần kiểm tra")
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "kind"],
                name="flag_once_a_visit",
                violation_error_message=_("Dấu hiệu này đã được ghi cho lượt khảo sát."),
            ),
            models.CheckConstraint(
                condition=Q(cleared_at=None) | (Q(cleared_by__isnull=False) & ~Q(note="")),
                name="flag_cleared_with_a_note",
                violation_error_message=_("Xem xong thì phải ghi ai xem và kết luận gì."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit}: {self.kind}"
