"""Tables of dossiers. The row of a dossier is a projection of its events and is written by services only."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.catalogue.models import ProcedureVersion
from lienthong.catalogue.states import Channel
from lienthong.dossiers.states import DossierState, ItemMark, Outcome, Satisfaction
from lienthong.infra.events import EMPTY_HASH
from lienthong.people.models import Organization, Person
from lienthong.units.models import AdministrativeUnit, Agency, WorkCalendarVersion


class Dossier(models.Model):
    """One request by one applicant under one version of a procedure. Hồ sơ.

    ``sequence`` and ``head_hash`` are the end of its event stream; ``sequence`` is also the version that an action
    must have seen. ``promised_due_at`` is the promise on the receipt and never changes; ``legal_due_at`` is what pauses
    made of it, and what figures count against; ``current_due_at`` is what pauses and letters of apology made of it, empty
    while the clock stands.
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.CharField(_("số hồ sơ"), max_length=60, null=True, unique=True)
    secret = models.CharField(_("mã tra cứu"), max_length=12)
    version = models.ForeignKey(
        ProcedureVersion, on_delete=models.PROTECT, related_name="dossiers", verbose_name=_("thủ tục")
    )
    procedure_code = models.CharField(max_length=30)
    field_code = models.CharField(max_length=40)
    channel = models.CharField(_("cách thức nộp"), max_length=8, choices=Channel.choices)
    state = models.CharField(_("trạng thái"), max_length=20, choices=DossierState.choices, default=DossierState.DRAFT)

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="dossiers", verbose_name=_("chủ hồ sơ")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="dossiers", verbose_name=_("tổ chức")
    )
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    applicant_name = models.CharField(_("tên chủ hồ sơ"), max_length=255)
    applicant_key = models.CharField(max_length=255, editable=False)
    applicant_number = models.CharField(_("số định danh hoặc mã số thuế"), max_length=20, blank=True)
    applicant_phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    applicant_email = models.EmailField(_("thư điện tử"), blank=True)
    applicant_address = models.CharField(_("địa chỉ"), max_length=400, blank=True)
    representative_name = models.CharField(_("người nộp thay"), max_length=120, blank=True)
    summary = models.CharField(_("nội dung yêu cầu"), max_length=1000, blank=True)
    answers = models.JSONField(_("nội dung kê khai"), default=dict)
    appraisal = models.JSONField(_("kết quả thẩm định"), default=dict)
    return_way = models.CharField(_("hình thức nhận kết quả"), max_length=8, default="counter")
    return_address = models.CharField(_("nơi nhận kết quả"), max_length=400, blank=True)

    receiving_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("nơi tiếp nhận")
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("cơ quan đang giữ")
    )
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("địa bàn")
    )
    agency_ids = ArrayField(models.BigIntegerField(), default=list)
    holder = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("cán bộ đang giữ")
    )
    step = models.PositiveSmallIntegerField(_("bước"), null=True)
    step_role = models.CharField(max_length=20, blank=True)
    step_due_at = models.DateTimeField(_("hạn của bước"), null=True)
    calendar = models.ForeignKey(WorkCalendarVersion, on_delete=models.PROTECT, null=True, related_name="+")

    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(_("nộp lúc"), null=True)
    answer_due_at = models.DateTimeField(_("hạn trả lời tiếp nhận"), null=True)
    received_at = models.DateTimeField(_("tiếp nhận lúc"), null=True)
    hand_over_due_at = models.DateTimeField(_("hạn chuyển xử lý"), null=True)
    promised_due_at = models.DateTimeField(_("hẹn trả"), null=True)
    legal_due_at = models.DateTimeField(_("hạn theo luật"), null=True)
    current_due_at = models.DateTimeField(_("hạn hiện tại"), null=True)
    pauses = models.JSONField(_("các lần tạm dừng"), default=list)
    supplement_rounds = models.PositiveSmallIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0)
    preparer_ids = ArrayField(models.BigIntegerField(), default=list)
    decided_by = models.BigIntegerField(_("người quyết định"), null=True)
    returned_by = models.BigIntegerField(_("người trả kết quả"), null=True)
    outcome = models.CharField(_("kết quả"), max_length=8, choices=Outcome.choices, blank=True)
    finished_at = models.DateTimeField(_("giải quyết xong lúc"), null=True)
    returned_at = models.DateTimeField(_("trả kết quả lúc"), null=True)
    updated_at = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, default=EMPTY_HASH)

    class Meta:
        verbose_name = _("hồ sơ")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "incomplete", "refused_intake", "withdrawn"])
                | Q(code__isnull=False, received_at__isnull=False, calendar__isnull=False),
                name="dossier_received_has_number_and_time",
                violation_error_message=_("Hồ sơ đã tiếp nhận phải có số, giờ tiếp nhận và lịch làm việc để tính hạn."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "returned"]) | (~Q(outcome="") & Q(finished_at__isnull=False)),
                name="dossier_decided_has_outcome",
                violation_error_message=_("Hồ sơ đã giải quyết phải có kết quả và giờ giải quyết xong."),
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None) | Q(returned_at__gte=F("finished_at")),
                name="dossier_returned_after_decided",
                violation_error_message=_("Không thể trả kết quả trước khi giải quyết xong."),
            ),
            models.CheckConstraint(
                condition=IsNull(
                    Func(
                        F("preparer_ids"),
                        F("decided_by"),
                        function="array_position",
                        output_field=models.IntegerField(),
                    ),
                    True,
                ),
                name="dossier_decided_by_another",
                violation_error_message=_("Người quyết định phải khác người đã thụ lý hồ sơ."),
            ),
            models.CheckConstraint(
                condition=Q(returned_by=None) | Q(decided_by=None) | ~Q(returned_by=F("decided_by")),
                name="dossier_returned_by_another",
                violation_error_message=_("Người trả kết quả phải khác người quyết định."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "step_role", "current_due_at", "id"], name="dossier_queue",
                condition=Q(state__in=["received", "in_progress"]),
            ),
            models.Index(
                fields=["holder", "current_due_at", "id"], name="dossier_in_hand", condition=Q(state__in=["received", "in_progress"])
            ),
            models.Index(
                fields=["receiving_agency", "state", "submitted_at", "id"], name="dossier_at_desk",
                condition=Q(state__in=["submitted", "incomplete", "decided", "awaiting_supplement"]),
            ),
            models.Index(fields=["receiving_agency", "-received_at", "-id"], name="dossier_received_by"),
            models.Index(OpClass(F("applicant_key"), name="text_pattern_ops"), name="dossier_by_name"),
            models.Index(OpClass(F("code"), name="text_pattern_ops"), name="dossier_by_code"),
            models.Index(fields=["applicant_number"], name="dossier_by_number", condition=~Q(applicant_number="")),
            models.Index(fields=["person", "-id"], name="dossier_of_person"),
            models.Index(fields=["organization", "-id"], name="dossier_of_organization"),
            models.Index(fields=["submitted_by", "-id"], name="dossier_filed_by"),
            models.Index(fields=["received_at"], name="dossier_received_at"),
            models.Index(fields=["finished_at"], name="dossier_finished_at"),
            GinIndex(fields=["agency_ids"], name="dossier_agencies"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code or f"{self.pk}"

    @property
    def stream(self) -> str:
        """Name of the dossier's event stream."""
        return f"dossier:{self.pk}"


class SubmittedItem(models.Model):
    """One item of the checklist as it was handed in. Thành phần hồ sơ (đã nộp).

    Files hang on it as attachments of ``dossier:<id>`` under the role ``item:<number>``. ``is_not_applicable`` is what
    the applicant says of a paper that only some cases need: this is no such case.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField(_("số thứ tự"))
    name = models.CharField(_("tên giấy tờ"), max_length=1000)
    originals = models.PositiveSmallIntegerField(_("bản chính"), default=0)
    certified_copies = models.PositiveSmallIntegerField(_("bản sao chứng thực"), default=0)
    copies = models.PositiveSmallIntegerField(_("bản chụp"), default=0)
    is_given = models.BooleanField(_("đã nộp"), default=False)
    is_not_applicable = models.BooleanField(_("không thuộc trường hợp này"), default=False)
    mark = models.CharField(_("kiểm tra"), max_length=10, choices=ItemMark.choices, default=ItemMark.UNCHECKED)
    comment = models.CharField(_("nhận xét"), max_length=500, blank=True)
    is_open = models.BooleanField(_("đang chờ người nộp sửa"), default=False)

    class Meta:
        verbose_name = _("thành phần đã nộp")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="submitted_item_once"),
            models.CheckConstraint(
                condition=Q(is_given=False) | Q(is_not_applicable=False),
                name="submitted_item_given_or_not_applicable",
                violation_error_message=_(
                    "Giấy tờ đã nộp thì không ghi là không thuộc trường hợp này. Bỏ một trong hai."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DossierCounter(models.Model):
    """The last number given out by an agency on a day. Sổ cấp số hồ sơ.

    Its row is locked from taking a number until the commit, so that numbers have no gap and no double.
    """

    prefix = models.CharField(max_length=40)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "day"], name="counter_once_a_day")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.day:%y%m%d}-{self.last:04d}"


class Rating(models.Model):
    """What an applicant thought of how the dossier was handled, kept apart from who handled it. Đánh giá sự hài lòng."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="rating")
    level = models.CharField(_("mức độ hài lòng"), max_length=1, choices=Satisfaction.choices)
    trips = models.PositiveSmallIntegerField(_("số lần đi lại"), null=True)
    comment = models.CharField(_("ý kiến"), max_length=2000, blank=True)
    rated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("đánh giá")

    def __str__(self) -> str:
        return self.level
