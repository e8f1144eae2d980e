"""Batches, the verdicts that they gave, and the files that went to the police and came back."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.verification.models.registers import ColumnMapping, PopulationCopy, Register, RegisterEntry
from lienthong.verification.states import (
    STATUS_CHOICES,
    BatchKind,
    BatchMode,
    BatchState,
    Direction,
    RowOutcome,
)

START_THRESHOLD = 0.99


class Batch(models.Model):
    """One run of a register against the population. Đợt xác thực.

    ``totals`` counts rows per status and more (see ``services.run``), ``findings`` what was wrong before sending,
    ``model`` and ``calibration`` are the engine's own account of how it weighed. ``progress`` is {stage, share, done,
    total, began}. ``file_sha256`` names the file kept under the folder of verification.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="batches", verbose_name=_("sổ"))
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    kind = models.CharField(_("loại"), max_length=8, choices=BatchKind.choices, default=BatchKind.FULL)
    mode = models.CharField(_("cách xác thực"), max_length=20, choices=BatchMode.choices, default=BatchMode.LOCAL_COPY)
    state = models.CharField(_("trạng thái"), max_length=12, choices=BatchState.choices, default=BatchState.DRAFT)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(_("tên tệp"), max_length=255, blank=True)
    mapping = models.ForeignKey(ColumnMapping, on_delete=models.PROTECT, null=True, related_name="+")
    reading = models.JSONField(_("đọc tệp"), default=dict)
    findings = models.JSONField(_("kiểm tra trước khi gửi"), default=dict)
    population_copy = models.ForeignKey(
        PopulationCopy, on_delete=models.PROTECT, null=True, related_name="batches", verbose_name=_("bản sao dữ liệu")
    )
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    threshold = models.FloatField(_("ngưỡng chấp nhận"), default=START_THRESHOLD)
    totals = models.JSONField(_("kết quả"), default=dict)
    model = models.JSONField(_("mô hình"), default=dict)
    calibration = models.JSONField(_("hiệu chuẩn"), default=list)
    progress = models.JSONField(_("tiến độ"), default=dict)
    failure = models.CharField(_("vì sao dừng"), max_length=1000, blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("lập lúc"))
    started_at = models.DateTimeField(_("bắt đầu lúc"), null=True)
    finished_at = models.DateTimeField(_("xong lúc"), null=True)
    client_key = models.UUIDField(null=True, unique=True)

    class Meta:
        verbose_name = _("đợt xác thực")
        constraints = [
            models.UniqueConstraint(
                fields=["year", "sequence"], name="batch_number_once",
                violation_error_message=_("Số đợt này đã có."),
            ),
            models.UniqueConstraint(
                fields=["register"], name="batch_one_at_work_per_register",
                condition=Q(state__in=[BatchState.RUNNING, BatchState.RETURNED]),
                violation_error_message=_("Sổ này đang có một đợt chạy; chờ xong rồi chạy tiếp."),
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=0.5, threshold__lte=1),
                name="batch_threshold_is_a_share",
                violation_error_message=_("Ngưỡng chấp nhận phải từ 0,5 đến 1."),
            ),
            models.CheckConstraint(
                condition=~Q(state=BatchState.DONE) | Q(finished_at__isnull=False),
                name="batch_done_has_time",
                violation_error_message=_("Đợt đã hoàn thành phải có giờ hoàn thành."),
            ),
            models.CheckConstraint(
                condition=~Q(mode=BatchMode.LOCAL_COPY)
                | ~Q(state__in=[BatchState.RUNNING, BatchState.DONE])
                | Q(population_copy__isnull=False),
                name="batch_runs_on_a_copy",
                violation_error_message=_("Đợt chạy tại tỉnh phải có bản sao dữ liệu dân cư."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["register", "-id"], name="batch_of_register")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number people call it by, as ``2026-0007``."""
        return f"{self.year}-{self.sequence:04d}"

    @property
    def stream(self) -> str:
        """Name of the batch's event stream."""
        return f"batch:{self.pk}"


class Verdict(models.Model):
    """What a batch says of one entry, with everything that explains it. Kết quả xác thực của một bản ghi.

    ``fields`` maps each field to {"verdict": …, "weight": bits}; ``snapshot`` is the person as the population had them
    then; ``runner_up`` who came second and why they lost. ``digest`` is of what a person would decide on: a verdict
    with the digest of the one before does not open its case anew. ``entry_digest`` is of the entry that was judged: a
    delta run passes over an entry that still has it. Written by COPY, once per batch and entry; ``is_current`` only when
    the whole batch is there.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="verdicts", db_index=False)
    entry = models.ForeignKey(RegisterEntry, on_delete=models.PROTECT, related_name="verdicts", db_index=False)
    status = models.CharField(_("kết quả"), max_length=20, choices=STATUS_CHOICES)
    tags = ArrayField(models.CharField(max_length=20), default=list)
    found_number = models.CharField(_("số định danh tìm được"), max_length=12, blank=True)
    probability = models.FloatField(_("độ tin cậy"))
    is_linked = models.BooleanField(_("đã tìm được người"))
    stage = models.CharField(_("tìm được ở bước"), max_length=12)
    fields = models.JSONField(_("từng trường"), default=dict)
    runner_up = models.JSONField(_("người đứng thứ hai"), default=dict)
    snapshot = models.JSONField(_("dữ liệu dân cư"), default=dict)
    explanation = models.TextField(_("giải thích"), blank=True)
    digest = models.CharField(max_length=32)
    entry_digest = models.CharField(max_length=32, blank=True)
    is_current = models.BooleanField(default=True)
    judged_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kết quả xác thực")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "entry"], name="verdict_once_in_batch",
                violation_error_message=_("Bản ghi này đã có kết quả trong đợt."),
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(is_current=True), name="verdict_one_current",
                violation_error_message=_("Mỗi bản ghi chỉ có một kết quả hiện hành."),
            ),
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1),
                name="verdict_probability_is_a_share",
                violation_error_message=_("Độ tin cậy phải từ 0 đến 1."),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["batch", "status", "entry"], name="verdict_by_status"),
            models.Index(fields=["found_number"], name="verdict_by_number", condition=Q(is_current=True) & ~Q(found_number="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.entry_id} {self.status}"


class Exchange(models.Model):
    """One file that went to the police or came back. Lượt trao đổi tệp với Công an.

    The same file twice is one row: ``file_sha256`` once per batch and direction. Counts add up to ``rows``.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="exchanges")
    direction = models.CharField(_("chiều"), max_length=10, choices=Direction.choices)
    file_sha256 = models.CharField(max_length=64)
    file_name = models.CharField(_("tên tệp"), max_length=255)
    rows = models.PositiveIntegerField(_("số dòng"), default=0)
    matched = models.PositiveIntegerField(_("đã ghi nhận"), default=0)
    unchanged = models.PositiveIntegerField(_("trùng lần trước"), default=0)
    duplicate = models.PositiveIntegerField(_("lặp"), default=0)
    unknown = models.PositiveIntegerField(_("khóa lạ"), default=0)
    late = models.PositiveIntegerField(_("về muộn"), default=0)
    unreadable = models.PositiveIntegerField(_("không đọc được"), default=0)
    exchanged_at = models.DateTimeField()
    exchanged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    is_taken_in = models.BooleanField(_("đã ghi xong"), default=False)

    class Meta:
        verbose_name = _("lượt trao đổi")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "direction", "file_sha256"], name="exchange_file_once",
                violation_error_message=_("Tệp này đã được nhận trước đó."),
            ),
            models.CheckConstraint(
                condition=Q(direction=Direction.OUTGOING)
                | Q(is_taken_in=False)
                | Q(rows=F("matched") + F("unchanged") + F("duplicate") + F("unknown") + F("late") + F("unreadable")),
                name="exchange_rows_add_up",
                violation_error_message=_("Mỗi dòng của tệp trả về phải được tính đúng một lần."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.file_name


class ExchangeRow(models.Model):
    """What became of one row of a returned file. Only ever added. Dòng của tệp trả về.

    ``answer`` is the row as the police gave it, in the columns of the population.
    """

    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="exchange_rows", db_index=False)
    row_number = models.PositiveIntegerField(_("dòng"))
    key = models.CharField(_("khóa"), max_length=80, blank=True)
    entry = models.ForeignKey(RegisterEntry, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField(_("kết quả"), max_length=12, choices=RowOutcome.choices)
    answer = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("dòng trả về")
        constraints = [
            models.UniqueConstraint(
                fields=["exchange", "row_number"], name="exchange_row_once",
                violation_error_message=_("Dòng này đã được tính."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["entry", "-id"], name="exchange_row_of_entry")]

    def __str__(self) -> str:
        return f"{self.exchange_id}:{self.row_number} {self.outcome}"
