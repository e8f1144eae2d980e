"""Tables of the catalogue: fields, procedures, versions and their parts."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.catalogue.states import (
    Channel,
    Confidence,
    FileFormat,
    ItemKind,
    OnlineLevel,
    ReceivingLevel,
    StepKind,
    StepPlace,
    SupplementRule,
    VersionStatus,
)
from lienthong.kernel.days import Span
from lienthong.units.models import DatedQuerySet, ValidSpan


class Field(models.Model):
    """A field of work. Lĩnh vực."""

    code = models.CharField(_("mã"), max_length=40, unique=True)
    name = models.CharField(_("tên"), max_length=120)
    name_en = models.CharField(max_length=120)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    sort_key = models.CharField(max_length=600, editable=False, db_collation="C")

    class Meta:
        verbose_name = _("lĩnh vực")

    def __str__(self) -> str:
        return self.name


class Procedure(models.Model):
    """An administrative procedure under its national code. Thủ tục hành chính (TTHC).

    Where the national code was not found, a provisional one of ours stands in: ``LT.<field>.<number>``.
    """

    code = models.CharField(_("mã thủ tục"), max_length=30, unique=True)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="procedures", verbose_name=_("lĩnh vực"))
    code_confidence = models.CharField(max_length=10, choices=Confidence.choices)
    confidence = models.CharField(_("độ tin cậy"), max_length=10, choices=Confidence.choices)
    predecessors = models.ManyToManyField("self", symmetrical=False, related_name="successors")

    class Meta:
        verbose_name = _("thủ tục hành chính")

    def __str__(self) -> str:
        return self.code


class ProcedureVersion(models.Model):
    """What the law asked of a procedure between two days. Phiên bản thủ tục.

    Only a draft can be edited, and ``revision`` counts its edits so that two editors notice each other. A dossier keeps
    the version under which it was received. ``allowance`` is a list of {amount, unit}: parts that follow each other,
    never added up across units. ``handled_by`` names an agency
    outside the province: the way there is shown, nothing is filed here. Whoever prepared a version does not publish it: the database refuses.
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("phiên bản"))
    status = models.CharField(
        _("trạng thái"), max_length=10, choices=VersionStatus.choices, default=VersionStatus.DRAFT
    )
    valid_from = models.DateField(_("có hiệu lực từ"))
    valid_until = models.DateField(_("hết hiệu lực từ"), null=True)
    name = models.CharField(_("tên thủ tục"), max_length=600)
    search_key = models.CharField(max_length=700, editable=False)
    search_text = models.TextField(editable=False, default="")
    sort_key = models.CharField(max_length=3000, editable=False, db_collation="C")
    decision_number = models.CharField(_("quyết định công bố"), max_length=60, blank=True)
    decision_signed_on = models.DateField(_("ngày ký"), null=True)
    decision_issuer = models.CharField(_("cơ quan ban hành"), max_length=200, blank=True)
    decision_confidence = models.CharField(max_length=10, choices=Confidence.choices, default=Confidence.VERIFIED)
    ended_by = models.CharField(_("văn bản chấm dứt hiệu lực"), max_length=200, blank=True)
    handled_by = models.CharField(_("cơ quan ngoài giải quyết"), max_length=200, blank=True)
    receiving_level = models.CharField(_("cấp tiếp nhận"), max_length=20, choices=ReceivingLevel.choices)
    competent_levels = ArrayField(models.CharField(max_length=10), default=list, verbose_name=_("cấp giải quyết"))
    applicants = ArrayField(models.CharField(max_length=12), verbose_name=_("đối tượng thực hiện"))
    channels = ArrayField(models.CharField(max_length=8), verbose_name=_("cách thức nộp"))
    online_level = models.CharField(_("mức độ trực tuyến"), max_length=12, choices=OnlineLevel.choices)
    online_level_then = models.PositiveSmallIntegerField(_("mức độ theo thang 1–4"), null=True)
    online_level_confidence = models.CharField(max_length=10, choices=Confidence.choices, blank=True)
    is_instant = models.BooleanField(_("trả kết quả ngay"), default=False)
    is_joint = models.BooleanField(_("liên thông"), default=False)
    allowance = models.JSONField(_("thời hạn giải quyết"))
    allowance_text = models.CharField(_("thời hạn theo văn bản"), max_length=400, blank=True)
    supplement_rule = models.CharField(_("sau bổ sung"), max_length=8, choices=SupplementRule.choices)
    supplement_confidence = models.CharField(max_length=10, choices=Confidence.choices, blank=True)
    sets = models.PositiveSmallIntegerField(_("số bộ hồ sơ"), default=1)
    conditions = models.TextField(_("yêu cầu, điều kiện"), blank=True)
    who = models.CharField(_("ai làm được"), max_length=400, blank=True)
    gives = models.CharField(_("nhận được gì"), max_length=400, blank=True)
    legal_basis = models.JSONField(_("căn cứ pháp lý"), default=list)
    source = models.TextField(_("nguồn"), blank=True)
    notes = models.TextField(_("ghi chú"), blank=True)
    confidence = models.CharField(_("độ tin cậy"), max_length=10, choices=Confidence.choices)
    revision = models.PositiveIntegerField(default=1)
    prepared_by = ArrayField(models.BigIntegerField(), default=list, editable=False)
    published_by = models.BigIntegerField(null=True, editable=False)
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("phiên bản thủ tục")
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="version_span",
                violation_error_message=_("Ngày hết hiệu lực phải sau ngày có hiệu lực."),
            ),
            ExclusionConstraint(
                name="version_one_published_a_day",
                expressions=[("procedure", RangeOperators.EQUAL), (ValidSpan(), RangeOperators.OVERLAPS)],
                condition=Q(status=VersionStatus.PUBLISHED),
                violation_error_message=_("Mỗi ngày một thủ tục chỉ có một phiên bản có hiệu lực."),
            ),
            models.UniqueConstraint(
                fields=["procedure", "valid_from"],
                condition=~Q(status=VersionStatus.WITHDRAWN),
                name="version_first_day_once",
                violation_error_message=_("Thủ tục này đã có một phiên bản bắt đầu từ ngày đó."),
            ),
            models.CheckConstraint(
                condition=~Q(prepared_by__contains=[F("published_by")]),
                name="version_four_eyes",
                violation_error_message=_("Người soạn dự thảo không được tự công bố."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def span(self) -> Span:
        """The days on which the version holds, if it is published."""
        return Span(self.valid_from, self.valid_until)


class RequiredItem(models.Model):
    """One paper or form that a procedure asks for. Thành phần hồ sơ (quy định)."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField(_("số thứ tự"))
    name = models.CharField(_("tên giấy tờ"), max_length=1000)
    form_code = models.CharField(_("mẫu số"), max_length=60, blank=True)
    kind = models.CharField(_("hình thức"), max_length=24, choices=ItemKind.choices)
    originals = models.PositiveSmallIntegerField(_("bản chính"), default=1)
    copies = models.PositiveSmallIntegerField(_("bản sao"), default=0)
    is_required = models.BooleanField(_("bắt buộc"), default=True)
    condition = models.CharField(_("chỉ khi"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("thành phần hồ sơ")
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="item_number_once")]

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """One step of a procedure: what is done, in which role, where, in how much of the time. Bước thực hiện."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField(_("số thứ tự"))
    name = models.CharField(_("tên bước"), max_length=300)
    kind = models.CharField(_("loại bước"), max_length=12, choices=StepKind.choices)
    role = models.CharField(_("vai trò"), max_length=20)
    place = models.CharField(_("nơi thực hiện"), max_length=10, choices=StepPlace.choices)
    agency_level = models.CharField(_("cấp"), max_length=10, blank=True)
    allowance = models.JSONField(_("thời hạn của bước"), null=True)

    class Meta:
        verbose_name = _("bước thực hiện")
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="step_number_once")]

    def __str__(self) -> str:
        return self.name


