"""The village's part: meetings with votes, changed results, postings, objections and their answers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.poverty.models.rounds import CommuneReview, HouseholdReview
from lienthong.poverty.states import HouseholdClass, ObjectionOutcome, ObjectionState


class VillageMeeting(models.Model):
    """A meeting of a hamlet on the results. Biên bản họp thôn.

    Unless at least half of those present agree, steps two and three are done again.
    """

    commune_review = models.ForeignKey(CommuneReview, on_delete=models.PROTECT, related_name="meetings")
    hamlet = models.CharField(_("thôn, tổ dân phố"), max_length=120)
    number = models.PositiveSmallIntegerField(_("lần họp"))
    held_at = models.DateTimeField(_("họp lúc"))
    place = models.CharField(_("địa điểm"), max_length=200)
    chair = models.CharField(_("chủ trì"), max_length=120)
    secretary = models.CharField(_("thư ký"), max_length=120)
    supervisor = models.CharField(_("đại diện Mặt trận Tổ quốc giám sát"), max_length=120, blank=True)
    attendees = models.PositiveSmallIntegerField(_("số người dự"))
    households_present = models.PositiveSmallIntegerField(_("số hộ có mặt"), null=True)
    agreed = models.PositiveSmallIntegerField(_("số người đồng ý"))
    opinions = models.TextField(_("ý kiến"), blank=True)
    is_accepted = models.BooleanField(_("đạt tỷ lệ"))
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("ghi lúc"))

    class Meta:
        verbose_name = _("biên bản họp thôn")
        constraints = [
            models.UniqueConstraint(
                fields=["commune_review", "hamlet", "number"],
                name="meeting_number_once",
                violation_error_message=_("Thôn này đã có biên bản của lần họp đó."),
            ),
            models.CheckConstraint(
                condition=Q(attendees__gt=0) & Q(agreed__lte=F("attendees")),
                name="meeting_votes_within_attendees",
                violation_error_message=_("Số người đồng ý không thể nhiều hơn số người dự."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hamlet} {self.held_at:%d/%m/%Y}"


class Objection(models.Model):
    """Somebody objects to a posted result, or to a household's missing from the list. Khiếu nại, kiến nghị."""

    commune_review = models.ForeignKey(CommuneReview, on_delete=models.PROTECT, related_name="objections")
    review = models.ForeignKey(HouseholdReview, on_delete=models.PROTECT, null=True, related_name="objections")
    raised_by = models.CharField(_("người nêu"), max_length=120)
    contact = models.CharField(_("liên hệ"), max_length=120, blank=True)
    raised_on = models.DateField(_("nhận ngày"))
    content = models.TextField(_("nội dung"))
    due_on = models.DateField(_("hạn trả lời"))
    state = models.CharField(
        _("tình trạng"), max_length=10, choices=ObjectionState.choices, default=ObjectionState.RECEIVED
    )
    outcome = models.CharField(_("kết quả"), max_length=10, choices=ObjectionOutcome.choices, blank=True)
    answer = models.TextField(_("trả lời"), blank=True)
    answered_on = models.DateField(_("trả lời ngày"), null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("ghi lúc"))

    class Meta:
        verbose_name = _("khiếu nại, kiến nghị")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ObjectionState.ANSWERED)
                | (~Q(outcome="") & ~Q(answer="") & Q(answered_on__isnull=False, answered_by__isnull=False)),
                name="objection_answered_in_full",
                violation_error_message=_("Đã trả lời thì phải ghi kết quả, nội dung, ngày và người trả lời."),
            ),
        ]
        indexes = [models.Index(fields=["commune_review", "state"], name="objection_by_state")]

    def __str__(self) -> str:
        return f"{self.raised_by} {self.raised_on}"


class ResultChange(models.Model):
    """The village, or the answer to an objection, made another class of a surveyed one, and why. Thay đổi kết quả."""

    review = models.ForeignKey(HouseholdReview, on_delete=models.PROTECT, related_name="changes")
    meeting = models.ForeignKey(VillageMeeting, on_delete=models.PROTECT, null=True, related_name="changes")
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, null=True, related_name="changes")
    class_from = models.CharField(_("từ"), max_length=10, choices=HouseholdClass.choices)
    class_to = models.CharField(_("thành"), max_length=10, choices=HouseholdClass.choices)
    votes_for = models.PositiveSmallIntegerField(_("đồng ý"), null=True)
    votes_against = models.PositiveSmallIntegerField(_("không đồng ý"), null=True)
    reason = models.CharField(_("lý do"), max_length=500)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("ghi lúc"))

    class Meta:
        verbose_name = _("thay đổi kết quả")
        constraints = [
            models.CheckConstraint(
                condition=Q(meeting__isnull=False) | Q(objection__isnull=False),
                name="change_has_a_ground",
                violation_error_message=_("Kết quả chỉ đổi theo biên bản họp thôn hoặc kết quả phúc tra."),
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(class_from=F("class_to")),
                name="change_says_why",
                violation_error_message=_("Thay đổi kết quả phải ghi lý do."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}: {self.class_from} → {self.class_to}"


class Posting(models.Model):
    """The list of a commune hangs out for the legal days. Niêm yết.

    ``ends_on`` is the first day after the legal working days; ``digest`` that of the list as it was posted.
    """

    commune_review = models.ForeignKey(CommuneReview, on_delete=models.PROTECT, related_name="postings")
    number = models.PositiveSmallIntegerField(_("lần niêm yết"))
    posted_on = models.DateField(_("niêm yết từ"))
    ends_on = models.DateField(_("đến trước ngày"))
    places = models.CharField(_("nơi niêm yết"), max_length=300)
    households = models.JSONField(_("danh sách"), default=list)
    digest = models.CharField(max_length=64)
    posted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("ghi lúc"))

    class Meta:
        verbose_name = _("niêm yết")
        constraints = [
            models.UniqueConstraint(
                fields=["commune_review", "number"],
                name="posting_number_once",
                violation_error_message=_("Lần niêm yết này đã có."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("posted_on")),
                name="posting_span",
                violation_error_message=_("Ngày hết niêm yết phải sau ngày niêm yết."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune_review} {self.number}"