class Fee(models.Model):
    """What a procedure costs by channel and day. Phí, lệ phí."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="fees")
    channel = models.CharField(_("cách thức"), max_length=8, choices=[*Channel.choices, ("any", _("mọi cách thức"))])
    amount = models.BigIntegerField(_("mức thu"))
    note = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)
    confidence = models.CharField(max_length=10, choices=Confidence.choices)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("phí, lệ phí")

    def __str__(self) -> str:
        return str(self.amount)


class Result(models.Model):
    """What a procedure gives. Kết quả thực hiện thủ tục."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="results")
    number = models.PositiveSmallIntegerField(_("số thứ tự"))
    name = models.CharField(_("tên kết quả"), max_length=400)
    code = models.CharField(_("mã kết quả"), max_length=30, blank=True)
    is_digital = models.BooleanField(_("bản điện tử"), default=True)

    class Meta:
        verbose_name = _("kết quả")
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="result_number_once")]

    def __str__(self) -> str:
        return self.name


class Withdrawal(models.Model):
    """A decision that ends a procedure, prepared by one editor and in force once another has confirmed it. Bãi bỏ thủ tục.

    It is never edited, only confirmed or discarded, so that whoever confirms does what they read.
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="withdrawals")
    decision_number = models.CharField(_("quyết định bãi bỏ"), max_length=60)
    from_on = models.DateField(_("hết hiệu lực từ"))
    reason = models.CharField(_("lý do"), max_length=500)
    replaced_by = ArrayField(models.CharField(max_length=30), default=list, verbose_name=_("thủ tục thay thế"))
    prepared_by = models.BigIntegerField(editable=False)
    prepared_at = models.DateTimeField()
    confirmed_by = models.BigIntegerField(null=True, editable=False)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("bãi bỏ thủ tục")
        constraints = [
            models.UniqueConstraint(
                fields=["procedure"],
                condition=Q(confirmed_at=None),
                name="withdrawal_waits_once",
                violation_error_message=_("Thủ tục này đã có một bản bãi bỏ chờ xác nhận."),
            ),
            models.CheckConstraint(
                condition=~Q(prepared_by=F("confirmed_by")),
                name="withdrawal_four_eyes",
                violation_error_message=_("Người soạn bãi bỏ không được tự xác nhận."),
            ),
        ]

    def __str__(self) -> str:
        return self.decision_number


class StagedImport(models.Model):
    """An uploaded file of procedures that waits for somebody to read its report and confirm it.

    Tệp nhập đang chờ xác nhận. The file is kept as it came, and read again when it is confirmed.
    """

    file_name = models.CharField(_("tên tệp"), max_length=200)
    format = models.CharField(_("định dạng"), max_length=4, choices=FileFormat.choices)
    content = models.BinaryField(_("nội dung"))
    uploaded_by = models.BigIntegerField()
    uploaded_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("tệp nhập thủ tục")

    def __str__(self) -> str:
        return self.file_name
